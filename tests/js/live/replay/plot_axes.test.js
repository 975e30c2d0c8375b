import assert from "node:assert/strict";
import { test } from "node:test";
import { axesOf, dashOf, nearest, plain, valueTicks } from "../../../../nnviz/browser/live/replay/plot_axes.js";
import { wordsAt } from "../../../../nnviz/browser/live/replay/small_plot.js";

const LAYOUT = {
  height: 120,
  margin: { l: 40, r: 60, t: 10, b: 10 },
  xaxis: { range: [0, 10], title: { text: "epoch" } },
  yaxis: { type: "linear" },
};
const LINE = { x: [0, 5, 10], y: [1, 0.5, 0], mode: "lines", name: "training", hovertemplate: "%{y:,.5~r}" };

test("places on the axes are pixels of the room within the margins", () => {
  const { xaxis, yaxis } = axesOf([LINE], { ...LAYOUT, yaxis: { type: "linear", range: [0, 2] } }, 300);
  assert.deepEqual([xaxis._offset, xaxis._length, xaxis.d2p(5), yaxis._length, yaxis.d2p(0.5)], [40, 200, 100, 100, 75]);
});

test("without a range all values have room, what is not a number and events do not count", () => {
  const events = { x: [3], y: [99], yaxis: "y2" };
  const { yaxis } = axesOf([{ ...LINE, y: [1, Number.NaN, 0] }, events], LAYOUT, 300);
  assert.ok(yaxis.range[0] < 0 && yaxis.range[0] > -0.1);
  assert.ok(yaxis.range[1] > 1 && yaxis.range[1] < 1.1);
});

test("on a logarithmic axis equal factors are equally far, and zero has no place", () => {
  const axes = axesOf([{ ...LINE, y: [0.01, 1, 0] }], { ...LAYOUT, yaxis: { type: "log", range: [-2, 0] } }, 300);
  assert.deepEqual([0.01, 0.1, 1].map(axes.yaxis.d2p), [100, 50, 0]);
  assert.ok(Number.isNaN(axes.yaxis.d2p(0)));
  assert.deepEqual(
    valueTicks({ ...axes, yaxis: { ...axes.yaxis, range: [-1, 0] } }, false).map(({ text }) => text),
    ["0.1", "0.2", "0.5", "1"],
  );
});

test("ticks are round and in percent where values are shares", () => {
  const axes = axesOf([LINE], { ...LAYOUT, yaxis: { type: "linear", range: [0, 1] } }, 300);
  assert.deepEqual(
    valueTicks(axes, true).map(({ text }) => text),
    ["0%", "25%", "50%", "75%", "100%"],
  );
});

test("numbers have no zeros at their end", () => {
  assert.deepEqual([0.5, 0.125, 20, 1500, 0.0005].map(plain), ["0.5", "0.125", "20", "1,500", "5e-4"]);
});

test("the words at a place are the nearest point's, with the events there", () => {
  const share = { ...LINE, name: "validation", y: [0, 0.5, 0.974], hovertemplate: "%{y:.1%}" };
  const mark = { x: [9.9], y: [1], yaxis: "y2", meta: "marks", text: ["rate 0.1 → 0.01"] };
  const traces = [LINE, share, mark];
  const drawn = { traces, layout: LAYOUT, axes: axesOf(traces, LAYOUT, 300) };
  assert.deepEqual(wordsAt(drawn, 239), ["epoch 10", "training: 0", "validation: 97.4 %", "rate 0.1 → 0.01"]);
  assert.deepEqual(wordsAt(drawn, 41), ["epoch 0", "training: 1.000", "validation: 0.0 %"]);
  assert.deepEqual(wordsAt({ ...drawn, traces: [] }, 41), []);
});

test("the nearest of no points is none, and dashes are those of Plotly", () => {
  assert.equal(nearest([], 3), -1);
  assert.deepEqual(
    ["solid", "dot", "7px,3px", undefined].map((dash) => dashOf(dash)),
    [[], [1.5, 3], [7, 3], []],
  );
});
