// Over a network that sees pictures: which one its feature maps are of, what it is and what the network answers.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { pictureWords } from "./words.js";

/** @typedef {import("./network.js").Picture} Picture */

export class PictureRow {
  /** @param {(row: number) => void} onChoose */
  constructor(onChoose) {
    const button = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {number} */ by) =>
      /** @type {HTMLButtonElement} */ (
        el(
          "button",
          { type: "button", class: "nv-tiny", "aria-label": words, title: words, onclick: () => onChoose(this.row + by) },
          sign,
        )
      );
    this.row = 0;
    this.before = button("‹", t("Picture before"), -1);
    this.next = button("›", t("Next picture"), 1);
    this.words = el("span", { role: "status" });
    this.root = el("p", { class: "nv-note nv-picture", hidden: true }, this.before, this.next, this.words);
  }

  /**
   * @param {Picture | null} picture
   * @param {string} part
   * @param {string[] | null} [classes]
   */
  draw(picture, part, classes) {
    this.root.hidden = !picture;
    if (!picture) return;
    this.row = picture.row;
    this.before.disabled = picture.row === 0;
    this.next.disabled = picture.row >= picture.of - 1;
    setText(this.words, pictureWords(picture, part, classes));
  }
}
