// How columns of a network hand on to each other where no single weights are drawn: bands, the way around a Residual, the node
// where branches are joined; and the brackets over repeated layers.

import { t } from "../../common/messages.js";
import { css, mix } from "../../common/theme.js";
import { shorten } from "./fitted_text.js";

/** @typedef {import("./painter.js").Scene} Scene */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Node} Node */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {{ x: number, top: number, bottom: number }} Edge */

const BAND = 0.055;
const SKIP = 0.42;
const NODE = 10;
/** How round the way around a block is. */
const BEND = 18;

/**
 * @param {Pen} pen
 * @param {Scene} scene
 */
export function drawFlows(pen, { network, layout, theme }) {
  const covered = coveredBy(network);
  pen.fillStyle = css(theme.ink, BAND);
  for (const [to, { after, join }] of network.columns.entries()) {
    const node = layout.nodes.find(({ place }) => place === to);
    if (join && node) {
      for (const end of new Set(join.ends)) drawBand(pen, edges(layout, end).right, narrow(node));
      drawBand(pen, narrow(node), edges(layout, to).left);
    } else
      for (const one of after) if (!covered.has(`${one} ${to}`)) drawBand(pen, edges(layout, one).right, edges(layout, to).left);
  }
}

/** Pairs of columns between which weights are drawn, those with others between them included. @param {Network} network */
function coveredBy({ columns }) {
  /** @type {Set<string>} */
  const covered = new Set();
  for (const [to, { weights, from }] of columns.entries()) {
    for (let at = to; weights && from !== null && at > from; at = columns[at].after[0])
      covered.add(`${columns[at].after[0]} ${at}`);
  }
  return covered;
}

/** @param {Node} node @returns {Edge} */
const narrow = ({ x, y }) => ({ x, top: y - 5, bottom: y + 5 });

/**
 * @param {Pen} pen
 * @param {Edge} a
 * @param {Edge} b
 */
function drawBand(pen, a, b) {
  const middle = (a.x + b.x) / 2;
  pen.beginPath();
  pen.moveTo(a.x, a.top);
  pen.bezierCurveTo(middle, a.top, middle, b.top, b.x, b.top);
  pen.lineTo(b.x, b.bottom);
  pen.bezierCurveTo(middle, b.bottom, middle, a.bottom, a.x, a.bottom);
  pen.fill();
}

/**
 * @param {Layout} layout
 * @param {number} place
 * @returns {{ left: Edge, right: Edge }}
 */
function edges({ columns }, place) {
  const { bar, boxes } = columns[place];
  const all = bar ? [bar] : boxes;
  const [first, last] = [all[0], all[all.length - 1]];
  const reach = { top: first.y, bottom: last.y + last.h };
  return { left: { x: first.x - 3, ...reach }, right: { x: first.x + first.w + 3, ...reach } };
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 */
export function drawJoins(pen, { network, layout, theme }) {
  for (const node of layout.nodes) {
    const join = network.columns[node.place].join;
    if (!join) continue;
    pen.strokeStyle = css(theme.ink, SKIP);
    pen.lineWidth = 2;
    if (join.skip !== null) drawSkip(pen, edges(layout, join.skip).right, node);
    pen.beginPath();
    pen.arc(node.x, node.y, NODE, 0, 2 * Math.PI);
    pen.fillStyle = css(mix(theme.paper, theme.ink, 0.07));
    pen.fill();
    pen.lineWidth = 1.25;
    pen.stroke();
    pen.strokeStyle = css(theme.ink);
    pen.lineWidth = 1.75;
    drawSign(pen, node, join.how);
  }
  drawBrackets(pen, layout, theme);
}

/**
 * From the column before a block over its layers to the node.
 * @param {Pen} pen
 * @param {Edge} from
 * @param {Node} node
 */
function drawSkip(pen, { x, top, bottom }, { x: to, y, over }) {
  const start = Math.min(Math.max(top + 4, over), (top + bottom) / 2);
  pen.beginPath();
  pen.moveTo(x, start);
  pen.bezierCurveTo(x + BEND, start, x + BEND / 2, over, x + 2 * BEND, over);
  pen.lineTo(to - BEND, over);
  pen.quadraticCurveTo(to, over, to, over + BEND);
  pen.lineTo(to, y - NODE);
  pen.stroke();
}

/**
 * Plus for a sum, two boxes one on the other for outputs side by side, a bar over an x for a mean.
 * @param {Pen} pen
 * @param {Node} node
 * @param {string} how
 */
function drawSign(pen, { x, y }, how) {
  const lines = {
    add: [
      [-4.5, 0, 4.5, 0],
      [0, -4.5, 0, 4.5],
    ],
    concatenate: [
      [-4, -5, 4, -5],
      [-4, 0, 4, 0],
      [-4, 5, 4, 5],
      [-4, -5, -4, 5],
      [4, -5, 4, 5],
    ],
    average: [
      [-3.5, -5, 3.5, -5],
      [-3, -2, 3, 4.5],
      [3, -2, -3, 4.5],
    ],
  }[how];
  pen.beginPath();
  for (const [x0, y0, x1, y1] of lines ?? []) {
    pen.moveTo(x + x0, y + y0);
    pen.lineTo(x + x1, y + y1);
  }
  pen.stroke();
}

/**
 * @param {Pen} pen
 * @param {Layout} layout
 * @param {Scene["theme"]} theme
 */
function drawBrackets(pen, { brackets }, theme) {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  for (const { x0, x1, y, copy, times } of brackets) {
    const words = [t("copy {n} of {times}", { n: copy + 1, times }), `${copy + 1}/${times}`];
    const measure = (/** @type {string} */ text) => pen.measureText(text).width;
    const text = shorten(words.find((one) => measure(one) <= x1 - x0 - 10) ?? words[1], x1 - x0, measure);
    const [middle, half] = [(x0 + x1) / 2, measure(text) / 2 + 4];
    pen.strokeStyle = css(theme.muted);
    pen.beginPath();
    pen.moveTo(x0, y + 10);
    pen.lineTo(x0, y + 4);
    pen.lineTo(Math.max(x0, middle - half), y + 4);
    pen.moveTo(Math.min(x1, middle + half), y + 4);
    pen.lineTo(x1, y + 4);
    pen.lineTo(x1, y + 10);
    pen.stroke();
    pen.fillStyle = css(theme.muted);
    pen.fillText(text, middle, y + 4.5);
  }
}
