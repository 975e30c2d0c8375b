// Results of a classifier in sentences, with their numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { wrongWords } from "../learned/wrong_rows.js";
import { countsAt, ratesOf, thresholdAt } from "./results.js";

/** @typedef {import("./results.js").Results} Results */
/** @typedef {import("./results.js").ClassResult} ClassResult */
/** @typedef {import("./results.js").Calibration} Calibration */

/** A bin with fewer rows is no evidence. */
const LEAST_ROWS = 10;
/** Of all rows: where a bin has more, the mean says the same. */
const MOST_SHARE = 0.9;
/** Standard errors of a share, beyond which chance does not explain a distance; and the distance that is none. */
const ERRORS = 2;
const LEAST_GAP = 0.01;

/** @param {number} n */
export const count = (n) => n.toLocaleString("en-US");

/**
 * A share in percent; a dash where there is none.
 * @param {number} value
 */
export const share = (value) => (Number.isFinite(value) ? percent(value) : "–");

/**
 * A share in a column of a table: all with one decimal.
 * @param {number} value
 */
export const tenths = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)}\u00a0%` : "–");

/**
 * How many rows are wrong.
 * @param {Results} results
 */
export function verdict({ rows, right, inAll, part }) {
  return wrongWords(rows - right, { rows, in_all: inAll, part });
}

/**
 * What a class's precision and recall mean, and which rows were looked at.
 * @param {Results} results
 * @param {ClassResult} one
 */
export function meaning(results, one) {
  const { precision, recall } = ratesOf(one);
  const { name } = one;
  const values = { name, called: count(one.called), rows: count(one.rows), right: count(one.right) };
  const words = [];
  if (!one.rows) words.push(t("No row is {name}.", { name }));
  if (Number.isFinite(precision))
    words.push(t("It calls {called} rows {name}; {right} of them are ({n}).", { ...values, n: share(precision) }));
  else words.push(t("It calls no row {name}.", { name }));
  if (Number.isFinite(recall))
    words.push(t("Of the {rows} that are {name} it recognises {right} ({n}).", { ...values, n: share(recall) }));
  if (results.calibration) words.push(certainty(results.calibration, results.rows));
  return [...words, ...caveats(results)].join(" ");
}

/**
 * What to know of the rows that were looked at.
 * @param {{ unanswered: number, part: string }} rows
 */
export function caveats({ unanswered, part }) {
  const words = [];
  if (unanswered) words.push(t("{n} more got no answer: their outputs are no numbers.", { n: count(unanswered) }));
  if (part === "train") words.push(t("There are no validation rows: these are those that it was trained with."));
  return words;
}

/**
 * Whether the probabilities of its answers can be believed.
 * @param {Calibration} calibration of the answers
 * @param {number} rows
 */
export function certainty({ bins, confidence, frequency }, rows) {
  const gap = confidence - frequency;
  const chance = ERRORS * Math.sqrt((frequency * (1 - frequency)) / Math.max(1, rows));
  const values = { confidence: percent(confidence), frequency: percent(frequency) };
  if (Math.abs(gap) <= Math.max(LEAST_GAP, chance)) {
    return t("Its probabilities fit: on average it says {confidence}, and {frequency} are right.", values);
  }
  const words =
    gap > 0
      ? t("Its probabilities are too sure: on average it says {confidence}, and {frequency} are right.", values)
      : t("Its probabilities are not sure enough: on average it says {confidence}, and {frequency} are right.", values);
  const worst = bins
    .filter((bin) => bin.rows >= LEAST_ROWS && bin.rows <= MOST_SHARE * rows && (bin.confidence - bin.frequency) * gap > 0)
    .sort((a, b) => b.rows * Math.abs(b.confidence - b.frequency) - a.rows * Math.abs(a.confidence - a.frequency))[0];
  if (!worst) return words;
  const there = { confidence: percent(worst.confidence), frequency: percent(worst.frequency) };
  return `${words} ${t("Where it says about {confidence}, {frequency} are.", there)}`;
}

/**
 * A threshold as it is written.
 * @param {Results} results
 * @param {ClassResult} one
 * @param {number} place
 */
export function thresholdText(results, one, place) {
  const value = thresholdAt(results, one, place);
  return results.isProbability ? `${Math.round(100 * value)}\u00a0%` : number(value).replace(/^-/, "−");
}

/**
 * What a threshold does: what is called so, what is caught and missed.
 * @param {Results} results
 * @param {ClassResult} one
 * @param {number} place
 */
export function thresholdWords(results, one, place) {
  const { caught, taken, precision, recall } = countsAt(results, one, place);
  const { name } = one;
  const called = t("From {threshold} on it calls {n} rows {name}", {
    threshold: thresholdText(results, one, place),
    n: count(caught + taken),
    name,
  });
  const are = caught + taken ? t("{n} are (precision {share})", { n: count(caught), share: share(precision) }) : "";
  const of = one.rows
    ? t("Of {all} that are {name} it catches {n} (recall {share}).", {
        all: count(one.rows),
        name,
        n: count(caught),
        share: share(recall),
      })
    : t("No row is {name}.", { name });
  return `${called}${are ? `; ${are}` : ""}. ${of}`;
}

/**
 * A curve's area, and what it means.
 * @param {ClassResult} one
 * @param {"roc" | "pr"} curve
 */
export function areaWords({ auc, ap, name, rows }, curve) {
  const area = curve === "roc" ? auc : ap;
  const none = rows ? t("Every row is {name}: there is nothing to tell it from.", { name }) : t("No row is {name}.", { name });
  if (area === null) return none;
  if (curve === "pr") return t("Average precision {n}: the mean of its precision over all recalls.", { n: area.toFixed(3) });
  return t("Area {n}: of a row that is {name} and one that is not, it takes the right one in {share}.", {
    n: area.toFixed(3),
    name,
    share: percent(area),
  });
}

/**
 * The reliability of a class's probabilities.
 * @param {Calibration} calibration
 */
export function calibrationWords({ error }) {
  return t(
    "On average {n} off (expected calibration error). Above the line it is not sure enough, below it too sure; large points stand for many rows.",
    {
      n: percent(error),
    },
  );
}
