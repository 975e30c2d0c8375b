// Draws a map of the cost over two weights: shades, lines of equal cost, the path, and arrows of the next step.

import { oneFormat } from "../../common/numbers.js";
import { css, mix } from "../../common/theme.js";
import { visible } from "../../common/visible.js";
import { penOf, roomFor } from "../learned/canvas.js";
import { ticks } from "../learned/scales.js";
import { contour } from "./contours.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** @typedef {import("./way.js").CostMap} CostMap */
/** @typedef {import("./way.js").Arrow} Arrow */
/** @typedef {CanvasRenderingContext2D} Pen */
/** `label`: at its end. @typedef {{ step: number[], look: Look, label: string }} DrawnArrow */
/** @typedef {{ colour: Colour, dash: number[], width: number }} Look */
/** @typedef {{ map: CostMap, path: number[][], now: number[], arrows: DrawnArrow[], axes: string[], theme: Theme }} Scene */

const MARGIN = { left: 34, right: 8, top: 20, bottom: 36 };
const LEVELS = 9;
const TICKS = 4;
/** How strong the colour of the highest cost is. */
const STRONGEST = 0.62;
const HEAD = 9;
/** Arrows shorter than this are a dot. */
const SHORTEST = 4;

/**
 * The colour of a cost from 0, the lowest on the map, to 1.
 * @param {number} share
 * @param {Theme} theme
 */
export function costShade(share, theme) {
  return mix(theme.paper, theme.ink, 0.02 + (STRONGEST - 0.02) * share);
}

/**
 * The look of an arrow: told apart by dashes, too.
 * @param {string | null} kind of the ghost; null: the run's own
 * @param {Theme} theme
 * @returns {Look}
 */
export function arrowLook(kind, theme) {
  const [violet, green, , , , , , red] = theme.runs;
  if (kind === "SGD") return { colour: green, dash: [2, 3], width: 2 };
  if (kind === "momentum") return { colour: red, dash: [8, 4], width: 2 };
  if (kind === "Adam") return { colour: violet, dash: [14, 3, 2, 3], width: 2 };
  return { colour: theme.ink, dash: [], width: 2.6 };
}

/**
 * The height of the canvas for its width: the map is a square, as a direction on it is one in the weights.
 * @param {Pen} pen
 * @param {CostMap} map
 * @param {number} width
 * @returns {{ box: Box, height: number }}
 */
export function boxOf(pen, { extent: [, , y0, y1] }, width) {
  const left = roomFor(pen, ticks(y0, y1, TICKS).map(oneFormat(y0, y1)), MARGIN.left);
  const side = Math.max(40, Math.round(width - left - MARGIN.right));
  return { box: { x: left, y: MARGIN.top, w: side, h: side }, height: side + MARGIN.top + MARGIN.bottom };
}

/**
 * @param {Pen} pen cleared
 * @param {Box} box
 * @param {Scene} scene
 */
export function drawCostMap(pen, box, scene) {
  const { map, theme } = scene;
  const [x0, x1, y0, y1] = map.extent;
  const toX = (/** @type {number} */ x) => box.x + ((x - x0) / (x1 - x0)) * box.w;
  const toY = (/** @type {number} */ y) => box.y + box.h - ((y - y0) / (y1 - y0)) * box.h;
  pen.save();
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.w, box.h, 3);
  pen.clip();
  drawShades(pen, box, map, theme);
  drawContours(pen, box, map, theme);
  drawPath(
    pen,
    scene.path.map(([x, y]) => [toX(x), toY(y)]),
    theme,
  );
  const [x, y] = [toX(scene.now[0]), toY(scene.now[1])];
  const ends = scene.arrows.map(({ step }) => [toX(scene.now[0] + step[0]), toY(scene.now[1] + step[1])]);
  drawNow(pen, x, y, theme);
  for (const [i, arrow] of scene.arrows.entries()) drawArrow(pen, [x, y], ends[i], arrow.look, theme);
  drawLabels(pen, box, scene, [x, y], ends);
  pen.restore();
  drawAxes(pen, box, scene, toX, toY);
}

/**
 * @param {Pen} pen
 * @param {Box} box
 * @param {CostMap} map
 * @param {Theme} theme
 */
