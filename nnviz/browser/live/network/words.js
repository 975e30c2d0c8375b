// A network, its units and its weights in words, with their current numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { percent } from "../learned/sentences.js";
import { linkBetween } from "./links.js";
import { lookFacts } from "./unit/facts.js";
import { plain, shortName, signed } from "./unit/names.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./links.js").Link} Link */
/** A piece of a formula; `weight`: the one that it speaks of. @typedef {{ text: string, weight?: number }} Piece */
/** @typedef {{ title: string, formula: Piece[], facts: string[] }} UnitWords */

/** So many weights of a formula are written out, the largest. */
const MOST_TERMS = 4;
/** Activations that change nothing. */
const PLAIN = ["", "linear", "identity", "none"];

/**
 * The name of a unit within a sentence.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
export function unitName({ columns }, { column, unit }, classes) {
  const one = columns[column];
  const { index, name } = one.units[unit];
  if (one.kind === "rows") return t("the cost of each row");
  if (one.kind !== "cost") return nameAt(one, index, column);
  const short = shortName(one, unit, classes);
  const isNamed = Boolean(classes?.[index] || name);
  return isNamed ? t("output “{name}”", { name: short }) : short || t("the output");
}

/**
 * The name of one of a layer's units, or of the inputs, whether or not it is drawn.
 * @param {Column} column
 * @param {number} index
 * @param {number} place of the column
 */
function nameAt({ kind, units, number: layer, copies }, index, place) {
  const n = index + 1;
  if (kind === "inputs") {
    const name = units.find((one) => one.index === index)?.name;
    return name ? t("input “{name}”", { name }) : t("input {n}", { n });
  }
  const values = { n, layer: layer || String(place) };
  const own = kind === "slim" ? t("output {n} of layer {layer}", values) : t("unit {n} of layer {layer}", values);
  const words = copies.map(({ copy, times }) => t("copy {n} of {times}", { n: copy + 1, times }));
  return [own, ...words].join(", ");
}

/**
 * What a unit computes, its largest weights first.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 * @returns {Piece[]} empty: its weights are not in the frame
 */
export function formulaOf({ columns }, { column, unit }, classes) {
  const { weights, from, activation, units, join } = columns[column];
  if (join) return joinFormula(columns, join, units[unit].index);
  if (!weights || from === null) return [];
  const sources = columns[from];
  const count = sources.units.length;
  const terms = Array.from(weights.subarray(unit * count, (unit + 1) * count), (weight, source) => ({ weight, source }));
  const size = (/** @type {number} */ weight) => (Number.isNaN(weight) ? Number.POSITIVE_INFINITY : Math.abs(weight));
  terms.sort((a, b) => size(b.weight) - size(a.weight));
  const written = terms.slice(0, MOST_TERMS).sort((a, b) => a.source - b.source);
  /** @type {Piece[]} */
  const pieces = written.map(({ weight, source }) => ({
    text: `${signed(weight)} × ${shortName(sources, source, classes)}`,
    weight,
  }));
  const more = sources.inAll - written.length;
  if (more > 0) pieces.push({ text: t("+ {n} more", { n: more.toLocaleString("en-US") }) });
  const { bias } = units[unit];
  if (bias !== null) pieces.push({ text: signed(bias) });
  if (PLAIN.includes(activation)) return [{ text: "=" }, ...pieces];
  const last = pieces[pieces.length - 1];
  if (last.weight === undefined) last.text += " )";
  else pieces.push({ text: ")" });
  return [{ text: `= ${activation}(` }, ...pieces];
}

/**
 * What a block makes of the outputs that it joins.
 * @param {Column[]} columns
 * @param {import("./network.js").Join} join
 * @param {number} index
 * @returns {Piece[]} empty: it is not a plain sum, mean or choice
 */
function joinFormula(columns, { how, ends, skip, isProjected }, index) {
  if (isProjected) return [];
  if (how === "concatenate") {
    let rest = index;
    for (const end of ends) {
      const { inAll, units } = columns[end];
      if (!units.length) return [];
      if (rest < inAll) return [{ text: `= ${nameAt(columns[end], rest, end)}` }];
      rest -= inAll;
    }
    return [];
  }
  const parts = [...(skip === null ? [] : [skip]), ...ends].map((end) => nameAt(columns[end], index, end));
  const sum = parts.map((text, i) => ({ text: i ? `+ ${text}` : text }));
  return how === "average" ? [{ text: "= (" }, ...sum, { text: `) / ${ends.length}` }] : [{ text: "=" }, ...sum];
}

/**
 * What a block gives, in a few words; empty of a single layer.
 * @param {Pick<Column, "join" | "inside">} column
 */
export function joinWords({ join, inside }) {
  if (inside === 1) return t("1 layer inside, not drawn");
  if (inside) return t("{n} layers inside, not drawn", { n: inside });
  if (!join) return "";
  if (join.isProjected) return t("layers inside + its input, brought to their size");
  if (join.skip !== null) return t("layers inside + its input");
  if (join.how === "concatenate") return t("branches side by side");
  return join.how === "average" ? t("mean of the branches") : t("sum of the branches");
}

/**
 * @param {Network} network
 * @param {Place} place
 */
