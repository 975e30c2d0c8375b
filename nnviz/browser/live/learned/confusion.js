// The confusion matrix; below it lists of rows or images, wrong ones first. Of a plane the lists only, folded.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { Fold } from "./fold.js";
import { nameOf } from "./sentences.js";
import { cellShade } from "./shades.js";
import { worstLists } from "./worst.js";
import { countsOf } from "./wrong_rows.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./worst.js").WorstBody} WorstBody */
/** @typedef {string[] | null | undefined} Names of classes by number */
/** Rows of one class that were taken for one. @typedef {{ truth: number, guess: number }} Cell */
/**
 * `counts`: for classes; `title`: what the lists are folded under.
 * @typedef {WorstBody & { counts?: number[][], title?: string }} Body
 */

const MAX_NAMED_CLASSES = 30;
const ROOMY = 10;
/** Letters of a name that stands upright over its column. */
const SHORT = 7;

export class Confusion {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    /** @type {unknown} */
    this.drawn = null;
    this.themeKey = "";
    this.fold = new Fold();
  }

  clear() {
    if (this.drawn) this.host.replaceChildren();
    this.drawn = null;
  }

  /**
   * @param {Body} body
   * @param {{ isOfClasses: boolean, names: Names, theme: Theme }} look
   */
  draw(body, { isOfClasses, names, theme }) {
    if (this.drawn === body && this.themeKey === theme.key) return;
    this.drawn = body;
    this.themeKey = theme.key;
    const wrong = body.counts ? countsOf(body.counts).wrong : body.wrong;
    const lists = () => worstLists({ ...body, wrong }, isOfClasses ? (k) => nameOf(names, k) : null, theme);
    if (body.title === undefined) {
      this.host.replaceChildren(...(body.counts ? [matrix(body.counts, names, theme)] : []), ...lists());
      return;
    }
    this.fold.draw(body.title, lists);
    if (this.host.firstChild !== this.fold.root) this.host.replaceChildren(this.fold.root);
  }
}

/**
 * @param {number[][]} counts rows by true class, columns by predicted class
 * @param {Names} names
 * @param {Theme} theme
 * @param {{ cell?: Cell, onPick: (cell: Cell) => void }} [picking] for a matrix whose cells can be pressed; `cell` is
 */
export function matrix(counts, names, theme, picking) {
  const size = counts.length;
  const isTight = size > MAX_NAMED_CLASSES;
  const isUpright = size <= ROOMY && counts.every((_, k) => nameOf(names, k).length <= SHORT);
  /** @type {(k: number, scope: string) => HTMLElement} */
  const head = (k, scope) => {
    const name = nameOf(names, k);
    return el("th", { title: name, scope }, isTight ? "" : el("span", {}, name));
  };
  const heads = counts.map((_, k) => head(k, "col"));
  const rows = counts.map((row, truth) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((n, guess) => countCell({ n, all, truth, guess }, names, isTight, theme, picking));
    return el("tr", {}, head(truth, "row"), ...cells);
  });
  const looks = [isTight ? "nv-tight" : "", size > ROOMY ? "nv-many" : "", isUpright ? "" : "nv-turned"].filter(Boolean);
  const style = isTight || size > ROOMY ? null : `max-width:${130 + size * 52}px`;
  const attributes = { class: looks.join(" ") || null, style };
  const table = el("table", attributes, el("thead", {}, el("tr", {}, el("td", {}), ...heads)), el("tbody", {}, ...rows));
  return el("div", { class: "nv-matrix", tabindex: "0" }, table);
}

/**
 * @param {{ n: number, all: number, truth: number, guess: number }} count of so many rows of a class
 * @param {Names} names
 * @param {boolean} isTight
 * @param {Theme} theme
 * @param {{ cell?: Cell, onPick: (cell: Cell) => void }} [picking]
 */
function countCell({ n, all, truth, guess }, names, isTight, theme, picking) {
  const background = css(cellShade(all ? n / all : 0, truth === guess, theme));
  const values = { n, all, truth: nameOf(names, truth), guess: nameOf(names, guess) };
  const title = t("{n} of {all} rows of {truth} were taken for {guess}", values);
  const style = n ? `background:${background}` : null;
  if (!picking || !n) return el("td", { style, title }, isTight || !n ? "" : String(n));
  const isPressed = picking.cell?.truth === truth && picking.cell.guess === guess;
  const look = { type: "button", "aria-pressed": String(isPressed), "aria-label": title };
  return el("td", { style, title }, el("button", { ...look, onclick: () => picking.onPick({ truth, guess }) }, String(n)));
}
