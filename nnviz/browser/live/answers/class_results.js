// The view "results": a table of the classes, one class at a threshold, and the curves of all its thresholds.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { cellShade } from "../learned/shades.js";
import { AnswerHead } from "./answer_head.js";
import { CurvePictures } from "./curve_pictures.js";
import { count, meaning, tenths, thresholdText, thresholdWords, verdict } from "./result_words.js";
import { countsAt, firstPlace, meanRates, ratesOf, resultsOf } from "./results.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./results.js").Results} Results */
/** @typedef {import("./results.js").ClassResult} ClassResult */

export class ClassResults {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.head = new AnswerHead(t("Class by class"));
    this.table = el("div", { class: "nv-scores nv-class-scores", tabindex: "0" });
    this.picked = el("select", { "aria-label": t("Class"), onchange: () => this.choose(Number(this.picked.value)) });
    this.slider = el("input", {
      type: "range",
      class: "nv-range",
      "aria-label": t("Threshold"),
      min: 0,
      oninput: () => this.move(Number(this.slider.value)),
    });
    this.threshold = el("b", {});
    this.effect = el("p", { class: "nv-note" });
    this.counts = el("div", { class: "nv-matrix nv-small-matrix" });
    this.pictures = new CurvePictures();
    const chosen = el("label", {}, t("One class against all others"), this.picked);
    const slide = el("label", { class: "nv-threshold" }, el("span", {}, t("threshold"), this.threshold), this.slider);
    this.one = el("div", { class: "nv-one-class" }, chosen, slide, this.effect, this.counts);
    this.content = el("div", { class: "nv-results-content" }, this.table, this.one, this.pictures.root);
    this.root = el("section", { class: "nv-evaluation" }, ...this.head.nodes, this.content);
    host.append(this.root);
    /** @type {Results | null} */
    this.results = null;
    /** @type {unknown} the body that `results` was read from */
    this.source = null;
    /** @type {number | null} of the class that somebody chose */
    this.chosen = null;
    /** @type {number | null} where somebody put the threshold, by place */
    this.place = null;
    /** @type {Theme | null} */
    this.theme = null;
    this.drawn = "";
    this.sizes = new ResizeObserver(() => this.drawPictures());
    this.sizes.observe(this.root);
  }

  /**
   * @param {any} body of a frame
   * @param {{ theme: Theme, when: string, why?: string }} around
   */
  draw(body, around) {
    this.head.draw(body, around, this.content);
    if (!body) return;
    const { theme } = around;
    const isSame = this.source === body && this.theme?.key === theme.key;
    this.theme = theme;
    if (isSame) return;
    this.source = body;
    this.results = resultsOf(body);
    this.drawAll();
  }

  /** The class that is set against the others: the chosen one, of two the second. */
  get own() {
    const { results, chosen } = this;
    if (!results) return null;
    const { classes } = results;
    return classes.find(({ number }) => number === chosen) ?? classes[classes.length === 2 ? 1 : 0];
  }

  /** @param {number} number of a class */
  choose(number) {
    this.chosen = number;
    this.drawAll();
  }

  /** @param {number} place */
  move(place) {
    this.place = place;
    this.drawThreshold();
  }

  drawAll() {
    const { results, own, theme } = this;
    if (!results || !own || !theme) return;
    this.head.say(verdict(results), meaning(results, own));
    this.table.replaceChildren(...tableOf(results, own, theme, (number) => this.choose(number)));
    const names = results.classes.map(({ number, name }) => `${number} ${name}`).join("|");
    if (names !== this.drawn) {
      this.drawn = names;
      const options = results.classes.map(({ number, name }) => el("option", { value: number }, name));
      this.picked.replaceChildren(...options);
    }
    this.picked.value = String(own.number);
    this.drawThreshold();
  }

  drawThreshold() {
    const { results, own, theme, slider } = this;
    if (!results || !own || !theme) return;
    const place = this.place ?? firstPlace(results, own);
    slider.max = String(own.at.length - 1);
    slider.value = String(place);
    const text = thresholdText(results, own, place);
    slider.setAttribute("aria-valuetext", `${text}. ${thresholdWords(results, own, place)}`);
    setText(this.threshold, text);
    setText(this.effect, thresholdWords(results, own, place));
    this.counts.replaceChildren(countsTable(results, own, place, theme));
    this.drawPictures();
  }

  drawPictures() {
    const { results, own, theme } = this;
    if (!results || !own || !theme) return;
    this.pictures.draw(results, own, this.place ?? firstPlace(results, own), theme);
  }
}

/** @type {(results: Results, own: ClassResult, theme: Theme, choose: (number: number) => void) => HTMLElement[]} */
function tableOf(results, own, theme, choose) {
  const { classes, classesInAll } = results;
  const heads = [t("Class"), t("Rows"), t("Recall"), t("Precision"), t("F1")];
  const hints = ["", "", t("of the rows of the class, the share that it recognised"), "", ""];
  hints[3] = t("of the rows that it calls so, the share that are");
  hints[4] = t("recall and precision in one: their harmonic mean");
  const head = el("tr", {}, ...heads.map((word, i) => el("th", { scope: "col", title: hints[i] || null }, word)));
  const rows = classes.map((one) => {
    const { recall, precision, f1 } = ratesOf(one);
    const swatch = el("i", { style: `background:${css(theme.classes[one.number % theme.classes.length])}` });
    const name = el("th", { scope: "row" }, el("span", {}, swatch, el("span", {}, one.name)));
    const cells = [count(one.rows), tenths(recall), tenths(precision), tenths(f1)].map((text) => el("td", {}, text));
    const attributes = { "aria-current": one === own ? "true" : null, onclick: () => choose(one.number) };
    return el("tr", attributes, name, ...cells);
  });
  const { recall, precision, f1 } = meanRates(classes);
  const means = [count(results.rows), tenths(recall), tenths(precision), tenths(f1)].map((text) => el("td", {}, text));
  const foot = el("tr", {}, el("th", { scope: "row" }, t("mean")), ...means);
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows), el("tfoot", {}, foot));
  if (classes.length === classesInAll) return [table];
  const words = t("The {n} of {all} classes with the most rows.", { n: classes.length, all: count(classesInAll) });
  return [table, el("p", { class: "nv-note" }, words)];
}

/** @type {(results: Results, one: ClassResult, place: number, theme: Theme) => HTMLElement} */
function countsTable(results, one, place, theme) {
  const { caught, taken, missed, left } = countsAt(results, one, place);
  const not = t("not {name}", { name: one.name });
  /** @type {(n: number, all: number, isRight: boolean) => HTMLElement} */
  const cell = (n, all, isRight) =>
    el("td", { style: n ? `background:${css(cellShade(n / (all || 1), isRight, theme))}` : null }, count(n));
  /** @type {(name: string, called: HTMLElement, rest: HTMLElement) => HTMLElement} */
  const row = (name, called, rest) => el("tr", {}, el("th", { scope: "row" }, el("span", {}, name)), called, rest);
  const heads = [t("called {name}", { name: one.name }), t("not called so")];
  const head = el("tr", {}, el("td", {}), ...heads.map((word) => el("th", { scope: "col" }, el("span", {}, word))));
  const body = [
    row(t("is {name}", { name: one.name }), cell(caught, one.rows, true), cell(missed, one.rows, false)),
    row(not, cell(taken, taken + left, false), cell(left, taken + left, true)),
  ];
  return el("table", {}, el("thead", {}, head), el("tbody", {}, ...body));
}
