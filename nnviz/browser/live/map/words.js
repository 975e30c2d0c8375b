// What the view "map" says in sentences. Pure: no DOM.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { formatsOf } from "../learned/scales.js";
import { nameOf, percent } from "../learned/sentences.js";
import { answerAt, rowsOf, sharesOf } from "./map.js";

/** @typedef {import("./map.js").Body} Body */
/** @typedef {string[] | null | undefined} Names */

const MOST_NAMED = 3;
const count = (/** @type {number} */ n) => n.toLocaleString("en-US");
const minus = (/** @type {string} */ text) => text.replace("-", "−");

/**
 * A value of the target in its unit.
 * @param {Body} body
 * @param {number} value
 */
export function valueText({ plane: { range = [0, 1] }, unit }, value) {
  return minus(oneFormat(range[0], range[1])(value)) + (unit && `\u00a0${unit}`);
}

/**
 * What the map is of, what is on it, and how often it is what the network answers to the row there.
 * @param {Body} body
 * @param {Names} classes
 */
export function mapSentence(body, classes) {
  return `${overWords(body)} ${answersWords(body, classes)} ${agreeWords(body)}`.trim();
}

/** @param {Body} body */
function overWords({ plane: { axes }, rest, row, in_all }) {
  const values = { across: axes[0], up: axes[1], n: count(row + 1), all: count(in_all) };
  if (rest === "components") return t("The answer along the first two principal components of the rows.");
  if (rest === "row") return t("The answer over {across} and {up}, all else as in row {n} of {all}.", values);
  return t("The answer over {across} and {up}, all else at its median or most frequent value.", values);
}

/** @type {(body: Body, classes: Names) => string} */
function answersWords(body, classes) {
  const { plane } = body;
  if (plane.kind !== "classes") {
    const [low, high] = plane.range ?? [0, 0];
    return t("It goes from {low} to {high}.", { low: valueText(body, low), high: valueText(body, high) });
  }
  const shares = sharesOf(plane);
  const named = shares.slice(0, MOST_NAMED).map(({ answer, share }) => `${nameOf(classes, answer)} ${percent(share)}`);
  if (shares.length === 1) return t("It is {name} everywhere.", { name: nameOf(classes, shares[0].answer) });
  if (shares.length > MOST_NAMED) named.push(t("{n} more", { n: shares.length - MOST_NAMED }));
  return t("Of the map: {shares}.", { shares: named.join(", ") });
}

/** @param {Body} body */
function agreeWords({ agree, plane, rows, in_all, part }) {
  if (agree === null) return "";
  const values = { n: count(rows), all: count(in_all), share: percent(Math.max(0, agree)), r2: minus(agree.toFixed(2)) };
  const which = part === "train" ? t("{n} training rows", values) : t("{n} validation rows", values);
  if (plane.kind === "classes")
    return t("For {share} of {which} it is what the network answers to the whole row.", { ...values, which });
  return t("As a guess of what the network answers to {which} as a whole it has R² {r2}.", { ...values, which });
}

/**
 * What the map says at a place.
 * @param {Body} body
 * @param {Names} classes
 * @param {number} x
 * @param {number} y
 */
export function placeWords(body, classes, x, y) {
  const { plane } = body;
  const [x0, x1, y0, y1] = plane.extent;
  const at = answerAt(plane, x, y);
  if (!at) return "";
  const format = formatsOf(rowsOf(body), [x0, x1, y0, y1]);
  const place = { x: minus(format.x(x)), y: minus(format.y(y)), across: plane.axes[0], up: plane.axes[1] };
  if (plane.kind !== "classes") {
    return t("{across} {x}, {up} {y}: the map says {answer}.", { ...place, answer: valueText(body, at.answer) });
  }
  const share = 1 / plane.classes + at.sure * (1 - 1 / plane.classes);
  const values = { ...place, answer: nameOf(classes, at.answer), share: percent(share) };
  return t("{across} {x}, {up} {y}: the map says {answer}, {share}.", values);
}

/**
 * A row on the map.
 * @param {Body} body
 * @param {Names} classes
 * @param {number} i place among the rows
 */
export function rowWords(body, classes, i) {
  const { x, y, label } = rowsOf(body);
  const truth = body.plane.kind === "classes" ? nameOf(classes, label[i]) : valueText(body, label[i]);
  const head = t("Row {row} is {truth}.", { row: count(body.numbers[i] + 1), truth });
  return `${head} ${placeWords(body, classes, x[i], y[i])}`.trim();
}
