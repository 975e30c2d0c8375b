// Of one class: recall against false alarms, precision against recall, and how far its probabilities can be believed.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { DIAGONAL, drawPlot, polyline, reference, ring, shareAxis } from "./plot.js";
import { PlotFigure } from "./plot_figure.js";
import { areaWords, calibrationWords, count, share } from "./result_words.js";
import { countsAt, curvesOf } from "./results.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./results.js").Results} Results */
/** @typedef {import("./results.js").ClassResult} ClassResult */
/** @typedef {import("./results.js").Bin} Bin */

/** Of the plot's height, the fullest bin's bar. */
const BAR = 0.22;
/** Of a bin's point, from nearly empty to the fullest. */
const RADIUS = [1.5, 5];

export class CurvePictures {
  constructor() {
    this.roc = new PlotFigure(t("ROC"));
    this.pr = new PlotFigure(t("Precision and recall"));
    this.reliability = new PlotFigure(t("Calibration"));
    this.root = el("div", { class: "nv-curve-row" }, this.roc.root, this.pr.root, this.reliability.root);
  }

  /**
   * @param {Results} results
   * @param {ClassResult} one
   * @param {number} place of the threshold
   * @param {Theme} theme
   */
  draw(results, one, place, theme) {
    const { roc, pr } = curvesOf(results, one);
    const { taken, left, recall, precision } = countsAt(results, one, place);
    const alarms = taken / (taken + left);
    this.roc.describe(areaWords(one, "roc"), t("here {a} recall at {b} false alarms", { a: share(recall), b: share(alarms) }));
    this.pr.describe(areaWords(one, "pr"), t("here {a} precision at {b} recall", { a: share(precision), b: share(recall) }));
    drawCurve(this.roc.canvas, { x: t("false alarms"), y: t("recall"), points: roc, at: [alarms, recall], isRoc: true }, theme);
    drawCurve(this.pr.canvas, { x: t("recall"), y: t("precision"), points: pr, at: [recall, precision], isRoc: false }, theme);
    const { calibration } = one;
    this.reliability.root.style.display = calibration ? "" : "none";
    if (!calibration) return;
    this.reliability.describe(calibrationWords(calibration), binWords(calibration.bins));
    drawReliability(this.reliability.canvas, calibration.bins, one.name, theme);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ x: string, y: string, points: [number, number][], at: [number, number], isRoc: boolean }} curve `at`: of the threshold
 * @param {Theme} theme
 */
function drawCurve(canvas, { x, y, points, at, isRoc }, theme) {
  drawPlot(canvas, { x: shareAxis(x), y: shareAxis(y), theme }, (pen, scales) => {
    if (isRoc) reference(pen, scales, DIAGONAL, theme);
    polyline(pen, scales, points, theme);
    if (points.length) ring(pen, scales, at, theme);
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Bin[]} bins
 * @param {string} name of the class
 * @param {Theme} theme
 */
function drawReliability(canvas, bins, name, theme) {
  const look = { x: shareAxis(t("probability of {name}", { name })), y: shareAxis(t("share that are")), theme };
  drawPlot(canvas, look, (pen, scales, { h, w }) => {
    const most = Math.max(...bins.map(({ rows }) => rows));
    pen.fillStyle = css(theme.muted, 0.25);
    bins.forEach(({ rows }, i) => {
      const height = (h * BAR * rows) / most;
      pen.fillRect(scales.x(i / bins.length) + 1, scales.y(0) - height, w / bins.length - 2, height);
    });
    reference(pen, scales, DIAGONAL, theme);
    const full = bins.filter(({ rows }) => rows > 0);
    pen.fillStyle = css(theme.ink);
    for (const { rows, confidence, frequency } of full) {
      pen.beginPath();
      const radius = RADIUS[0] + (RADIUS[1] - RADIUS[0]) * Math.sqrt(rows / most);
      pen.arc(scales.x(confidence), scales.y(frequency), radius, 0, 2 * Math.PI);
      pen.fill();
    }
  });
}

/** @param {Bin[]} bins */
function binWords(bins) {
  const full = bins.filter(({ rows }) => rows > 0);
  const words = full.map(({ rows, confidence, frequency }) => {
    const values = { n: count(rows), confidence: share(confidence), frequency: share(frequency) };
    return t("of {n} rows at {confidence} {frequency} are", values);
  });
  return words.join(", ");
}
