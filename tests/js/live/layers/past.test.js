import assert from "node:assert/strict";
import { test } from "node:test";
import { learningOf } from "../../../../nnviz/browser/live/layers/layers.js";
import { Past } from "../../../../nnviz/browser/live/layers/past.js";
import { body, layer } from "./bodies.js";

/**
 * @param {number} step
 * @param {number} [update]
 */
const at = (step, update = 0.002) => /** @type {any} */ (learningOf(body([layer("1", { update })], { step, epoch: step / 10 })));
const KEY = at(0).layers[0].key;

test("moments are in the order of their steps, each once", () => {
  const past = new Past();
  for (const step of [30, 10, 20, 10]) past.add(at(step, step / 1000));
  assert.deepEqual(
    past.series(KEY, "ratio").map(({ epoch, value }) => [epoch, value]),
    [
      [1, 0.01],
      [2, 0.02],
      [3, 0.03],
    ],
  );
});

test("beyond the limit those go that stand closest, and both ends stay", () => {
  const past = new Past(4);
  for (const step of [0, 10, 11, 20, 30]) past.add(at(step));
  const steps = past.moments.map(({ step }) => step);
  assert.equal(steps.length, 4);
  assert.deepEqual([steps[0], steps[3]], [0, 30]);
  assert.ok(!(steps.includes(10) && steps.includes(11)));
});

test("an axis has whole powers of ten; without a number above 0 there is none", () => {
  const past = new Past();
  assert.equal(past.decades("ratio"), null);
  assert.deepEqual(past.decades("ratio", [-5, -1]), [-5, -1]);
  past.add(at(1, 0));
  assert.equal(past.decades("ratio"), null);
  assert.deepEqual(past.series(KEY, "ratio"), []);
  past.add(at(2, 0.002));
  assert.deepEqual(past.decades("ratio"), [-4, -2]);
  past.add(at(3, 30));
  assert.deepEqual(past.decades("ratio"), [-3, 2]);
  assert.deepEqual(past.decades("ratio", [-5, -1]), [-5, 2]);
});

test("of many recorded moments evenly spread ones are missed, until they are here or cannot be had", () => {
  const past = new Past();
  const steps = Array.from({ length: 93 }, (_, i) => i * 10);
  const refused = new Set([40]);
  /** @type {number[]} */
  const asked = [];
  for (let step = past.missing(steps, refused); step !== null; step = past.missing(steps, refused)) {
    asked.push(step);
    past.add(at(step));
  }
  assert.deepEqual(
    asked,
    Array.from({ length: 24 }, (_, i) => i * 40).filter((step) => step !== 40),
  );
  assert.equal(past.missing([], refused), null);
});
