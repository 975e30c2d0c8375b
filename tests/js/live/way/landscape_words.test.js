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

test("the sentence says the cost, how much of the way the plane holds, and how far the way leaves it", () => {
  assert.equal(
    landscapeSentence(/** @type {LandscapeFrame} */ (landscapeOf(body))),
    "The cost over all 200 training rows is 0.750 here, and from 0.500 to 4.500 on the map. The plane holds 95.3\u00a0% of the way " +
      "of all 1,234 weights; the way leaves it by up to 0.400, and was up to 2.300 away from here.",
  );
  const random = { ...body, random: true, path: floats([]), steps: [] };
  assert.match(landscapeSentence(/** @type {LandscapeFrame} */ (landscapeOf(random))), /Both directions are random/);
  assert.equal(landscapeOf({ ...body, map: null }), null);
});
