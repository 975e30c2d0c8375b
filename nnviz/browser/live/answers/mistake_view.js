// The view "mistakes": how many rows of each class are taken for which, and the rows of one count; the surest wrong rows or images, and those that were forgotten, never right or learned last.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { matrix } from "../learned/confusion.js";
import { Fold } from "../learned/fold.js";
import { percent } from "../learned/sentences.js";
import { casesOf } from "../learned/worst.js";
import { AnswerHead } from "./answer_head.js";
import { listsOf, meaning, nameOf, nearWords, verdict } from "./mistakes.js";
import { count } from "./result_words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./mistakes.js").MistakeBody} MistakeBody */
/** @typedef {import("./mistakes.js").MistakeList} MistakeList */
/** @typedef {import("./mistakes.js").Mistake} Mistake */

export class MistakeView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {import("../learned/confusion.js").Cell | undefined} whose rows are listed */
    this.choice = undefined;
    this.counts = el("div", { class: "nv-picked-matrix" });
    this.head = new AnswerHead(t("Its mistakes"));
    this.lists = el("div", { class: "nv-tables" });
    this.root = el("section", { class: "nv-answers" }, ...this.head.nodes, this.counts, this.lists);
    host.append(this.root);
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    /** @type {Map<string, Fold>} by key of the list */
    this.folds = new Map();
  }

  /**
   * @param {MistakeBody | undefined} body of a frame
   * @param {{ theme: Theme, when: string, why?: string }} around
   */
  draw(body, around) {
    this.head.draw(body, around, this.lists);
    this.counts.hidden = !body?.counts;
    if (!body) return;
    this.head.say(verdict(body), meaning(body));
    const { theme } = around;
    const drawn = [body, theme.key];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    this.drawCounts(body, theme);
    const lists = listsOf(body);
    const folds = lists.map(({ key }) => this.folds.get(key) ?? new Fold(key === "sure" || key === "cell"));
    const roots = folds.map(({ root }) => root);
    if (roots.some((root, i) => root !== this.lists.children[i]) || roots.length !== this.lists.children.length) {
      this.lists.replaceChildren(...roots);
    }
    lists.forEach((list, i) => {
      this.folds.set(list.key, folds[i]);
      folds[i].draw(list.title, () => [listElement(list, body, theme)]);
    });
  }

  /**
   * The table of counts, whose cells list their rows; pressed once more, none.
   * @param {MistakeBody} body
   * @param {Theme} theme
   */
  drawCounts({ counts, names, cell }, theme) {
    const onPick = (/** @type {import("../learned/confusion.js").Cell} */ picked) => {
      this.choice = isSame(picked, this.choice) ? undefined : picked;
      this.onChoose();
    };
    const hint = t("True class by row, predicted class by column. Press a count to see its rows.");
    const isFocused = this.counts.contains(document.activeElement);
    this.counts.replaceChildren(
      ...(counts ? [el("p", { class: "nv-note" }, hint), matrix(counts, names, theme, { cell, onPick })] : []),
    );
    if (isFocused) /** @type {HTMLElement | null} */ (this.counts.querySelector("[aria-pressed=true]"))?.focus();
  }
}

/** @type {(one?: import("../learned/confusion.js").Cell, other?: import("../learned/confusion.js").Cell) => boolean} */
const isSame = (one, other) => one?.truth === other?.truth && one?.guess === other?.guess;

/** @type {(list: MistakeList, body: MistakeBody, theme: Theme) => HTMLElement} */
function listElement(list, body, theme) {
  const { items, note } = list;
  if (!items[0].values) {
    /** @param {Mistake} item */
    const notes = (item) => {
      const near = nearWords(item, body.names);
      return [note(item), near && t("near: {classes}", { classes: near })].filter(Boolean).join("; ");
    };
    return casesOf(items, body, (k) => nameOf(body.names, k), theme, notes);
  }
  return el("div", { class: "nv-scores nv-row-values", tabindex: "0" }, tableOf(list, body, theme));
}

/** @type {(list: MistakeList, body: MistakeBody, theme: Theme) => HTMLElement} */
function tableOf({ items, note }, { names, columns = [], columns_in_all: all = 0, scores }, theme) {
  const hasNotes = items.some((item) => note(item));
  const hasNear = items.some(({ near }) => near);
  const rest = all - columns.length;
  const more = rest > 0 ? [t("and {n} columns more", { n: rest })] : [];
  const chance = scores === "probability" ? t("probability") : t("score");
  const heads = [
    t("row"),
    t("is"),
    t("taken for"),
    chance,
    ...(hasNear ? [t("nearest training rows")] : []),
    ...(hasNotes ? [t("history")] : []),
    ...columns,
    ...more,
  ];
  const rows = items.map((item) => {
    const { row, truth, guess, probability = 0, values = [] } = item;
    const style = truth === guess ? null : `color:${css(theme.wrong)}`;
    const sure = scores === "probability" ? percent(probability) : probability.toPrecision(3);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, count(row + 1)),
      el("td", {}, el("b", {}, nameOf(names, truth))),
      el("td", {}, el("b", { style }, nameOf(names, guess))),
      el("td", {}, sure),
      ...(hasNear ? [el("td", {}, nearWords(item, names))] : []),
      ...(hasNotes ? [el("td", {}, note(item))] : []),
      ...values.map((value) => el("td", {}, value)),
      ...more.map(() => el("td", {}, "…")),
    );
  });
  const head = el("tr", {}, ...heads.map((word) => el("th", { scope: "col" }, word)));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
}
