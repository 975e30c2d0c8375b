// The functions and operators of the expression language, each beside its derivative.

/** @typedef {{ v: number, d: number }} Dual a value and its derivative */
/**
 * A function and its derivative; of several arguments, its partial derivatives.
 * @typedef {[(...values: number[]) => number, (...values: number[]) => number | number[]]} Rule
 */

/** @type {Record<string, number>} */
export const CONSTANTS = { pi: Math.PI, e: Math.E };

/** @param {number} x */
const erf = (x) => {
  // Abramowitz and Stegun 7.1.26: |error| < 1.5e-7, finer than a pixel.
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
};

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, Rule>} */
export const UNARY = {
  abs: [Math.abs, Math.sign],
  exp: [Math.exp, Math.exp],
  log: [Math.log, (x) => 1 / x],
  log1p: [Math.log1p, (x) => 1 / (1 + x)],
  expm1: [Math.expm1, Math.exp],
  sqrt: [Math.sqrt, (x) => 0.5 / Math.sqrt(x)],
  sign: [Math.sign, () => 0],
  sin: [Math.sin, Math.cos],
  cos: [Math.cos, (x) => -Math.sin(x)],
  tan: [Math.tan, (x) => 1 / Math.cos(x) ** 2],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  sinh: [Math.sinh, Math.cosh],
  cosh: [Math.cosh, Math.sinh],
  atan: [Math.atan, (x) => 1 / (1 + x * x)],
  erf: [erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
  square: [(x) => x * x, (x) => 2 * x],
  sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))],
  relu: [(x) => Math.max(x, 0), (x) => +(x > 0)],
  softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid],
  softsign: [(x) => x / (1 + Math.abs(x)), (x) => 1 / (1 + Math.abs(x)) ** 2],
};

/** @type {(x: number, a: number, b: number) => number[]} */
const clipSlope = (x, a, b) => {
  if (x > b) return [0, 0, 1];
  return x < a ? [0, 1, 0] : [1, 0, 0];
};

/** Each with its number of arguments. @type {Record<string, [number, ...Rule]>} */
export const MULTI_ARGUMENT = {
  minimum: [2, Math.min, (a, b) => (a <= b ? [1, 0] : [0, 1])],
  maximum: [2, Math.max, (a, b) => (a >= b ? [1, 0] : [0, 1])],
  clip: [3, (x, a, b) => Math.min(Math.max(x, a), b), clipSlope],
  where: [3, (c, a, b) => (c ? a : b), (c) => (c ? [0, 1, 0] : [0, 0, 1])],
};

/** @param {Dual[]} row */
const sum = (row) => row.reduce((a, b) => ({ v: a.v + b.v, d: a.d + b.d }), { v: 0, d: 0 });

/** Reductions over a row. @type {Record<string, (row: Dual[]) => Dual>} */
export const REDUCTIONS = {
  sum,
  max: (row) => row.reduce((a, b) => (b.v > a.v || Number.isNaN(b.v) ? b : a)),
  mean: (row) => {
    const { v, d } = sum(row);
    return { v: v / row.length, d: d / row.length };
  },
};

const ZERO_SLOPES = () => [0, 0];

/** @type {Record<string, Rule>} */
export const COMPARISONS = {
  "<": [(a, b) => +(a < b), ZERO_SLOPES],
  "<=": [(a, b) => +(a <= b), ZERO_SLOPES],
  ">": [(a, b) => +(a > b), ZERO_SLOPES],
  ">=": [(a, b) => +(a >= b), ZERO_SLOPES],
  "==": [(a, b) => +(a === b), ZERO_SLOPES],
  "!=": [(a, b) => +(a !== b), ZERO_SLOPES],
};

/** @type {Record<string, Rule>} */
export const ARITHMETIC = {
  "+": [(a, b) => a + b, () => [1, 1]],
  "-": [(a, b) => a - b, () => [1, -1]],
  "*": [(a, b) => a * b, (a, b) => [b, a]],
  "/": [(a, b) => a / b, (a, b) => [1 / b, -a / (b * b)]],
  "**": [(a, b) => a ** b, (a, b) => [b * a ** (b - 1), a ** b * Math.log(a)]],
};

/** @type {Rule} */
export const NEGATION = [(x) => -x, () => -1];

export const FUNCTIONS = [...Object.keys(UNARY), ...Object.keys(MULTI_ARGUMENT), ...Object.keys(REDUCTIONS)].sort();
