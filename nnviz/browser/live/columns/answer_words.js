// What the network answers to one row, before and after its values were changed, in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { outputName } from "./columns.js";

/** @typedef {import("./columns.js").Body} Body */

const MOST = 3;

/**
 * Which row it is.
 * @param {Body} body
 */
export function rowWords({ rows_in_all, part, what_if: { file_row } }) {
  const values = { n: rows_in_all.toLocaleString("en-US"), row: (file_row + 1).toLocaleString("en-US") };
  return part === "train"
    ? t("of {n} training rows: row {row} of the data", values)
    : t("of {n} validation rows: row {row} of the data", values);
}

/**
 * The answer to the row as it is, then to the changed one.
 * @param {Body} body
 * @param {string[] | null | undefined} classes
 */
export function answerWords(body, classes) {
  return classes?.length ? classWords(body, classes) : targetWords(body);
}

/**
 * @param {Body} body
 * @param {string[]} classes
 */
function classWords({ what_if: { before, after, fields, truth }, outputs, output }, classes) {
  const name = (/** @type {number} */ at) => outputName({ outputs, output }, classes, at);
  const order = before.map((_, i) => i).sort((a, b) => after[b] - after[a] || before[b] - before[a]);
  const isChanged = fields.some(({ typed }) => typed !== undefined);
  const largest = order.slice(0, MOST).map((at) => {
    const [old, now] = [percent(before[at]), percent(after[at])];
    return isChanged ? `${name(at)} ${old} → ${now}` : `${name(at)} ${now}`;
  });
  const words = { answer: largest.join(", "), truth: name(Number(truth)) };
  return t("The network answers: {answer}. True: {truth}.", words);
}

/** @param {Body} body */
function targetWords({ what_if: { before, after, fields, truth }, outputs, unit }) {
  const isChanged = fields.some(({ typed }) => typed !== undefined);
  const all = [...before, ...after, ...(Array.isArray(truth) ? truth : [truth])];
  const format = oneFormat(Math.min(...all), Math.max(...all));
  const own = (/** @type {number} */ value) => format(value).replace("-", "−") + (unit && `\u00a0${unit}`);
  const each = before.map((old, i) => {
    const real = own(Array.isArray(truth) ? truth[i] : truth);
    const answer = isChanged ? `${own(old)} → ${own(after[i])}` : own(old);
    return t("{name}: the network answers {answer}, true is {truth}.", { name: outputs[i] ?? "", answer, truth: real });
  });
  return each.join(" ");
}
