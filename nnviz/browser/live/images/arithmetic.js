// The numbers behind one value: for each channel the patch of the input, the kernel, and the sum of their products.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css, mix } from "../../common/theme.js";
import { around, diverging, level } from "../learned/shades.js";
import { plain, tableNumbers } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./words.js").Arithmetic} Arithmetic */
/** @typedef {import("./words.js").Term} Term */

/** Of a window: more numbers than this are not written out. */
const MOST_NUMBERS = 49;
/** How much of a value's colour is behind its number, so that the page's text can be read on it. */
const TINT = 0.4;

export class ArithmeticTable {
  constructor() {
    this.root = el("div", { class: "nv-terms" });
  }

  /**
   * @param {Arithmetic | null} arithmetic
   * @param {Theme} theme
   */
  draw(arithmetic, theme) {
    this.root.replaceChildren(...(arithmetic ? arithmetic.terms.map((term) => termOf(term, arithmetic, theme)) : []));
  }
}

/** @type {(term: Term, arithmetic: Arithmetic, theme: Theme) => HTMLElement} */
function termOf(term, arithmetic, theme) {
  const { channel, sum, weight } = term;
  const head = el("small", {}, t("channel {n}", { n: channel + 1 }));
  if (arithmetic.kind !== "convolution") return el("div", { class: "nv-one-term" }, head, grid(term.patch, arithmetic, theme));
  const [patch, kernel] = [
    grid(term.patch, arithmetic, theme),
    grid(term.kernel, { ...arithmetic, rows: [], columns: [] }, theme),
  ];
  const product = weight === null ? plain(sum) : `${plain(sum)} × ${plain(weight)} = ${plain(sum * weight)}`;
  return el("div", { class: "nv-one-term" }, head, patch, el("b", {}, "×"), kernel, el("b", {}, `= ${product}`));
}

/**
 * A table of the numbers of a window; those in padding are dotted.
 * @type {(content: ArrayBuffer, window: { size: number[], rows: number[], columns: number[] }, theme: Theme) => HTMLElement}
 */
function grid(content, { size, rows, columns }, theme) {
  const [height, width] = size;
  if (!content.byteLength || height * width > MOST_NUMBERS) {
    return el("small", {}, t("{h} × {w} numbers", { h: height, w: width }));
  }
  const values = new Float32Array(content);
  const words = tableNumbers(values);
  const scale = around(0, values);
  const body = Array.from({ length: height }, (_, row) =>
    el(
      "tr",
      {},
      ...Array.from({ length: width }, (_, column) => {
        const i = row * width + column;
        const isPadding = rows[row] === -1 || columns[column] === -1;
        const shade = css(mix(theme.paper, diverging(level(values[i], scale), theme), TINT));
        const title = isPadding ? t("padding") : null;
        return el("td", { class: isPadding ? "nv-padding" : null, title, style: `background:${shade}` }, words[i]);
      }),
    ),
  );
  return el("table", {}, el("tbody", {}, ...body));
}