function factsOf({ columns, rows, part }, { column, unit }) {
  const { note, kind, activation, weights, join } = columns[column];
  const { mean, zero, low, high, now, isOff } = columns[column].units[unit];
  if (isOff) return [t("Switched off: it gives 0, and its weights are not trained until it is switched on again.")];
  const facts = [];
  if (join?.isProjected) facts.push(t("The sum of what the layers inside give and of the block's input, brought to their size."));
  else if (["layer", "cost"].includes(kind) && !weights && !join) facts.push(note || t("Its weights are not drawn one by one."));
  if (kind === "cost" && activation === "softmax")
    facts.push(t("Softmax turns the outputs' scores into probabilities that add up to 1."));
  if (Number.isFinite(mean)) {
    const range = { mean: plain(mean), low: plain(low), high: plain(high) };
    const hasRange = Number.isFinite(low) && Number.isFinite(high);
    facts.push(hasRange ? t("On average {mean}, from {low} to {high}.", range) : t("On average {mean}.", range));
  }
  if (kind === "rows")
    facts.push(t("The average over all rows of a part is its loss; the training makes that of the training rows small."));
  if (Number.isFinite(now)) facts.push(t("For this picture {n}.", { n: plain(now) }));
  if (Number.isFinite(zero)) facts.push(zeroWords(zero, rows, part));
  return facts;
}

/**
 * @param {number} zero
 * @param {number} rows
 * @param {string} part
 */
function zeroWords(zero, rows, part) {
  const values = { share: percent(zero), rows: rows.toLocaleString("en-US") };
  if (zero === 1 && part === "train") return t("0 for all {rows} training rows: a dead unit.", values);
  if (zero === 1) return t("0 for all {rows} validation rows: a dead unit.", values);
  if (zero === 0) return t("0 for none of the {rows} rows.", values);
  if (part === "train") return t("0 for {share} of {rows} training rows.", values);
  return t("0 for {share} of {rows} validation rows.", values);
}

/**
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 * @returns {UnitWords}
 */
export function unitWords(network, place, classes) {
  const formula = formulaOf(network, place, classes);
  const facts = [...lookFacts(network, place, classes), ...factsOf(network, place)];
  return { title: unitName(network, place, classes), formula, facts };
}

/**
 * The words of a layer that has no units of its own.
 * @param {Column} column
 * @param {number} place
 * @returns {UnitWords}
 */
export function slimWords({ number, title, help, shape, inside }, place) {
  const facts = [help, inside ? joinWords({ inside, join: null }) : ""];
  const size = shape.map((side) => side.toLocaleString("en-US")).join(" × ");
  if (size === "1") facts.push(t("Gives 1 number for each row."));
  else if (size) facts.push(t("Gives {size} numbers for each row.", { size }));
  return { title: t("layer {n}: {title}", { n: number || place, title }), formula: [], facts: facts.filter(Boolean) };
}

/**
 * A unit's words as one text, as it is read aloud.
 * @param {UnitWords} words
 */
export function spoken({ title, formula, facts }) {
  const first = [title, ...formula.map(({ text }) => text)].join(" ");
  return [facts.length ? `${first}.` : first, ...facts].join(" ");
}

/**
 * @param {Network} network
 * @param {Link} link
 * @param {string[] | null} [classes]
 */
export function linkWords(network, { from, source, to, target, weight }, classes) {
  return t("weight from {source} to {target}: {weight}", {
    source: unitName(network, { column: from, unit: source }, classes),
    target: unitName(network, { column: to, unit: target }, classes),
    weight: plain(weight),
  });
}

/**
 * The words of what is pointed at; null where this frame does not have it.
 * @param {Network} network
 * @param {{ unit: Place } | { slim: number } | { source: Place | null, target: Place | null }} places
 * @param {string[] | null} [classes]
 * @returns {UnitWords | null}
 */
export function wordsOf(network, places, classes) {
  if ("slim" in places) return slimWords(network.columns[places.slim], places.slim);
  if ("unit" in places) return unitWords(network, places.unit, classes);
  const link = linkBetween(network, places.source, places.target);
  return link && { title: linkWords(network, link, classes), formula: [], facts: [] };
}

/**
 * The picture whose feature maps are drawn, what it is and what the network answers.
 * @param {import("./network.js").Picture} picture
 * @param {string} part
 * @param {string[] | null} [classes]
 */
export function pictureWords({ row, of, label, answer, share }, part, classes) {
  const values = { n: (row + 1).toLocaleString("en-US"), all: of.toLocaleString("en-US") };
  const which = part === "train" ? t("Training picture {n} of {all}", values) : t("Validation picture {n} of {all}", values);
  if (share === null) {
    const numbers = (/** @type {number | number[]} */ one) => [one].flat().map(plain).join(", ");
    return [which, t("It is {label}, the network says {answer}.", { label: numbers(label), answer: numbers(answer) })].join(". ");
  }
  const name = (/** @type {number | number[]} */ one) => classes?.[Number(one)] || String(one);
  const answers = { label: name(label), answer: name(answer), share: percent(share) };
  if (label === answer) return [which, t("It is “{label}”, and so says the network ({share}).", answers)].join(". ");
  return [which, t("It is “{label}”, the network says “{answer}” ({share}): wrong.", answers)].join(". ");
}
