import assert from "node:assert/strict";
import { test } from "node:test";
import { applySettings, drawnRun, viewOf, zoomOut } from "../../../nnviz/browser/live/live_view.js";

const view = () => ({
  ...viewOf(String(Math.random())),
  shared: { zoomX: [1, 2] },
  hidden: new Set(["r2"]),
  panels: [panel(), panel()],
});
/** @returns {import("../../../nnviz/browser/live/curves/traces.js").PanelView} */
const panel = () => ({ shared: { zoomX: null }, zoomY: [0, 1], log: true, metric: "f1" });

test("an element that comes again finds what was set by hand", () => {
  viewOf("train").at = 7;
  assert.equal(viewOf("train").at, 7);
  assert.equal(viewOf("compare").at, undefined);
});

test("zooming out takes both axes of all panels", () => {
  const zoomed = view();
  zoomOut(zoomed);
  assert.deepEqual([zoomed.shared.zoomX, ...zoomed.panels.map(({ zoomY }) => zoomY)], [null, null, null]);
});

test("a control of the page that has changed wins, and its axis is whole again", () => {
  const changed = view();
  applySettings(changed, { x: "epoch", log: false }, { x: "epoch", log: true });
  assert.deepEqual([changed.panels[0].log, changed.panels[0].zoomY, changed.shared.zoomX], [false, null, [1, 2]]);
});

test("a control that says the same as before leaves what was set by hand", () => {
  const same = view();
  applySettings(same, { x: "epoch", log: false }, { x: "epoch", log: false });
  assert.deepEqual([same.panels[0].log, same.panels[0].zoomY], [true, [0, 1]]);
});

test("an element that is new takes the page's controls and keeps the zoom", () => {
  const fresh = view();
  applySettings(fresh, { x: "epoch", log: false, smoothing: 0.5 }, null);
  assert.deepEqual([fresh.panels[1].log, fresh.panels[1].smoothing, fresh.panels[1].zoomY], [false, 0.5, [0, 1]]);
});

test("another axis or metric is shown whole", () => {
  const other = view();
  applySettings(other, { x: "step", metrics: ["loss"] }, { x: "epoch", metrics: ["f1"] });
  assert.deepEqual([other.shared.zoomX, other.panels[0].metric, other.panels[0].zoomY], [null, null, null]);
});

test("of several runs each has the colour of its place; one alone has a colour for each part", () => {
  const theme = /** @type {any} */ ({ runs: [[0], [1], [2]], training: [7], validation: [8], muted: [5] });
  const feed = /** @type {any} */ ({ run: "r2", status: { name: "given a name" } });
  const draw = (/** @type {any} */ run, several = true) =>
    drawnRun(feed, run, { place: 4, several, hidden: view().hidden, theme });
  assert.deepEqual(
    [draw({}).colour, draw({ colour: 2 }).colour, draw({}, false).colour, draw({ behind: true }, false).colour],
    [[1], [2], [7], [5]],
  );
  const [first, next, alone] = [draw({ colour: 1 }).lines, draw({ colour: 4 }).lines, draw({}, false).lines];
  assert.deepEqual([first.training.colour, first.validation.colour, next.training.colour], [[1], [1], [1]]);
  assert.equal(new Set([first.training, first.validation, next.training, next.validation].map(({ dash }) => dash)).size, 4);
  assert.deepEqual([alone.training.colour, alone.validation.colour], [[7], [8]]);
  assert.deepEqual([draw({}).name, draw({ name: "own" }).name, draw({}).isHidden], ["given a name", "own", true]);
});
