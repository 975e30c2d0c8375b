// The loss landscape: one map of the cost, with the way of all weights on it.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { CostCanvas } from "./cost_canvas.js";
import { landscapeOf, landscapeSentence } from "./landscape_words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */

export class Landscape {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {{ random: boolean } | undefined} */
    this.choice = undefined;
    this.onChoose = onChoose;
    this.note = el("p", { class: "nv-note" });
    this.when = el("span", { class: "nv-then" });
    this.buttons = [t("The way"), t("Around here")].map((words, i) =>
      el("button", { type: "button", class: "nv-tiny", "aria-pressed": String(!i), onclick: () => this.choose(i === 1) }, words),
    );
    this.map = new CostCanvas(t("The cost, and the way of all weights through it"));
    const heading = el("h3", {}, t("The loss landscape"), this.when);
    const row = el("div", { class: "nv-way-fields" }, ...this.buttons);
    this.root = el("section", { class: "nv-way nv-landscape" }, heading, this.note, row, this.map.root);
    host.append(this.root);
    /** @type {unknown[]} what is on the page */
    this.drawn = [];
  }

  /** @param {boolean} random */
  choose(random) {
    this.choice = random ? { random } : undefined;
    for (const [i, button] of this.buttons.entries()) button.setAttribute("aria-pressed", String(random === (i === 1)));
    this.onChoose();
  }

  /**
   * @param {any} body of a frame
   * @param {{ theme: Theme, when: string, why?: string }} around
   */
  draw(body, { theme, when, why }) {
    setText(this.when, when);
    const drawn = [body, theme.key, why];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const frame = landscapeOf(body);
    this.map.root.hidden = !frame;
    if (!frame) {
      const broken = body ? t("The cost is not a number anywhere on this map.") : t("Appears with the first epochs.");
      setText(this.note, why ?? broken);
      return;
    }
    const words = landscapeSentence(frame);
    setText(this.note, words);
    const axes = frame.random
      ? [t("first random direction"), t("second random direction")]
      : [t("direction in which they moved most"), t("direction of most of the rest")];
    this.map.draw({ map: frame.map, path: frame.path, now: [0, 0], arrows: [], axes, theme }, words);
  }
}
