// Names of units and numbers of them, in short. Pure: no DOM.

import { t } from "../../../common/messages.js";
import { number } from "../../../common/numbers.js";

/** @typedef {import("../network.js").Column} Column */

/**
 * A number with its sign always before it.
 * @param {number} value
 */
export function signed(value) {
  if (Number.isNaN(value) || value === 0) return number(value);
  return `${value < 0 ? "−" : "+"}${number(Math.abs(value))}`;
}

/** A number with a minus as long as a plus. @param {number} value */
export const plain = (value) => (value < 0 ? signed(value) : number(value));

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
