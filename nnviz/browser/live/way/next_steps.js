// What each optimizer would do next: a table of the steps, and how each comes about, to be unfolded.

import { el, setText, svg } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { arrowLook } from "./cost_painter.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./weight_words.js").Block} Block */
/** @typedef {{ root: HTMLElement, title: HTMLElement, body: HTMLElement }} Fold */

export class NextSteps {
  constructor() {
    this.summary = el("table", {});
    /** @type {Map<string, Fold>} by whose step it is: what is unfolded stays so */
    this.folds = new Map();
    this.list = el("div", { class: "nv-way-folds" });
    this.root = el("div", { class: "nv-way-steps" }, this.summary, this.list);
  }

  /**
   * @param {Block[]} blocks
   * @param {string[]} names of both weights
   * @param {Theme} theme
   */
  draw(blocks, names, theme) {
    const heads = [t("next step of"), ...names, t("cost")];
    const rows = blocks.map((block) => {
      const cells = [...block.step, block.cost].map((value) => el("td", {}, value));
      const who = el("span", { class: "nv-way-who" }, markOf(block, theme), block.title);
      return el("tr", {}, el("th", { scope: "row" }, who), ...cells);
    });
    const head = el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, name)));
    const caption = el("caption", {}, t("By how much both weights change, and the cost, if no other weight moved:"));
    this.summary.replaceChildren(caption, el("thead", {}, head), el("tbody", {}, ...rows));
    const folds = blocks.map((block) => this.foldOf(block, names));
    if (folds.some((fold, i) => this.list.children[i] !== fold) || this.list.children.length !== folds.length) {
      this.list.replaceChildren(...folds);
    }
  }

  /**
   * @param {Block} block
   * @param {string[]} names
   */
  foldOf({ kind, isRun, title, note, lines }, names) {
    const key = isRun ? "run" : String(kind);
    let fold = this.folds.get(key);
    if (!fold) {
      const [summary, body] = [el("summary", {}), el("div", {})];
      fold = { root: el("details", { class: "nv-fold", open: isRun }, summary, body), title: summary, body };
      this.folds.set(key, fold);
    }
    setText(fold.title, t("{title}, in numbers", { title }));
    const rows = lines.map(({ label, values }) => {
      const cells = values.length > 1 ? values.map((value) => el("td", {}, value)) : [el("td", { colspan: 2 }, values[0])];
      return el("tr", {}, el("th", { scope: "row" }, label), ...cells);
    });
    const head = el("tr", {}, el("td", {}), ...names.map((name) => el("th", { scope: "col" }, name)));
    const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
    fold.body.replaceChildren(...(note ? [el("p", {}, note)] : []), table);
    return fold.root;
  }
}

/**
 * A piece of the arrow's line.
 * @param {Block} block
 * @param {Theme} theme
 */
function markOf({ kind, isRun }, theme) {
  const { colour, dash, width } = arrowLook(isRun ? null : kind, theme);
  const line = { x1: 0, y1: 4, x2: 26, y2: 4, stroke: css(colour), "stroke-width": width, "stroke-dasharray": dash.join(" ") };
  return svg("svg", { viewBox: "0 0 26 8", width: 26, height: 8, "aria-hidden": "true" }, svg("line", line));
}
