import assert from "node:assert/strict";
import { test } from "node:test";
import { stepTo } from "../../../../nnviz/browser/live/network/steps.js";
import { blockBody, smallBody } from "./bodies.js";
import { lay } from "./laid.js";

test("arrow keys move within a column and to the nearest unit of the next one", () => {
  const { layout } = lay(smallBody(), 900);
  const first = stepTo(layout, null, "ArrowRight");
  assert.deepEqual(first, { column: 0, unit: 0 });
  assert.deepEqual(stepTo(layout, first, "ArrowUp"), first);
  assert.deepEqual(stepTo(layout, first, "ArrowDown"), { column: 0, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 1, unit: 1 }, "ArrowRight"), { column: 2, unit: 0 }, "a layer without units");
  const { y, h } = layout.columns[1].boxes[1];
  assert.deepEqual(stepTo(layout, { column: 2, unit: 0 }, "ArrowRight", y + h / 2), { column: 3, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 2, unit: 0 }, "ArrowLeft", y + h / 2), { column: 1, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 2, unit: 0 }, "ArrowDown"), { column: 2, unit: 0 });
  assert.deepEqual(stepTo(layout, { column: 4, unit: 0 }, "ArrowRight"), { column: 4, unit: 0 });
  assert.equal(stepTo(layout, first, "a"), null);
});

test("arrow keys go through the branches of a block, from one to the other, and out again", () => {
  const { layout } = lay(blockBody(), 900);
  const from = (/** @type {number} */ column, /** @type {number} */ unit) => ({ column, unit });
  assert.deepEqual(stepTo(layout, from(0, 0), "ArrowRight"), from(1, 0), "into the Residual, not around it");
  assert.deepEqual(stepTo(layout, from(2, 0), "ArrowRight"), from(3, 0));
  assert.deepEqual(stepTo(layout, from(3, 1), "ArrowLeft"), from(2, 0), "back into its layers");
  assert.deepEqual(stepTo(layout, from(3, 0), "ArrowRight"), from(7, 0), "the branch that is empty");
  assert.deepEqual(stepTo(layout, from(4, 0), "ArrowDown"), from(4, 1));
  assert.equal(stepTo(layout, from(4, 1), "ArrowDown")?.unit, 0);
  assert.ok([5, 6].includes(stepTo(layout, from(4, 1), "ArrowDown")?.column ?? 0));
  assert.deepEqual(stepTo(layout, from(5, 0), "ArrowUp"), from(4, 1));
  assert.deepEqual(stepTo(layout, from(5, 0), "ArrowRight"), from(6, 0));
  assert.equal(stepTo(layout, from(6, 0), "ArrowRight")?.column, 7);
  assert.deepEqual(stepTo(layout, from(6, 1), "ArrowDown"), from(6, 1), "under it is the empty branch");
});
