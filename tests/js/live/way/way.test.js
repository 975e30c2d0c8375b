import assert from "node:assert/strict";
import { test } from "node:test";
import { arrowsOf, isThere, wayOf } from "../../../../nnviz/browser/live/way/way.js";
import { floats, mapBody, wayBody } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/way/way.js").Way} Way */
/** @param {any} [body] */
const read = (body = wayBody()) => /** @type {Way} */ (wayOf(body));

test("a body is read: the path by moment, the range of each map", () => {
  const { path, way, next } = read();
  assert.deepEqual(
    path.map((place) => place.map((value) => +value.toFixed(6))),
    [
      [0, 0],
      [0.5, 0.1],
    ],
  );
  assert.deepEqual([way.low, way.high, next.low, next.high], [0, 4, 0, 2]);
});

test("a cost that is no number anywhere is left out of the range, and a map of nothing else is none", () => {
  const broken = mapBody((x, y) => (x + y > 2 ? Number.POSITIVE_INFINITY : x));
  assert.equal(read(wayBody({ way: broken })).way.high, 2);
  assert.equal(wayOf(wayBody({ way: mapBody(() => Number.NaN) })), null);
  for (const body of [null, {}, wayBody({ path: floats([1]) }), wayBody({ next: { side: 3, extent: [], cost: floats([1]) } })]) {
    assert.equal(wayOf(body), null);
  }
});

test("the run's own arrow comes first with whose step it is; ghosts of one step are one arrow", () => {
  const arrows = arrowsOf(read());
  assert.deepEqual(
    arrows.map(({ kinds, isRun }) => [kinds.join(), isRun]),
    [
      ["Adam", true],
      ["SGD,momentum", false],
    ],
  );
  const none = wayBody();
  for (const ghost of none.ghosts) ghost.is_own = false;
  assert.deepEqual(arrowsOf(read(none))[0].kinds, []);
});

test("a place is in its array or not", () => {
  const variable = { layer: "1", array: "kernel", shape: [2, 3] };
  assert.ok(isThere(variable, [1, 2]));
  for (const index of [[2, 0], [0, 3], [0, -1], [0], [0, 0.5], [0, Number.NaN]]) assert.ok(!isThere(variable, index));
  assert.ok(!isThere(undefined, []));
});
