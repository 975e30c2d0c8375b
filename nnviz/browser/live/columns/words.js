// What the view "What matters" says in sentences. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number, oneFormat } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { barsOf, outputName } from "./columns.js";

/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("./columns.js").Bar} Bar */
/** @typedef {import("./columns.js").Measure} Measure */
/** @typedef {import("../../common/numbers.js").Format} Format */

const count = (/** @type {number} */ n) => n.toLocaleString("en-US");
/** A column's value; a date or a category has its hyphens. @param {string} text */
const written = (text) => text.replace(/^-(?=[.\d])/, "−");
const minus = (/** @type {string} */ text) => text.replace(/^-(?=[0.]*$)/, "").replace("-", "−");

/**
 * What a measure's bars are, as their heading says it.
 * @param {Body} body
 * @param {Measure} measure
 */
export function measureWords({ score_name }, measure) {
  if (measure === "loss") return t("Loss rises by");
  return score_name === "accuracy" ? t("Accuracy drops by") : t("R² drops by");
}

/**
 * A format of a measure's changes: all have the same decimals, three digits of the largest; accuracy is in percentage points.
 * @param {Body} body
 * @param {Measure} measure
 * @returns {Format}
 */
export function changeFormat(body, measure) {
  if (measure === "score" && body.score_name === "accuracy") return (value) => minus((100 * value).toFixed(1));
  const largest = Math.max(...barsOf(body, measure).map(({ mean }) => Math.abs(mean)));
  if (!(largest > 1e-4) || largest >= 1e4) return (value) => minus(number(value));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(largest)));
  return (value) => minus(value.toFixed(decimals));
}

/**
 * A change with its spread: 0.12 ± 0.03.
 * @param {Bar} bar
 * @param {Format} format
 */
export function changeWords({ mean, spread }, format) {
  return `${format(mean)} ± ${format(spread)}`;
}

/**
 * Which rows the view is of: of 500 of 9,000 validation rows.
 * @param {Body} body
 */
export function rowsWords({ rows, rows_in_all, part }) {
  const values = { rows: count(rows), all: count(rows_in_all) };
  if (rows < rows_in_all) {
    return part === "train" ? t("{rows} of {all} training rows", values) : t("{rows} of {all} validation rows", values);
  }
  return part === "train" ? t("all {rows} training rows", values) : t("all {rows} validation rows", values);
}

/**
 * The sentence over the view: which column matters most, and how many cannot be told from nothing.
 * @param {Body} body
 * @param {Measure} measure
 */
export function importanceSentence(body, measure) {
  const bars = barsOf(body, measure);
  const nothing = bars.filter(({ isNothing }) => isNothing).length;
  const values = { all: count(bars.length), rows: rowsWords(body), n: count(nothing) };
  if (nothing === bars.length) {
    return t("None of the {all} columns can be told from 0: shuffled, none makes the answers clearly worse ({rows}).", values);
  }
  const most = { ...values, name: bars[0].name, change: changeWords(bars[0], changeFormat(body, measure)), ...nowWords(body) };
  return `${mostWords(body, measure, most)} ${nothing ? t("{n} of {all} columns cannot be told from 0.", values) : ""}`.trim();
}

/** @param {Body} body */
function nowWords({ loss, score, score_name }) {
  const isShare = score_name === "accuracy";
  return { loss: number(loss), score: score !== null && isShare ? percent(score) : number(score) };
}

/**
 * @param {Body} body
 * @param {Measure} measure
 * @param {Record<string, string>} values
 */
function mostWords({ score_name }, measure, values) {
  if (measure === "loss") {
    return t("{name} matters most: shuffled, the loss rises from {loss} by {change} ({rows}).", values);
  }
  if (score_name === "accuracy") {
    return t("{name} matters most: shuffled, accuracy drops from {score} by {change} percentage points ({rows}).", values);
  }
  return t("{name} matters most: shuffled, R² drops from {score} by {change} ({rows}).", values);
}

/**
 * Of a network with more columns than are drawn.
 * @param {Body} body
 */
export function chosenWords({ columns, columns_in_all }) {
  if (columns.length === columns_in_all) return "";
  const values = { n: count(columns.length), all: count(columns_in_all) };
  return t("{n} of {all} columns, those that mattered most at a first look with few rows.", values);
}

/**
 * A format of the answer that is looked at: a probability, or a target in its unit.
 * @param {Body} body
 * @param {boolean} isShare
 * @returns {Format}
 */
export function answerFormat({ dependence: { low, high }, unit }, isShare) {
  if (isShare) return percent;
  const format = oneFormat(low, high);
  return (value) => minus(format(value)) + (unit && `\u00a0${unit}`);
}

/**
 * The sentence over the curve of one column.
 * @param {Body} body
 * @param {string[] | null | undefined} classes
 */
export function dependenceSentence(body, classes) {
  const { dependence, rows } = body;
  const { mean, texts, name } = dependence;
  const isShare = Boolean(classes?.length);
  const format = answerFormat(body, isShare);
  if (!mean.length) return t("{name} is missing in every row.", { name });
  const [least, most] = [mean.indexOf(Math.min(...mean)), mean.indexOf(Math.max(...mean))];
  const [first, second] = least < most ? [least, most] : [most, least];
  const values = {
    name,
    answer: answerName(body, classes),
    one: format(mean[first]),
    other: format(mean[second]),
    at: written(texts[first]),
    end: written(texts[second]),
    rows: count(rows),
  };
  if (values.one === values.other) return t("The average {answer} is {one} whatever {name} is ({rows} rows).", values);
  return t("The average {answer} goes from {one} at {at} to {other} at {end} ({rows} rows).", values);
}

/**
 * @param {Body} body
 * @param {string[] | null | undefined} classes
 */
export function answerName(body, classes) {
  const name = outputName(body, classes);
  return classes?.length ? t("probability of {name}", { name }) : name;
}

/**
 * What stands at one value of the column, aloud and beside the pointer.
 * @param {Body} body
 * @param {boolean} isShare
 * @param {number} place
 * @param {number[][]} curves
 */
export function valueWords(body, isShare, place, curves) {
  const { mean, texts } = body.dependence;
  const format = answerFormat(body, isShare);
  const here = curves.map((curve) => curve[place]);
  const values = {
    at: texts[place],
    mean: format(mean[place]),
    low: format(Math.min(...here)),
    high: format(Math.max(...here)),
    n: count(curves.length),
  };
  return t("{at}: {mean} on average; {low} to {high} among the {n} rows drawn.", values);
}
