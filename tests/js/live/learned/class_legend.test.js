import assert from "node:assert/strict";
import { test } from "node:test";
import { classCount } from "../../../../nnviz/browser/live/learned/class_legend.js";

test("the classes of a plane are those of its rows and of the network", () => {
  const points = { label: new Float32Array([0, 2, 1, 2]) };
  assert.equal(classCount(undefined, { points }), 3);
  assert.equal(classCount({ kind: "classes", classes: 5 }, { points }), 5);
  assert.equal(classCount({ kind: "classes", classes: 2 }, {}), 2);
});

test("numbers have no classes", () => {
  const points = { label: [0.5, 1.5] };
  assert.equal(classCount(undefined, { points, scale: [0.5, 1.5] }), 0);
  assert.equal(classCount({ kind: "values" }, { points }), 0);
});
