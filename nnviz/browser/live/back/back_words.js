// One step, all the way back, in words with its numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { layerName } from "../images/words.js";
import { shortWeight } from "../way/weight_words.js";
import { barsOf, pulls, sumOf } from "./back.js";
import { digitsOf, short, shortSigned } from "./formula.js";

/** @typedef {import("./back.js").Back} Back */
/** @typedef {import("./back.js").Row} Row */
/** @typedef {import("./back.js").Layer} Layer */
/** A box of the way: `bars`: signed numbers to draw; `chosen`: the one of `lines`.
 * @typedef {{ title: string, note: string, lines: string[], bars: number[], chosen: number }} Box */

/** A weight changes little: five digits. @param {number} value */
const weightText = (value) => (digitsOf(value, 5) ?? "–").replaceAll("-", "−");
const whole = (/** @type {number} */ n) => n.toLocaleString("en-US");

/** Data rows are counted from 1. @param {number} row */
export const rowName = (row) => t("row {n}", { n: whole(row + 1) });

/** A target in its own unit: large ones are whole. @param {number} value */
const plain = (value) => (Math.abs(value) >= 1000 ? whole(Math.round(value)).replace("-", "−") : short(value));

/**
 * @param {number | number[]} value
 * @param {string[] | null} [classes]
 */
export function answerText(value, classes) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return classes?.[value] ?? t("class {n}", { n: value + 1 });
}

/**
 * What happens, in two sentences.
 * @param {Back} back
 */
export function backSentence(back) {
  const { story, rows, count, gradient } = back;
  const values = {
    step: whole(back.step + 1),
    batch: whole(story.batch + 1),
    batches: whole(story.batches),
    epoch: whole(story.epoch + 1),
    n: whole(count),
    loss: number(story.loss),
    weight: shortWeight(back, back.weight),
    gradient: shortSigned(gradient),
    row: rowName(rows[0].number),
    share: shortSigned(rows[0].share),
    optimizer: story.optimizer,
    before: weightText(story.before),
    after: weightText(story.after),
  };
  const batch = t(
    "The next step, {step}, takes batch {batch} of {batches} in epoch {epoch}: {n} rows, which cost {loss} on average.",
    values,
  );
  const share = t(
    "Their shares make the gradient of this weight ({weight}) {gradient}; the largest is that of {row}, {share}.",
    values,
  );
  const step = t("{optimizer} changes the weight from {before} to {after}.", values);
  return [batch, share, step, pullWords(back)].filter(Boolean).join(" ");
}

/** @param {Back} back */
function pullWords(back) {
  const { up, down } = pulls(back);
  if (back.rest.count || up === 0 || down === 0) return "";
  return t("Rows pull both ways: {up} and {down}.", { up: shortSigned(up), down: shortSigned(down) });
}

/**
 * The way of the chosen row, from its cost to its share.
 * @param {Back} back
 * @param {string[] | null} [classes]
 * @returns {Box[]}
 */
export function boxesOf(back, classes) {
  return [
    costBox(back, classes),
    ...back.way.map((layer, i) => layerBox(back, layer, i === back.way.length - 1)),
    lastBox(back),
    shareBox(back),
  ];
}

/** @type {(back: Back, classes?: string[] | null) => Box} */
function costBox({ rows, chosen, cost, way, last, output, outputs }, classes) {
  const row = rows[chosen];
  const unit = way.length ? null : last.unit;
  const bars = barsOf(row.slopes, unit);
  const name =
    outputs > 1
      ? ((Array.isArray(row.target) ? null : classes?.[bars.strongest]) ?? t("output {n}", { n: bars.strongest + 1 }))
      : t("the output");
  const through = output === "identity" ? cost : `${output}, ${cost}`;
  return {
    title: t("Its cost: {cost}", { cost: number(row.cost) }),
    note: t("slope: how it changes with each output ({through})", { through }),
    lines: [`${name}: ${shortSigned(bars.value)}`],
    bars: bars.heights,
    chosen: bars.strongest - bars.first,
  };
}

