// A network, its units and its weights in words, with their current numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { isDead, linkBetween, linksOf } from "./network.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./network.js").Place} Place */
/** @typedef {import("./network.js").Link} Link */
/** A piece of a formula; `weight`: the one that it speaks of. @typedef {{ text: string, weight?: number }} Piece */
/** @typedef {{ title: string, formula: Piece[], facts: string[] }} UnitWords */

/** So many weights of a formula are written out, the largest. */
const MOST_TERMS = 4;
/** Activations that change nothing. */
const PLAIN = ["", "linear", "identity", "none"];

/**
 * A number with its sign always before it.
 * @param {number} value
 */
export function signed(value) {
  if (Number.isNaN(value) || value === 0) return number(value);
  return `${value < 0 ? "−" : "+"}${number(Math.abs(value))}`;
}

/** A number with a minus as long as a plus. @param {number} value */
const plain = (value) => (value < 0 ? signed(value) : number(value));

/**
 * The short name of a unit: among those of its column it is the only one.
 * @param {Column} column
 * @param {number} unit
 * @param {string[] | null} [classes]
 */
export function shortName(column, unit, classes) {
  const { index, name } = column.units[unit];
  const n = index + 1;
  if (column.kind === "inputs") return name || t("input {n}", { n });
  if (column.kind !== "cost") return t("unit {n}", { n });
  return classes?.[index] || name || (column.inAll > 1 ? t("output {n}", { n }) : "");
}

/**
 * The name of a unit within a sentence.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
export function unitName({ columns }, { column, unit }, classes) {
  const one = columns[column];
  const short = shortName(one, unit, classes);
  const { index, name } = one.units[unit];
  if (one.kind === "inputs") return name ? t("input “{name}”", { name }) : short;
  if (one.kind === "layer") return t("unit {n} of layer {layer}", { n: index + 1, layer: one.number || String(column) });
  const isNamed = Boolean(classes?.[index] || name);
  return isNamed ? t("output “{name}”", { name: short }) : short || t("the output");
}

/**
 * What a unit computes, its largest weights first.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 * @returns {Piece[]} empty: its weights are not in the frame
 */
