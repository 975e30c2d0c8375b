// The head of a view of answers: its title with the moment it is of, and the sentences over what is drawn.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";

export class AnswerHead {
  /** @param {string} title */
  constructor(title) {
    this.when = el("span", { class: "nv-then" });
    this.verdict = el("b", {});
    this.words = el("span", {});
    this.nodes = [el("h3", {}, title, this.when), el("p", { class: "nv-note" }, this.verdict, this.words)];
  }

  /**
   * Says of which moment a frame is; where there is none, why, and puts `content` away.
   * @param {unknown} body of a frame
   * @param {{ when: string, why?: string }} around
   * @param {HTMLElement} content
   */
  draw(body, { when, why }, content) {
    setText(this.when, when);
    content.style.display = body ? "" : "none";
    if (body) return;
    setText(this.verdict, "");
    setText(this.words, why ?? t("Appears with the first epochs."));
  }

  /**
   * @param {string} verdict
   * @param {string} words
   */
  say(verdict, words) {
    setText(this.verdict, `${verdict}.`);
    setText(this.words, ` ${words}`);
  }
}
