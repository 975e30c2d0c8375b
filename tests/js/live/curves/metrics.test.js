import assert from "node:assert/strict";
import { test } from "node:test";
import { metricOf, metricsOf } from "../../../../nnviz/browser/live/curves/metrics.js";

test("metrics come once each, the usual ones first", () => {
  const feeds = [
    ["val_loss", "precision", "loss"],
    ["test_accuracy", "auc"],
  ].map((names) => ({
    epochs: new Map(names.map((name) => [name, null])),
  }));
  assert.deepEqual(metricsOf(feeds), ["loss", "accuracy", "auc", "precision"]);
});

test("the first panel draws the loss, the second what the user has chosen of the others", () => {
  const known = ["loss", "accuracy", "f1"];
  assert.deepEqual(metricOf(0, known, { several: false }), { choices: ["loss"], metric: "loss" });
  assert.equal(metricOf(1, known, { several: false }).metric, "accuracy");
  assert.deepEqual(metricOf(1, known, { several: false, chosen: "f1" }), { choices: ["accuracy", "f1"], metric: "f1" });
  assert.equal(metricOf(1, known, { several: false, chosen: "gone" }).metric, "accuracy");
});

test("as long as nothing has come, the task says what will", () => {
  assert.equal(metricOf(1, [], { several: false, task: "regression" }).metric, "mae");
  assert.equal(metricOf(1, [], { several: false, task: "classification" }).metric, "accuracy");
});

test("what the page says is drawn without a choice", () => {
  assert.deepEqual(metricOf(0, ["loss", "f1"], { metrics: ["f1"], several: true }), { choices: [], metric: "f1" });
});
