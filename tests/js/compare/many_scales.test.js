import assert from "node:assert/strict";
import { test } from "node:test";
import { linear, nearest, rangesOf, ticks, unpacked } from "../../../nnviz/browser/compare/many_scales.js";

/** @type {(x: number[], y: number[]) => any} */
const curve = (x, y) => ({ x, y });

test("packed numbers come back", () => {
  const packed = Buffer.from(new Float32Array([1, -0.5, Number.NaN]).buffer).toString("base64");
  assert.deepEqual([...unpacked(packed)], [1, -0.5, Number.NaN]);
});

test("ranges hold all finite points", () => {
  const { x, y } = /** @type {any} */ (rangesOf([curve([1, 2], [1, 3]), curve([2, 5], [Number.NaN, 2])], false));
  assert.deepEqual(x, [0, 5]);
  assert.ok(y[0] < 1 && y[1] > 3 && y[1] < 3.2);
  assert.equal(rangesOf([curve([1], [Number.NaN])], false), null);
  assert.equal(rangesOf([], false), null);
});

test("a logarithmic axis leaves out what has no logarithm", () => {
  const { y } = /** @type {any} */ (rangesOf([curve([1, 2, 3], [0.01, 0, 100])], true));
  assert.ok(y[0] < -2 && y[0] > -2.5 && y[1] > 2);
});

test("ticks are round numbers within the range", () => {
  assert.deepEqual(ticks([0, 1], 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks([-3, 7], 4), [0, 5]);
  assert.deepEqual(ticks([0.12, 0.13], 2), [0.12, 0.125, 0.13]);
});

test("scales are linear and may turn around", () => {
  const scale = linear([0, 10], [100, 0]);
  assert.deepEqual([scale(0), scale(5), scale(10)], [100, 50, 0]);
});

test("the nearest curve is picked, between its points, too", () => {
  const lines = [
    { px: [0, 100], py: [10, 10] },
    { px: [0, 100], py: [30, 50] },
  ];
  assert.deepEqual(nearest(lines, 50, 15, 24), { line: 0, point: 1 });
  assert.deepEqual(nearest(lines, 10, 30, 24), { line: 1, point: 0 });
  assert.equal(nearest(lines, 50, 90, 24), null);
  assert.equal(nearest([{ px: [5], py: [Number.NaN] }], 5, 5, 24), null);
});
