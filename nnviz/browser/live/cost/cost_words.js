// What the view `cost` says in sentences, with the numbers of this run. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { pushShare, valueAt } from "./cost_body.js";

/** @typedef {import("./cost_body.js").CostBody} CostBody */
/** @typedef {import("./cost_body.js").Curve} Curve */
/** @typedef {import("./cost_body.js").Row} Row */
/** `why`: the question it answers. @typedef {{ why: string, words: string }} Sentence */

/** Pushes that differ by a smaller share are as hard. */
const ALIKE = 0.03;

/** @param {number} share */
function percent(share) {
  if (!Number.isFinite(share)) return "–";
  const value = 100 * share;
  if (value > 0 && value < 0.95) return t("less than 1 %");
  return t("{n} %", { n: value > 99 && value < 100 ? value.toFixed(1) : value.toFixed(0) });
}

/** @param {number} n */
const whole = (n) => n.toLocaleString("en-US");

/** @param {CostBody} body */
export function summary({ rows, batch, loss, own, isClasses }) {
  const right = rows.filter(({ isRight }) => isRight).length;
  const values = { n: whole(batch), drawn: whole(rows.length), right: whole(right), loss: number(loss), own: own.kind };
  const of =
    batch > rows.length ? t("{drawn} of the {n} rows of the next batch", values) : t("the next batch of {n} rows", values);
  if (!isClasses)
    return t("Each point is a row of {of}: how far off its answer is, and what {own} makes of it, {loss} on average.", {
      ...values,
      of,
    });
  return t("Each point is a row of {of}: {right} right, cost by {own} {loss} on average.", { ...values, of });
}

/**
 * @param {Row} row
 * @param {string[] | null | undefined} classes
 */
const className = ({ truth }, classes) => classes?.[truth] ?? String(truth);

/** A push below this part of the other cost's is one that has died. */
const DEAD_SHARE = 0.75;

/**
 * Which of two costs gives up rows that are far wrong: at the most mistaken row, where one is wrong, else at the chart's wrong end.
 * @param {CostBody} body
 * @param {Curve} other
 */
function pushEnd(body, other) {
  const { own, worst, low } = body;
  const at = worst.isRight ? low : worst.at;
  const [mine, its] = [own, other].map((curve) => pushShare(curve, body, at));
  const [weak, strong, share, most] = mine < its ? [own, other, mine, its] : [other, own, its, mine];
  const values = { weak: weak.kind, strong: strong.kind, share: percent(share), most: percent(most) };
  const isGivenUp = share < DEAD_SHARE * most && pushShare(weak, body, low) < DEAD_SHARE;
  if (!worst.isRight) {
    return isGivenUp
      ? t("The push of {weak} dies where an answer is most wrong, so with it such rows are learned more slowly.", values)
      : t("So both would learn from it about as hard.", values);
  }
  if (!isGivenUp) return "";
  return t(
    "At the left end of the chart, where an answer is most wrong, {strong} has {most} of its force and {weak} {share}: its push dies there, so with it such rows are learned more slowly.",
    values,
  );
}

/**
 * Why this cost, and not the other, by the row that is furthest off.
 * @param {CostBody} body
 * @param {Curve} other
 * @param {string[] | null} [classes]
 * @returns {Sentence}
 */
function pushSentence(body, other, classes) {
  const { own, rows, isClasses, scale } = body;
  const names = { own: own.kind, other: other.kind };
  if (isClasses) {
    const row = body.worst;
    const shares = { mine: percent(pushShare(own, body, row.at)), its: percent(pushShare(other, body, row.at)) };
    const what = {
      all: whole(body.sampleRows),
      row: whole(row.number + 1),
      name: className(row, classes),
      chance: percent(row.chance),
    };
    const words = row.isRight
      ? t("None of {all} training rows is wrong. The least sure is row {row}: its class “{name}” gets {chance}.", what)
      : t("The most mistaken of {all} training rows is row {row}: its class “{name}” gets {chance}.", what);
    const push = t("{own} pushes there with {mine} of its greatest force, {other} would with {its}.", { ...names, ...shares });
    return { why: t("Why {own} and not {other}?", names), words: [words, push, pushEnd(body, other)].filter(Boolean).join(" ") };
  }
  const bySize = [...rows].sort((a, b) => Math.abs(a.at) - Math.abs(b.at));
  const [middle, worst] = [bySize[Math.floor(bySize.length / 2)], bySize[bySize.length - 1]];
  const times = (/** @type {Curve} */ { slope }) =>
    Math.abs(valueAt(slope, body.low, body.high, worst.at)) / Math.abs(valueAt(slope, body.low, body.high, middle.at));
  const [mine, its] = [times(own), times(other)].map(timesWords);
  const words = t(
    "Row {row} is off by {error}, the row in the middle by {usual}. {own} pushes it {mine}, {other} would push it {its}.",
    {
      row: whole(worst.number + 1),
      error: number(Math.abs(worst.at * scale)),
      usual: number(Math.abs(middle.at * scale)),
      ...names,
      mine,
      its,
    },
  );
  return { why: t("Why {own} and not {other}?", names), words };
}

