import assert from "node:assert/strict";
import { test } from "node:test";
import { costFormula } from "../../../nnviz/browser/stack/cost_plot.js";

const entry = /** @type {any} */ ({
  formula: "-log(y_pred)",
  sigmoid_formula: "-log(1 - y_pred)",
  transform: "softmax",
  params: [
    { name: "delta", type: "float", default: 0.5 },
    { name: "smooth", type: "bool" },
    { name: "transform", type: "choice" },
  ],
});

test("the formula is that of the transform, with the numbers of the cost or their defaults", () => {
  assert.deepEqual(costFormula(entry, { smooth: true }, undefined), {
    formula: "-log(y_pred)",
    numbers: { delta: 0.5, smooth: 1 },
    transform: "softmax",
  });
  assert.equal(costFormula(entry, { transform: "sigmoid" }, undefined).formula, "-log(1 - y_pred)");
});

test("what is typed is ahead of the cost's expression", () => {
  const cost = { expression: "abs(y_true - y_pred)" };
  assert.equal(costFormula(entry, cost, undefined).formula, cost.expression);
  assert.equal(costFormula(entry, cost, "y_pred").formula, "y_pred");
});
