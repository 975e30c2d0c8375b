// The view "residuals": predicted against true, errors against predictions, and how the errors are distributed.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { rangeOf, ticks } from "../learned/scales.js";
import { diverging, errorScale, level } from "../learned/shades.js";
import { AnswerHead } from "./answer_head.js";
import { drawPlot, line, reference } from "./plot.js";
import { PlotFigure } from "./plot_figure.js";
import { errorFormat, FIRST_TOLERANCE, meaning, residualsOf, toleranceText, toleranceWords, verdict } from "./residuals.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./residuals.js").Residuals} Residuals */
/** @typedef {import("./plot.js").Axis} Axis */

const RADIUS = 2.6;
const MARGIN = 0.04;

export class ResidualView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {{ target?: number }} */
    this.choice = {};
    this.head = new AnswerHead(t("Where it is off"));
    this.targets = el("select", { "aria-label": t("Target"), onchange: () => this.choose(Number(this.targets.value)) });
    this.target = el("label", {}, t("Target"), this.targets);
    this.numbers = el("dl", { class: "nv-numbers" });
    this.slider = el("input", {
      type: "range",
      class: "nv-range",
      "aria-label": t("Tolerance"),
      min: 0,
      value: FIRST_TOLERANCE,
      oninput: () => this.drawTolerance(),
    });
    this.tolerance = el("b", {});
    this.effect = el("p", { class: "nv-note" });
    const slide = el("label", { class: "nv-threshold" }, el("span", {}, t("tolerance"), this.tolerance), this.slider);
    this.agreement = new PlotFigure(t("Predicted against true"));
    this.errors = new PlotFigure(t("Errors by prediction"));
    this.distribution = new PlotFigure(t("How errors are distributed"));
    const figures = [this.agreement, this.errors, this.distribution].map(({ root }) => root);
    this.content = el(
      "div",
      { class: "nv-results-content" },
      el("div", { class: "nv-one-class" }, this.target, this.numbers),
      el("div", { class: "nv-one-class" }, slide, this.effect),
      el("div", { class: "nv-curve-row" }, ...figures),
    );
    this.root = el("section", { class: "nv-evaluation" }, ...this.head.nodes, this.content);
    host.append(this.root);
    /** @type {Residuals | null} */
    this.residuals = null;
    /** @type {unknown} the body that `residuals` was read from */
    this.source = null;
    /** @type {Theme | null} */
    this.theme = null;
    this.names = "";
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
    if (this.source === body && this.theme?.key === theme.key) return;
    this.theme = theme;
    this.source = body;
    this.residuals = residualsOf(body);
    this.drawAll();
  }

  /** @param {number} target */
  choose(target) {
    this.choice = { target };
    this.onChoose();
  }

  drawAll() {
    const { residuals } = this;
    if (!residuals) return;
    const { targets, target, metrics } = residuals;
    this.head.say(verdict(residuals), meaning(residuals));
    if (this.names !== targets.join("|")) {
      this.names = targets.join("|");
      this.targets.replaceChildren(...targets.map((name, place) => el("option", { value: place }, name)));
    }
    this.target.style.display = targets.length > 1 ? "" : "none";
    this.targets.value = String(target);
    const format = errorFormat(residuals);
    const r2 = metrics.r2 === null ? "–" : metrics.r2.toFixed(3).replace("-", "−");
    const rows = [
      ["MAE", format(metrics.mae), t("mean size of the errors")],
      ["RMSE", format(metrics.rmse), t("root of the mean square: large errors weigh more")],
      ["R²", r2, t("1: all right; 0: as good as the mean")],
    ];
    const items = rows.map(([name, value, hint]) => [
      el("dt", {}, name),
      el("dd", {}, el("b", {}, value), el("small", {}, hint)),
    ]);
    this.numbers.replaceChildren(...items.flat());
    this.drawTolerance();
  }

  drawTolerance() {
    const { residuals, slider } = this;
    if (!residuals) return;
    slider.max = String(residuals.within.length - 1);
    const place = Number(slider.value);
    const [text, words] = [toleranceText(residuals, place), toleranceWords(residuals, place)];
    setText(this.tolerance, text);
    setText(this.effect, words);
    slider.setAttribute("aria-valuetext", `${text}. ${words}`);
    this.drawPictures();
  }

  drawPictures() {
    const { residuals, theme } = this;
    if (!residuals || !theme) return;
    const tolerance = residuals.step * Number(this.slider.value);
    const { metrics, rows } = residuals;
    const format = errorFormat(residuals);
    this.agreement.describe(t("On the line a prediction is right."), t("{n} rows", { n: rows }));
    this.errors.describe(t("Above 0 it is too high, below too low; between the lines it is within the tolerance."), "");
    this.distribution.describe(
      t("Narrow and around 0 is good."),
      t("half of the errors are below {a}, the largest is {b}", { a: format(metrics.typical), b: format(metrics.largest) }),
    );
    drawAgreement(this.agreement.canvas, residuals, theme);
    drawErrors(this.errors.canvas, residuals, tolerance, theme);
    drawDistribution(this.distribution.canvas, residuals, tolerance, theme);
  }
}

