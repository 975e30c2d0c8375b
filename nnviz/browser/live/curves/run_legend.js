// The legend of several runs in one panel; each button shows or hides its run.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/** @typedef {import("./traces.js").DrawnRun} DrawnRun */

export class RunLegend {
  /** @param {(run: string) => void} onToggle */
  constructor(onToggle) {
    this.onToggle = onToggle;
    this.key = "";
    this.root = el("div", { class: "nv-runs" });
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {string} themeKey
   */
  draw(runs, themeKey) {
    const key = runs.map((run) => [run.feed.run, run.name, run.isHidden]).join("|") + themeKey;
    if (key === this.key) return;
    this.key = key;
    this.root.replaceChildren(...runs.map((run) => this.button(run)));
  }

  /** @param {DrawnRun} run */
  button({ feed, name, colour, border, isHidden }) {
    const attributes = {
      type: "button",
      class: "nv-run",
      "aria-pressed": String(!isHidden),
      title: `${name}: ${t("Show or hide this run")}`,
      onclick: () => this.onToggle(feed.run),
    };
    return el("button", attributes, el("i", { style: `border-top:3px ${border ?? "solid"} rgb(${colour})` }), name);
  }
}
