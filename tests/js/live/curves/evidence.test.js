import assert from "node:assert/strict";
import { test } from "node:test";
import { evidence, isOf } from "../../../../nnviz/browser/live/curves/evidence.js";

const theme = /** @type {any} */ ({ muted: [100, 100, 100] });
const feed = /** @type {any} */ ({
  run: "r",
  status: { status: "finished", step: 40, calendar: [[0, 0, 10]] },
  events: [],
  steps: new Map(),
  epochs: new Map([["loss", { step: [10, 20, 30, 40], time: [1, 2, 3, 4], value: [4, 3, 2, 1] }]]),
});
const mark = { series: "val_loss", first: 10, last: 30, level: 0.5, text: "lowest <b>" };

test("a series stands in the panel of its metric, of whichever rows", () => {
  assert.ok(["loss", "val_loss", "batch_loss"].every((series) => isOf(series, "loss")));
  assert.ok(!isOf("val_accuracy", "loss"));
});

test("the stretch is shaded from the first to the last step, on every axis", () => {
  const stretch = (/** @type {any} */ x) => {
    const [{ x0, x1 }] = evidence([mark], feed, "loss", theme, { x }).shapes;
    return [x0, x1];
  };
  assert.deepEqual(
    [stretch("step"), stretch("epoch"), stretch("time")],
    [
      [10, 30],
      [1, 3],
      [1, 3],
    ],
  );
});

test("a level is a line, but not below zero on a logarithmic axis; the text is plain", () => {
  const { shapes, annotations } = evidence([mark], feed, "loss", theme, { x: "step" });
  assert.deepEqual([shapes[1].y0, shapes[1].y1], [0.5, 0.5]);
  assert.equal(annotations[0].text, "– – lowest &lt;b&gt;");
  assert.equal(evidence([{ ...mark, level: -1 }], feed, "loss", theme, { x: "step", log: true }).shapes.length, 1);
  assert.deepEqual(evidence([mark], feed, "accuracy", theme, { x: "step" }), { shapes: [], annotations: [] });
});

test("a text begins with its stretch, or ends with it where that is late", () => {
  const placed = (/** @type {any} */ part) => {
    const [{ x, xanchor, text }] = evidence([{ ...mark, ...part }], feed, "loss", theme, { x: "step" }).annotations;
    return [x, xanchor, text];
  };
  assert.deepEqual(placed({ level: null, text: "flat" }), [10, "left", "flat"]);
  assert.deepEqual(placed({ first: 30, last: 40, level: null, text: "flat" }), [40, "right", "flat"]);
});
