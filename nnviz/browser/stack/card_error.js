// The error of a card, with a button that fixes it where possible.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { textButton } from "./icons.js";

/**
 * `fix`: the kind of layer that fixes it, inserted before the layer at `at` with the parameters `with`.
 * @typedef {{ what: string, remedy?: string, fix?: string, with?: Record<string, any>, at?: string }} RowError
 */

/** Shown under the face of a card; redrawn only when the error changes. */
export class CardError {
  /** @param {HTMLElement} face */
  constructor(face) {
    this.face = face;
    this.key = "null";
    /** @type {HTMLElement | null} */
    this.node = null;
  }

  /**
   * @param {RowError | null | undefined} error
   * @param {{ insert: (error: RowError) => void, project?: (() => void) | null }} actions that fix it
   */
  show(error, { insert, project }) {
    const key = JSON.stringify(error ?? null);
    if (this.key === key) return;
    this.key = key;
    this.node?.remove();
    this.node = null;
    if (!error) return;
    this.node = el(
      "div",
      { class: "trouble", role: "alert" },
      el("span", {}, error.what),
      error.remedy && !error.fix ? el("span", {}, error.remedy) : null,
      error.fix ? textButton(t("Insert {kind}", { kind: error.fix }), () => insert(error)) : null,
      project ? textButton(t("Project the skip"), project) : null,
    );
    this.face.after(this.node);
  }
}
