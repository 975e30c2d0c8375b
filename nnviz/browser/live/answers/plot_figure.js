// A titled chart with a caption, and its words for those who do not see it.

import { el, setText } from "../../common/dom.js";

export class PlotFigure {
  /** @param {string} title */
  constructor(title) {
    this.title = title;
    this.canvas = el("canvas", { role: "img" });
    this.caption = el("p", { class: "nv-note" });
    this.root = el("figure", {}, el("h4", {}, title), this.canvas, this.caption);
  }

  /**
   * @param {string} words
   * @param {string} detail only heard
   */
  describe(words, detail) {
    setText(this.caption, words);
    this.canvas.setAttribute("aria-label", `${this.title}: ${words} ${detail}`);
  }
}
