// A small chart on a canvas: a frame with ticks and titles, in which somebody else draws.

import { css } from "../../common/theme.js";
import { clear, FONT, penOf, roomFor } from "../learned/canvas.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {{ range: [low: number, high: number], ticks: number[], words: (value: number) => string, title: string }} Axis */
/** Where values are on the canvas. @typedef {{ x: (value: number) => number, y: (value: number) => number }} Scales */
/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

const MARGIN = { left: 34, right: 10, top: 20, bottom: 34 };
const LEAST_WIDTH = 60;
const BETWEEN_NAMES = 8;
/** @type {[[number, number], [number, number]]} of two axes of shares */
export const DIAGONAL = [
  [0, 0],
  [1, 1],
];

/** An axis of shares. @param {string} title @returns {Axis} */
export const shareAxis = (title) => ({
  range: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  words: (value) => `${Math.round(100 * value)}\u00a0%`,
  title,
});

/**
 * Draws the frame, and has `paint` draw in it; nothing on a canvas without width.
 * @param {HTMLCanvasElement} canvas
 * @param {{ x: Axis, y: Axis, ratio?: number, most?: number, theme: Theme }} look `ratio`: height to width of the frame; `most`: its
 *   height in CSS pixels
 * @param {(pen: CanvasRenderingContext2D, scales: Scales, box: Box) => void} paint
 */
export function drawPlot(canvas, { x, y, ratio = 1, most = 260, theme }, paint) {
  const font = `${FONT}px ${theme.font}`;
  const before = penOf(canvas);
  before.font = font;
  const left = roomFor(before, y.ticks.map(y.words), MARGIN.left);
  const width = canvas.clientWidth;
  const w = width - left - MARGIN.right;
  if (w < LEAST_WIDTH) return;
  const h = Math.min(w * ratio, most);
  const pen = clear(canvas, h + MARGIN.top + MARGIN.bottom);
  pen.font = font;
  const box = { x: left, y: MARGIN.top, w, h };
  const scales = {
    x: (/** @type {number} */ value) => box.x + (w * (value - x.range[0])) / (x.range[1] - x.range[0] || 1),
    y: (/** @type {number} */ value) => box.y + h - (h * (value - y.range[0])) / (y.range[1] - y.range[0] || 1),
  };
  drawFrame(pen, { x, y, theme }, scales, box);
  pen.save();
  paint(pen, scales, box);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: Axis, y: Axis, theme: Theme }} look
 * @param {Scales} scales
 * @param {Box} box
 */
function drawFrame(pen, { x, y, theme }, scales, box) {
  pen.strokeStyle = css(theme.grid);
  pen.lineWidth = 1;
  pen.fillStyle = css(theme.muted);
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const value of y.ticks) {
    const at = Math.round(scales.y(value)) + 0.5;
    line(pen, [box.x, at], [box.x + box.w, at]);
    pen.fillText(y.words(value), box.x - 6, at);
  }
  pen.textBaseline = "top";
  const every = everySoMany(x.ticks.map(scales.x), Math.max(0, ...x.ticks.map((value) => pen.measureText(x.words(value)).width)));
  x.ticks.forEach((value, i) => {
    const at = Math.round(scales.x(value)) + 0.5;
    line(pen, [at, box.y], [at, box.y + box.h]);
    if (i % every) return;
    pen.textAlign = i === x.ticks.length - 1 && at > box.x + box.w - 12 ? "right" : "center";
    pen.fillText(x.words(value), pen.textAlign === "right" ? box.x + box.w + MARGIN.right : at, box.y + box.h + 5);
  });
  pen.textAlign = "left";
  pen.fillText(y.title, 0, 2);
  pen.textAlign = "right";
  pen.fillText(x.title, box.x + box.w, box.y + box.h + 20);
}

/**
 * Which of evenly spaced ticks are named, so that no two names touch: every so many.
 * @param {number[]} places on the axis
 * @param {number} widest of the names
 */
export function everySoMany(places, widest) {
  const between = Math.abs(places[1] - places[0]);
  return between > 0 ? Math.ceil((widest + BETWEEN_NAMES) / between) : 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
export function line(pen, from, to) {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}

/**
 * A dashed line where what is said is what is.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scales} scales
 * @param {[from: [number, number], to: [number, number]]} ends
 * @param {Theme} theme
 */
export function reference(pen, { x, y }, [from, to], theme) {
  pen.save();
  pen.strokeStyle = css(theme.muted, 0.8);
  pen.lineWidth = 1;
  pen.setLineDash([4, 4]);
  line(pen, [x(from[0]), y(from[1])], [x(to[0]), y(to[1])]);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scales} scales
 * @param {[number, number][]} points
 * @param {Theme} theme
 */
export function polyline(pen, { x, y }, points, theme) {
  pen.strokeStyle = css(theme.ink);
  pen.lineWidth = 1.6;
  pen.lineJoin = "round";
  pen.beginPath();
  points.forEach(([a, b], i) => {
    if (i) pen.lineTo(x(a), y(b));
    else pen.moveTo(x(a), y(b));
  });
  pen.stroke();
}

/**
 * A ring around a point.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scales} scales
 * @param {[number, number]} at
 * @param {Theme} theme
 */
export function ring(pen, { x, y }, [a, b], theme) {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return;
  pen.beginPath();
  pen.arc(x(a), y(b), 5.5, 0, 2 * Math.PI);
  pen.fillStyle = css(theme.paper);
  pen.fill();
  pen.strokeStyle = css(theme.ink);
  pen.lineWidth = 2;
  pen.stroke();
}
