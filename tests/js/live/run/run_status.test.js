import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endParts,
  epochOf,
  hasEpochsLeft,
  isEnded,
  isWaiting,
  loadingOf,
  statusWords,
  stepOf,
} from "../../../../nnviz/browser/live/run/run_status.js";

/** @typedef {import("../../../../nnviz/browser/live/run/run_status.js").Status} Status */
/** @param {Partial<Status>} fields @returns {Status} */
const status = (fields) => ({ status: "running", step: 10, epoch: 1, epochs: 5, created: 100, ...fields });

test("a run waits in the pace of single steps until one is allowed", () => {
  assert.equal(isWaiting(status({ pace: "step" })), true);
  assert.equal(isWaiting(status({ pace: "step", allowed: 10 })), true);
  assert.equal(isWaiting(status({ pace: "step", allowed: 11 })), false);
  assert.equal(isWaiting(status({ pace: "full" })), false);
});

test("a run has ended, or not, or is not known", () => {
  assert.equal(isEnded(status({ status: "finished", ended: true })), true);
  assert.equal(isEnded(status({ status: "paused", ended: false })), false);
  assert.equal(isEnded(null), false);
});

test("a stopped run can go on with its planned epochs, a finished one cannot", () => {
  assert.equal(hasEpochsLeft(status({ status: "stopped" })), true);
  assert.equal(hasEpochsLeft(status({ status: "finished" })), false);
  assert.equal(hasEpochsLeft(status({ status: "stopped", epoch: 5 - 1e-12 })), false);
});

test("words for a run that waits to begin", () => {
  const words = (/** @type {Partial<Status>} */ fields) => statusWords(status({ status: "queued", ...fields }), { now: 103.4 });
  assert.equal(words({ step: 0, place: 1 }), "waiting: 1st in the queue");
  assert.equal(words({ step: 0, place: 12 }), "waiting: 12th in the queue");
  assert.equal(words({ step: 0, place: 23 }), "waiting: 23rd in the queue");
  assert.equal(words({ step: 4 }), "waiting for a worker");
  assert.equal(words({ step: 0 }), "starting worker (3 s)");
});

test("words for a run that trains, by its phase", () => {
  const words = (/** @type {Partial<Status>} */ fields) => statusWords(status({ ...fields }), { now: 107 });
  assert.equal(words({}), "training");
  assert.equal(words({ pace: "step" }), "pausing");
  assert.equal(words({ stopping: true }), "stopping");
  assert.equal(words({ phase: "scoring" }), "trained, measuring the result");
  assert.equal(words({ phase: "scoring", stopping: true }), "stopped, measuring the result");
  assert.equal(words({ step: 0, phase: "compiling", started: 102 }), "compiling (5 s)");
  assert.equal(words({ step: 0, phase: "training" }), "first steps");
  assert.equal(words({ step: 0, phase: "resuming" }), "resuming (7 s)");
});

test("words for a run that stands or has ended", () => {
  assert.equal(statusWords(status({ status: "paused", pace: "step" })), "paused");
  assert.equal(statusWords(status({ status: "paused", pace: "watch" })), "going on");
  assert.equal(statusWords(status({ status: "stopped", step: 0 })), "stopped by hand");
  assert.equal(statusWords(status({ status: "diverged" })), "diverged");
  assert.equal(statusWords(null), "");
});

test("epochs and steps go by the calendar, and back", () => {
  const run = status({
    calendar: [
      [0, 0, 10],
      [20, 2, 5],
    ],
  });
  assert.deepEqual(
    [0, 5, 20, 25].map((step) => epochOf(run, step)),
    [0, 0.5, 2, 3],
  );
  assert.deepEqual(
    [0, 1.5, 2, 3].map((epoch) => stepOf(run, epoch)),
    [0, 15, 20, 25],
  );
  assert.ok(Number.isNaN(epochOf(null, 3)));
});

test("a run that waits for TensorFlow says about how long, and its bar is never full", () => {
  const queued = status({ status: "queued", step: 0, created: 100 });
  const loading = { expected: 10, since: 98 };
  assert.equal(statusWords(queued, { now: 101.5, loading }), "TensorFlow is loading, about 7 s");
  assert.equal(loadingOf(queued, loading, 103)?.share, 0.5);
  assert.equal(loadingOf(queued, { expected: 10, since: null }, 103)?.share, 0.3);
  assert.equal(statusWords(queued, { now: 120, loading }), "TensorFlow is loading, longer than usual");
  assert.ok((loadingOf(queued, loading, 1000)?.share ?? 1) < 1);
  for (const other of [{ place: 2 }, { step: 3 }, { status: "running" }]) {
    assert.equal(loadingOf({ ...queued, ...other }, loading, 103), null);
  }
  assert.equal(loadingOf(queued, null, 103), null);
});

test("why a run is over comes first, apart from what else is to be said", () => {
  /** @type {(status: object) => string[]} */
  const parts = (status) => endParts(/** @type {any} */ (status));
  const ending = "Ended early at epoch 8: validation loss has not fallen for 4 epochs; weights of epoch 4 are used";
  const [reason, more] = ending.split("; ");
  assert.deepEqual(parts({ ended: true, ending }), [reason, more]);
  assert.deepEqual(parts({ ended: true, ending: "Finished: all 60 epochs" }), ["Finished: all 60 epochs", ""]);
  assert.deepEqual(parts({ ended: false, ending }), ["", ""]);
  assert.deepEqual(parts({ ended: true }), ["", ""]);
});
