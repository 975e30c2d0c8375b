import assert from "node:assert/strict";
import { test } from "node:test";
import { ExpressionError, parseExpression } from "../../../../nnviz/browser/stack/expression/parse.js";

/** @param {string} text @param {...number} row */
const value = (text, ...row) => parseExpression(text, ["x"]).run({ x: row })[0];

test("operators bind as in Python", () => {
  const cases = /** @type {const} */ ([
    ["-x**2", -9],
    ["2**-x", 0.125],
    ["2**3**0.5", 2 ** (3 ** 0.5)],
    ["1 - 2 - 3", -4],
    ["12 / 2 / 3", 2],
    ["- -x + +x", 6],
    ["1 + 2 * x", 7],
    ["(1 + 2) * x", 9],
  ]);
  for (const [text, wanted] of cases) assert.ok(Math.abs(value(text, 3) - wanted) < 1e-12, text);
});

test("comparisons are chained, and give one or nothing", () => {
  assert.deepEqual(
    ["0 < x < 4", "0 < x < 2", "x == 3", "x != 3"].map((text) => value(text, 3)),
    [1, 0, 1, 0],
  );
});

test("functions of one and of several values", () => {
  assert.equal(value("clip(x, 0, 1)", 7), 1);
  assert.equal(value("where(x > 0, 5, 6)", -1), 6);
  assert.equal(value("maximum(x, minimum(2, 4))", 1), 2);
  assert.ok(Math.abs(value("erf(x)", 0.5) - 0.5204998778) < 1.5e-7);
});

test("sum, max and mean work over the row, the rest on each element", () => {
  assert.equal(value("mean(x)", 1, 2, 6), 3);
  assert.deepEqual(parseExpression("x - max(x)", ["x"]).run({ x: [1, 4] }), [-3, 0]);
  assert.equal(parseExpression("exp(x) / sum(exp(x))", ["x"]).mixes, true);
  assert.equal(parseExpression("exp(x)", ["x"]).mixes, false);
});

test("a parameter's name comes before a constant", () => {
  assert.equal(value("pi + e"), Math.PI + Math.E);
  assert.equal(parseExpression("e", ["e"]).run({ e: [5] })[0], 5);
});

test("the names that occur are known", () => {
  assert.deepEqual([...parseExpression("y + y * pi", ["x", "y"]).names], ["y"]);
});

test("what is not part of the language is refused, with its place", () => {
  const cases = /** @type {const} */ ([
    ["x ^ 2", 2, /\^ is not part of the language/],
    ["x + ", 4, /something is missing at the end/],
    ["(x", 2, /\) is missing at the end/],
    ["2 x", 2, /x can't stand here/],
    ["foo(x)", 0, /unknown function foo/],
    ["y", 0, /unknown name y; there is x, pi, e/],
    ["sin", 0, /write sin\(...\)/],
    ["clip(x, 1)", 0, /takes 3 values, not 2/],
    ["1e999", 0, /too large/],
  ]);
  for (const [text, position, message] of cases) {
    assert.throws(
      () => parseExpression(text, ["x"]),
      (error) => error instanceof ExpressionError && error.position === position && message.test(error.message),
      text,
    );
  }
});

test("names of JavaScript's own objects mean nothing", () => {
  for (const text of ["constructor", "toString", "__proto__", "constructor(x)", "valueOf(x)"]) {
    assert.throws(() => parseExpression(text, ["x"]), ExpressionError, text);
  }
});

test("what is too long or too deep is refused", () => {
  assert.throws(() => parseExpression("x+".repeat(300), ["x"]), /at most 500 characters/);
  assert.throws(() => parseExpression(`${"(".repeat(51)}x${")".repeat(51)}`, ["x"]), /too deeply nested/);
  assert.equal(value(`${"(".repeat(50)}x${")".repeat(50)}`, 1), 1);
});
