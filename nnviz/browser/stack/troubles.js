// What keeps the stack from being trained: texts in fields that are no values, what Python says of a layer or refuses of an
// edit. Each stands on its own card; the line under the stack says which card that is, and Python is told that there is one.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { COST } from "./cost_card.js";
import { textButton } from "./icons.js";

/** @typedef {import("./card_error.js").RowError} RowError */
/** @typedef {{ id: string, at: string, error: RowError | null }} Place a card, its path as Python writes it, its error */

const REPORT_DELAY_MS = 250;

export class Troubles {
  /** @param {import("./stack_editor.js").StackEditor} editor */
  constructor(editor) {
    this.editor = editor;
    this.timer = 0;
    /** the path of the text that Python was last told of, or empty */
    this.reported = "";
    /** the card whose part of the last edit Python refused, or empty */
    this.refused = "";
    this.drawn = "";
    this.node = el("div", { class: "status" });
  }

  /** @returns {Place[]} every card in the order of the page */
  get places() {
    const { tree, rows, costRow } = this.editor;
    const layers = tree.places().map(({ node, path }) => ({ id: node.id, at: path, error: rows[node.id]?.error ?? null }));
    return [...layers, { id: COST, at: COST, error: costRow.error ?? null }];
  }

  /** The first text that is no value: where, and what is wrong with it. */
  get typed() {
    for (const { id, at } of this.places) {
      const what = this.editor.panelOf(id)?.wrong;
      if (what) return { at, what };
    }
    return null;
  }

  /** Looks which card it is whose part of the last edit Python refused, if it did and there is such a card. */
  look() {
    const { answer, isAnswered } = this.editor;
    const where = (isAnswered && answer.refused?.where) || "";
    const around = where ? this.places.filter(({ at }) => where === at || where.startsWith(`${at}.`)) : [];
    this.refused = around.sort((a, b) => b.at.length - a.at.length)[0]?.id ?? "";
  }

  /**
   * What a card says itself: its own error, or that of a text in its panel while this is closed.
   * @param {string} id
   * @param {RowError | null | undefined} error its own
   * @returns {RowError | null}
   */
  on(id, error) {
    const { answer, open } = this.editor;
    if (error) return error;
    if (this.refused === id) return answer.refused;
    const wrong = this.editor.panelOf(id)?.wrong;
    return wrong && open !== id ? { what: wrong } : null;
  }

  /**
   * Whether anything is wrong with a card.
   * @param {string} id
   * @param {RowError | null | undefined} error its own
   */
  isOn(id, error) {
    return Boolean(this.editor.panelOf(id)?.wrong || this.on(id, error));
  }

  /** A text has become one that is no value, or has been mended. */
  note() {
    // Not at once: a field may say so while its panel is being made.
    queueMicrotask(() => this.editor.render());
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.report(), REPORT_DELAY_MS);
  }

  flush() {
    if (this.timer) this.report();
  }

  report() {
    clearTimeout(this.timer);
    this.timer = 0;
    if ((this.typed?.at ?? "") !== this.reported) this.repost();
  }

  /** Sends the stack under a new number although nothing of it has changed. */
  repost() {
    this.editor.edit += 1;
    this.editor.post();
  }

  /** Gives every field whose text is no value its last one back. Returns whether there was any. */
  drop() {
    const { editor } = this;
    const wrong = this.places.filter(({ id }) => editor.panelOf(id)?.wrong);
    for (const { id } of wrong) (id === COST ? editor.costCard : editor.cards.get(id))?.removePanel();
    if (!wrong.length) return false;
    editor.render();
    this.report();
    return true;
  }

  /**
   * Opens a card unless it is, and brings it into view.
   * @param {string} id
   */
  reveal(id) {
    const { editor } = this;
    if (editor.open !== id) editor.toggle(id);
    editor.mainOf(id)?.focus();
    editor.panelOf(id)?.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  render() {
    const { total, refused } = this.editor.answer ?? {};
    const place = this.places.find(({ id, error }) => this.isOn(id, error));
    const words = refused?.what ?? total?.trouble;
    const key = JSON.stringify([total?.text, place, words]);
    if (key === this.drawn) return;
    this.drawn = key;
    let state = el("span", { class: "good" }, `✓ ${t("fits the data")}`);
    if (place) state = textButton(`✕ ${attention(place)}`, () => this.reveal(place.id), { class: "bad link" });
    else if (words) state = el("span", { class: "bad" }, `✕ ${words}`);
    this.node.replaceChildren(el("span", {}, total?.text ?? ""), state);
  }
}

/** @param {Place} place */
function attention({ id, at }) {
  if (id === COST) return t("The cost needs attention");
  return t("Layer {n} needs attention", { n: Number(/\d+/.exec(at)) + 1 });
}
