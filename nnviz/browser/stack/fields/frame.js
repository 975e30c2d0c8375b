// What all parameter fields share: label, help, and the error message.

import { helpButton } from "../../common/bubble.js";
import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { textButton } from "../icons.js";
import { isNumeric, labelOf } from "../params.js";

/** @typedef {import("../params.js").Param} Param */
/**
 * `update`: shows another value unless the user is editing; `flush`: commits what is half typed; `wrong`: why what stands in it
 * is no value, in words, or empty.
 * @typedef {{ node: HTMLElement, update: (value: any) => void, flush: () => void, wrong: () => string }} Field
 */
/**
 * `change` is called with valid values only, `troubled` where a text becomes one that is none, or is mended; `times`: the copies
 * of the enclosing Repeat, or 0.
 * @typedef {{ change: (value: any) => void, troubled: () => void, times: number,
 *   catalog: import("../catalog.js").Catalog }} FieldContext
 */
/** @typedef {HTMLInputElement | HTMLSelectElement} Input */

let count = 0;

/**
 * The focused element of a node's document or shadow root.
 * @param {Node} node
 */
export const focusAround = (node) => /** @type {Document | ShadowRoot} */ (node.getRootNode()).activeElement;

export class Frame {
  /**
   * @param {Param} param
   * @param {FieldContext} context
   */
  constructor(param, { times, troubled }) {
    count += 1;
    this.id = `field-${count}`;
    this.troubled = troubled;
    /** why what stands in the field is no value, in words */
    this.wrong = "";
    this.noteId = `${this.id}-note`;
    this.label = labelOf(param);
    this.note = el("div", { class: "field-error", id: this.noteId, role: "alert" });
    const each =
      times && isNumeric(param)
        ? t("In a Repeat: one value per copy, like 64, 32, 16, or an expression of the copy's number i, like 64 / 2**i.")
        : "";
    const help = param.help ? helpButton(this.label, param.help, each) : null;
    this.head = el("div", { class: "field-head" }, el("label", { for: this.id }, this.label), help);
    this.node = el("div", { class: `field field-${param.type}` }, this.head);
  }

  get isWrong() {
    return this.wrong !== "";
  }

  /**
   * Shows an error at an input; an empty message clears it.
   * @param {Input} input
   * @param {string} [message]
   */
  showError(input, message = "") {
    this.note.textContent = message && `${this.label} ${message}`;
    this.setWrong(input, this.note.textContent);
  }

  /**
   * @param {Input} input
   * @param {string} words why it is wrong; empty where it is not
   */
  setWrong(input, words) {
    input.setAttribute("aria-invalid", String(words !== ""));
    this.node.classList.toggle("wrong", words !== "");
    if (words === this.wrong) return;
    this.wrong = words;
    this.troubled();
  }

  /**
   * Offers a way out of the error, under its words.
   * @param {string} words
   * @param {() => void} action
   */
  offer(words, action) {
    // Losing the focus would redraw this note, and the button with it, before the click arrives.
    const onmousedown = (/** @type {Event} */ event) => event.preventDefault();
    this.note.append(textButton(words, action, { class: "link", onmousedown }));
  }
}

/**
 * The options of a select, with an empty one for an optional parameter.
 * @param {Param} param
 * @param {[value: string, words: string][]} rows
 */
export function optionsOf(param, rows) {
  const all = param.optional ? [["", "–"], ...rows] : rows;
  return all.map(([value, words]) => el("option", { value }, words));
}
