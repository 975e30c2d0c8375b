import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOf } from "../../../../nnviz/browser/live/curves/band.js";

test("a band holds every point between its edges, from the first place to the last", () => {
  const xs = Array.from({ length: 1000 }, (_, i) => i / 10);
  const values = xs.map((x, i) => 5 - x / 30 + Math.sin(i * 12.9898));
  const { x, low, high } = bandOf(xs, values);
  assert.deepEqual([x[0], x.at(-1)], [0, 99.9]);
  assert.ok(x.length <= 122, `${x.length} places`);
  assert.ok(x.every((at, i) => i === 0 || at > x[i - 1] || i === 1));
  assert.equal(Math.min(...low), Math.min(...values));
  assert.equal(Math.max(...high), Math.max(...values));
  assert.ok(low.every((value, i) => value < high[i]));
});

test("few points make one stretch, and a single one nothing", () => {
  assert.deepEqual(bandOf([1, 2, 3], [4, 2, 3]), { x: [1, 2, 3], low: [2, 2, 2], high: [4, 4, 4] });
  assert.deepEqual(bandOf([1], [4]), { x: [], low: [], high: [] });
  assert.deepEqual(bandOf([], []).x, []);
});

test("what is no number is left out, and a stretch without points has no step", () => {
  const xs = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 9.4, 9.5, 9.6, 9.7, 9.8, 10, 10];
  const values = xs.map((_, i) => (i === 3 ? Number.NaN : i));
  const { x, low, high } = bandOf(xs, values);
  assert.deepEqual(x, [0, 2.5, 7.5, 10]);
  assert.deepEqual(
    [low, high],
    [
      [0, 0, 6, 6],
      [5, 5, 12, 12],
    ],
  );
});

test("points at one place are a band all the same", () => {
  assert.deepEqual(bandOf([2, 2], [1, 3]).high, [3, 3, 3]);
});
