// A list that is folded under its title. It stays open or closed from frame to frame, and is made only while somebody sees it.

import { el, setText } from "../../common/dom.js";

export class Fold {
  /** @param {boolean} [open] at first */
  constructor(open = false) {
    this.title = el("summary", {});
    this.content = el("div", {});
    this.root = el("details", { class: "nv-fold", open, ontoggle: () => this.fill() }, this.title, this.content);
    /** @type {() => HTMLElement[]} */
    this.make = () => [];
  }

  /**
   * @param {string} title
   * @param {() => HTMLElement[]} make what is in it
   */
  draw(title, make) {
    setText(this.title, title);
    this.make = make;
    this.fill();
  }

  fill() {
    if (/** @type {HTMLDetailsElement} */ (this.root).open) this.content.replaceChildren(...this.make());
  }
}
