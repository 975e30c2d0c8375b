import assert from "node:assert/strict";
import { test } from "node:test";
import { pin } from "../../../../nnviz/browser/live/views/row_bar.js";

test("the first of the wrong rows stays chosen, another choice is left alone", () => {
  const body = { row: 7, order: "wrong", previous: 2, next: 9, wrong: 3, looked_at: 40 };
  const first = { order: "wrong" };
  pin(first, body);
  assert.deepEqual(first, { order: "wrong", row: 7 });
  for (const choice of [{ order: "wrong", row: 0 }, { order: "rows" }, {}]) {
    const before = { ...choice };
    pin(choice, body);
    assert.deepEqual(choice, before);
  }
  const early = { order: "wrong" };
  pin(early, { ...body, order: "rows" });
  assert.deepEqual(early, { order: "wrong" });
});
