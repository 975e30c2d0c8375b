// Draws a network on a canvas: links, units, and the words around them.

import { css, mix } from "../../common/theme.js";
import { visible } from "../../common/visible.js";
import { FONT } from "../learned/canvas.js";
import { cutName, shorten } from "./fitted_text.js";
import { drawFlows, drawJoins } from "./flows.js";
import { BETWEEN_TEXTS } from "./layout.js";
import { isDead } from "./network.js";
import { curveOf, lineWidth } from "./pointing.js";
import { TEXT_LINE } from "./rows.js";
import { drawBars, drawNow } from "./units.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./links.js").Link} Link */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./units.js").Maps} Maps */
/** @typedef {import("./layout.js").Words} Words */
/**
 * `links`: all that are drawn, the weakest first; `lit`: those of what is pointed at, null: nothing is; `place`: the unit
 * pointed at.
 * @typedef {{ network: Network, layout: Layout, links: Link[], words: Words[], labels: { left: string[], right: string[] },
 *   lit: Link[] | null, place: Place | null, theme: Theme }} Scene
 */
/** @typedef {CanvasRenderingContext2D} Pen */

/** Links of about the same size are one path: so many sizes are told apart. */
const SIZES = 10;
const FADED = 0.28;
const RADIUS = 5;
/** How far a class's colour goes towards the text's colour where it is text. */
const READABLE = 0.35;

/**
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Link[]} links
 * @param {number} alpha
 */
function drawLinks(pen, { layout, theme }, links, alpha) {
  /** @type {Map<number, Path2D>} by size, negative for negative weights */
  const paths = new Map();
  for (const link of links) {
    const size = Math.max(1, Math.ceil(Math.min(1, link.strength) * SIZES));
    const key = link.weight < 0 ? -size : size;
    const path = paths.get(key) ?? new Path2D();
    paths.set(key, path);
    const { x0, y0, x1, y1 } = curveOf(layout, link);
    const middle = (x0 + x1) / 2;
    path.moveTo(x0, y0);
    path.bezierCurveTo(middle, y0, middle, y1, x1, y1);
  }
  for (const key of [...paths.keys()].sort((a, b) => Math.abs(a) - Math.abs(b))) {
    const strength = Math.abs(key) / SIZES;
    pen.lineWidth = lineWidth(strength);
    pen.strokeStyle = css(key < 0 ? theme.low : theme.high, alpha * (0.16 + 0.74 * strength));
    pen.stroke(/** @type {Path2D} */ (paths.get(key)));
  }
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Maps} maps
 * @param {Place} place
 */
function drawUnit(pen, { network, layout, theme, place: pointed }, maps, { column, unit }) {
  const one = network.columns[column].units[unit];
  const box = layout.columns[column].boxes[unit];
  const { x, y, w, h } = box;
  const isOutput = network.columns[column].kind === "cost" && network.columns[column].units.length > 1;
  const colour = isOutput ? theme.classes[one.index % theme.classes.length] : theme.edge;
  const fade = pen.globalAlpha;
  const isNode = !one.map && !one.bars;
  pen.beginPath();
  pen.roundRect(x, y, w, h, isNode ? w / 2 : RADIUS);
  pen.globalAlpha = 1;
  pen.fillStyle = css(isNode ? mix(theme.paper, theme.ink, 0.14) : theme.paper);
  pen.fill();
  pen.globalAlpha = fade * (isDead(one) ? 0.45 : 1);
  if (one.isOff) drawCross(pen, box, theme);
  else if (one.map) {
    pen.save();
    pen.clip();
    maps.draw(pen, one, box);
    pen.restore();
  } else {
    const inside = { x: x + 3, y, w: w - 6, h: h - 1 };
    drawBars(pen, one, inside, theme);
    drawNow(pen, one, inside, theme);
  }
  pen.globalAlpha = fade;
  pen.beginPath();
  pen.roundRect(x, y, w, h, isNode ? w / 2 : RADIUS);
  pen.setLineDash(isDead(one) ? [3, 2.5] : []);
  pen.lineWidth = isOutput ? 2 : 1;
  pen.strokeStyle = css(colour, isOutput ? 1 : 0.85);
  pen.stroke();
  pen.setLineDash([]);
  if (pointed?.column !== column || pointed.unit !== unit) return;
  pen.beginPath();
  pen.roundRect(x - 3.5, y - 3.5, w + 7, h + 7, RADIUS + 3);
  pen.lineWidth = 2.5;
  pen.strokeStyle = css(theme.ink);
  pen.stroke();
}

/**
 * A unit that is switched off.
 * @param {Pen} pen
 * @param {Box} box
 * @param {Theme} theme
 */
