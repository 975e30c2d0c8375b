import assert from "node:assert/strict";
import { test } from "node:test";
import { landscapeOf, landscapeSentence } from "../../../../nnviz/browser/live/way/landscape_words.js";
import { floats, mapBody } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/way/landscape_words.js").LandscapeFrame} LandscapeFrame */
const body = {
  map: mapBody((x, y) => 0.5 + x * y),
  path: floats([-2, 1, 0, 0]),
  steps: [0, 9],
  share: 0.953,
  leaves: 0.4,
  reach: 2.3,
  parameters: 1234,
  cost: 0.75,
  rows: 200,
  rows_in_all: 200,
  random: false,
};

test("the sentence says the cost, how much of the movement the map holds, and how far the weights went", () => {
  const sentence = (/** @type {object} */ changes) =>
    landscapeSentence(/** @type {LandscapeFrame} */ (landscapeOf({ ...body, ...changes })));
  assert.equal(
    sentence({}),
    "The cost over all 200 training rows is 0.750 at the ring, and from 0.500 to 4.500 on the map. All 1,234 weights move, each in " +
      "a direction of its own, and a map has two: these hold 95.3\u00a0% of the movement. Hardly anything is missing. The weights " +
      "were up to 2.300 away from where they are now, and up to 0.400 off the map.",
  );
  assert.match(sentence({ share: 0.7 }), /70\u00a0% of the movement. Some of it/);
  assert.match(sentence({ share: 0.4 }), /40\u00a0% of the movement. Much of it/);
  assert.match(sentence({ random: true, path: floats([]), steps: [] }), /Both directions are random/);
  assert.equal(landscapeOf({ ...body, map: null }), null);
});