function drawShades(pen, { x, y, w, h }, { side, cost, low, high }, theme) {
  const image = new ImageData(side, side);
  for (let at = 0; at < cost.length; at += 1) {
    const share = Number.isFinite(cost[at]) ? (cost[at] - low) / (high - low || 1) : 1;
    const row = side - 1 - Math.floor(at / side);
    image.data.set([...costShade(share, theme), 255], (row * side + (at % side)) * 4);
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [side, side];
  penOf(small).putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  // Costs belong to the grid's nodes, edges included: half a cell lies outside.
  const [cw, ch] = [w / (side - 1), h / (side - 1)];
  pen.drawImage(small, x - cw / 2, y - ch / 2, w + cw, h + ch);
}

/**
 * @param {Pen} pen
 * @param {Box} box
 * @param {CostMap} map
 * @param {Theme} theme
 */
function drawContours(pen, box, map, theme) {
  const cell = box.w / (map.side - 1);
  pen.strokeStyle = css(theme.ink, 0.3);
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.beginPath();
  for (const level of ticks(map.low, map.high, LEVELS)) {
    for (const [ax, ay, bx, by] of contour(map, level)) {
      pen.moveTo(box.x + ax * cell, box.y + box.h - ay * cell);
      pen.lineTo(box.x + bx * cell, box.y + box.h - by * cell);
    }
  }
  pen.stroke();
}

/**
 * The way, fainter the longer ago, with a dot for every moment.
 * @param {Pen} pen
 * @param {number[][]} places
 * @param {Theme} theme
 */
function drawPath(pen, places, theme) {
  pen.setLineDash([]);
  for (let i = 1; i < places.length; i += 1) {
    const age = 0.5 + (0.5 * i) / places.length;
    const [from, to] = [places[i - 1], places[i]];
    for (const [colour, width] of /** @type {const} */ ([
      [css(theme.paper, 0.45), 3.4],
      [css(theme.ink, age), 2],
    ])) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(from[0], from[1]);
      pen.lineTo(to[0], to[1]);
      pen.stroke();
    }
  }
  for (const [i, [x, y]] of places.entries()) {
    pen.fillStyle = css(theme.ink, 0.5 + (0.5 * (i + 1)) / places.length);
    pen.beginPath();
    pen.arc(x, y, 2.2, 0, 2 * Math.PI);
    pen.fill();
  }
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {Theme} theme
 */
function drawNow(pen, x, y, theme) {
  pen.setLineDash([]);
  pen.beginPath();
  pen.arc(x, y, 5, 0, 2 * Math.PI);
  pen.fillStyle = css(theme.paper);
  pen.fill();
  pen.lineWidth = 2.4;
  pen.strokeStyle = css(theme.ink);
  pen.stroke();
}

/**
 * @param {Pen} pen
 * @param {number[]} from
 * @param {number[]} to
 * @param {Look} look
 * @param {Theme} theme
 */
function drawArrow(pen, [x0, y0], [x1, y1], { colour, dash, width }, theme) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < SHORTEST) return;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = Math.min(HEAD, length * 0.6);
  const [bx, by] = [x1 - dx * head, y1 - dy * head];
  for (const [stroke, extra, lines] of /** @type {const} */ ([
    [css(theme.paper, 0.85), 2.4, false],
    [css(colour), 0, true],
  ])) {
    pen.strokeStyle = stroke;
    pen.fillStyle = stroke;
    pen.lineWidth = width + extra;
    pen.setLineDash(lines ? dash : []);
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(bx, by);
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(bx - dy * head * 0.55, by + dx * head * 0.55);
    pen.lineTo(bx + dy * head * 0.55, by - dx * head * 0.55);
    pen.closePath();
    pen.fill();
    if (!lines) pen.stroke();
  }
}

/**
 * The arrows' names at their ends, inside of the box and not over one another.
 * @param {Pen} pen
 * @param {Box} box
 * @param {Scene} scene
 * @param {number[]} now
 * @param {number[][]} ends
 */
function drawLabels(pen, box, { arrows, theme }, [x, y], ends) {
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  /** @type {Box[]} */
  const taken = [];
  for (const [i, { label, look }] of arrows.entries()) {
    if (!label) continue;
    const [ex, ey] = ends[i];
    const width = pen.measureText(label).width;
    const left = ex >= x ? ex + 6 : ex - 6 - width;
    const at = { x: Math.min(Math.max(left, box.x + 4), box.x + box.w - width - 4), y: ey + (ey >= y ? 9 : -9), w: width, h: 13 };
    at.y = Math.min(Math.max(at.y, box.y + 9), box.y + box.h - 9);
    while (taken.some((one) => Math.abs(one.y - at.y) < 13 && one.x < at.x + at.w && at.x < one.x + one.w))
      at.y += ey >= y ? -13 : 13;
    taken.push(at);
    pen.textAlign = "left";
    pen.lineWidth = 4;
    pen.strokeStyle = css(theme.paper, 0.9);
    pen.strokeText(label, at.x, at.y);
    pen.fillStyle = css(look.colour);
    pen.fillText(label, at.x, at.y);
  }
}

/**
 * @param {Pen} pen
 * @param {Box} box
 * @param {Scene} scene
 * @param {(x: number) => number} toX
 * @param {(y: number) => number} toY
 */
function drawAxes(pen, box, { map, axes, theme }, toX, toY) {
  const [x0, x1, y0, y1] = map.extent;
  const [formatX, formatY] = [oneFormat(x0, x1), oneFormat(y0, y1)];
  const bottom = box.y + box.h;
  pen.fillStyle = css(theme.muted);
  pen.textBaseline = "top";
  pen.textAlign = "center";
  for (const x of ticks(x0, x1, TICKS)) {
    const half = pen.measureText(formatX(x)).width / 2;
    if (toX(x) - half >= box.x - 2 && toX(x) + half <= box.x + box.w + 4) pen.fillText(formatX(x), toX(x), bottom + 5);
  }
  pen.textAlign = "right";
  pen.fillText(visible(axes[0], 60), box.x + box.w, bottom + 20, box.w);
  pen.textBaseline = "middle";
  for (const y of ticks(y0, y1, TICKS)) pen.fillText(formatY(y), box.x - 6, toY(y));
  pen.textAlign = "left";
  pen.fillText(visible(axes[1], 60), 0, box.y - 11, box.x + box.w);
}
