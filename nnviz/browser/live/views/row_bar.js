// From row to row of those that a view can show, in their order or the wrong ones first.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/** `previous`, `next`: rows beside the chosen one in this order; `wrong`: how many of those `looked_at` are; null for numbers.
 * @typedef {{ row: number, order: string, previous: number, next: number, wrong: number | null, looked_at: number }} Row */
/** @typedef {{ row?: number, order?: string }} RowChoice */

export class RowBar {
  /** @param {(change: RowChoice) => void} onChoose */
  constructor(onChoose) {
    /** @type {Row | null} */
    this.row = null;
    /** @type {(words: string, step: "previous" | "next") => HTMLElement} */
    const button = (words, step) =>
      el("button", { type: "button", class: "nv-offer", onclick: () => this.row && onChoose({ row: this.row[step] }) }, words);
    const wrongFirst = el("input", {
      type: "checkbox",
      onchange: () => onChoose({ order: wrongFirst.checked ? "wrong" : "rows", row: undefined }),
    });
    this.words = el("span");
    const wrong = el("label", { class: "nv-wrong-first" }, wrongFirst, this.words);
    this.root = el("div", { class: "nv-picture-bar" }, button(t("‹ Previous"), "previous"), button(t("Next ›"), "next"), wrong);
  }

  /**
   * @param {Row} row
   * @param {boolean} isOfClasses
   */
  draw(row, isOfClasses) {
    this.row = row;
    setText(this.words, wrongWords(row, isOfClasses));
  }
}

/** @type {(row: Row, isOfClasses: boolean) => string} */
function wrongWords({ wrong, looked_at: all, order }, isOfClasses) {
  if (!isOfClasses) return t("Largest errors first");
  if (order !== "wrong" || wrong === null) return t("Wrong ones first");
  return t("Wrong ones first ({n} of {all} are wrong)", { n: wrong, all: all.toLocaleString("en-US") });
}

/**
 * Keeps the first of the wrong ones chosen, once it is known: at another moment others are wrong.
 * @param {RowChoice} choice
 * @param {Row} row
 */
export function pin(choice, { order, row }) {
  if (choice.order === "wrong" && order === "wrong") choice.row ??= row;
}
