// Which rows are wrong, and how many: in sentences; and what a network answers to the rows on a plane. Pure: no DOM.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";

/** @typedef {import("./worst.js").Worst} Worst */
/** @typedef {import("./worst.js").WorstBody} WorstBody */
/** @typedef {import("./scales.js").Points} Points */
/**
 * Rows of a part that were looked at, of `in_all`.
 * @typedef {{ rows: number, in_all?: number, part?: string, isImages?: boolean }} Counted
 */
/**
 * What a frame of the plane tells of its training and validation rows, in their order: the class and how likely its own class
 * is, or predicted minus true.
 * @typedef {{ kind?: string, part?: string, in_all?: number, unit?: string, answers?: ArrayBuffer, chances?: ArrayBuffer,
 *   errors?: ArrayBuffer, axes?: string[] }} RowAnswers
 */
/**
 * `marked`: by point, 1 where it is wrong or its error is one of the largest; `verdict`: in a sentence; `title`: of the list.
 * @typedef {WorstBody & { marked: Uint8Array, verdict: string, title: string }} OnPlane
 */

const MOST = 12;
/** Of the rows, one in so many has one of the largest errors. */
const LARGEST = 4;

/** @param {number} n */
const count = (n) => n.toLocaleString("en-US");

/** @param {Counted} counted */
function partWords({ part, isImages }) {
  if (isImages) return part === "train" ? t("training images") : t("validation images");
  return part === "train" ? t("training rows") : t("validation rows");
}

/** @param {Counted} counted */
function lookedAt({ rows, in_all: all = rows }) {
  return all > rows ? ` ${t("(looked at: {n} of {all})", { n: count(rows), all: count(all) })}` : "";
}

/**
 * How many rows are wrong: `12 of 90 validation rows are wrong`.
 * @param {number} wrong
 * @param {Counted} counted
 */
export function wrongWords(wrong, counted) {
  const values = { n: count(wrong), all: count(counted.rows), rows: partWords(counted) };
  const one = wrong === 1 ? t("{n} of {all} {rows} is wrong", values) : t("{n} of {all} {rows} are wrong", values);
  return (wrong ? one : t("None of {all} {rows} is wrong", values)) + lookedAt(counted);
}

/**
 * How far numbers are off: what half of the rows stay below, and the largest error.
 * @param {{ typical: number, largest: number, unit?: string }} errors in the target's unit; `largest` with its sign
 * @param {Counted} counted
 */
export function missWords({ typical, largest, unit = "" }, counted) {
  const format = oneFormat(0, Math.abs(largest));
  const after = unit && `\u00a0${unit}`;
  const values = {
    all: count(counted.rows),
    rows: partWords(counted),
    typical: format(typical) + after,
    largest: `${largest > 0 ? "+" : ""}${format(largest).replace("-", "−")}${after}`,
  };
  return t("Half of {all} {rows} are off by less than {typical}, the worst by {largest}", values) + lookedAt(counted);
}

/**
 * The rows of a confusion matrix, and how many of them are wrong.
 * @param {number[][]} counts
 */
export function countsOf(counts) {
  const rows = counts.flat().reduce((sum, n) => sum + n, 0);
  return { rows, wrong: rows - counts.reduce((sum, row, k) => sum + row[k], 0) };
}

/**
 * What a frame says of the rows on its plane: which are wrong, and a list of them; null for a frame that does not say so, or of
 * other rows.
 * @param {RowAnswers} body
 * @param {Points | null | undefined} points
 * @returns {OnPlane | null}
 */
export function onPlane(body, points) {
  const answers = body.errors ? new Float32Array(body.errors) : new Uint8Array(body.answers ?? new ArrayBuffer(0));
  const parts = Array.from(points?.part ?? []);
  if (!points || !answers.length || parts.filter((part) => part !== "test").length !== answers.length) return null;
  const places = parts.map((_, i) => i).filter((i) => parts[i] === body.part);
  return body.errors ? missesOnPlane(body, points, answers, places) : wrongOnPlane(body, points, answers, places);
}

/**
 * `places`: of the counted part.
 * @typedef {(body: RowAnswers, points: Points, answers: ArrayLike<number>, places: number[]) => OnPlane} Look
 */

/** @type {Look} */
function wrongOnPlane(body, points, answers, places) {
  const { label } = points;
  const chances = body.chances ? new Float32Array(body.chances) : null;
  const marked = Uint8Array.from(answers, (answer, i) => Number(answer !== label[i]));
  const surest = places.toSorted((a, b) => marked[b] - marked[a] || (chances?.[a] ?? 0) - (chances?.[b] ?? 0));
  const worst = surest.slice(0, MOST).map((i) => ({
    ...rowOf(points, i),
    truth: label[i],
    guess: answers[i],
    ...(chances ? { right: chances[i] } : {}),
  }));
  const wrong = places.filter((i) => marked[i]).length;
  const title = wrong ? t("Which rows are wrong?") : t("Which rows is it least sure of?");
  return { marked, worst, columns: body.axes, wrong, title, verdict: wrongWords(wrong, countedOf(body, places)) };
}

/** The median of sorted numbers. @param {number[]} sorted */
const middle = (sorted) => (sorted[sorted.length >> 1] + sorted[(sorted.length - 1) >> 1]) / 2;

/** @type {Look} */
function missesOnPlane(body, points, errors, places) {
  const { label } = points;
  const largest = places.filter((i) => Number.isFinite(errors[i])).sort((a, b) => Math.abs(errors[b]) - Math.abs(errors[a]));
  const most = Math.min(MOST, Math.ceil(places.length / LARGEST));
  const worst = largest.slice(0, most).map((i) => ({ ...rowOf(points, i), truth: label[i], guess: label[i] + errors[i] }));
  const marked = new Uint8Array(errors.length);
  for (const i of largest.slice(0, most)) marked[i] = 1;
  const typical = middle(largest.map((i) => Math.abs(errors[i])));
  const words = largest.length
    ? missWords({ typical, largest: errors[largest[0]], unit: body.unit }, countedOf(body, places))
    : t("No prediction is a number");
  const title = t("Which rows have the largest errors?");
  return { marked, worst, columns: body.axes, unit: body.unit, title, verdict: words };
}

/** @type {(body: RowAnswers, places: number[]) => Counted} */
const countedOf = (body, places) => ({ rows: places.length, in_all: body.in_all, part: body.part });

/** @type {(points: Points, i: number) => { row?: number, values: string[] }} */
function rowOf({ x, y, row }, i) {
  return { ...(row ? { row: row[i] } : {}), values: [x[i], y[i]].map((value) => String(Number(value.toPrecision(5)))) };
}
