// Colours of values: around a middle with two poles, and of shares in a table. Pure: no DOM.

import { mix } from "../../common/theme.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/**
 * Values from `middle - reach`, in the one pole's colour, to `middle + reach`; where `low` and `high` are there, the colours end
 * with them.
 * @typedef {{ middle: number, reach: number, low?: number, high?: number }} Scale
 */
/** @typedef {Scale & { low: number, high: number }} EndedScale */

/**
 * The scale of a target's values: around their mean, and no farther than they go at either side.
 * @param {ArrayLike<number>} values
 * @returns {EndedScale | null}
 */
export function scaleOf(values) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) continue;
    sum += values[i];
    count += 1;
  }
  return count ? around(sum / count, values) : null;
}

/**
 * The scale around a middle that reaches to the farthest of these values.
 * @param {number} middle
 * @param {ArrayLike<number>} values
 * @returns {EndedScale}
 */
export function around(middle, values) {
  let [low, high] = [middle, middle];
  for (let i = 0; i < values.length; i += 1) {
    if (Number.isFinite(values[i])) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  }
  return { middle, reach: Math.max(middle - low, high - middle), low, high };
}

/**
 * Where a value is on its scale: -1 to 1, 0 in the middle.
 * @param {number} value
 * @param {Scale} scale
 */
export function level(value, { middle, reach, low = middle - reach, high = middle + reach }) {
  return reach > 0 ? (Math.max(low, Math.min(high, value)) - middle) / reach : 0;
}

/**
 * The places of a scale's ends, from -1 to 1.
 * @param {EndedScale} scale
 * @returns {[from: number, to: number]}
 */
export const spanOf = (scale) => (scale.reach > 0 ? [level(scale.low, scale), level(scale.high, scale)] : [-1, 1]);

/**
 * @param {number} at -1 to 1
 * @param {Theme} theme
 * @returns {Colour}
 */
export function diverging(at, theme) {
  return mix(theme.middle, at < 0 ? theme.low : theme.high, Math.abs(at));
}

/**
 * The background of a cell of the confusion matrix, by the share of its row: right ones in grey, wrong ones in a colour, both so
 * pale that the page's text colour can be read on them.
 * @param {number} share 0 to 1
 * @param {boolean} isRight
 * @param {Theme} theme
 * @returns {Colour}
 */
export function cellShade(share, isRight, theme) {
  const colour = isRight ? theme.ink : theme.wrong;
  const most = isRight ? 0.28 : 0.5;
  return mix(theme.paper, colour, share > 0 ? 0.07 + (most - 0.07) * share : 0);
}

/** Of the errors, so many share the scale; the largest few are as strong as its ends. */
const MOST_ERRORS = 0.95;

/**
 * The scale of errors, predicted minus true: around 0.
 * @param {ArrayLike<number>} truth
 * @param {ArrayLike<number>} predicted
 * @returns {Scale}
 */
export function errorScale(truth, predicted) {
  const sizes = Array.from(truth, (value, i) => Math.abs(predicted[i] - value))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return { middle: 0, reach: sizes[Math.floor((sizes.length - 1) * MOST_ERRORS)] ?? 0 };
}
