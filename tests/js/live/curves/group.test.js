import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate } from "../../../../nnviz/browser/live/curves/group.js";

/** @param {number[]} epoch @param {number[]} value */
const curve = (epoch, value) => ({ epoch, value, step: epoch.map((at) => at * 10), time: epoch.map((at) => at / 2) });

test("mean and band of one standard deviation at each epoch", () => {
  const band = aggregate([curve([1, 2], [1, 4]), curve([1, 2], [3, 8])]);
  assert.deepEqual(band, {
    epoch: [1, 2],
    step: [10, 20],
    time: [0.5, 1],
    mean: [2, 6],
    low: [1, 4],
    high: [3, 8],
    count: [2, 2],
  });
});

test("between its points a curve goes on a straight line", () => {
  const band = aggregate([curve([1, 2, 3], [0, 0, 0]), curve([1, 3], [2, 6])]);
  assert.deepEqual(band?.mean, [1, 2, 3]);
});

test("where a curve has ended the others go on, as long as there are two", () => {
  const band = aggregate([curve([1, 2, 3], [1, 1, 1]), curve([1, 2], [3, 3]), curve([1], [5])]);
  assert.deepEqual(band?.count, [3, 2]);
  assert.deepEqual(band?.epoch, [1, 2]);
});

test("one curve, or curves without points, make no band", () => {
  assert.equal(aggregate([curve([1], [1]), undefined, curve([], [])]), null);
  assert.equal(aggregate([]), null);
});

test("points that are no numbers are left out", () => {
  const band = aggregate([curve([1], [1]), curve([1], [3]), curve([1], [Number.NaN])]);
  assert.deepEqual([band?.mean, band?.count], [[2], [2]]);
});