/** How hard something is pushed, against something else. @param {number} n */
function timesWords(n) {
  if (!Number.isFinite(n)) return "–";
  if (Math.abs(n - 1) < ALIKE) return t("just as hard");
  return t("{n} times as hard", { n: n >= 0.1 && n < 100 ? n.toFixed(n < 1 ? 2 : 1) : number(n) });
}

/**
 * @param {CostBody} body
 * @returns {Sentence}
 */
function accuracySentence({ sampleRight, settled, sample, sampleRows }) {
  const values = {
    right: percent(sampleRight),
    n: whole(sampleRows),
    settled: number(settled),
    sample: number(sample),
    share: percent(settled / sample),
  };
  const side = t(
    "Accuracy asks only on which side of the border a row is ({right} of {n} are right); the loss asks how far.",
    values,
  );
  const rest =
    sampleRight === 1
      ? t("So accuracy cannot rise any more, and the loss can still fall by {sample}.", values)
      : t(
          "Rows that are right already make {settled} of the loss of {sample} ({share}): it can fall by that with no answer changed.",
          values,
        );
  return { why: t("Why can accuracy stand still while the loss falls?"), words: `${side} ${rest}` };
}

/**
 * @param {CostBody} body
 * @returns {Sentence}
 */
function farSentence({ rows, own }) {
  const costs = rows.map(({ cost }) => cost).sort((a, b) => b - a);
  const few = Math.max(1, Math.round(costs.length / 10));
  const sum = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0);
  const values = { n: few, all: costs.length, share: percent(sum(costs.slice(0, few)) / sum(costs)), own: own.kind };
  const words =
    few === 1
      ? t("By {own}, the costliest row of {all} makes {share} of the batch's loss.", values)
      : t("By {own}, the {n} costliest rows of {all} make {share} of the batch's loss.", values);
  return { why: t("Which rows does it learn from most?"), words };
}

/**
 * @param {CostBody} body
 * @returns {Sentence}
 */
function noiseSentence({ batch, loss, sample, sampleRows, spread }) {
  const why = t("Why is the line of the batches noisy?");
  const values = { n: whole(batch), loss: number(loss), sample: number(sample), all: whole(sampleRows) };
  if (batch >= sampleRows)
    return { why, words: t("It is not: each step takes all {n} rows, so its loss is that of all.", values) };
  const by = number(spread / Math.sqrt(batch));
  const rows = t("The costs of the rows differ: {sample} on average over {all}, with a deviation of {spread}.", {
    ...values,
    spread: number(spread),
  });
  const few = t("A batch is a draw of {n}, so its loss strays by about ±{by}; this one's is {loss}.", { ...values, by });
  return { why, words: `${rows} ${few}` };
}

/**
 * @param {CostBody} body
 * @param {Curve | null} other
 * @param {string[] | null} [classes]
 * @returns {Sentence[]}
 */
export function sentences(body, other, classes) {
  const second = body.isClasses ? accuracySentence(body) : farSentence(body);
  return [...(other ? [pushSentence(body, other, classes)] : []), second, noiseSentence(body)];
}

/**
 * A row in words.
 * @param {CostBody} body
 * @param {Row} row
 * @param {string[] | null} [classes]
 */
export function rowWords({ isClasses, scale }, row, classes) {
  const values = { row: whole(row.number + 1), cost: number(row.cost), push: number(Math.abs(row.slope)) };
  if (!isClasses) return t("Row {row}: off by {error}, cost {cost}, slope {push}", { ...values, error: number(row.at * scale) });
  const what = { ...values, name: className(row, classes), chance: percent(row.chance) };
  return row.isRight
    ? t("Row {row}, “{name}”: right, with {chance}; cost {cost}, slope {push}", what)
    : t("Row {row}, “{name}”: wrong, its class gets {chance}; cost {cost}, slope {push}", what);
}
