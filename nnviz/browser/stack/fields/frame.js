// What every field of a parameter has: its label, what explains it, and where an error is said.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { helpButton } from "../bubble.js";
import { isNumeric, labelOf } from "../params.js";

/** @typedef {import("../params.js").Param} Param */
/**
 * `update`: shows another value, unless the user is at this one; `flush`: hands on what is half typed.
 * @typedef {{ node: HTMLElement, update: (value: any) => void, flush: () => void }} Field
 */
/**
 * `change` is called with checked values only; `times`: the copies of the Repeat around, or 0.
 * @typedef {{ change: (value: any) => void, times: number, catalog: import("../catalog.js").Catalog }} FieldContext
 */
/** @typedef {HTMLInputElement | HTMLSelectElement} Input */

let count = 0;

/**
 * Where the focus is, for an element that may be inside of a shadow root.
 * @param {Node} node
 */
export const focusAround = (node) => /** @type {Document | ShadowRoot} */ (node.getRootNode()).activeElement;

export class Frame {
  /**
   * @param {Param} param
   * @param {number} times
   */
  constructor(param, times) {
    count += 1;
    this.id = `field-${count}`;
    this.noteId = `${this.id}-note`;
    this.label = labelOf(param);
    this.note = el("div", { class: "field-error", id: this.noteId, role: "alert" });
    const each =
      times && isNumeric(param)
        ? t("In a Repeat: one value for each copy, as 64, 32, 16 or as an expression of the copy's number i, as 64 / 2**i.")
        : "";
    const help = param.help ? helpButton(this.label, param.help, each) : null;
    this.head = el("div", { class: "field-head" }, el("label", { for: this.id }, this.label), help);
    this.node = el("div", { class: `field field-${param.type}` }, this.head);
  }

  get isWrong() {
    return this.node.classList.contains("wrong");
  }

  /**
   * Says what is wrong with an input; an empty message: nothing any more.
   * @param {Input} input
   * @param {string} [message]
   */
  showError(input, message = "") {
    this.note.textContent = message && `${this.label} ${message}`;
    this.setInvalid(input, Boolean(message));
  }

  /**
   * @param {Input} input
   * @param {boolean} isWrong
   */
  setInvalid(input, isWrong) {
    input.setAttribute("aria-invalid", String(isWrong));
    this.node.classList.toggle("wrong", isWrong);
  }
}

/**
 * The options of a selection, with an empty one where the parameter may be missing.
 * @param {Param} param
 * @param {[value: string, words: string][]} rows
 */
export function optionsOf(param, rows) {
  const all = param.optional ? [["", "–"], ...rows] : rows;
  return all.map(([value, words]) => el("option", { value }, words));
}
