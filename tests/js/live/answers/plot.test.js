import assert from "node:assert/strict";
import { test } from "node:test";
import { everySoMany } from "../../../../nnviz/browser/live/answers/plot.js";

test("of ticks whose names would touch every second or third one is named", () => {
  assert.equal(everySoMany([30, 80, 130, 180], 40), 1);
  assert.equal(everySoMany([30, 80, 130, 180], 60), 2);
  assert.equal(everySoMany([30, 60, 90], 60), 3);
  assert.equal(everySoMany([30], 60), 1);
});
