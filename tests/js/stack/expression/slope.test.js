import assert from "node:assert/strict";
import { test } from "node:test";
import { ARITHMETIC, UNARY } from "../../../../nnviz/browser/stack/expression/functions.js";
import { linePath, slopeWords } from "../../../../nnviz/browser/stack/expression/plot.js";
import { checkSlope, costOf, curveOf, moving, readable, still } from "../../../../nnviz/browser/stack/expression/slope.js";

/** @typedef {(x: number) => number} RealFunction */
/** @type {(f: RealFunction, x: number) => number} */
const difference = (f, x) => (f(x + 1e-6) - f(x - 1e-6)) / 2e-6;

test("the slope of every function is that of its differences", () => {
  for (const [name, [f, slope]] of Object.entries(UNARY)) {
    for (const x of [0.3, 0.9, 1.7]) {
      const wanted = difference(/** @type {RealFunction} */ (f), x);
      assert.ok(Math.abs(Number(slope(x)) - wanted) < 1e-5 * (1 + Math.abs(wanted)), `${name} at ${x}`);
    }
  }
});

test("the slopes of the operators in each of their values", () => {
  for (const [sign, [f, slopes]] of Object.entries(ARITHMETIC)) {
    const [a, b] = [1.3, 2.2];
    const wanted = [difference((x) => f(x, b), a), difference((x) => f(a, x), b)];
    const got = /** @type {number[]} */ (slopes(a, b));
    for (const i of [0, 1]) assert.ok(Math.abs(got[i] - wanted[i]) < 1e-6, `${sign} in ${i}`);
  }
});

test("a formula of one variable has a value and a slope", () => {
  const curve = curveOf("x * sigmoid(beta * x)", "x", { beta: 1.7 });
  for (const x of [-2, 0, 1.5]) assert.ok(Math.abs(curve.slope(x) - difference(curve, x)) < 1e-6);
});

test("an infinite slope that nothing moves along counts as none", () => {
  assert.equal(curveOf("x + 0 * sqrt(0 * x)", "x").slope(2), 1);
});

test("a formula over a row is drawn beside a zero", () => {
  const curve = curveOf("exp(x) / sum(exp(x))", "x");
  assert.ok(Math.abs(curve(1) - Math.E / (Math.E + 1)) < 1e-12);
});

test("the shares of a cost are joined by its columns", () => {
  const row = () => ({ y_true: still(0, 1), y_pred: still(0.5, 0.5) });
  const cost = (/** @type {string} */ columns) => costOf("square(y_true - y_pred)", columns, {}, row)(0);
  assert.deepEqual(["row", "sum", "mean"].map(cost), [0.25, 0.5, 0.25]);
  const one = costOf("delta * abs(y_true - y_pred)", "mean", { delta: 2 }, (x) => ({ y_true: still(0), y_pred: [moving(x)] }));
  assert.deepEqual([one(3), one.slope(3)], [6, 2]);
});

test("kinks are named, and do not count as errors", () => {
  assert.deepEqual(checkSlope(curveOf("relu(x)", "x"), -4, 4), { points: 140, kinks: [0], wrong: null });
  assert.deepEqual(checkSlope(curveOf("clip(x, -1.25, 2)", "x"), -4, 4).kinks, [-1.25, 2]);
  assert.deepEqual(checkSlope(curveOf("tanh(x)", "x"), -4, 4), { points: 141, kinks: [], wrong: null });
});

test("a slope that differences deny is wrong", () => {
  const lie = Object.assign((/** @type {number} */ x) => x * x, { slope: (/** @type {number} */ x) => x });
  assert.ok(checkSlope(lie, 1, 2).wrong);
});

test("the outcome in words", () => {
  const fine = { points: 10, kinks: [0.5], wrong: null };
  assert.equal(
    slopeWords([fine, { ...fine, kinks: [-1] }]).words,
    "✓ Slope agrees with differences at 20 points. Kinks at -1, 0.5.",
  );
  assert.equal(slopeWords([{ ...fine, kinks: [1, 2, 3, 4, 5, 6, 7] }]).words.endsWith("7 kinks."), true);
  assert.equal(slopeWords([{ points: 0, kinks: [], wrong: null }]).words, "No slope to check here.");
  const { isGood, words } = slopeWords([{ ...fine, wrong: { x: 1, rule: 2, numeric: 3.2468 } }]);
  assert.deepEqual([isGood, words], [false, "✕ At 1 the slope is 2 by the rules and 3.25 by differences."]);
});

test("a line is broken where the drawing ends", () => {
  const frame = { px: (/** @type {number} */ x) => x, py: (/** @type {number} */ y) => y, bottom: 0, top: 1 };
  assert.equal(linePath([0, 1, 2, 3], [0, 1, 9, 0.5], frame), "M0.0 0.0L1.0 1.0M3.0 0.5");
  assert.equal(linePath([0, 1], [Number.NaN, Infinity], frame), "");
});

test("formulas as people write them", () => {
  assert.equal(readable("x * sigmoid(1.7 * x)"), "x · sigmoid(1.7 · x)");
  assert.equal(readable("square(x) - x**3 + x**2.5"), "x² − x³ + x ^ 2.5");
  assert.equal(readable("where(x >= 0, x, -x)"), "where(x ≥ 0, x, −x)");
});
