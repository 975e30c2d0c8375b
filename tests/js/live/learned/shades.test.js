import assert from "node:assert/strict";
import { test } from "node:test";
import { diverging, errorScale, level, scaleOf, spanOf } from "../../../../nnviz/browser/live/learned/shades.js";

const theme = /** @type {any} */ ({ low: [0, 100, 0], middle: [200, 200, 200], high: [100, 0, 100] });

test("a target's scale is around the mean of its rows and goes no farther than they do", () => {
  const skewed = { middle: 4, reach: 5, low: 1, high: 9 };
  assert.deepEqual(scaleOf([1, 2, 9]), skewed);
  assert.deepEqual(spanOf(skewed), [-0.6, 1]);
  assert.deepEqual(
    [0, 1, 9, 12].map((value) => level(value, skewed)),
    [-0.6, -0.6, 1, 1],
  );
  assert.deepEqual(scaleOf(new Float32Array([3, 3])), { middle: 3, reach: 0, low: 3, high: 3 });
  assert.deepEqual(spanOf({ middle: 3, reach: 0, low: 3, high: 3 }), [-1, 1]);
  assert.deepEqual(scaleOf([Number.NaN, 2, 4]), { middle: 3, reach: 1, low: 2, high: 4 });
  assert.equal(scaleOf([]), null);
});

test("the mean is in the middle, low and high at the ends, and what is beyond stays there", () => {
  const scale = { middle: 4, reach: 5 };
  assert.deepEqual(
    [-1, 4, 9, 20].map((value) => level(value, scale)),
    [-1, 0, 1, 1],
  );
  assert.deepEqual(diverging(0, theme), theme.middle);
  assert.deepEqual([diverging(-1, theme), diverging(1, theme)], [theme.low, theme.high]);
  assert.equal(level(7, { middle: 7, reach: 0 }), 0);
});

test("errors are around 0, and one wild row does not press the others flat", () => {
  const truth = Array.from({ length: 100 }, (_, i) => i);
  const predicted = truth.map((value, i) => value + (i === 50 ? 1000 : (i % 2 || -1) * 2));
  assert.deepEqual(errorScale(truth, predicted), { middle: 0, reach: 2 });
  assert.deepEqual(errorScale([], []), { middle: 0, reach: 0 });
});
