import assert from "node:assert/strict";
import { test } from "node:test";
import { gapHeights } from "../../../nnviz/browser/stack/drag.js";
import { nudged } from "../../../nnviz/browser/stack/fields/typed_field.js";

test("there is a gap before, between and after cards", () => {
  const boxes = [
    { top: 10, bottom: 30 },
    { top: 34, bottom: 60 },
  ];
  assert.deepEqual(gapHeights(boxes, 0), [6, 32, 63]);
});

test("an empty list has one gap", () => {
  assert.deepEqual(gapHeights([], 100), [96]);
});

test("the arrow keys go by the parameter's step, inside of its range", () => {
  const rate = { name: "rate", type: "float", minimum: 0, below: 1, step: 0.1 };
  assert.equal(nudged(rate, "0.2", 1), 0.3);
  assert.equal(nudged(rate, "0", -1), null);
  assert.equal(nudged(rate, "0.95", 1), null);
  assert.equal(nudged({ ...rate, default: 0.5 }, "", 1), 0.6);
  assert.equal(nudged({ name: "units", type: "int" }, "8", 1), 9);
  assert.equal(nudged(rate, "half", 1), null);
});
