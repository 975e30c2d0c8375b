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
   * @param {[from: number, to: number]} [span] the places of its ends, around the middle at 0
   */
  draw(words, theme, shade = (at) => diverging(at, theme), [from, to] = [-1, 1]) {
    const key = words ? [words.low, words.middle, words.high, theme.key, from, to].join("|") : "";
    if (key === this.key) return;
    this.key = key;
    this.root.style.display = words ? "" : "none";
    if (!words) return;
    const share = (/** @type {number} */ at) => `${((100 * (at - from)) / (to - from)).toFixed(1)}%`;
    const stops = [from, from / 2, 0, to / 2, to].map((at) => `${css(shade(at))} ${share(at)}`).join(",");
    const bar = el("i", { style: `background:linear-gradient(to right,${stops})` });
    const middle = el("span", { class: "nv-scale-middle", style: `left:${share(0)}` }, words.middle);
    this.root.replaceChildren(
      el("span", {}, words.low),
      el("span", { class: "nv-scale-bar" }, bar, middle),
      el("span", {}, words.high),
    );
  }
}
