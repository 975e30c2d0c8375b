// What the view "sequence" says in sentences. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number, oneFormat } from "../../common/numbers.js";
import { layerName } from "../images/words.js";
import { nameOf, percent } from "../learned/sentences.js";
import { breadth, isAttention, largestChange, strongest } from "./sequence.js";

/** @typedef {import("./sequence.js").Body} Body */
/** @typedef {import("./sequence.js").Layer} Layer */
/** @typedef {import("./sequence.js").Table} Table */

const count = (/** @type {number} */ n) => n.toLocaleString("en-US");
const plain = (/** @type {number} */ value) => number(value).replace("-", "−");

/** @param {Layer} layer */
export const titleOf = (layer) => layerName(layer);

/**
 * A step as it is called: its number, and what stands there.
 * @param {Body} body
 * @param {number} step
 */
export function stepName({ steps }, step) {
  const { name, text } = steps[step];
  const values = { n: count(step + 1), name, text };
  return name ? t("step {n} ({name} is {text})", values) : t("step {n}", values);
}

/**
 * What stands at a step in the head of its column: what the row holds there, or its number.
 * @param {Body} body
 * @param {number} step
 */
export const stepHead = ({ steps }, step) => steps[step].text || count(step + 1);

/**
 * Which row it is, and what the network answers to it.
 * @param {Body} body
 * @param {string[] | null | undefined} classes
 */
export function rowSentence(body, classes) {
  const { row, in_all, part, truth, answer, share, unit } = body;
  const which = { n: count(row + 1), all: count(in_all) };
  const head = part === "train" ? t("Training row {n} of {all}.", which) : t("Validation row {n} of {all}.", which);
  if (!classes?.length) {
    const format = oneFormat(Math.min(truth, answer), Math.max(truth, answer));
    const own = (/** @type {number} */ value) => format(value).replace("-", "−") + (unit && `\u00a0${unit}`);
    return `${head} ${t("The true value is {truth}, the network answers {answer}.", { truth: own(truth), answer: own(answer) })}`;
  }
  const sure = share === null ? "" : ` (${percent(share)})`;
  const values = { truth: nameOf(classes, truth), answer: nameOf(classes, answer), sure };
  if (truth === answer) return `${head} ${t("It is “{truth}”, and the network says so{sure}.", values)}`;
  return `${head} ${t("It is “{truth}”, but the network answers “{answer}”{sure}.", values)}`;
}

/**
 * What is to be seen, with its numbers.
 * @param {Body} body
 * @param {Table} table
 */
export function tableSentence(body, table) {
  const words = isAttention(body) ? attentionWords(body, table) : stateWords(body, table);
  const { steps, steps_in_all: all } = body;
  return steps.length < all ? `${words} ${t("The first {n} of {all} steps are drawn.", { n: steps.length, all })}` : words;
}

/** @type {(body: Body, table: Table) => string} */
function attentionWords(body, table) {
  const [line, step] = strongest(table);
  const broad = table.lines.reduce((sum, weights) => sum + breadth(weights), 0) / table.lines.length;
  const values = {
    n: broad.toFixed(1),
    all: count(body.steps_in_all),
    most: percent(table.lines[line][step]),
    from: stepName(body, line),
    to: stepName(body, step),
  };
  const looks = t("A step looks at {n} of {all} steps on average.", values);
  const most = line === step ? t("The strongest: {from} takes {most} from itself.", values) : "";
  return `${looks} ${most || t("The strongest: {from} takes {most} from {to}.", values)}`;
}

/** @type {(body: Body, table: Table) => string} */
function stateWords(body, table) {
  const { units = [], units_in_all: all = 0 } = body;
  const change = largestChange(table);
  const which =
    units.length < all
      ? t("{n} of {all} units, those that change most.", { n: units.length, all: count(all) })
      : t("All {all} units.", { all: count(all) });
  if (!change) return `${which} ${t("None changes at any step.")}`;
  const values = {
    unit: count(units[change.line] + 1),
    step: stepName(body, change.step),
    before: plain(change.before),
    after: plain(change.after),
  };
  return `${which} ${t("The largest change is that of unit {unit} at {step}, from {before} to {after}.", values)}`;
}

/**
 * A value that is pointed at.
 * @param {Body} body
 * @param {Table} table
 * @param {[line: number, step: number]} at
 */
export function cellWords(body, { lines }, [line, step]) {
  const value = lines[line][step];
  if (isAttention(body)) {
    const values = { from: stepName(body, line), to: stepName(body, step), n: percent(value) };
    return t("Of what {from} takes in, {n} is from {to}.", values);
  }
  return t("Unit {unit} after {step}: {n}.", {
    unit: count((body.units ?? [])[line] + 1),
    step: stepName(body, step),
    n: plain(value),
  });
}
