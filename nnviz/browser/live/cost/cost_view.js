// The view `cost`: the run's cost beside others, and the rows of the next batch on it, in a drawing and in words.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { clear } from "../learned/canvas.js";
import { besideOf, costBody } from "./cost_body.js";
import { drawCosts, HEIGHT, layoutOf, rowAt } from "./cost_chart.js";
import { rowWords, sentences, summary } from "./cost_words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string }} Around */

const ALL = "all";

export class CostView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {{ target: number } | undefined} */
    this.choice = undefined;
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note" });
    this.beside = el("select", { onchange: () => this.render() });
    this.target = el("select", { onchange: () => this.chooseTarget() });
    this.targetBox = el("label", { hidden: true }, t("Target"), this.target);
    this.own = el("b");
    const legend = el("span", { class: "nv-own-cost" }, el("i", { "aria-hidden": "true" }), this.own);
    const others = el("label", {}, el("i", { class: "nv-other-cost", "aria-hidden": "true" }), t("beside"), this.beside);
    this.bar = el("div", { class: "nv-cost-bar" }, legend, others, this.targetBox);
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.stage = el("div", { class: "nv-stage" }, this.canvas);
    this.row = el("p", { class: "nv-cost-row", "aria-live": "polite" });
    this.words = el("dl", { class: "nv-cost-words" });
    const heading = el("h3", {}, t("The cost"), this.when);
    this.root = el("section", { class: "nv-cost" }, heading, this.note, this.bar, this.stage, this.row, this.words);
    host.append(this.root);
    /** @type {import("./cost_body.js").CostBody | null} */
    this.body = null;
    /** @type {any} what `body` was made of */
    this.source = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {number} number of the row that is pointed out, or -1 */
    this.chosen = -1;
    this.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.point(offsetX, offsetY));
    this.canvas.addEventListener("pointerleave", () => this.choose(-1));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("blur", () => this.choose(-1));
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.stage);
  }

  /**
   * @param {any} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    this.around = around;
    if (body !== this.source) {
      this.source = body;
      this.body = costBody(body);
      if (this.body) this.fillChoices(this.body);
    }
    setText(this.when, around.when);
    for (const node of [this.bar, this.stage, this.row, this.words]) node.hidden = !this.body;
    setText(this.note, this.body ? summary(this.body) : (around.why ?? t("Appears with the first epochs.")));
    this.render();
  }

  /** @param {import("./cost_body.js").CostBody} body */
  fillChoices(body) {
    const kinds = body.others.map(({ kind }) => kind);
    if (this.beside.dataset.kinds !== kinds.join()) {
      const chosen = this.beside.value;
      const options = kinds.map((kind) => el("option", { value: kind }, kind));
      this.beside.replaceChildren(...options, el("option", { value: ALL }, t("all that fit")));
      this.beside.dataset.kinds = kinds.join();
      this.beside.value = chosen === ALL ? ALL : (besideOf(body, chosen)?.kind ?? ALL);
    }
    this.targetBox.hidden = body.targets < 2;
    if (this.target.childElementCount !== body.targets) {
      const options = Array.from({ length: body.targets }, (_, i) => el("option", { value: i }, String(i + 1)));
      this.target.replaceChildren(...options);
    }
    this.target.value = String(body.target);
  }

  chooseTarget() {
    this.choice = { target: Number(this.target.value) };
    this.onChoose();
  }

  render() {
    const { body, around, canvas, stage } = this;
    if (!body || !around || stage.clientWidth < 40) return;
    const other = besideOf(body, this.beside.value);
    const beside = this.beside.value === ALL ? body.others : body.others.filter((curve) => curve === other);
    setText(this.own, body.own.kind);
    const layout = layoutOf(body, stage.clientWidth);
    const chosen = body.rows.findIndex(({ number }) => number === this.chosen);
    drawCosts(clear(canvas, HEIGHT), { body, beside, chosen, theme: around.theme }, layout);
    const lines = sentences(body, other, around.classes);
    canvas.setAttribute("aria-label", [summary(body), ...lines.map(({ words }) => words)].join(" "));
    const hint = body.isWeighted
      ? t("Point at a row for its numbers. Class weights multiply the costs of rows, not the curve.")
      : t("Point at a row for its numbers.");
    setText(this.row, chosen < 0 ? hint : rowWords(body, body.rows[chosen], around.classes));
    while (this.words.childElementCount < 2 * lines.length) this.words.append(el("dt"), el("dd"));
    while (this.words.childElementCount > 2 * lines.length) this.words.lastElementChild?.remove();
    lines.forEach(({ why, words }, i) => {
      setText(this.words.children[2 * i], why);
      setText(this.words.children[2 * i + 1], words);
    });
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  point(x, y) {
    if (!this.body) return;
    const row = rowAt(layoutOf(this.body, this.stage.clientWidth), this.body, x, y);
    this.choose(row < 0 ? -1 : this.body.rows[row].number);
  }

  /** @param {number} row its number */
  choose(row) {
    if (row === this.chosen) return;
    this.chosen = row;
    this.render();
  }

  /** Arrows go from row to row along the axis. @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") this.choose(-1);
    if (!by || !this.body) return;
    event.preventDefault();
    const { rows } = this.body;
    const at = rows.findIndex(({ number }) => number === this.chosen);
    const start = by > 0 ? -1 : rows.length;
    const next = Math.max(0, Math.min(rows.length - 1, (at < 0 ? start : at) + by));
    this.choose(rows[next].number);
  }
}
