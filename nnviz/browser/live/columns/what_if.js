// One row in the file's own values, each in a field: change one, and see what the network answers then.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { answerWords, rowWords } from "./answer_words.js";

/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("./columns.js").Field} Field */
/** @typedef {import("./columns_view.js").Choice} Choice */

const WAIT_MS = 250;
const FIRST = 12;
const LONGEST = 200;

export class WhatIfRow {
  /**
   * @param {HTMLElement} host
   * @param {(choice: Choice) => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {Record<string, string>} what was typed, by the column's number */
    this.typed = {};
    /** @type {Body | null} */
    this.body = null;
    this.structure = "";
    this.isWhole = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.row = el("input", { type: "number", min: 1, step: 1, "aria-label": t("Row"), onchange: () => this.chooseRow() });
    this.of = el("span");
    this.back = el("button", { type: "button", class: "nv-tiny", onclick: () => this.reset() }, t("Back to its values"));
    this.answer = el("p", { class: "nv-answer", "aria-live": "polite" });
    this.fields = el("div", { class: "nv-fields" });
    this.more = el("button", { type: "button", class: "nv-tiny", onclick: () => this.toggle() });
    const which = el("label", { class: "nv-which-row" }, t("Row"), this.row, this.of);
    this.root = el(
      "details",
      { class: "nv-fold nv-what-if" },
      el("summary", {}, t("What if? Change the values of one row")),
      el("div", { class: "nv-row-head" }, which, this.back),
      this.answer,
      this.fields,
      this.more,
    );
    host.append(this.root);
  }

  /**
   * @param {Body} body
   * @param {string[] | null | undefined} classes
   */
  draw(body, classes) {
    this.body = body;
    const { what_if: row, rows_in_all } = body;
    if (document.activeElement !== this.row) this.row.value = String(row.row + 1);
    this.row.max = String(rows_in_all);
    setText(this.of, rowWords(body));
    setText(this.answer, answerWords(body, classes));
    this.back.hidden = !Object.keys(this.typed).length;
    this.drawFields(
      [...row.fields].sort((a, b) => a.index - b.index),
      row.row,
    );
  }

  /** Forgets what was typed: another run has begun. */
  clear() {
    this.typed = {};
    this.structure = "";
  }

  /**
   * @param {Field[]} fields
   * @param {number} row
   */
  drawFields(fields, row) {
    const structure = `${row} ${fields.map(({ index, name }) => `${index}:${name}`).join("|")}`;
    const isTyping = this.fields.contains(document.activeElement);
    if (structure !== this.structure && !isTyping) {
      this.structure = structure;
      this.fields.replaceChildren(...fields.map((field) => this.fieldOf(field)));
    }
    const byIndex = new Map(fields.map((field) => [String(field.index), field]));
    [...this.fields.children].forEach((node, i) => {
      const box = /** @type {HTMLElement} */ (node);
      const field = byIndex.get(box.dataset.column ?? "");
      if (field) this.updateField(box, field);
      box.hidden = i >= FIRST && !this.isWhole;
    });
    this.more.hidden = fields.length <= FIRST;
    setText(this.more, this.isWhole ? t("Show fewer") : t("Show all {n}", { n: fields.length }));
  }

  /** @param {Field} field */
  fieldOf(field) {
    const send = (/** @type {Event} */ { target }) =>
      this.type(String(field.index), /** @type {HTMLInputElement | HTMLSelectElement} */ (target).value);
    const input = field.choices.length ? choiceOf(field, send) : el("input", { type: "text", maxlength: LONGEST, oninput: send });
    const unit = field.unit ? ` (${field.unit})` : "";
    return el(
      "label",
      { class: "nv-field", "data-column": field.index },
      el("span", { title: field.name }, field.name + unit),
      input,
      el("small", {}),
    );
  }

  /**
   * @param {HTMLElement} box
   * @param {Field} field
   */
  updateField(box, field) {
    const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (box.children[1]);
    const typed = this.typed[String(field.index)];
    const text = typed ?? plainText(field);
    if (document.activeElement !== input && input.value !== text) input.value = text;
    box.dataset.changed = String(typed !== undefined);
    const isWrong = typed !== undefined && field.typed === typed && Boolean(field.why);
    input.setAttribute("aria-invalid", String(isWrong));
    const was = typed === undefined ? "" : t("was {value}", { value: field.text });
    setText(box.children[2], isWrong ? field.why : was);
  }

  /**
   * @param {string} column
   * @param {string} text
   */
  type(column, text) {
    const field = this.body?.what_if.fields.find(({ index }) => String(index) === column);
    if (field && text === plainText(field)) delete this.typed[column];
    else this.typed[column] = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.onChoose({ row: this.body?.what_if.row ?? 0, values: { ...this.typed } });
    }, WAIT_MS);
  }

  reset() {
    this.typed = {};
    this.onChoose({ values: {} });
  }

  chooseRow() {
    const last = this.body?.rows_in_all ?? 1;
    const row = Math.min(last, Math.max(1, Math.round(Number(this.row.value)) || 1)) - 1;
    this.row.value = String(row + 1);
    this.typed = {};
    this.onChoose({ row, values: {} });
  }

  toggle() {
    this.isWhole = !this.isWhole;
    if (this.body)
      this.drawFields(
        [...this.body.what_if.fields].sort((a, b) => a.index - b.index),
        this.body.what_if.row,
      );
  }
}

/**
 * @param {Field} field
 * @param {(event: Event) => void} send
 */
function choiceOf({ text, choices }, send) {
  const all = choices.includes(text) ? choices : [...choices, text];
  return el("select", { onchange: send }, ...all.map((choice) => el("option", { value: choice }, choice)));
}

/**
 * A value without its unit, as a field has it.
 * @param {Field} field
 */
function plainText({ text, unit, kind }) {
  const plain = unit && text.endsWith(unit) ? text.slice(0, -unit.length).trimEnd() : text;
  return kind === "number" ? plain.replaceAll(",", "") : plain;
}