/** @type {(back: Back, layer: Layer, isLast: boolean) => Box} */
function layerBox({ last }, layer, isLast) {
  const bars = barsOf(layer.slopes, isLast ? last.unit : null);
  const name = layerName(layer);
  const values = { n: bars.strongest + 1, slope: shortSigned(bars.value) };
  const isOwn = isLast && last.unit !== null && last.unit < layer.slopes.length;
  const unit = isOwn ? t("unit {n}: {slope}", values) : t("largest, unit {n}: {slope}", values);
  const note =
    layer.places > 1
      ? t("slope at its outputs, summed over {n} places", { n: whole(layer.places) })
      : t("slope at its outputs, handed back by what follows");
  const lines = [unit];
  const [rise, before] = [layer.rise?.[bars.strongest], layer.before?.[bars.strongest]];
  if (rise !== undefined && before !== undefined) {
    lines.push(
      t("× slope of {activation}, {rise} = {before}", {
        activation: layer.activation,
        rise: short(rise),
        before: shortSigned(before),
      }),
    );
  } else if (before !== undefined) {
    lines.push(t("before {activation}: {before}", { activation: layer.activation, before: shortSigned(before) }));
  }
  return { title: name, note, lines, bars: bars.heights, chosen: bars.strongest - bars.first };
}

/** @type {(back: Back) => Box} */
function lastBox(back) {
  const { last } = back;
  const values = {
    term: short(last.term),
    slope: shortSigned(last.slope),
    own: shortSigned(last.own),
    n: whole(last.count),
    others: shortSigned(last.others),
  };
  const [many, one] = {
    input: [t("input × slope, over {n} places", values), t("its input × the slope", values)],
    bias: [t("1 × slope, over {n} places", values), t("a bias has the input 1", values)],
    slope: [
      t("how each output depends on it × slope, over {n} numbers", values),
      t("how the output depends on it × slope", values),
    ],
  }[last.kind];
  const product = `${values.term} × ${values.slope}`;
  const lines =
    last.count === 1
      ? [`${product} = ${values.own}`]
      : [...(last.count ? [t("the largest: {product}", { product })] : []), t("together {own}", values)];
  if (last.others) lines.push(t("{others} through other rows, with which the batch is normalized", values));
  return { title: t("This weight"), note: last.count === 1 ? one : many, lines, bars: [], chosen: -1 };
}

/** @type {(back: Back) => Box} */
function shareBox({ rows, chosen, count, last }) {
  const row = rows[chosen];
  const lines = [`${shortSigned(last.own + last.others)} ÷ ${whole(count)} = ${shortSigned(row.share)}`];
  return { title: t("Its share"), note: t("the loss is the mean of {n} rows", { n: whole(count) }), lines, bars: [], chosen: -1 };
}

/**
 * The sum over the rows.
 * @param {Back} back
 */
export function sumWords(back) {
  const { terms, more, moreCount, penalty, gradient } = sumOf(back);
  const parts = terms.map(({ number: row, share }) => t("{share} ({row})", { share: shortSigned(share), row: rowName(row) }));
  if (moreCount > 0) parts.push(t("{share} ({n} other rows)", { share: shortSigned(more), n: whole(moreCount) }));
  if (penalty) parts.push(t("{share} (regularizer)", { share: shortSigned(penalty) }));
  return `${parts.join("  ")}  =  ${shortSigned(gradient)}`;
}

/**
 * The way as one sentence, for whom the boxes are not seen.
 * @param {Back} back
 * @param {string[] | null} [classes]
 */
export function waySentence(back, classes) {
  const row = back.rows[back.chosen];
  const boxes = boxesOf(back, classes).map(({ title, note, lines }) => `${title}: ${note}; ${lines.join("; ")}.`);
  return `${rowName(row.number)}. ${boxes.join(" ")}`;
}
