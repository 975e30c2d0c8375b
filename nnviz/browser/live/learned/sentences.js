// What a wrong answer was, in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { rangeOf } from "./scales.js";

/** @typedef {import("./worst.js").Worst} Worst */

/**
 * A translated message in parts: texts, and what stands for its placeholders.
 * @template Part
 * @param {string} message
 * @param {Record<string, Part>} values
 * @returns {(string | Part)[]}
 */
export function inParts(message, values) {
  const pieces = message.split(/\{(\w+)\}/);
  return pieces.map((piece, i) => (i % 2 ? (values[piece] ?? piece) : piece)).filter((piece) => piece !== "");
}

/**
 * A class by its name, or by its number where it has none.
 * @param {string[] | null | undefined} names
 * @param {number} k
 */
export const nameOf = (names, k) => names?.[k] ?? String(k);

/**
 * A probability as people write it: never 0 % or 100 % where it is neither.
 * @param {number} share
 */
export function percent(share) {
  const hundredths = 100 * share;
  if (hundredths > 0 && hundredths < 0.1) return "<\u00a00.1\u00a0%";
  if (hundredths > 99.9 && hundredths < 100) return ">\u00a099.9\u00a0%";
  const isWhole = (hundredths >= 10 && hundredths <= 90) || hundredths === 0 || hundredths === 100;
  return `${hundredths.toFixed(isWhole ? 0 : 1)}\u00a0%`;
}

/**
 * The probabilities of the predicted class and of the true one; the latter
 * alone where only that is known, nothing where they are none.
 * @param {Worst} item
 */
export function probabilities({ truth, guess, probability, right }) {
  if (right == null) return "";
  if (probability == null) return t("true {n}", { n: percent(right) });
  const guessed = t("predicted {n}", { n: percent(probability) });
  return truth === guess ? guessed : `${guessed} · ${t("true {n}", { n: percent(right) })}`;
}

/**
 * The ends and the middle of a scale of values around their mean, with the target's unit.
 * @param {import("./shades.js").EndedScale} scale
 * @param {string} [unit]
 */
export function valueWords({ low, middle, high }, unit = "") {
  const format = oneFormat(low, high);
  const written = (/** @type {number} */ value) => format(value).replace("-", "−") + (unit && `\u00a0${unit}`);
  return { low: written(low), middle: t("mean {n}", { n: written(middle) }), high: written(high) };
}

/**
 * Truth, prediction and error of numbers with the same decimals, and the target's unit.
 * @param {Worst[]} worst
 * @param {string} [unit]
 * @returns {(item: Worst) => { truth: string, guess: string, error: string }}
 */
export function numberWords(worst, unit = "") {
  const [low, high] = rangeOf([worst.flatMap(({ truth, guess }) => [truth, guess])]) ?? [0, 1];
  const format = oneFormat(low, high);
  const after = unit && `\u00a0${unit}`;
  /** @param {number} value */
  const written = (value) =>
    format(value)
      .replace(/^-(?=0$)/, "")
      .replace("-", "−");
  return ({ truth, guess }) => {
    const error = guess - truth;
    const sign = error > 0 ? "+" : "−";
    return {
      truth: written(truth) + after,
      guess: written(guess) + after,
      error: `${error === 0 ? "" : sign}${format(Math.abs(error))}${after}`,
    };
  };
}
