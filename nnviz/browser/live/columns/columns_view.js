// The view "What matters": bars of the columns, the answer along one of them, and one row with other values.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { outputName } from "./columns.js";
import { DependencePlot } from "./dependence_plot.js";
import { ImportanceBars } from "./importance_bars.js";
import { WhatIfRow } from "./what_if.js";
import { chosenWords, dependenceSentence, importanceSentence } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("./columns.js").Measure} Measure */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string }} Around */
/** @typedef {{ column?: number, output?: number, row?: number, values?: Record<string, string> }} Choice */

export class ColumnsView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {Choice} */
    this.choice = {};
    this.onChoose = onChoose;
    /** @type {Measure} */
    this.measure = "loss";
    /** @type {Body | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    this.chosen = el("p", { class: "nv-note" });
    this.content = el("div", { class: "nv-columns-content" });
    const bars = el("div");
    const curve = el("div");
    const onMeasure = (/** @type {Measure} */ measure) => {
      this.measure = measure;
      this.render();
    };
    this.bars = new ImportanceBars(bars, onMeasure, (column) => this.choose({ column }));
    this.curveName = el("b");
    this.outputs = el("select", {
      "aria-label": t("Answer"),
      onchange: () => this.choose({ output: Number(this.outputs.value) }),
    });
    this.curveNote = el("p", { class: "nv-note", "aria-live": "polite" });
    curve.append(el("div", { class: "nv-curve-head" }, this.curveName, this.outputs), this.curveNote);
    this.plot = new DependencePlot(curve);
    this.whatIf = new WhatIfRow(this.content, (choice) => this.choose(choice));
    this.content.prepend(el("div", { class: "nv-columns-pair" }, bars, curve));
    const heading = el("h3", {}, t("What matters"), this.when);
    this.root = el("section", { class: "nv-columns" }, heading, this.note, this.chosen, this.content);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.content);
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.choice = { ...this.choice, ...choice };
    this.onChoose();
  }

  /**
   * @param {Body | undefined} body
   * @param {Around} around
   */
  draw(body, around) {
    // Another run has begun: its columns and rows are others.
    if (!body && this.body && !around.why) {
      this.choice = {};
      this.whatIf.clear();
    }
    this.around = around;
    this.body = body ?? null;
    setText(this.when, around.when);
    this.content.style.display = this.chosen.style.display = body ? "" : "none";
    if (body) this.render();
    else {
      setText(this.note, around.why ?? t("Appears with the first epochs."));
      this.drawn = [];
    }
  }

  render() {
    const { body, around, measure } = this;
    if (!body || !around) return;
    const { classes, theme } = around;
    const drawn = [body, measure, theme.key, String(classes), this.content.clientWidth, window.devicePixelRatio];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    setText(this.note, importanceSentence(body, measure));
    setText(this.chosen, chosenWords(body));
    this.bars.draw(body, measure);
    setText(this.curveName, body.dependence.name);
    this.drawOutputs(body, classes);
    setText(this.curveNote, dependenceSentence(body, classes));
    this.plot.draw(body, classes, theme);
    this.whatIf.draw(body, classes);
  }

  /**
   * @param {Body} body
   * @param {string[] | null | undefined} classes
   */
  drawOutputs(body, classes) {
    const names = classes?.length ? classes : body.outputs;
    this.outputs.hidden = names.length < 2;
    const key = names.join("|");
    if (this.outputs.dataset.names !== key) {
      this.outputs.dataset.names = key;
      this.outputs.replaceChildren(...names.map((_, i) => el("option", { value: i }, outputName(body, classes, i))));
    }
    if (document.activeElement !== this.outputs) this.outputs.value = String(body.output);
  }
}
