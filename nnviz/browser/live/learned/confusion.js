// The confusion matrix; below it the rows or images with the highest loss.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { cellShade } from "./shades.js";
import { worstList } from "./worst.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./worst.js").WorstBody} WorstBody */
/** @typedef {string[] | null | undefined} Names of classes by number */

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
  }

  clear() {
    if (this.drawn) this.host.replaceChildren();
    this.drawn = null;
  }

  /**
   * @param {WorstBody & { counts?: number[][], classes?: string[] }} body without `counts` for a target that is a number
   * @param {{ classes?: Names }} data
   * @param {Theme} theme
   */
  draw(body, data, theme) {
    if (this.drawn === body && this.themeKey === theme.key) return;
    this.drawn = body;
    this.themeKey = theme.key;
    const { counts } = body;
    const names = data.classes ?? body.classes ?? null;
    const parts = counts ? [matrix(counts, names, theme)] : [];
    if (body.worst?.length) parts.push(worstList(body, counts ? (k) => nameOf(names, k) : null, theme));
    this.host.replaceChildren(...parts);
  }
}

/** @type {(names: Names, k: number) => string} */
const nameOf = (names, k) => names?.[k] ?? String(k);

/**
 * @param {number[][]} counts rows by true class, columns by predicted class
 * @param {Names} names
 * @param {Theme} theme
 */
function matrix(counts, names, theme) {
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
    const cells = row.map((n, guess) => countCell({ n, all, truth, guess }, names, isTight, theme));
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
 */
function countCell({ n, all, truth, guess }, names, isTight, theme) {
  const background = css(cellShade(all ? n / all : 0, truth === guess, theme));
  const values = { n, all, truth: nameOf(names, truth), guess: nameOf(names, guess) };
  const title = t("{n} of {all} rows of {truth} were taken for {guess}", values);
  return el("td", { style: n ? `background:${background}` : null, title }, isTight || !n ? "" : String(n));
}
