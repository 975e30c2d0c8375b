import assert from "node:assert/strict";
import { test } from "node:test";
import { digitsOf, formula, symbol, tens } from "../../../../nnviz/browser/live/back/formula.js";

const MARKS = { line: "", above: "^", below: "_" };

/**
 * In one line: names in stars, what is above the line after ^, below after _.
 * @param {import("../../../../nnviz/browser/live/back/formula.js").Piece[]} pieces
 */
const flat = (pieces) => pieces.map(({ text, place, isName }) => `${MARKS[place]}${isName ? `*${text}*` : text}`).join("");

test("quantities are written as mathematics has them", () => {
  assert.equal(flat(symbol("w")), "*w*");
  assert.equal(flat(symbol("beta_1")), "*β*_1");
  assert.equal(flat(symbol("adam_beta_1")), "*β*_1");
  assert.equal(flat(symbol("v_hat")), "*v̂*");
  assert.equal(flat(symbol("lr")), "*η*");
  assert.equal(flat(symbol("weight_decay")), "*weight decay*");
  assert.equal(flat(symbol("norm_w")), "*norm*_w");
});

test("powers stand above the line, times is a dot, functions are upright", () => {
  assert.equal(flat(formula("beta_1 * m + (1 - beta_1) * g")), "*β*_1 · *m* + (1 − *β*_1) · *g*");
  assert.equal(flat(formula("w - lr / (1 - beta_1 ** t)")), "*w* − *η* / (1 − *β*_1^*t*)");
  assert.equal(flat(formula("0.13 ** (-(-0.5)) * 1e-07")), "0.13^−(−^0.5^) · 10^−7");
  assert.equal(flat(formula("sqrt(v) + epsilon")), "sqrt(*v*) + *ε*");
  assert.equal(flat(formula("row_mean(g)")), "row mean(*g*)");
});

test("numbers have so many digits, and powers of ten", () => {
  assert.equal(digitsOf(0.4321987), "0.4322");
  assert.equal(digitsOf(0.4321987, 6), "0.432199");
  assert.equal(digitsOf(-0.00001234567), "-1.235e-5");
  assert.equal(digitsOf(123456.7), "1.235e+5");
  assert.equal(digitsOf(43289), "43289", "a count of steps");
  assert.equal(digitsOf(0), "0");
  assert.equal(digitsOf(null), null);
  assert.equal(digitsOf(Number.NaN), null);
  assert.equal(flat(tens("1.5e-07")), "1.5·10^−7");
  assert.equal(flat(tens("1e+06")), "10^6");
  assert.equal(flat(tens("-0.5")), "−0.5");
});
