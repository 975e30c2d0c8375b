// The rows of a batch as a table with bars, each a button that chooses its row: what it costs, and its share of the gradient.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { FIRST_ROWS, shownRows } from "./back.js";
import { answerText, rowName } from "./back_words.js";
import { shortSigned } from "./formula.js";

/** @typedef {import("./back.js").Back} Back */

export class RowTable {
  /** @param {(row: number) => void} onRow */
  constructor(onRow) {
    this.onRow = onRow;
    this.isWhole = false;
    /** @type {{ back: Back, classes?: string[] | null } | null} */
    this.latest = null;
    this.body = el("tbody");
    const heads = [t("row"), t("is"), t("answer"), t("cost"), t("share of the gradient")];
    const table = el(
      "table",
      { class: "nv-back-rows" },
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      this.body,
    );
    this.more = el("button", { type: "button", class: "nv-tiny", onclick: () => this.toggle() });
    this.root = el("div", { class: "nv-back-table" }, table, this.more);
  }

  toggle() {
    this.isWhole = !this.isWhole;
    if (this.latest) this.draw(this.latest.back, this.latest.classes);
  }

  /**
   * @param {Back} back
   * @param {string[] | null} [classes]
   */
  draw(back, classes) {
    this.latest = { back, classes };
    const hadFocus = this.body.contains(document.activeElement) ? document.activeElement?.getAttribute("data-row") : null;
    const { listed, rest } = shownRows(back, this.isWhole);
    const costs = Math.max(...listed.map(({ cost }) => Math.abs(cost)), 1e-30);
    const shares = Math.max(...listed.map(({ share }) => Math.abs(share)), 1e-30);
    const rows = listed.map((row) => {
      const isChosen = row === back.rows[back.chosen];
      const name = rowName(row.number);
      const button = el(
        "button",
        {
          type: "button",
          "data-row": row.number,
          "aria-pressed": String(isChosen),
          "aria-label": t("Follow {row} back", { row: name }),
          onclick: () => this.onRow(row.number),
        },
        name,
      );
      return el(
        "tr",
        { "data-chosen": String(isChosen), onclick: (/** @type {Event} */ event) => this.pick(event, row.number) },
        el("th", { scope: "row" }, button),
        el("td", {}, answerText(row.target, classes)),
        el("td", {}, answerText(row.answer, classes)),
        el("td", {}, bar("nv-back-cost", row.cost / costs), numberOf(number(row.cost))),
        el("td", {}, bar("nv-back-share", row.share / shares), numberOf(shortSigned(row.share))),
      );
    });
    if (rest.count) {
      const words = t("{n} other rows together", { n: rest.count.toLocaleString("en-US") });
      const share = el("td", {}, shortSigned(rest.share));
      rows.push(
        el(
          "tr",
          { class: "nv-back-rest" },
          el("th", { scope: "row", colspan: 3 }, words),
          el("td", {}, number(rest.cost)),
          share,
        ),
      );
    }
    this.body.replaceChildren(...rows);
    if (hadFocus) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-row="${hadFocus}"]`))?.focus();
    this.more.hidden = back.rows.length <= FIRST_ROWS;
    setText(this.more, this.isWhole ? t("Show fewer") : t("Show the {n} largest", { n: back.rows.length }));
  }

  /**
   * A press anywhere in the row is one of its button.
   * @param {Event} event
   * @param {number} row
   */
  pick(event, row) {
    if (!(event.target instanceof HTMLButtonElement)) this.onRow(row);
  }
}

/** Beside a bar: all are as wide, so that the bars stand under one another. @param {string} text */
const numberOf = (text) => el("span", { class: "nv-back-number" }, text);

/**
 * A bar from the left, or from the middle for numbers with a sign.
 * @param {string} name
 * @param {number} size -1 to 1
 */
function bar(name, size) {
  const width = `${(100 * Math.abs(size)).toFixed(1)}%`;
  const inner = el("i", { "data-sign": size < 0 ? "minus" : "plus", style: `--nv-size:${width}` });
  return el("span", { class: name, "aria-hidden": "true" }, inner);
}
