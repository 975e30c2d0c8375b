import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameCache, keyTarget, Moments } from "../../../../nnviz/browser/live/history/moments.js";

/** @param {number[]} steps @param {number[]} [attempts] */
function moments(steps, attempts = steps.map(() => 0)) {
  const floats = new Float32Array(steps).buffer;
  return new Moments({
    step: new Uint32Array(steps).buffer,
    epoch: floats,
    time: floats,
    attempt: new Uint32Array(attempts).buffer,
  });
}

test("the nearest moment to a step, the earlier where both are as near or nearer", () => {
  const some = moments([0, 10, 20, 50]);
  assert.deepEqual(
    [0, 4, 6, 10, 34, 36, 99].map((step) => some.nearest(step)),
    [0, 0, 1, 1, 2, 3, 3],
  );
});

test("without moments there is no last one", () => {
  assert.deepEqual([new Moments().count, new Moments().last], [0, -1]);
});

test("a step that was taken again by another attempt has a name of its own", () => {
  const some = moments([10, 20], [0, 1]);
  assert.deepEqual([some.frameKey(0), some.frameKey(1)], ["0:10", "1:20"]);
  assert.notEqual(some.frameKey(1), moments([20]).frameKey(0));
});

test("a long history is played in strides, and what comes next ends with the last moment", () => {
  const long = moments(Array.from({ length: 900 }, (_, i) => i));
  assert.equal(long.stride, 3);
  assert.deepEqual(long.upcoming(890, 5), [890, 893, 896, 899]);
  assert.equal(moments([1, 2]).stride, 1);
});

test("keys move by one, by ten, to the ends and to the latest", () => {
  assert.equal(keyTarget("ArrowRight", 3, 9), 4);
  assert.equal(keyTarget("ArrowLeft", 0, 9), 0);
  assert.equal(keyTarget("PageUp", 3, 9), 9);
  assert.equal(keyTarget("Home", 3, 9), 0);
  assert.equal(keyTarget("End", 3, 9), 9);
  assert.equal(keyTarget("Escape", 3, 9), null);
  assert.equal(keyTarget("a", 3, 9), undefined);
});

test("of too many frames the oldest go", () => {
  const cache = new FrameCache(2);
  for (const name of ["a", "b", "c"]) cache.set(name, { step: 1, body: name });
  assert.deepEqual([cache.has("a"), cache.get("b")?.body, cache.get("c")?.body], [false, "b", "c"]);
  cache.clear();
  assert.equal(cache.get("c"), null);
});
