import assert from "node:assert/strict";
import { test } from "node:test";
import { DrawPace } from "../../../../nnviz/browser/live/curves/draw_pace.js";

class Observer {
  observe() {}
  disconnect() {}
}

function pace() {
  Object.assign(globalThis, { IntersectionObserver: Observer });
  const clock = { time: 5000, due: 0, put: /** @type {[() => void, number][]} */ ([]) };
  const host = /** @type {Element} */ (/** @type {unknown} */ ({}));
  const onDue = () => {
    clock.due += 1;
  };
  const later = (/** @type {() => void} */ call, /** @type {number} */ ms) => clock.put.push([call, ms]);
  return { clock, pace: new DrawPace(host, onDue, () => clock.time, later) };
}

test("curves on the screen are drawn whenever they are asked for", () => {
  const { clock, pace: own } = pace();
  assert.deepEqual([own.isDue(), own.isDue()], [true, true]);
  assert.equal(clock.put.length, 0);
});

test("others are drawn once a second, the last time they are asked for among them, and when they come back", () => {
  const { clock, pace: own } = pace();
  own.see(false);
  assert.equal(own.isDue(), true);
  clock.time += 400;
  assert.deepEqual([own.isDue(), own.isDue()], [false, false]);
  assert.deepEqual(
    clock.put.map(([, ms]) => ms),
    [600],
  );
  clock.time += 600;
  clock.put[0][0]();
  assert.equal(clock.due, 1);
  assert.equal(own.isDue(), true);
  own.see(true);
  assert.equal(clock.due, 2);
  assert.equal(own.isDue(), true);
});
