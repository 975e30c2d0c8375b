// Draws the answer along one column: axes, its average over the rows, and some rows by themselves.

import { columnFormat, oneFormat } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { ticks } from "../learned/scales.js";
import { percent } from "../learned/sentences.js";

/** @typedef {import("./dependence_plot.js").Scene} Scene */

/** The height of a listed value's line. */
export const LINE = 22;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number | null} place the value that is pointed at
 */
export function paintDependence(pen, scene, place) {
  drawAxes(pen, scene);
  if (scene.across) drawLines(pen, scene);
  else drawCurves(pen, scene);
  if (place !== null && place < scene.places.length) drawCursor(pen, scene, place);
}

/**
 * How the ticks of the answers are written.
 * @param {[number, number]} range
 * @param {boolean} isShare
 */
export function answerTick(range, isShare) {
  return isShare ? percent : oneFormat(...range);
}

/**
 * @param {Scene} scene
 * @param {number} value
 */
function share({ range: [low, high] }, value) {
  return (value - low) / (high - low);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
function drawAxes(pen, scene) {
  const { box, range, isShare, across, theme } = scene;
  const format = answerTick(range, isShare);
  pen.strokeStyle = css(theme.grid);
  pen.fillStyle = css(theme.muted);
  pen.lineWidth = 1;
  for (const value of ticks(...range, across ? Math.max(2, Math.floor(box.w / 90)) : 4)) {
    const at = share(scene, value);
    if (across) {
      line(pen, box.x + at * box.w, box.y, box.x + at * box.w, box.y + box.h);
      const text = format(value);
      const room = pen.measureText(text).width / 2;
      // the last one ends with the canvas
      write(pen, text, Math.min(box.x + at * box.w, pen.canvas.clientWidth - room), box.y + box.h + 8, "center");
    } else {
      line(pen, box.x, box.y + (1 - at) * box.h, box.x + box.w, box.y + (1 - at) * box.h);
      write(pen, format(value), box.x - 6, box.y + (1 - at) * box.h - 5, "right");
    }
  }
  if (across) drawNames(pen, scene);
  else drawValues(pen, scene);
}

/**
 * The names of listed values, cut where they are too long.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
function drawNames(pen, { box, body: { dependence } }) {
  dependence.texts.forEach((text, i) => {
    let name = text;
    for (let end = text.length - 1; end > 0 && pen.measureText(name).width > box.x - 6; end -= 1) name = `${text.slice(0, end)}…`;
    write(pen, name, box.x - 6, box.y + (i + 0.5) * LINE - 5, "right");
  });
}

/**
 * The column's values under the curves, and where its tenths are.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
function drawValues(pen, { box, body: { dependence }, theme }) {
  const { at, texts, unit, deciles } = dependence;
  const y = box.y + box.h + 9;
  if (!at) {
    write(pen, texts[0], box.x, y, "left");
    if (texts.length > 1) write(pen, texts[texts.length - 1], box.x + box.w, y, "right");
    return;
  }
  const [low, high] = [at[0], at[at.length - 1]];
  if (!(high > low)) {
    write(pen, texts[0], box.x + box.w / 2, y, "center");
    return;
  }
  const format = columnFormat(at, low, high);
  const placeOf = (/** @type {number} */ value) => box.x + ((value - low) / (high - low)) * box.w;
  const wanted = Math.max(2, Math.floor(box.w / 80));
  const few = ticks(low, high, wanted);
  // one tick says nothing of the distance
  for (const value of few.length > 1 ? few : ticks(low, high, 2 * wanted)) {
    write(pen, format(value) + (unit && `\u00a0${unit}`), placeOf(value), y, "center");
  }
  pen.strokeStyle = css(theme.muted);
  for (const value of deciles) {
    if (value >= low && value <= high) line(pen, placeOf(value), box.y + box.h, placeOf(value), box.y + box.h - 6);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
function drawCurves(pen, scene) {
  const { box, body, curves, places, theme } = scene;
  const draw = (/** @type {number[]} */ values) => {
    pen.beginPath();
    values.forEach((value, i) => {
      pen.lineTo(box.x + places[i] * box.w, box.y + (1 - share(scene, value)) * box.h);
    });
    pen.stroke();
    if (values.length === 1) dot(pen, box.x + places[0] * box.w, box.y + (1 - share(scene, values[0])) * box.h, 3);
  };
  pen.strokeStyle = pen.fillStyle = css(theme.ink, theme.isDark ? 0.24 : 0.2);
  pen.lineWidth = 1;
  curves.forEach(draw);
  pen.strokeStyle = pen.fillStyle = css(theme.ink);
  pen.lineWidth = 3;
  draw(body.dependence.mean);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
function drawLines(pen, scene) {
  const { box, body, curves, theme } = scene;
  body.dependence.mean.forEach((mean, i) => {
    const y = box.y + (i + 0.5) * LINE;
    pen.fillStyle = css(theme.ink, theme.isDark ? 0.3 : 0.26);
    for (const curve of curves) dot(pen, box.x + share(scene, curve[i]) * box.w, y, 2.5);
    const x = box.x + share(scene, mean) * box.w;
    pen.fillStyle = css(theme.ink);
    pen.fillRect(x - 1.5, y - 8, 3, 16);
    dot(pen, x, y, 5);
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} place
 */
function drawCursor(pen, scene, place) {
  const { box, places, across, theme } = scene;
  pen.strokeStyle = css(theme.ink, 0.6);
  pen.lineWidth = 1;
  if (across) pen.strokeRect(box.x + 0.5, box.y + place * LINE + 0.5, box.w - 1, LINE - 1);
  else {
    const x = box.x + places[place] * box.w;
    line(pen, x, box.y, x, box.y + box.h);
    pen.fillStyle = css(theme.ink);
    dot(pen, x, box.y + (1 - share(scene, scene.body.dependence.mean[place])) * box.h, 4.5);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {CanvasTextAlign} align
 */
function write(pen, text, x, y, align) {
  pen.textBaseline = "top";
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}
