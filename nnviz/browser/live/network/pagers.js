// Buttons at the heads of columns of which only some units are drawn: the ones before and the next ones.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { columnWords, pagesOf } from "./summary.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {{ root: HTMLElement, buttons: HTMLButtonElement[], page: number }} Pager */

const AWAY = 12;

export class Pagers {
  /**
   * @param {HTMLElement} stage over which the buttons stand
   * @param {(key: string, page: number) => void} onTurn
   */
  constructor(stage, onTurn) {
    this.stage = stage;
    this.onTurn = onTurn;
    /** @type {Map<string, Pager>} by the key of a column; they stay, so that a button keeps the focus */
    this.pagers = new Map();
  }

  /**
   * @param {Network} network
   * @param {Layout} layout
   * @param {(text: string) => number} measure
   */
  draw({ columns }, layout, measure) {
    const wanted = new Set(columns.filter((column) => pagesOf(column) > 1).map(({ key }) => key));
    for (const [key, { root }] of this.pagers) {
      if (wanted.has(key)) continue;
      root.remove();
      this.pagers.delete(key);
    }
    for (const [i, column] of columns.entries()) {
      if (!wanted.has(column.key)) continue;
      const pager = this.pagers.get(column.key) ?? this.add(column, i);
      const { x, head } = layout.columns[i];
      const half = measure(columnWords(column, i).head) / 2 + AWAY;
      pager.page = column.page;
      Object.assign(pager.root.style, { left: `${x - half - 8}px`, top: `${head - 27}px`, width: `${2 * half + 16}px` });
      pager.buttons[0].disabled = column.page === 0;
      pager.buttons[1].disabled = column.page >= pagesOf(column) - 1;
    }
  }

  /**
   * @param {Column} column
   * @param {number} place
   */
  add(column, place) {
    const { head } = columnWords(column, place);
    /** @type {Pager} */
    const pager = { root: el("div", { class: "nv-pager" }), buttons: [], page: 0 };
    for (const [by, sign, words] of /** @type {[number, string, string][]} */ ([
      [-1, "‹", t("Units before these of {column}", { column: head })],
      [1, "›", t("Next units of {column}", { column: head })],
    ])) {
      const onclick = () => this.onTurn(column.key, pager.page + by);
      const button = el("button", { type: "button", class: "nv-tiny", "aria-label": words, title: words, onclick }, sign);
      pager.buttons.push(/** @type {HTMLButtonElement} */ (button));
      pager.root.append(button);
    }
    this.pagers.set(column.key, pager);
    this.stage.append(pager.root);
    return pager;
  }
}
