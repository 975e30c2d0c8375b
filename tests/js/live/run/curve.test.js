import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve, smooth, thinned } from "../../../../nnviz/browser/live/run/curve.js";

/** @param {number} count @param {(i: number) => number} value @param {number} [start] */
function points(count, value, start = 1) {
  const steps = Array.from({ length: count }, (_, i) => start + i);
  return /** @type {const} */ ([steps, steps.map((step) => step / 10), steps.map((step) => step / 100), steps.map(value)]);
}

test("points that have come before are not added again", () => {
  const curve = new Curve();
  assert.equal(curve.append(...points(5, (i) => i)), 5);
  assert.equal(curve.append(...points(5, (i) => i, 3)), 2);
  assert.deepEqual(curve.step, [1, 2, 3, 4, 5, 6, 7]);
});

test("all columns keep the same length", () => {
  const curve = new Curve();
  for (let start = 1; start < 5000; start += 70) curve.append(...points(70, (i) => Math.sin(i), start));
  const lengths = [curve.step, curve.epoch, curve.time, curve.value].map((column) => column.length);
  assert.equal(new Set(lengths).size, 1);
  assert.ok(lengths[0] <= 1000);
  assert.equal(curve.last, 5040);
});

test("a thinned curve keeps its spikes, its ends, and its order", () => {
  const step = Array.from({ length: 2000 }, (_, i) => i);
  const value = step.map((i) => ({ 777: 9, 1234: -9 })[i] ?? Math.sin(i / 50));
  const places = thinned(step, value, 100);
  assert.ok(places.includes(777) && places.includes(1234));
  assert.ok(places.length <= 2 * 101 + 1);
  assert.equal(places.at(-1), 1999);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test("stretches are as long in steps, not in points", () => {
  const step = [...Array.from({ length: 500 }, (_, i) => i), 10_000, 20_000];
  const places = thinned(
    step,
    step.map(() => 1),
    10,
  );
  assert.deepEqual(
    places.map((at) => step[at]),
    [0, 10_000, 20_000],
  );
});

test("an empty curve has no last step and no value", () => {
  const curve = new Curve();
  assert.equal(curve.last, -1);
  assert.equal(curve.valueAt(), undefined);
  curve.append(...points(3, (i) => i));
  curve.clear();
  assert.equal(curve.last, -1);
});

test("the value at a moment is the last one up to it", () => {
  const curve = new Curve();
  curve.append([10, 20, 30], [1, 2, 3], [1, 2, 3], [0.3, 0.2, 0.1]);
  assert.deepEqual(
    [null, 5, 20, 25, 99].map((step) => curve.valueAt(step)),
    [0.1, 0.3, 0.2, 0.2, 0.1],
  );
});

test("smoothing is the moving average with the start corrected, and goes around gaps", () => {
  assert.deepEqual(
    smooth([3, 3, 3], 0.9).map((value) => +value.toFixed(12)),
    [3, 3, 3],
  );
  const [first, second] = smooth([1, 2], 0.5);
  assert.equal(first, 1);
  assert.equal(+second.toFixed(12), +((0.5 * 0.5 * 1 + 0.5 * 2) / 0.75).toFixed(12));
  const withGap = smooth([1, Number.NaN, 1], 0.5);
  assert.ok(Number.isNaN(withGap[1]));
  assert.equal(withGap[2], 1);
  const values = [1, 2];
  assert.equal(smooth(values, 0), values);
});
