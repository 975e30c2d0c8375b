// The legend of values around a middle: low, middle and high, with their colours.

import { el } from "../../common/dom.js";
import { css } from "../../common/theme.js";
import { diverging } from "./shades.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** The colours' words from low to high. @typedef {{ low: string, middle: string, high: string }} ScaleWords */

export class ScaleBar {
  constructor() {
    this.key = "";
    this.root = el("div", { class: "nv-scale" });
  }

  /**
   * @param {ScaleWords | null} words null: there is no scale
   * @param {Theme} theme
   * @param {(at: number) => Colour} [shade] of a place from -1 to 1
   */
  draw(words, theme, shade = (at) => diverging(at, theme)) {
    const key = words ? [words.low, words.middle, words.high, theme.key].join("|") : "";
    if (key === this.key) return;
    this.key = key;
    this.root.style.display = words ? "" : "none";
    if (!words) return;
    const stops = [-1, -0.5, 0, 0.5, 1].map((at) => css(shade(at))).join(",");
    const bar = el("i", { style: `background:linear-gradient(to right,${stops})` });
    const middle = el("span", { class: "nv-scale-middle" }, words.middle);
    this.root.replaceChildren(
      el("span", {}, words.low),
      el("span", { class: "nv-scale-bar" }, bar, middle),
      el("span", {}, words.high),
    );
  }
}
