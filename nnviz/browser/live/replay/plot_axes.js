// The axes of a small chart: ranges, places and labels. Pure: no DOM.

import { number } from "../../common/numbers.js";
import { rangeOf, ticks } from "../learned/scales.js";

/**
 * A line, points or the edge of a band, as Plotly has it.
 * @typedef {{ x: ArrayLike<number>, y: ArrayLike<number>, mode?: string, name?: string, yaxis?: string, fill?: string,
 *   fillcolor?: string, line?: { color?: string, width?: number, dash?: string },
 *   marker?: { color?: string, size?: number, symbol?: string }, hovertemplate?: string, text?: string[], meta?: string }} Trace
 */
/** `d2p`: pixels from its start, of a value. The names are Plotly's: the panel reads them.
 * @typedef {{ range: number[], _offset: number, _length: number, d2p: (value: number) => number }} Axis */
/** @typedef {{ xaxis: Axis, yaxis: Axis, isLog: boolean }} Axes */

const ROOM = 0.06;
const MOST_LOG_TICKS = 6;

/**
 * @param {Trace[]} traces
 * @param {any} layout as for Plotly
 * @param {number} width in pixels
 * @returns {Axes}
 */
export function axesOf(traces, { margin, height, xaxis, yaxis }, width) {
  const lines = traces.filter(({ yaxis: other }) => !other);
  const isLog = yaxis.type === "log";
  const ys = lines.map(({ y }) => Array.from(y, (value) => (isLog ? logOf(value) : value)).filter(Number.isFinite));
  const across = xaxis.range ?? [0, rangeOf(lines.map(({ x }) => x))?.[1] ?? 1];
  const up = yaxis.range ?? rangeOf(ys, ROOM) ?? [0, 1];
  const box = { w: Math.max(1, width - margin.l - margin.r), h: Math.max(1, height - margin.t - margin.b) };
  const share = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) => (value - low) / (high - low || 1);
  return {
    isLog,
    xaxis: { range: across, _offset: margin.l, _length: box.w, d2p: (value) => box.w * share(value, across) },
    yaxis: {
      range: up,
      _offset: margin.t,
      _length: box.h,
      d2p: (value) => box.h * (1 - share(isLog ? logOf(value) : value, up)),
    },
  };
}

/** @param {number} value */
const logOf = (value) => (value > 0 ? Math.log10(value) : Number.NaN);

/**
 * Where the labels of the axis of values stand: its values and their texts.
 * @param {Axes} axes
 * @param {boolean} isShare whether they are shown in percent
 * @returns {{ value: number, text: string }[]}
 */
export function valueTicks({ yaxis, isLog }, isShare) {
  const values = isLog ? logTicks(yaxis.range) : ticks(yaxis.range[0], yaxis.range[1], 4);
  return values.map((value) => ({ value, text: isShare ? `${plain(100 * value)}%` : plain(value) }));
}

/**
 * Powers of ten within a range of exponents, with 2 and 5 times them where there is room.
 * @param {number[]} range
 */
function logTicks([low, high]) {
  const powers = Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, i) => 10 ** (Math.floor(low) + i));
  const all = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const isInside = (/** @type {number} */ value) => Math.log10(value) >= low && Math.log10(value) <= high;
  const inside = all.filter(isInside);
  return inside.length > MOST_LOG_TICKS ? powers.filter(isInside) : inside;
}

/**
 * A number without zeros at its end.
 * @param {number} value
 */
export function plain(value) {
  return Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : number(value)
        .replace(/(\.\d*?)0+(?=$|e)/, "$1")
        .replace(/\.(?=$|e)/, "");
}

/**
 * The place of the point nearest to a place on the axis; -1 without points.
 * @param {ArrayLike<number>} xs rising
 * @param {number} x
 */
export function nearest(xs, x) {
  let best = -1;
  for (let i = 0; i < xs.length; i += 1) if (best < 0 || Math.abs(xs[i] - x) < Math.abs(xs[best] - x)) best = i;
  return best;
}

/**
 * A dash of Plotly's for a canvas.
 * @param {string} [dash]
 * @returns {number[]}
 */
export function dashOf(dash = "solid") {
  const named = { solid: [], dot: [1.5, 3], dash: [6, 4] }[dash];
  return named ?? dash.split(",").map((part) => Number.parseFloat(part));
}
