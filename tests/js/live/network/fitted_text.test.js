import assert from "node:assert/strict";
import { test } from "node:test";
import { cutName, shorten, wrap } from "../../../../nnviz/browser/live/network/fitted_text.js";
import { measure } from "./laid.js";

test("texts break between words, and end with an ellipsis where they do not fit", () => {
  assert.deepEqual(wrap("Dense 256 relu", 60, measure), ["Dense 256", "relu"]);
  assert.deepEqual(wrap("", 60, measure), []);
  assert.deepEqual(wrap("a b c d", 12, measure, 2), ["a", "b…"]);
  assert.deepEqual(wrap("CrossEntropy", 48, measure), ["Cross", "Entropy"]);
  assert.deepEqual(wrap("CrossEntropy", 68, measure), ["CrossEntropy"], "drawn a little narrower");
  assert.equal(shorten("BatchNormalization", 60, measure), "BatchNorm…");
  assert.equal(shorten("short", 60, measure), "short");
});

test("names that are too long keep their ends, by which they differ", () => {
  assert.equal(cutName("kind of machine=pump", 78, measure), "kind of …pump");
  assert.equal(cutName("count of alarms at gate 1", 72, measure), "count of…e 1");
  assert.equal(cutName("age", 60, measure), "age");
});
