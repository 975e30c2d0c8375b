// The view "What matters": bars of the columns, the answer along one of them, and one row with other values.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { FramedView } from "../views/framed_view.js";
import { outputName } from "./columns.js";
import { DependencePlot } from "./dependence_plot.js";
import { ImportanceBars } from "./importance_bars.js";
import { WhatIfRow } from "./what_if.js";
import { chosenWords, dependenceSentence, importanceSentence } from "./words.js";

/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("./columns.js").Measure} Measure */
/** @typedef {import("../views/framed_view.js").Around} Around */
/** @typedef {{ column?: number, output?: number, row?: number, values?: Record<string, string> }} Choice */

/** @extends {FramedView<Body, Choice>} */
export class ColumnsView extends FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    super(host, onChoose, t("What matters"), { kind: "nv-columns", content: "nv-columns-content" });
    /** @type {Measure} */
    this.measure = "loss";
    this.chosen = el("p", { class: "nv-note" });
    this.content.before(this.chosen);
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
  }

  /**
   * @param {Body | undefined} body
   * @param {Around} around
   */
  draw(body, around) {
    super.draw(body, around);
    this.chosen.style.display = body ? "" : "none";
  }

  /** Its columns and rows are others. */
  forget() {
    this.choice = {};
    this.whatIf.clear();
  }

  settings() {
    return [this.measure];
  }

  /**
   * @param {Body} body
   * @param {Around} around
   */
  paint(body, { classes, theme }) {
    setText(this.note, importanceSentence(body, this.measure));
    setText(this.chosen, chosenWords(body));
    this.bars.draw(body, this.measure);
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
