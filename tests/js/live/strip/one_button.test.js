import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../../../nnviz/browser/live/strip/one_button.js";

/** @param {object | null} status @param {object} [more] @returns {any} */
const feed = (status, more = {}) => ({ status, expected: status, isGone: false, ...more });

test("Pause stands in the place of Train while the run that the draft asks for is not over", () => {
  assert.equal(placeOf(undefined, {}), "train");
  assert.equal(placeOf(feed({ status: "running" }), {}), "pause");
  assert.equal(placeOf(feed({ status: "paused" }), { changed: false }), "pause");
  assert.equal(placeOf(feed({ status: "running" }), { changed: true }), "train");
  assert.equal(placeOf(feed({ status: "finished", ended: true }), {}), "train");
  assert.equal(placeOf(feed(null, { isGone: true }), {}), "train");
});

test("before the run has answered, the page knows whether it was over", () => {
  assert.equal(placeOf(feed(null), { ended: true }), "train");
  assert.equal(placeOf(feed(null), { ended: false }), "pause");
});
