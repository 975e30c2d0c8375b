import assert from "node:assert/strict";
import { test } from "node:test";
import { setMetrics } from "../../../../nnviz/browser/common/numbers.js";
import { groupTraces, layoutOf, runTraces, wholeRange } from "../../../../nnviz/browser/live/curves/traces.js";
import { Curve } from "../../../../nnviz/browser/live/run/curve.js";

/** @typedef {import("../../../../nnviz/browser/live/curves/traces.js").DrawnRun} DrawnRun */

setMetrics([{ name: "accuracy", title: "Accuracy", percent: true }]);

const theme = /** @type {any} */ ({
  paper: [255, 255, 255],
  ink: [0, 0, 0],
  grid: [9, 9, 9],
  muted: [5, 5, 5],
  training: [1, 1, 1],
  validation: [2, 2, 2],
});

/** @param {number[]} values */
function curve(values) {
  const made = new Curve();
  const places = values.map((_, i) => i + 1);
  made.append(places, places, places, values);
  return made;
}

/**
 * @param {Record<string, number[]>} epochs
 * @param {any} [status]
 * @returns {DrawnRun}
 */
function run(epochs, status = null, name = "run", batches = [3, 2]) {
  const curves = new Map(Object.entries(epochs).map(([metric, values]) => [metric, curve(values)]));
  const steps = new Map([["batch_loss", curve(batches)]]);
  const lines = { training: { colour: [7, 7, 7], dash: "solid" }, validation: { colour: [8, 8, 8], dash: "dash" } };
  return { feed: { run: name, status, epochs: curves, steps, events: [] }, name, colour: [7, 7, 7], lines };
}

/** @param {object[]} traces */
const names = (traces) => traces.map((trace) => /** @type {any} */ (trace).name);

test("a run alone shows its batches as a band without a line, validation and training apart by colour and dash", () => {
  const many = Array.from({ length: 80 }, (_, i) => (i % 2 ? 2 : 3));
  const traces = runTraces(run({ loss: [2, 1], val_loss: [3, 2] }, null, "run", many), "loss", { x: "epoch" });
  assert.deepEqual(names(traces), ["each batch", "each batch", "validation", "training"]);
  const [low, high, validation, training] = /** @type {any[]} */ (traces);
  assert.deepEqual([low.line.width, high.line.width, high.fill], [0, 0, "tonexty"]);
  assert.deepEqual([low.y[0], high.y[0]], [2, 3]);
  assert.deepEqual([training.line.dash, validation.line.dash], ["solid", "dash"]);
  assert.deepEqual([training.line.color, validation.line.color], ["rgba(7,7,7,1)", "rgba(8,8,8,1)"]);
});

test("a few batches are points on a thin line, no block of colour", () => {
  const [batches, ...rest] = /** @type {any[]} */ (runTraces(run({ loss: [2, 1] }), "loss", { x: "epoch" }));
  assert.deepEqual([batches.name, batches.mode, batches.line.width, batches.fill], ["each batch", "lines+markers", 1, undefined]);
  assert.deepEqual(batches.y, [3, 2]);
  assert.deepEqual(names(rest), ["training"]);
});

test("of several runs the batches are left out and the names stand before", () => {
  const traces = runTraces(run({ loss: [2, 1] }, null, "<a>"), "loss", { x: "epoch", several: true });
  assert.deepEqual(names(traces), ["&lt;a&gt; · training"]);
});

test("a hidden run and an unknown metric have no traces", () => {
  assert.deepEqual(runTraces({ ...run({ loss: [1] }), isHidden: true }, "loss", { x: "epoch" }), []);
  assert.deepEqual(runTraces(run({ loss: [1] }), "auc", { x: "epoch" }), []);
});

test("a single point is drawn as one", () => {
  const [trace] = runTraces(run({ accuracy: [0.5] }), "accuracy", { x: "step" });
  assert.equal(/** @type {any} */ (trace).mode, "markers");
  assert.match(/** @type {any} */ (trace).hovertemplate, /\.1%/);
});

test("a group is drawn by its validation, with a band once two have come", () => {
  const runs = [run({ loss: [1, 1], val_loss: [2, 4] }, null, "a"), run({ val_loss: [4, 6] }, null, "b")];
  const traces = groupTraces(runs, "loss", theme, { x: "epoch", group: { current: "a" } });
  assert.deepEqual(names(traces), [undefined, undefined, "a", "b", "mean"]);
  assert.deepEqual(/** @type {any} */ (traces.at(-1)).y, [3, 5]);
  assert.equal(groupTraces(runs.slice(1), "loss", theme, { x: "epoch", group: { current: "a" } }).length, 1);
});

test("the axis goes to the planned end, and to the last epoch of a run that has ended", () => {
  const going = run({}, { status: "running", epoch: 3, epochs: 20 });
  const ended = run({}, { status: "stopped", ended: true, epoch: 7, epochs: 20 });
  assert.deepEqual(wholeRange([going], "epoch"), [0, 20]);
  assert.deepEqual(wholeRange([ended], "epoch"), [0, 7]);
  assert.equal(wholeRange([going], "time"), null);
  assert.equal(wholeRange([run({})], "epoch"), null);
});

test("the axis of a long run doubles as it goes on", () => {
  const at = (/** @type {number} */ epoch) => wholeRange([run({}, { status: "running", epoch, epochs: 8000 })], "epoch")?.[1];
  assert.deepEqual([at(10), at(300), at(5000)], [250, 500, 8000]);
});

test("a zoom of the user's is kept, else the range of the run", () => {
  const running = run({}, { status: "running", epoch: 3, epochs: 20 });
  const base = { x: /** @type {const} */ ("epoch"), height: 100, width: 300, revision: 1, hasPoints: true };
  const zoomed = layoutOf([running], "loss", theme, { ...base, view: { shared: { zoomX: [2, 3] }, zoomY: [0, 1], log: true } });
  assert.deepEqual(
    [zoomed.xaxis, zoomed.yaxis].map((axis) => /** @type {any} */ (axis).range),
    [
      [2, 3],
      [0, 1],
    ],
  );
  assert.equal(zoomed.yaxis.type, "log");
  const whole = layoutOf([running], "accuracy", theme, { ...base, view: { shared: { zoomX: null } } });
  assert.deepEqual(/** @type {any} */ (whole.xaxis).range, [0, 20]);
  assert.deepEqual([whole.yaxis.autorange, whole.yaxis.tickformat], [true, ".0%"]);
});

test("no line of the grid runs through the words in place of curves", () => {
  const base = { x: /** @type {const} */ ("epoch"), height: 100, width: 300, revision: 1, view: { shared: { zoomX: null } } };
  const grid = (/** @type {boolean} */ hasPoints) => layoutOf([], "loss", theme, { ...base, hasPoints }).yaxis.showgrid;
  assert.deepEqual([grid(false), grid(true)], [false, true]);
});
