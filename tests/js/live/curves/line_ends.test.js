import assert from "node:assert/strict";
import { test } from "node:test";
import { LABEL, lastWithin, placeLabels } from "../../../../nnviz/browser/live/curves/line_ends.js";

const box = { left: 42, top: 6, width: 300, height: 150 };
const WIDTH = 410;

/** @param {{ x: number, y: number }[]} places */
function inOrder(places) {
  return places.map(({ y }) => y).sort((a, b) => a - b);
}

test("labels stand beside the ends of their lines", () => {
  const ends = [
    { x: 342, y: 40 },
    { x: 342, y: 100 },
  ];
  assert.deepEqual(placeLabels(ends, box, WIDTH), [
    { x: 347, y: 40 },
    { x: 347, y: 100 },
  ]);
});

test("wherever lines end, their labels neither lie over each other nor outside of the plot", () => {
  for (const count of [2, 3, 5]) {
    for (let seed = 0; seed < 200; seed += 1) {
      const ends = Array.from({ length: count }, (_, i) => ({ x: 342, y: 6 + (((seed + 1) * (i * 7919 + 104729)) % 151) }));
      const ys = inOrder(placeLabels(ends, box, WIDTH));
      for (let i = 1; i < count; i += 1) assert.ok(ys[i] - ys[i - 1] >= LABEL.height - 1e-9);
      assert.ok(ys[0] >= box.top + LABEL.height / 2 - 1e-9);
      assert.ok((ys.at(-1) ?? 0) <= box.top + box.height - LABEL.height / 2 + 1e-9);
    }
  }
});

test("the upper line keeps the upper label; at the right edge a label stays within the panel", () => {
  const [lower, upper] = placeLabels(
    [
      { x: 400, y: 81 },
      { x: 400, y: 80 },
    ],
    box,
    WIDTH,
  );
  assert.ok(upper.y < lower.y);
  assert.ok(upper.x + LABEL.width <= WIDTH);
});

test("no lines have no labels", () => {
  assert.deepEqual(placeLabels([], box, WIDTH), []);
});

test("the end of a line is its last point that is in view and a number", () => {
  const [xs, ys] = [
    [1, 2, 3, 4],
    [5, 6, 7, Number.NaN],
  ];
  assert.deepEqual(lastWithin(xs, ys, [0, 9]), { x: 3, y: 7 });
  assert.deepEqual(lastWithin(xs, ys, [0, 2.5]), { x: 2, y: 6 });
  assert.equal(lastWithin(xs, ys, [7, 9]), null);
  assert.equal(lastWithin([], [], [0, 9]), null);
});