function drawCross(pen, { x, y, w, h }, theme) {
  const inset = Math.min(w, h) * 0.2;
  pen.beginPath();
  pen.moveTo(x + inset, y + inset);
  pen.lineTo(x + w - inset, y + h - inset);
  pen.moveTo(x + w - inset, y + inset);
  pen.lineTo(x + inset, y + h - inset);
  pen.lineWidth = 2;
  pen.strokeStyle = css(theme.ink, 0.8);
  pen.stroke();
}

/**
 * The units that what is pointed at has to do with, as "column.unit".
 * @param {Scene} scene
 */
function litUnits({ lit, place }) {
  const units = new Set(place ? [`${place.column}.${place.unit}`] : []);
  for (const link of lit ?? []) units.add(`${link.from}.${link.source}`).add(`${link.to}.${link.target}`);
  return units;
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 */
function drawWords(pen, { network, layout, words, theme }) {
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  for (const [i, { x, bar, lines, room, head, foot }] of layout.columns.entries()) {
    pen.fillStyle = css(theme.muted);
    if (!bar) drawOver(pen, words[i].head, { x, y: head - 13, room: room + BETWEEN_TEXTS - 4 }, theme);
    if (bar) drawBar(pen, bar, words[i].title || network.columns[i].title, theme);
    let y = foot + 8 + TEXT_LINE;
    for (const [k, block] of lines.entries()) {
      pen.fillStyle = css(k ? theme.muted : theme.ink);
      for (const line of block) {
        drawOver(pen, line, { x, y, room }, theme);
        y += TEXT_LINE;
      }
    }
  }
}

/**
 * A text that can be read where lines run behind it.
 * @param {Pen} pen
 * @param {string} text
 * @param {{ x: number, y: number, room: number }} at
 * @param {Theme} theme
 */
function drawOver(pen, text, { x, y, room }, theme) {
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = css(theme.paper, 0.85);
  pen.strokeText(text, x, y, room);
  pen.fillText(text, x, y, room);
}

/**
 * A layer without units of its own.
 * @param {Pen} pen
 * @param {Box} bar
 * @param {string} title
 * @param {Theme} theme
 */
function drawBar(pen, { x, y, w, h }, title, theme) {
  pen.beginPath();
  pen.roundRect(x, y, w, h, RADIUS);
  pen.fillStyle = css(mix(theme.paper, theme.ink, 0.07));
  pen.fill();
  pen.save();
  pen.translate(x + w / 2, y + h / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "middle";
  pen.fillStyle = css(theme.muted);
  pen.fillText(
    shorten(title, h - 10, (text) => pen.measureText(text).width),
    0,
    0,
  );
  pen.restore();
}

/**
 * @param {Pen} pen
 * @param {Scene} scene
 */
function drawLabels(pen, { network, layout, labels, theme }) {
  const measure = (/** @type {string} */ text) => pen.measureText(text).width;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  pen.fillStyle = css(theme.ink);
  for (const [i, { x, y, h }] of layout.columns[0].boxes.entries()) {
    pen.fillText(cutName(labels.left[i] ?? "", layout.left - 8, measure), x - 8, y + h / 2 + 0.5);
  }
  pen.textAlign = "left";
  const last = network.columns.findIndex(({ kind }) => kind === "cost");
  for (const [i, label] of labels.right.entries()) {
    const { x, y, w, h } = layout.columns[last].boxes[i];
    const { index } = network.columns[last].units[i];
    const colour = theme.classes[index % theme.classes.length];
    pen.fillStyle = css(labels.right.length > 1 ? mix(colour, theme.ink, READABLE) : theme.ink);
    pen.fillText(cutName(label, layout.right - 8, measure), x + w + 8, y + h / 2 + 0.5);
  }
}

/**
 * @param {Pen} pen cleared, at the screen's density
 * @param {Scene} scene
 * @param {Maps} maps
 */
export function drawNetwork(pen, scene, maps) {
  const { network, links, lit, theme } = scene;
  maps.paint(network, theme);
  pen.font = `${FONT}px ${theme.font}`;
  drawFlows(pen, scene);
  drawLinks(pen, scene, links, lit ? 0.1 : 1);
  if (lit) drawLinks(pen, scene, lit, 1.1);
  const bright = litUnits(scene);
  for (const [column, { units }] of network.columns.entries()) {
    for (const unit of units.keys()) {
      pen.globalAlpha = lit && !bright.has(`${column}.${unit}`) ? FADED : 1;
      drawUnit(pen, scene, maps, { column, unit });
    }
  }
  pen.globalAlpha = 1;
  drawJoins(pen, scene);
  drawWords(pen, scene);
  drawLabels(pen, scene);
}

/** Text of users as it is drawn. @param {string} text */
export const drawnText = (text) => visible(text, 60);
