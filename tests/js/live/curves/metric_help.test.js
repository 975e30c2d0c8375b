import assert from "node:assert/strict";
import { test } from "node:test";
import { setMetrics } from "../../../../nnviz/browser/common/numbers.js";
import { helpLines } from "../../../../nnviz/browser/live/curves/metric_help.js";

test("behind the question mark of a chart", () => {
  setMetrics([
    { name: "loss", title: "Loss", percent: false, help: "The mean over rows." },
    { name: "accuracy", title: "Accuracy", percent: true, help: "The share of rows." },
  ]);
  const cost = { name: "Huber", help: "Squares only small misses." };
  const rows = "Training: rows that it learns from. Validation: rows that it never learns from.";
  assert.deepEqual(helpLines("loss", cost), [
    "The mean over rows.",
    "The cost of this run is Huber. Squares only small misses.",
    rows,
  ]);
  assert.deepEqual(helpLines("accuracy", cost), ["The share of rows.", rows]);
  assert.deepEqual(helpLines("loss"), ["The mean over rows.", rows]);
  assert.deepEqual(helpLines("own_metric", cost), []);
  setMetrics([]);
});
