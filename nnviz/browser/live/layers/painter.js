// Draws one layer on a canvas: the sizes of its weights, gradient and next update as bars on the same axis, and a quantity over
// time.

import { css } from "../../common/theme.js";
import { FONT } from "../learned/canvas.js";
import { HEALTHY, QUANTITIES } from "./layers.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./layers.js").Axis} Axis */
/** @typedef {import("./layers.js").Sizes} Sizes */
/** @typedef {CanvasRenderingContext2D} Pen */
/** Powers of ten at both ends. @typedef {[low: number, high: number]} Decades */
/**
 * Values over time, `now` among them; `decades`: their axis; `end`: the last epoch; `band`: whether the healthy range is drawn.
 * @typedef {{ points: { epoch: number, step: number, value: number }[], now: number, decades: Decades, end: number,
 *   hasBand: boolean }} Line
 */

const SMALL = 9.5;
const GAP = 22;
const NARROW = 430;
const HEIGHT = { bars: 40, line: 40, words: 13 };
const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * @param {number} power
 */
export function tenTo(power) {
  if (power === 0) return "1";
  const digits = [...String(Math.abs(power))].map((digit) => SUPER[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}

/**
 * Where the parts of a row stand: three boxes of bars and one for the line, under them where the row is narrow.
 * @param {number} width
 */
export function boxesOf(width) {
  const isNarrow = width < NARROW;
  const columns = isNarrow ? 3 : 4;
  const gap = isNarrow ? 12 : GAP;
  const w = (width - gap * (columns - 1)) / columns;
  const bars = QUANTITIES.map((_, i) => ({ x: i * (w + gap), y: 0, w, h: HEIGHT.bars }));
  const second = HEIGHT.bars + HEIGHT.words + 4;
  const line = isNarrow ? { x: 0, y: second, w: width, h: HEIGHT.line } : { x: 3 * (w + gap), y: 0, w, h: HEIGHT.line };
  return { bars, line, height: line.y + line.h + HEIGHT.words };
}

/**
 * @param {Pen} pen
 * @param {Sizes | null} sizes
 * @param {Box} box
 * @param {{ axis: Axis, decades: Decades, theme: Theme }} scale
 */
function drawSizes(pen, sizes, { x, y, w, h }, { axis, decades, theme }) {
  const [low, high] = decades;
  const middle = y + h / 2;
  const across = (/** @type {number} */ power) => x + ((power - low) / (high - low)) * w;
  drawDecades(pen, { x, y, w, h }, decades, theme);
  if (sizes) {
    const bins = (axis.high - axis.low) * axis.perDecade;
    const step = w / ((high - low) * axis.perDecade);
    for (const [sign, colour] of /** @type {const} */ ([
      [0, theme.low],
      [1, theme.high],
    ])) {
      pen.fillStyle = css(colour);
      for (let i = 0; i < bins; i += 1) {
        const bar = sizes.bars[sign * bins + i];
        if (!bar) continue;
        const height = Math.max(1, (bar / 255) * (h / 2 - 1));
        // What lies beyond the axis stands at its end.
        const power = Math.max(low, Math.min(high - 1 / axis.perDecade, axis.low + i / axis.perDecade));
        pen.fillRect(across(power) + 0.25, sign ? middle - height : middle, Math.max(1, step - 0.5), height);
      }
    }
    drawTypical(pen, across(Math.log10(sizes.typical)), { x, y, w, h }, theme);
  }
  pen.fillStyle = css(theme.edge);
  pen.fillRect(x, middle - 0.5, w, 1);
}

/**
 * Lines at powers of ten, named where there is room.
 * @param {Pen} pen
 * @param {Box} box
 * @param {Decades} decades
 * @param {Theme} theme
 */
function drawDecades(pen, { x, y, w, h }, [low, high], theme) {
  // the first one begins at the edge instead of standing over its line
  const every = Math.max(1, Math.ceil(((high - low) * 36) / w));
  pen.font = `${SMALL}px ${theme.font}`;
  pen.textBaseline = "top";
  for (let power = low; power <= high; power += 1) {
    if ((power - high) % every) continue;
    const at = x + ((power - low) / (high - low)) * w;
    pen.fillStyle = css(theme.grid);
    pen.fillRect(at - 0.5, y, 1, h);
    pen.fillStyle = css(theme.muted);
    pen.textAlign = /** @type {CanvasTextAlign} */ ({ [low]: "left", [high]: "right" }[power] ?? "center");
    pen.fillText(tenTo(power), at, y + h + 2);
  }
}

/**
 * A mark at the typical size, which is compared from layer to layer.
 * @param {Pen} pen
 * @param {number} at
 * @param {Box} box
 * @param {Theme} theme
 */
function drawTypical(pen, at, { x, y, w, h }, theme) {
  if (!(at >= x - 1 && at <= x + w + 1)) return;
  pen.fillStyle = css(theme.paper, 0.7);
  pen.fillRect(at - 1.75, y, 3.5, h);
  pen.fillStyle = css(theme.ink);
  pen.fillRect(at - 0.75, y, 1.5, h);
}

/**
 * @param {Pen} pen
 * @param {Line} line
 * @param {Box} box
 * @param {Theme} theme
 */
function drawLine(pen, { points, now, decades: [low, high], end, hasBand }, { x, y, w, h }, theme) {
  const room = 26;
  const across = (/** @type {number} */ epoch) => x + room + (end > 0 ? epoch / end : 0) * (w - room - 4);
  const up = (/** @type {number} */ value) => {
    const share = (Math.log10(value) - low) / (high - low);
    return y + h - Math.max(0, Math.min(1, share)) * h;
  };
  if (hasBand) {
    pen.fillStyle = css(theme.ink, 0.09);
    pen.fillRect(x + room, up(HEALTHY.high), w - room, up(HEALTHY.low) - up(HEALTHY.high));
    pen.fillStyle = css(theme.muted);
    pen.fillRect(x + room, up(HEALTHY.middle) - 0.5, w - room, 1);
  }
  pen.font = `${SMALL}px ${theme.font}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const middle = Math.round((low + high) / 2);
  for (const power of [low, middle, high]) {
    const at = up(10 ** power);
    pen.fillStyle = css(theme.grid);
    pen.fillRect(x + room, at - 0.5, w - room, 1);
    pen.fillStyle = css(theme.muted);
    pen.fillText(tenTo(power), x + room - 4, Math.max(y + 6, Math.min(y + h - 4, at)));
  }
  pen.beginPath();
  for (const { epoch, value } of points) pen.lineTo(across(epoch), up(value));
  pen.lineJoin = "round";
  pen.lineWidth = 1.5;
  pen.strokeStyle = css(theme.training);
  pen.stroke();
  for (const { epoch, step, value } of points) {
    const isNow = step === now;
    if (!isNow && points.length > 1) continue;
    pen.beginPath();
    pen.arc(across(epoch), up(value), 3.5, 0, 2 * Math.PI);
    pen.fillStyle = css(theme.training);
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = css(theme.paper);
    pen.stroke();
  }
}

/**
 * @param {Pen} pen cleared, at the screen's density
 * @param {Layer} layer
 * @param {Line | null} line
 * @param {{ width: number, axis: Axis, decades: Decades, theme: Theme }} scale
 */
export function drawLayer(pen, layer, line, { width, axis, decades, theme }) {
  const { bars, line: place } = boxesOf(width);
  pen.font = `${FONT}px ${theme.font}`;
  for (const [i, name] of QUANTITIES.entries()) drawSizes(pen, layer[name], bars[i], { axis, decades, theme });
  if (line) drawLine(pen, line, place, theme);
}
