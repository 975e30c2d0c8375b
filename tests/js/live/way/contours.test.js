import assert from "node:assert/strict";
import { test } from "node:test";
import { contour } from "../../../../nnviz/browser/live/way/contours.js";
import { wayOf } from "../../../../nnviz/browser/live/way/way.js";
import { mapBody, wayBody } from "./bodies.js";

/** @param {(x: number, y: number) => number} cost @param {number} [side] */
const map = (cost, side) => /** @type {any} */ (wayOf(wayBody({ way: mapBody(cost, side) }))).way;

test("the line of a plane is straight, at its level exactly", () => {
  const segments = contour(
    map((x, y) => x + 2 * y, 5),
    3.5,
  );
  assert.ok(segments.length >= 4);
  for (const [x0, y0, x1, y1] of segments) {
    assert.ok(Math.abs(x0 + 2 * y0 - 3.5) < 1e-6);
    assert.ok(Math.abs(x1 + 2 * y1 - 3.5) < 1e-6);
  }
});

test("the line of a bowl is near its circle and closed: every end is that of two segments", () => {
  const segments = contour(
    map((x, y) => (x - 5) ** 2 + (y - 5) ** 2, 11),
    9,
  );
  const ends = new Map();
  for (const [x0, y0, x1, y1] of segments) {
    for (const [x, y] of [
      [x0, y0],
      [x1, y1],
    ]) {
      assert.ok(Math.abs(Math.hypot(x - 5, y - 5) - 3) < 0.06);
      const key = `${x.toFixed(5)} ${y.toFixed(5)}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
  }
  assert.ok([...ends.values()].every((count) => count === 2));
});

test("a saddle has two lines that do not cross, and a level outside has none", () => {
  const saddle = map((x, y) => (x - 0.5) * (y - 0.5), 2 + 1);
  assert.equal(contour(saddle, 0.05).length, 4);
  assert.deepEqual(contour(saddle, 99), []);
  assert.deepEqual(
    contour(
      map((x) => (x === 1 ? Number.NaN : x)),
      0.5,
    ),
    [],
  );
});
