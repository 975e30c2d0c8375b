import assert from "node:assert/strict";
import { test } from "node:test";
import { eventWords } from "../../../../nnviz/browser/live/history/events.js";

test("an event names its step by the epoch, too, and settings in words", () => {
  const event = { id: 1, kind: "branch", step: 1480, epoch: 37, time: 0, data: {} };
  assert.equal(
    eventWords({ ...event, text: "Goes on from step 1,480 of mine, but with layers[0].units 8 → 16" }),
    "Goes on from epoch 37 · step 1,480 of mine, but with units of layer 1: 8 → 16",
  );
  assert.equal(eventWords({ ...event, step: 14, text: "Went on from step 1,480" }), "Went on from step 1,480");
});
