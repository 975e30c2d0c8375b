// Functions of one variable from formulas, with their derivatives, and a check of these by finite differences.

import { REDUCTIONS } from "./functions.js";
import { parseExpression } from "./parse.js";

/** @typedef {import("./functions.js").Dual} Dual */
/** @typedef {((x: number) => number) & { slope: (x: number) => number }} Curve a function with its derivative */
/**
 * `points`: how many were compared; `kinks`: where the slope or the value jumps; `wrong`: the first x where the derivative
 * rules and finite differences disagree and there is no kink, or null.
 * @typedef {{ points: number, kinks: number[], wrong: { x: number, rule: number, numeric: number } | null }} SlopeCheck
 */

/** @param {...number} values a row of constants: derivatives 0 */
export const still = (...values) => values.map((v) => ({ v, d: 0 }));

/**
 * @param {number} v
 * @returns {Dual}
 */
export const moving = (v, d = 1) => ({ v, d });

/**
 * @param {(x: number) => Dual} at
 * @returns {Curve}
 */
const withSlope = (at) => Object.assign((/** @type {number} */ x) => at(x).v, { slope: (/** @type {number} */ x) => at(x).d });

/** @param {Record<string, number>} numbers */
const rows = (numbers) => Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, still(Number(value))]));

/**
 * A formula as a function of one variable. Throws ExpressionError.
 * @param {string} text
 * @param {string} variable
 * @param {Record<string, number>} others constants by name
 */
export function curveOf(text, variable, others = {}) {
  const parsed = parseExpression(text, [variable, ...Object.keys(others)]);
  const fixed = rows(others);
  return withSlope((x) => parsed.dual({ ...fixed, [variable]: parsed.mixes ? [moving(x), ...still(0)] : [moving(x)] })[0]);
}

/**
 * A row's cost over one number. Throws ExpressionError.
 * @param {string} text
 * @param {string} columns how the losses of the columns are reduced: row, sum or mean
 * @param {Record<string, number>} numbers parameters by name
 * @param {(x: number) => { y_true: Dual[], y_pred: Dual[] }} row
 */
export function costOf(text, columns, numbers, row) {
  const parsed = parseExpression(text, ["y_true", "y_pred", ...Object.keys(numbers)]);
  const fixed = rows(numbers);
  return withSlope((x) => {
    const values = row(x);
    const shares = parsed.dual({ ...fixed, ...values });
    if (columns === "row") return shares[0];
    return REDUCTIONS[columns](values.y_pred.map((_, i) => (shares.length === 1 ? shares[0] : shares[i])));
  });
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} slack
 */
function isFar(a, b, slack) {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) > slack * (1 + Math.min(Math.abs(a), Math.abs(b)));
}

/**
 * Where a function or its slope jumps between two places, by bisection; null where it does not.
 * @param {Curve} f
 * @param {number} from
 * @param {number} to
 */
function kinkBetween(f, from, to) {
  /** @type {(a: number, b: number, slack: number) => boolean} */
  const jumps = (a, b, slack) => isFar(f.slope(a), f.slope(b), slack) || isFar(f(a), f(b), slack);
  let [a, b] = [from, to];
  if (!jumps(a, b, 0.02)) return null;
  for (let n = 0; n < 32; n += 1) {
    const middle = (a + b) / 2;
    const left = Math.abs(f.slope(middle) - f.slope(a)) + Math.abs(f(middle) - f(a));
    const right = Math.abs(f.slope(b) - f.slope(middle)) + Math.abs(f(b) - f(middle));
    if (left > right) b = middle;
    else a = middle;
  }
  return jumps(a, b, 0.01) ? +b.toFixed(3) || 0 : null;
}

/**
 * Checks `f.slope` on [from, to] against finite differences.
 * @param {Curve} f
 * @param {number} from
 * @param {number} to
 * @returns {SlopeCheck}
 */
export function checkSlope(f, from, to, points = 141) {
  const h = 1e-5;
  const xs = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  /** @type {Set<number>} */
  const kinks = new Set();
  for (let i = 1; i < points; i += 1) {
    const kink = kinkBetween(f, xs[i - 1] - 1e-4, xs[i] - 1e-4);
    if (kink !== null) kinks.add(kink);
  }
  let compared = 0;
  /** @type {SlopeCheck["wrong"]} */
  let wrong = null;
  for (const x of xs) {
    const numeric = (f(x + h) - f(x - h)) / (2 * h);
    const rule = f.slope(x);
    if (!Number.isFinite(numeric) || !Number.isFinite(rule)) continue;
    if ([...kinks].some((at) => Math.abs(at - x) < 2e-3)) continue;
    compared += 1;
    // Where max switches sides the rule may take either; such a point is an error only if it disagrees beside it as well.
    const beside = () => [x - 2e-3, x + 2e-3].some((at) => isFar(numeric, f.slope(at), 0.02));
    if (wrong === null && isFar(numeric, rule, 1e-3) && beside()) wrong = { x, rule, numeric };
  }
  return { points: compared, kinks: [...kinks], wrong };
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * `x * sigmoid(1.7 * x)` in mathematical notation: x · sigmoid(1.7 · x); powers of one digit are raised.
 * @param {string} formula
 */
export function readable(formula) {
  return formula
    .replace(/\s*\*\*\s*(\d)(?![\d.])/g, (_, digit) => RAISED[digit])
    .replace(/square\(([^()\s]+)\)/g, "$1²")
    .replaceAll("**", " ^ ")
    .replace(/\s*\*\s*/g, " · ")
    .replaceAll(">=", "≥")
    .replaceAll("<=", "≤")
    .replace(/ - /g, " − ")
    .replace(/(^|[(,]\s?)-/g, "$1−");
}
