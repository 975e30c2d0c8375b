// What is drawn of a network in a width: where everything stands, its words and its links. Pure: no DOM.

import { layoutOf, NARROW } from "./layout.js";
import { strongestLinks } from "./links.js";
import { drawnText } from "./painter.js";
import { columnWords } from "./summary.js";
import { shortName } from "./unit/names.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./painter.js").Scene} Scene */

/** More lines than this take too long to draw, and say no more. */
const MOST_LINKS = 600;
const MOST_WIDTHS = 1000;

/**
 * All but what is pointed at.
 * @param {Network} network
 * @param {{ theme: Scene["theme"], classes?: string[] | null }} around
 * @param {number} width
 * @param {import("./fitted_text.js").Measure} measure
 * @returns {Scene}
 */
export function sceneOf(network, { theme, classes }, width, measure) {
  const { columns } = network;
  const last = columns.find(({ kind }) => kind === "cost");
  const names = (/** @type {typeof columns[0]} */ column) => column.units.map((_, i) => drawnText(shortName(column, i, classes)));
  const labels = { left: names(columns[0]), right: last ? names(last) : [] };
  const words = columns
    .map((column, place) => columnWords(column, place, width < NARROW))
    .map(({ head, title, more }) => ({ head, title: drawnText(title), more }));
  const layout = layoutOf(network, words, labels, width, measure);
  return { network, layout, links: strongestLinks(network, MOST_LINKS), words, labels, lit: null, place: null, theme };
}

/** Widths of texts, each measured once: most texts are the same in every frame. */
export class Widths {
  constructor() {
    /** @type {Map<string, number>} by font and text */
    this.widths = new Map();
  }

  /**
   * @param {string} text
   * @param {CanvasRenderingContext2D} pen
   */
  of(text, pen) {
    const key = `${pen.font}|${text}`;
    const width = this.widths.get(key) ?? pen.measureText(text).width;
    if (this.widths.size > MOST_WIDTHS) this.widths.clear();
    this.widths.set(key, width);
    return width;
  }
}
