import assert from "node:assert/strict";
import { test } from "node:test";
import { plainCost } from "../../../../nnviz/browser/stack/expression/exactly.js";

test("a cost is written as by hand, without bounds and smoothing that is off", () => {
  const formula = "-(y_true + label_smoothing * (mean(y_true) - y_true)) * log(clip(y_pred, 1e-7, 1 - 1e-7))";
  assert.equal(plainCost(formula, "sum", { label_smoothing: 0 }), "loss = sum over all outputs of −y · log(ŷ)");
  assert.match(plainCost(formula, "sum", { label_smoothing: 0.1 }), /label_smoothing · \(mean\(y\) − y\)/);
  assert.equal(plainCost("square(y_true - y_pred)", "mean"), "loss = mean over all outputs of square(y − ŷ)");
  const cosine = "-sum(y_true * y_pred) / sqrt(maximum(sum(square(y_true)), 1e-14) * maximum(sum(square(y_pred)), 1e-14))";
  assert.equal(plainCost(cosine, "row"), "loss = −sum(y · ŷ) / sqrt(sum(y²) · sum(ŷ²))");
});
