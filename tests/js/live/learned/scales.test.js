import assert from "node:assert/strict";
import { test } from "node:test";
import { extentOf, rangeOf, ticks } from "../../../../nnviz/browser/live/learned/scales.js";

test("ticks are round numbers inside of the range, zero exactly", () => {
  assert.deepEqual(
    ticks(0, 1, 5).map((at) => +at.toFixed(9)),
    [0, 0.2, 0.4, 0.6, 0.8, 1],
  );
  assert.ok(ticks(-0.3, 0.3, 5).includes(0));
  assert.deepEqual(ticks(990, 1010, 4), [990, 995, 1000, 1005, 1010]);
});

test("a range without a width has no ticks", () => {
  assert.deepEqual([ticks(3, 3, 5), ticks(0, Number.NaN, 5), ticks(0, Infinity, 5)], [[], [], []]);
});

test("the range of columns, with room on both sides", () => {
  assert.deepEqual(rangeOf([[1, 5], [3]]), [1, 5]);
  assert.deepEqual(rangeOf([[0, 10]], 0.1), [-1, 11]);
  assert.deepEqual(rangeOf([[2, 2]], 0.5), [1.5, 2.5]);
  assert.deepEqual(rangeOf([[Number.NaN, 4]]), [4, 4]);
  assert.equal(rangeOf([[]]), null);
});

test("a plane without rows has no extent", () => {
  assert.equal(extentOf({ x: [], y: [], label: [] }), null);
  assert.equal(extentOf(undefined), null);
  assert.deepEqual(extentOf({ x: [0, 100], y: [0, 50], label: [] }), [-8, 108, -4, 54]);
});
