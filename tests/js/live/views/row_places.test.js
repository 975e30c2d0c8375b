import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, onward } from "../../../../nnviz/browser/live/views/row_places.js";

test("the pointer takes the nearest point, arrows go on to the next one", () => {
  const places = [
    { x: 10, y: 50 },
    { x: 30, y: 10 },
    { x: 20, y: 90 },
  ];
  assert.deepEqual([nearest(places, 12, 52), nearest(places, 200, 200)], [0, -1]);
  assert.deepEqual(
    [onward(places, -1, "ArrowRight"), onward(places, 0, "ArrowRight"), onward(places, 1, "ArrowRight")],
    [0, 2, 1],
  );
  assert.deepEqual([onward(places, -1, "ArrowUp"), onward(places, 0, "ArrowUp")], [2, 1]);
  assert.equal(onward([], -1, "ArrowDown"), -1);
});
