// The plot of a cost: its loss over one output, with the derivative.

import { t } from "../common/messages.js";
import { drawCurve, slopeNote, withLegend } from "./expression/plot.js";
import { checkSlope, costOf, moving, still } from "./expression/slope.js";

/** @typedef {import("./catalog.js").CostEntry} CostEntry */
/** @typedef {import("./expression/functions.js").Dual} Dual */

const WIDE = { from: -3, to: 3, low: -1, high: 3 };

/**
 * The formula of a cost to plot, and the values of its parameters.
 * @param {CostEntry} entry
 * @param {Record<string, any>} cost
 * @param {string | undefined} typed the current text of the expression's field, which may be newer than the cost
 */
export function costFormula(entry, cost, typed) {
  const transform = cost.transform ?? entry.transform;
  const own = (transform === "sigmoid" && entry.sigmoid_formula) || entry.formula;
  const numeric = entry.params.filter((param) => ["float", "int", "bool"].includes(param.type));
  const numbers = Object.fromEntries(numeric.map(({ name, default: usual }) => [name, Number(cost[name] ?? usual ?? 0)]));
  return { formula: typed ?? cost.expression ?? own, numbers, transform };
}

/**
 * The plot and the note under it. Throws ExpressionError.
 * @param {string} task
 * @param {CostEntry} entry
 * @param {{ formula: string, numbers: Record<string, number>, transform: string }} what
 */
export function costPlot(task, entry, { formula, numbers, transform }) {
  return task === "classification" ? classCost(entry, formula, numbers, transform) : numberCost(entry, formula, numbers);
}

/** The outputs for two classes as a function of the first one's, by the transform of the raw outputs. */
const OUTPUTS = {
  softmax: (/** @type {number} */ p) => [moving(p), moving(1 - p, -1)],
  sigmoid: (/** @type {number} */ p) => [moving(p)],
  identity: (/** @type {number} */ z) => [moving(z), ...still(0)],
};

/**
 * Two classes: the loss over the output for one of them, where it is the true class and where it is not.
 * @param {CostEntry} entry
 * @param {string} formula
 * @param {Record<string, number>} numbers
 * @param {string} transform
 */
function classCost(entry, formula, numbers, transform) {
  const isChance = transform === "softmax" || transform === "sigmoid";
  const outputs = OUTPUTS[isChance ? transform : "identity"];
  /** @param {number} right */
  const truth = (right) => still(...(transform === "sigmoid" ? [right] : [right, 1 - right]));
  const [is, not] = [1, 0].map((right) =>
    costOf(formula, entry.columns, numbers, (x) => ({ y_true: truth(right), y_pred: outputs(x) })),
  );
  const range = isChance ? { from: 0, to: 1, low: -3, high: 3 } : WIDE;
  const title = isChance
    ? t("Loss over the predicted probability of a class, where it is the true class and where it is not, and the slope")
    : t("Loss over the raw output for a class, where it is the true class and where it is not, and the slope");
  const drawing = drawCurve(is, { ...range, second: not, title });
  // Near 0 and 1 the formulas clip logarithms.
  const checks = [is, not].map((f) => (isChance ? checkSlope(f, 0.02, 0.98, 97) : checkSlope(f, -3, 3)));
  return [withLegend(drawing, t("where it is the true class"), t("where it is not")), slopeNote(checks)];
}

/**
 * Regression: the loss over the error, prediction minus target. Costs of ratios are drawn around a target of 3.
 * @param {CostEntry} entry
 * @param {string} formula
 * @param {Record<string, number>} numbers
 */
function numberCost(entry, formula, numbers) {
  const scaled = entry.least_outputs > 1 ? 1 : 0;
  const truth = entry.target_scaling ? scaled : 3;
  const more = Array(entry.least_outputs - 1).fill(1);
  const f = costOf(formula, entry.columns, numbers, (miss) => ({
    y_true: still(truth, ...more),
    y_pred: [moving(truth + miss), ...still(...more)],
  }));
  const title = t("Loss over the error (prediction minus target) for a target of {truth}, and its slope", { truth });
  const drawing = drawCurve(f, { ...WIDE, limit: 200, title });
  return [withLegend(drawing, t("loss over the error, target {truth}", { truth })), slopeNote([checkSlope(f, -3, 3)])];
}
