import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../../nnviz/browser/stack/history.js";

test("undoing goes back one state at a time, to the first", () => {
  const history = new History("a");
  for (const state of ["b", "c"]) history.record(state);
  assert.deepEqual([history.undo(), history.undo(), history.undo()], ["b", "a", null]);
  assert.equal(history.canUndo, false);
});

test("an edit after undoing goes on from there", () => {
  const history = new History("a");
  history.record("b");
  history.undo();
  history.record("c");
  assert.deepEqual([history.now, history.undo(), history.undo()], ["c", "a", null]);
});

test("a hundred states are remembered", () => {
  const history = new History(0);
  for (let state = 1; state <= 250; state += 1) history.record(state);
  let oldest = null;
  for (let state = history.undo(); state !== null; state = history.undo()) oldest = state;
  assert.equal(oldest, 150);
});