/**
 * @param {[number, number]} range
 * @param {string} title
 * @param {number} [wanted] ticks
 * @returns {Axis}
 */
function axisOf(range, title, wanted = 4) {
  const format = oneFormat(...range);
  return { range, ticks: ticks(...range, wanted), words: (value) => format(value).replace("-", "−"), title };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {import("../../common/theme.js").Colour} colour
 * @param {Theme} theme
 */
function dot(pen, x, y, colour, theme) {
  pen.beginPath();
  pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
  pen.fillStyle = css(colour, 0.9);
  pen.fill();
  pen.strokeStyle = css(theme.edge);
  pen.lineWidth = 0.7;
  pen.stroke();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Residuals} residuals
 * @param {Theme} theme
 */
function drawAgreement(canvas, { true: truth, predicted }, theme) {
  const range = rangeOf([truth, predicted], MARGIN) ?? [0, 1];
  const scale = errorScale(truth, predicted);
  drawPlot(canvas, { x: axisOf(range, t("true")), y: axisOf(range, t("predicted")), theme }, (pen, scales) => {
    reference(
      pen,
      scales,
      [
        [range[0], range[0]],
        [range[1], range[1]],
      ],
      theme,
    );
    truth.forEach((value, i) => {
      const colour = diverging(level(predicted[i] - value, scale), theme);
      dot(pen, scales.x(value), scales.y(predicted[i]), colour, theme);
    });
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Residuals} residuals
 * @param {number} tolerance
 * @param {Theme} theme
 */
function drawErrors(canvas, { true: truth, predicted, reach }, tolerance, theme) {
  const range = rangeOf([predicted], MARGIN) ?? [0, 1];
  const scale = errorScale(truth, predicted);
  const most = reach * (1 + MARGIN);
  drawPlot(canvas, { x: axisOf(range, t("predicted")), y: axisOf([-most, most], t("error")), theme }, (pen, scales) => {
    pen.strokeStyle = css(theme.muted);
    line(pen, [scales.x(range[0]), scales.y(0)], [scales.x(range[1]), scales.y(0)]);
    for (const edge of [-tolerance, tolerance]) {
      if (Math.abs(edge) < most)
        reference(
          pen,
          scales,
          [
            [range[0], edge],
            [range[1], edge],
          ],
          theme,
        );
    }
    truth.forEach((value, i) => {
      const error = predicted[i] - value;
      dot(pen, scales.x(predicted[i]), scales.y(error), diverging(level(error, scale), theme), theme);
    });
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Residuals} residuals
 * @param {number} tolerance
 * @param {Theme} theme
 */
function drawDistribution(canvas, { true: truth, predicted, bins, reach }, tolerance, theme) {
  const most = Math.max(1, ...bins);
  const scale = errorScale(truth, predicted);
  const rows = { ...axisOf([0, most * (1 + MARGIN)], t("rows")), words: (/** @type {number} */ value) => String(value) };
  rows.ticks = rows.ticks.filter(Number.isInteger);
  drawPlot(canvas, { x: axisOf([-reach, reach], t("error")), y: rows, theme }, (pen, scales, { w }) => {
    bins.forEach((n, i) => {
      const middle = reach * ((2 * i + 1) / bins.length - 1);
      pen.fillStyle = css(diverging(level(middle, scale), theme));
      pen.strokeStyle = css(theme.edge);
      const box = /** @type {const} */ ([scales.x(middle) - w / bins.length / 2 + 0.5, scales.y(n), w / bins.length - 1]);
      if (n) pen.fillRect(...box, scales.y(0) - scales.y(n));
      if (n) pen.strokeRect(...box, scales.y(0) - scales.y(n));
    });
    for (const edge of [-tolerance, tolerance]) {
      if (Math.abs(edge) < reach)
        reference(
          pen,
          scales,
          [
            [edge, 0],
            [edge, rows.range[1]],
          ],
          theme,
        );
    }
  });
}
