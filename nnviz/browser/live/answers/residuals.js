// The frame "residuals" read, and in sentences: how far predictions of a number are off, and in which direction. Pure: no DOM.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { missWords } from "../learned/wrong_rows.js";
import { caveats, count } from "./result_words.js";

/** In the target's unit; `r2` null where all rows have one value. @typedef {{ mae: number, rmse: number, r2: number | null, bias: number, typical: number, largest: number }} Metrics */
/**
 * `true`, `predicted`: of some of the rows; `reach`: of the `bins` of errors on both sides of 0; `within`: rows that are off by at
 * most each tolerance; `trend`: slope of the error over the prediction, and its standard error.
 * @typedef {{ part: string, rows: number, inAll: number, unanswered: number, targets: string[], target: number, unit: string,
 *   metrics: Metrics, trend: [number, number] | null, true: Float32Array, predicted: Float32Array, bins: Uint16Array, reach: number,
 *   step: number, within: Uint16Array }} Residuals
 */

/** Of the tolerances, the one to begin with: about a quarter of the target's deviation. */
export const FIRST_TOLERANCE = 12;
/** Standard errors that a slope or a mean has to exceed to be spoken of. */
const CLEAR = 2.5;
const LEAST_SLOPE = 0.02;

/**
 * @param {any} body of a frame
 * @returns {Residuals | null} null for one that cannot be read
 */
export function residualsOf(body) {
  if (!body?.metrics) return null;
  return {
    part: body.part,
    rows: body.rows,
    inAll: body.in_all,
    unanswered: body.unanswered,
    targets: body.targets,
    target: body.target,
    unit: body.unit,
    metrics: body.metrics,
    trend: body.trend,
    true: new Float32Array(body.true),
    predicted: new Float32Array(body.predicted),
    bins: new Uint16Array(body.bins),
    reach: body.high,
    step: body.tolerance_step,
    within: new Uint16Array(body.within),
  };
}

/**
 * A format for errors, with the target's unit.
 * @param {Residuals} residuals
 */
export function errorFormat({ metrics: { largest }, unit }) {
  const format = oneFormat(0, Math.abs(largest));
  return (/** @type {number} */ value) => `${format(value).replace("-", "−")}${unit && `\u00a0${unit}`}`;
}

/** @param {Residuals} residuals */
export function verdict(residuals) {
  const { metrics, rows, inAll, part, unit } = residuals;
  return missWords({ ...metrics, unit }, { rows, in_all: inAll, part });
}

/**
 * What the numbers mean.
 * @param {Residuals} residuals
 */
export function meaning(residuals) {
  const words = [meanWords(residuals), trendWords(residuals), explained(residuals)];
  return [...words, ...caveats(residuals)].filter(Boolean).join(" ");
}

/**
 * Whether it is too high or too low on the whole.
 * @param {Residuals} residuals
 */
function meanWords(residuals) {
  const { bias, rmse } = residuals.metrics;
  const format = errorFormat(residuals);
  // the errors' deviation over the root of their number
  const chance = Math.sqrt(Math.max(0, rmse ** 2 - bias ** 2) / residuals.rows);
  if (Math.abs(bias) <= CLEAR * chance) return t("On the whole it is neither too high nor too low.");
  const values = { n: format(Math.abs(bias)) };
  return bias > 0
    ? t("On the whole it is too high, by {n} on average.", values)
    : t("On the whole it is too low, by {n} on average.", values);
}

/** @param {Residuals} residuals */
function trendWords({ trend }) {
  if (!trend || Math.abs(trend[0]) < LEAST_SLOPE || Math.abs(trend[0]) <= CLEAR * trend[1]) return "";
  return trend[0] > 0
    ? t("It exaggerates: its high predictions are too high, its low ones too low.")
    : t("It holds back: its high predictions are too low, its low ones too high.");
}

/** @param {Residuals} residuals */
function explained({ metrics: { r2 } }) {
  if (r2 === null) return t("All rows have the same value, so there is nothing to explain.");
  if (r2 < 0) return t("To predict the mean for every row would be better.");
  return t("It explains {n} of how the rows differ (R²).", { n: percent(r2) });
}

/**
 * How many rows are off by no more than a tolerance.
 * @param {Residuals} residuals
 * @param {number} place of the tolerance
 */
export function toleranceWords(residuals, place) {
  const n = residuals.within[place];
  const values = { n: count(n), all: count(residuals.rows), share: percent(n / residuals.rows) };
  return t("{n} of {all} rows are off by no more than that: {share}.", values);
}

/**
 * @param {Residuals} residuals
 * @param {number} place
 */
export function toleranceText({ step, unit }, place) {
  const value = Number((step * place).toPrecision(6));
  return `±${value.toLocaleString("en-US", { maximumFractionDigits: 12 })}${unit && `\u00a0${unit}`}`;
}