export function formulaOf({ columns }, { column, unit }, classes) {
  const { weights, from, activation, units } = columns[column];
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
 * @param {Network} network
 * @param {Place} place
 */
function factsOf({ columns, rows, part }, { column, unit }) {
  const { note, kind, activation, weights } = columns[column];
  const { mean, zero, low, high } = columns[column].units[unit];
  const facts = [];
  if (kind !== "inputs" && !weights) facts.push(note || t("Its weights are not drawn one by one."));
  if (kind === "cost" && activation === "softmax")
    facts.push(t("Softmax turns the outputs' scores into probabilities that add up to 1."));
  if (Number.isFinite(mean)) {
    const range = { mean: plain(mean), low: plain(low), high: plain(high) };
    const hasRange = Number.isFinite(low) && Number.isFinite(high);
    facts.push(hasRange ? t("On average {mean}, from {low} to {high}.", range) : t("On average {mean}.", range));
  }
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
  return { title: unitName(network, place, classes), formula, facts: factsOf(network, place) };
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
 * How many of a column's units are drawn, where that is not all; else empty.
 * @param {Column} column
 */
export function leftOutWords({ units, inAll }) {
  if (units.length >= inAll) return "";
  return t("{n} of {all}, the largest by weight", { n: units.length, all: inAll.toLocaleString("en-US") });
}

/**
 * The words around a column: over it where it is in the network, under it what it is.
 * @param {Column} column
 * @param {number} place
 */
export function columnWords(column, place) {
  const { kind, title } = column;
  if (kind === "inputs") return { head: t("inputs"), title: "", more: leftOutWords(column) };
  if (kind === "cost") return { head: t("outputs"), title, more: leftOutWords(column) };
  return { head: t("layer {n}", { n: column.number || place }), title, more: leftOutWords(column) };
}

/** @param {string[]} parts */
function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return t("{list} and {last}", { list: parts.slice(0, -1).join(", "), last: parts[parts.length - 1] });
}

/** @param {Network} network */
function sizeWords({ columns }) {
  const [inputs, layers] = [columns[0].inAll, columns.filter(({ kind }) => kind === "layer")];
  const cost = columns.find(({ kind }) => kind === "cost");
  const units = listed(layers.map(({ inAll }) => inAll.toLocaleString("en-US")));
  const parts = [inputs === 1 ? t("1 input") : t("{n} inputs", { n: inputs.toLocaleString("en-US") })];
  if (layers.length) parts.push(units === "1" ? t("1 unit") : t("{n} units", { n: units }));
  if (cost) parts.push(cost.inAll === 1 ? t("1 output") : t("{n} outputs", { n: cost.inAll.toLocaleString("en-US") }));
  return t("Network of {parts}", { parts: parts.join(", ") });
}

/**
 * @param {Network} network
 * @param {string[] | null} [classes]
 */
function strongestWords(network, classes) {
  const { columns } = network;
  const broken = columns.reduce(
    (sum, { weights }) => sum + (weights?.filter((weight) => !Number.isFinite(weight)).length ?? 0),
    0,
  );
  if (broken === 1) return t("1 weight is not a number");
  if (broken) return t("{n} weights are not numbers", { n: broken.toLocaleString("en-US") });
  const most = linksOf(network).reduce(
    (best, link) => (best && Math.abs(best.weight) >= Math.abs(link.weight) ? best : link),
    /** @type {Link | null} */ (null),
  );
  if (!most) return "";
  const column = columns.reduce((best, one) => (one.strongest > best.strongest ? one : best));
  // The frame's largest weight is of float64 and not always among the units drawn.
  if (column.strongest > Math.abs(most.weight) * 1.0001) {
    const values = { weight: plain(column.strongest), title: column.title };
    return t("the strongest weight is {weight} in size, in {title}, of units that are not drawn", values);
  }
  return t("the strongest weight is {weight}, from {source} to {target}", {
    weight: plain(most.weight),
    source: unitName(network, { column: most.from, unit: most.source }, classes),
    target: unitName(network, { column: most.to, unit: most.target }, classes),
  });
}

/** @param {Network} network */
function deadWords({ columns }) {
  const layers = columns.filter(({ kind }) => kind === "layer");
  const units = layers.flatMap((column) => column.units).filter(({ zero }) => Number.isFinite(zero));
  if (!units.length) return "";
  const values = { n: units.filter(isDead).length, all: units.length };
  const isWhole = layers.every((column) => column.units.length === column.inAll);
  if (!values.n) return isWhole ? t("no unit is 0 for all rows") : t("no unit drawn is 0 for all rows");
  if (values.n === 1)
    return isWhole ? t("1 of {all} units is 0 for all rows", values) : t("1 of the {all} units drawn is 0 for all rows", values);
  if (isWhole) return t("{n} of {all} units are 0 for all rows", values);
  return t("{n} of the {all} units drawn are 0 for all rows", values);
}

/**
 * What is seen, in a sentence with numbers.
 * @param {Network} network
 * @param {string[] | null} [classes]
 */
export function networkSentence(network, classes) {
  const parts = [sizeWords(network), strongestWords(network, classes), deadWords(network)];
  return parts.filter(Boolean).join("; ");
}

/**
 * How the picture is to be read.
 * @param {Network} network
 */
export function noteWords({ columns, part }) {
  const units = columns.flatMap((column) => (column.kind === "inputs" ? [] : column.units));
  const links = t("Lines: weights, wider the larger. Point at a unit for its formula.");
  if (units.some(({ map }) => map)) return `${t("Squares: what each unit answers, from negative to positive.")} ${links}`;
  if (!units.some(({ bars }) => bars)) return links;
  const training = t("Bars: how often a unit gives which output, over the training rows.");
  return `${part === "train" ? training : t("Bars: how often a unit gives which output, over the validation rows.")} ${links}`;
}

/**
 * The words of what is pointed at; null where this frame does not have it.
 * @param {Network} network
 * @param {{ unit: Place } | { source: Place | null, target: Place | null }} places
 * @param {string[] | null} [classes]
 * @returns {UnitWords | null}
 */
export function wordsOf(network, places, classes) {
  if ("unit" in places) return unitWords(network, places.unit, classes);
  const link = linkBetween(network, places.source, places.target);
  return link && { title: linkWords(network, link, classes), formula: [], facts: [] };
}
