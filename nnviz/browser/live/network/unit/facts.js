// What a unit looks at, and what it is worth, in sentences. Pure: no DOM.

import { t } from "../../../common/messages.js";
import { plain, shortName } from "./names.js";

/** @typedef {import("../network.js").Network} Network */
/** @typedef {import("../links.js").Place} Place */

/** A weight that is a smaller share of the largest one than this is not spoken of. */
const SLIGHT = 0.2;
/** Means of classes that are closer, as a share of the unit's range, tell nothing apart. */
const ALIKE = 0.02;

/**
 * For which class of rows it is high, and by what it is driven.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
export function lookFacts(network, place, classes) {
  if (network.columns[place.column].units[place.unit].isOff) return [];
  return [driverWords(network, place, classes), classWords(network, place, classes)].filter(Boolean);
}

/**
 * What moves the sum of a unit most, up and down.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
function driverWords({ columns }, { column, unit }, classes) {
  const { weights, from, kind } = columns[column];
  if (kind !== "layer" || !weights || from === null) return "";
  const sources = columns[from];
  const count = sources.units.length;
  const own = Array.from(weights.subarray(unit * count, (unit + 1) * count), (weight, i) => ({
    weight,
    size: Math.abs(weight),
    i,
  }));
  if (own.some(({ size }) => !Number.isFinite(size))) return "";
  const [first, second] = own.toSorted((a, b) => b.size - a.size);
  if (!first?.size) return "";
  const name = (/** @type {{ i: number }} */ one) => shortName(sources, one.i, classes);
  if (!second || second.size < SLIGHT * first.size) {
    const values = { a: name(first) };
    return first.weight > 0
      ? t("Its sum grows with {a}, and hardly changes with anything else.", values)
      : t("Its sum falls with {a}, and hardly changes with anything else.", values);
  }
  const values = { a: name(first), b: name(second), times: (first.size / second.size).toFixed(1) };
  return `${directionWords(first.weight > 0, second.weight > 0, values)}; ${t("{a} counts {times} times as much as {b}.", values)}`;
}

/** @type {(firstGrows: boolean, secondGrows: boolean, values: { a: string, b: string }) => string} */
function directionWords(firstGrows, secondGrows, values) {
  if (firstGrows) {
    return secondGrows ? t("Its sum grows with {a} and {b}", values) : t("Its sum grows with {a} and falls with {b}", values);
  }
  return secondGrows ? t("Its sum falls with {a} and grows with {b}", values) : t("Its sum falls with {a} and {b}", values);
}

/**
 * The classes for whose rows it gives most and least.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
function classWords({ columns }, { column, unit }, classes) {
  const { byClass, low, high } = columns[column].units[unit];
  const known = byClass.map((mean, kind) => ({ mean, kind })).filter(({ mean }) => Number.isFinite(mean));
  if (known.length < 2) return "";
  known.sort((a, b) => a.mean - b.mean);
  const [least, most] = [known[0], known[known.length - 1]];
  if (!(most.mean - least.mean > ALIKE * (high - low))) return t("On average it gives the rows of all classes the same.");
  const name = (/** @type {number} */ kind) => classes?.[kind] ?? String(kind);
  return t("Highest for rows of class {a} (on average {most}), lowest for class {b} ({least}).", {
    a: name(most.kind),
    b: name(least.kind),
    most: plain(most.mean),
    least: plain(least.mean),
  });
}

/**
 * What the rows would cost without a unit; empty where the frame does not say so.
 * @param {Network} network
 * @param {import("../links.js").UnitKey} wanted
 */
export function withoutWords({ columns, rows, part, without }, { key, index }) {
  const now = columns.at(-1)?.units[0]?.mean ?? Number.NaN;
  if (!without || without.key !== key || without.index !== index || !Number.isFinite(now)) return "";
  const values = { rows: rows.toLocaleString("en-US"), without: plain(without.mean), now: plain(now) };
  return part === "train"
    ? t("Without it the loss of {rows} training rows would be {without} instead of {now}.", values)
    : t("Without it the loss of {rows} validation rows would be {without} instead of {now}.", values);
}
