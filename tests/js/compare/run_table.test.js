import assert from "node:assert/strict";
import { test } from "node:test";
import { isLong, pathParts } from "../../../nnviz/browser/compare/run_table.js";

test("a path is broken after its dots and underscores", () => {
  assert.deepEqual(pathParts("optimizer.learning_rate"), ["optimizer.", "learning_", "rate"]);
  assert.deepEqual(pathParts("loss"), ["loss"]);
});

test("a text is long by its longest word", () => {
  assert.equal(isLong("many short words that go on and on"), false);
  assert.equal(isLong(`one ${"x".repeat(23)}`), true);
});
