// Weights, their changes and costs as numbers that can be told apart. Pure: no DOM.

import { number } from "../../common/numbers.js";
import { signed } from "../network/unit/names.js";

/** A change with its sign, to three digits. @param {number} value */
export function small(value) {
  if (value === 0 || !Number.isFinite(value)) return signed(value);
  const size = Math.abs(value);
  const text = size >= 1e-5 && size < 1e6 ? Number(size.toPrecision(3)).toString() : size.toExponential(1);
  return `${value < 0 ? "−" : "+"}${text}`;
}

/**
 * A number with as many digits as it takes to tell it from another one that is close.
 * @param {number} value
 * @param {number} other
 */
export function close(value, other) {
  const gap = Math.abs(value - other);
  if (!(gap > 0) || !Number.isFinite(gap)) return number(value);
  const decimals = Math.min(9, Math.max(3, 1 - Math.floor(Math.log10(gap))));
  return value.toFixed(decimals);
}

/** Two digits of a positive number. @param {number} value */
export const digits = (value) => (value < 100 ? String(Number(value.toPrecision(2))) : Math.round(value).toLocaleString("en-US"));

/** Three digits without a sign. @param {number} value */
export const number3 = (value) => small(value).replace(/^\+/, "");
