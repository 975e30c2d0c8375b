import assert from "node:assert/strict";
import { test } from "node:test";
import { describeEvent, markedEvents, marks } from "../../../../nnviz/browser/live/curves/marks.js";
import { setNouns } from "../../../../nnviz/browser/live/run/setting_labels.js";

setNouns({ optimizer: { learning_rate: "learning rate" }, layers: { rate: "dropout" } });

/** @typedef {import("../../../../nnviz/browser/live/run/feed.js").RunEvent} RunEvent */
/** @param {Partial<RunEvent>} fields @returns {RunEvent} */
const event = (fields) => ({ id: 1, kind: "changed", step: 5, epoch: 0.5, time: 0, text: "as it stands", ...fields });

test("a change says what it was from and to", () => {
  const data = { name: "optimizer.learning_rate", before: 0.1, after: 0.0123456789 };
  assert.equal(describeEvent(event({ data })), "learning rate 0.1 → 0.0123457");
});

test("a refusal names the setting as the page does; other events have words of their own", () => {
  const text = "layers[1].rate stays as it is: it must be below 1";
  assert.equal(describeEvent(event({ kind: "refused", text })), "dropout of layer 2 stays as it is: it must be below 1");
  assert.equal(describeEvent(event({ kind: "best", text: "best so far" })), "best so far");
});

test("changes of a future that was given up are not marked", () => {
  const events = [
    event({ id: 1, step: 5 }),
    event({ id: 2, step: 20 }),
    event({ id: 3, kind: "resumed", step: 10 }),
    event({ id: 4, step: 15 }),
    event({ id: 5, kind: "finished", step: 30 }),
  ];
  assert.deepEqual(
    markedEvents(events).map(({ id }) => id),
    [1, 3, 4],
  );
});

test("marks at the same place share a line, and hidden runs have none", () => {
  const feed = {
    run: "r",
    status: null,
    epochs: new Map(),
    steps: new Map(),
    events: [event({ id: 1 }), event({ id: 2, text: "<b>" })],
  };
  const line = { colour: [1, 2, 3], dash: "solid" };
  const run = { feed, name: "one", colour: [1, 2, 3], lines: { training: line, validation: line } };
  const theme = /** @type {any} */ ({ muted: [0, 0, 0] });
  const { shapes, traces, yaxis2 } = marks([run, { ...run, isHidden: true }], theme, { x: "step" });
  assert.equal(shapes.length, 1);
  assert.deepEqual([traces[0].x, traces[0].text], [[5], ["as it stands; &lt;b&gt;"]]);
  assert.ok(yaxis2);
  assert.equal(marks([], theme, { x: "step" }).yaxis2, null);
});
