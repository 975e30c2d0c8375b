// A network's picture as a whole and what stands around its columns, in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { linksOf } from "./links.js";
import { isDead } from "./network.js";
import { plain } from "./unit/names.js";
import { joinWords, unitName } from "./words.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./links.js").Link} Link */

/** Units that are drawn at once. */
const PAGE = 16;

/** How many pages of units a column has. @param {Column} column */
export const pagesOf = ({ units, inAll }) => (units.length && units.length < inAll ? Math.ceil(inAll / PAGE) : 1);

/**
 * Which of a column's units are drawn, where that is not all; else empty.
 * @param {Column} column
 * @param {boolean} [isShort] only how many
 */
export function leftOutWords({ units, inAll, page, byWeight }, isShort = false) {
  if (units.length >= inAll) return "";
  const values = {
    n: units.length,
    all: inAll.toLocaleString("en-US"),
    first: page * PAGE + 1,
    last: page * PAGE + units.length,
  };
  if (isShort && !page) return t("{n} of {all}", values);
  if (!byWeight || isShort) return t("{first} to {last} of {all}", values);
  return page ? t("{first} to {last} of {all} by weight", values) : t("{n} of {all}, the largest by weight", values);
}

/**
 * The words around a column: over it where it is in the network, under it what it is.
 * @param {Column} column
 * @param {number} place
 * @param {boolean} [isShort] where there is little room
 */
export function columnWords(column, place, isShort = false) {
  const { kind, title } = column;
  const leftOut = leftOutWords(column, isShort);
  if (kind === "inputs") return { head: t("inputs"), title: "", more: leftOut };
  if (kind === "cost") return { head: t("outputs"), title, more: leftOut };
  if (kind === "rows") {
    const { mean, high } = column.units[0];
    return {
      head: t("cost of rows"),
      title: t("on average {n}", { n: plain(mean) }),
      more: t("at most {n}", { n: plain(high) }),
    };
  }
  const more = [joinWords(column), leftOut].filter(Boolean).join("; ");
  return { head: t("layer {n}", { n: column.number || place }), title, more };
}

/** @param {string[]} parts */
function listed(parts) {
  if (parts.length < 2) return parts.join("");
  return t("{list} and {last}", { list: parts.slice(0, -1).join(", "), last: parts[parts.length - 1] });
}

/** What has units of its own: what a block joins are those of the layers inside it. @param {Column} column */
const isLayer = ({ kind, join }) => kind === "layer" && !join;

/** How many layers are drawn, where that is not all; else empty. @param {Network} network */
function shownWords({ drawnLayers, inAll }) {
  return drawnLayers < inAll ? t("showing {n} of {all} layers", { n: drawnLayers, all: inAll.toLocaleString("en-US") }) : "";
}

/** @param {Network} network */
function sizeWords({ columns }) {
  const [inputs, layers] = [columns[0].inAll, columns.filter(isLayer)];
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
function costWords({ columns }) {
  const unit = columns.find(({ kind }) => kind === "rows")?.units[0];
  if (!unit || !Number.isFinite(unit.mean)) return "";
  return t("a row costs {mean} on average, {high} at most", { mean: plain(unit.mean), high: plain(unit.high) });
}

/** @param {Network} network */
function deadWords({ columns }) {
  const layers = columns.filter(isLayer);
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

/** @param {Network} network */
function offWords({ columns }) {
  const n = columns.flatMap(({ units }) => units).filter(({ isOff }) => isOff).length;
  if (!n) return "";
  return n === 1 ? t("1 unit is switched off") : t("{n} units are switched off", { n });
}

/**
 * What is seen, in a sentence with numbers.
 * @param {Network} network
 * @param {string[] | null} [classes]
 */
export function networkSentence(network, classes) {
  const parts = [
    sizeWords(network),
    shownWords(network),
    strongestWords(network, classes),
    deadWords(network),
    offWords(network),
    costWords(network),
  ];
  return parts.filter(Boolean).join("; ");
}

/**
 * How the picture is to be read, and what is left out of it.
 * @param {Network} network
 */
export function noteWords(network) {
  const count = shownWords(network);
  return [count && `${count[0].toUpperCase()}${count.slice(1)}.`, readingWords(network)].filter(Boolean).join(" ");
}

/** @param {Network} network */
function readingWords({ columns, part }) {
  const units = columns.flatMap((column) => (["inputs", "rows"].includes(column.kind) ? [] : column.units));
  const links = t("Lines: weights, wider the larger. Point at a unit for its formula.");
  if (units.some(({ map }) => map)) return `${t("Squares: what each unit answers, from negative to positive.")} ${links}`;
  if (!units.some(({ bars }) => bars)) return links;
  const training = t("Bars: how often a unit gives which output, over the training rows.");
  return `${part === "train" ? training : t("Bars: how often a unit gives which output, over the validation rows.")} ${links}`;
}
