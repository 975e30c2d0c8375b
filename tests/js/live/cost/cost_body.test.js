import assert from "node:assert/strict";
import { test } from "node:test";
import { besideOf, costBody, pushShare, valueAt } from "../../../../nnviz/browser/live/cost/cost_body.js";
import { bodyOf } from "./bodies.js";

test("rows come in the order of the axis, each with its own numbers", () => {
  const body = costBody(bodyOf());
  assert.ok(body);
  assert.deepEqual(
    body.rows.map(({ number, at, isRight, truth }) => [number, at, isRight, truth]),
    [
      [9, -2, false, 1],
      [4, 1, true, 0],
      [7, 3, true, 1],
    ],
  );
  assert.equal(body.own.kind, "CrossEntropy");
  assert.deepEqual(
    body.others.map(({ kind }) => kind),
    ["MeanSquaredError", "CategoricalHinge"],
  );
});

test("a frame without curves or rows is nothing to draw", () => {
  for (const broken of [null, undefined, {}, { curves: [] }, { curves: "x" }, { ...bodyOf(), rows: null }]) {
    assert.equal(costBody(broken), null);
  }
});

test("a value between two places of a curve lies between theirs, at an end beyond it", () => {
  const values = new Float32Array([0, 10, 30]);
  assert.equal(valueAt(values, -1, 1, -1), 0);
  assert.equal(valueAt(values, -1, 1, -0.5), 5);
  assert.equal(valueAt(values, -1, 1, 0.5), 20);
  assert.equal(valueAt(values, -1, 1, 1), 30);
  assert.equal(valueAt(values, -1, 1, 7), 30);
});

test("a push is a share of the hardest one on the chart", () => {
  const body = costBody(bodyOf());
  assert.ok(body);
  const curve = { kind: "x", cost: new Float32Array(3), slope: new Float32Array([-2, Number.NaN, 0.5]) };
  assert.equal(pushShare(curve, body, body.low), 1);
  assert.equal(pushShare(curve, body, body.high), 0.25);
  assert.equal(pushShare({ ...curve, slope: new Float32Array(3) }, body, 0), 0);
});

test("beside the run's own cost stands the chosen one, else one that teaches most", () => {
  const body = costBody(bodyOf());
  assert.ok(body);
  assert.equal(besideOf(body, "CategoricalHinge")?.kind, "CategoricalHinge");
  assert.equal(besideOf(body, "")?.kind, "MeanSquaredError");
  assert.equal(besideOf(body, "gone")?.kind, "MeanSquaredError");
  assert.equal(besideOf({ ...body, others: [] }, ""), null);
});
