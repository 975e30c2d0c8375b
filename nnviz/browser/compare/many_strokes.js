// How a curve is drawn on the picture with very many of them: its line, before it was smoothed, and of a group the band.

import { runLook } from "../common/palette.js";
import { css } from "../common/theme.js";

/** @typedef {import("../common/theme.js").Theme} Theme */
/** @typedef {import("./many_scales.js").ManyCurve} ManyCurve */
/** @typedef {{ px: number[], py: number[] }} Line in pixels */
/** @typedef {{ context: CanvasRenderingContext2D, theme: Theme, x: (value: number) => number, high: (value: number) => number }} Pencil */

/** @param {boolean} isPicked among curves of which one is picked out */
export const fade = (isPicked) => (isPicked ? 1 : 0.2);

/** @type {(curve: ManyCurve, pencil: Pencil) => Line} */
export const lineOf = (curve, { x, high }) => ({ px: Array.from(curve.x, x), py: Array.from(curve.y, high) });

/**
 * @param {ManyCurve} curve
 * @param {Line} line
 * @param {Pencil} pencil
 * @param {number} shade from 0 to 1
 */
export function drawCurve(curve, line, pencil, shade) {
  const { context, theme, high } = pencil;
  const { deviation, isMember, y } = curve;
  const colour = runLook(theme.runs, curve.colour).colour;
  if (deviation) {
    const [low, top] = [-1, 1].map((side) => Array.from(y, (value, i) => high(value + side * deviation[i])));
    band(context, line.px, low, top, css(colour, 0.14 * shade));
  }
  if (curve.raw) stroke(context, { px: line.px, py: Array.from(curve.raw, high) }, css(colour, 0.25 * shade), 1, []);
  stroke(context, line, css(colour, (isMember ? 0.35 : 0.85) * shade), deviation ? 2 : 1.2, dashOf(theme, curve));
}

/** @type {(curve: ManyCurve, line: Line, pencil: Pencil) => void} */
export function drawPicked(curve, line, { context, theme }) {
  stroke(context, line, css(runLook(theme.runs, curve.colour).colour), 3, dashOf(theme, curve));
}

/** Of validation rows, by the round of the colours. @type {Record<string, number[]>} */
const DASHES = { solid: [], dashed: [9, 3], dotted: [9, 3, 2, 3] };

/** @type {(theme: Theme, curve: ManyCurve) => number[]} */
const dashOf = (theme, { colour, isTraining }) => (isTraining ? [2, 3] : DASHES[runLook(theme.runs, colour).border]);
/**
 * The area between two lines, where both are numbers.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} px
 * @param {number[]} low
 * @param {number[]} high
 * @param {string} colour
 */
function band(context, px, low, high, colour) {
  const places = px.map((_, i) => i).filter((i) => Number.isFinite(low[i]) && Number.isFinite(high[i]));
  context.fillStyle = colour;
  context.beginPath();
  for (const i of places) context.lineTo(px[i], high[i]);
  for (const i of places.reverse()) context.lineTo(px[i], low[i]);
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ px: number[], py: number[] }} line
 * @param {string} colour
 * @param {number} width
 * @param {number[]} dash
 */
function stroke(context, { px, py }, colour, width, dash) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  for (let i = 0; i < px.length; i += 1) {
    if (!Number.isFinite(py[i])) isDown = false;
    else if (isDown) context.lineTo(px[i], py[i]);
    else {
      context.moveTo(px[i], py[i]);
      isDown = true;
    }
  }
  context.stroke();
  if (px.length === 1) context.strokeRect(px[0] - 1, py[0] - 1, 2, 2);
}
