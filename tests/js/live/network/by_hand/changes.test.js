import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accessOf,
  fieldsOf,
  lastEdit,
  noSwitchWords,
  restWords,
  switchOf,
  undoing,
  weightOf,
  written,
} from "../../../../../nnviz/browser/live/network/by_hand/changes.js";
import { networkOf } from "../../../../../nnviz/browser/live/network/network.js";
import { networkSentence } from "../../../../../nnviz/browser/live/network/summary.js";
import { unitWords } from "../../../../../nnviz/browser/live/network/words.js";

const floats = (/** @type {number[]} */ ...values) => new Float32Array(values).buffer;

/** Two of four inputs, a layer of three units of which 1 and 2 are drawn, one output. */
const body = {
  inputs: [
    { index: 0, name: "x" },
    { index: 1, name: "y" },
  ],
  inputs_in_all: 4,
  layers: [
    {
      key: "layers[0]",
      title: "Dense 3",
      number: "1",
      activation: "tanh",
      units_in_all: 3,
      units: [
        { index: 1, bias: 0.5, zero: 0 },
        { index: 2, bias: -1, zero: 1, off: true },
      ],
      arrays: { kernel: "layers[0].kernel", bias: "layers[0].bias", is_on: "layers[0].is_on" },
      links: floats(0.25, -2, 3, 4),
      from: -1,
      after: [-1],
    },
    {
      key: "layers[1]",
      title: "LSTM 2",
      number: "2",
      units_in_all: 1,
      units: [{ index: 0, bias: null }],
      arrays: {},
      after: [0],
    },
  ],
  cost: { units: [{ index: 0, bias: 0 }], outputs: 1, output: "sigmoid", arrays: { bias: "cost.bias" } },
  layers_in_all: 2,
  layers_shown: 2,
  rows: 4,
  part: "validation",
};
const network = /** @type {import("../../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));
const [first, off, lstm, output] = [
  { column: 1, unit: 0 },
  { column: 1, unit: 1 },
  { column: 2, unit: 0 },
  { column: 3, unit: 0 },
];

test("the weights and the bias of a unit go by their names in the engine", () => {
  assert.deepEqual(fieldsOf(network, first), [
    { name: "layers[0].kernel[0,1]", label: "from x", value: 0.25 },
    { name: "layers[0].kernel[1,1]", label: "from y", value: -2 },
    { name: "layers[0].bias[1]", label: "bias", value: 0.5 },
  ]);
  assert.deepEqual(fieldsOf(network, output), [{ name: "cost.bias[0]", label: "bias", value: 0 }]);
  assert.equal(restWords(network, first), "Weights from 2 units that are not drawn have no fields.");
  assert.deepEqual(fieldsOf(network, lstm), []);
  assert.match(restWords(network, lstm), /no weights here/);
});

test("the weights of a small filter go by their places", () => {
  const conv = {
    ...body,
    layers: [
      {
        key: "layers[0]",
        units: [
          { index: 4, bias: null },
          { index: 6, bias: null },
        ],
        arrays: { kernel: "layers[0].kernel" },
        filters: floats(0, 1, 2, 3, 4, 5, 6, 7),
        filter_shape: [1, 2, 2],
      },
    ],
  };
  const seen = /** @type {typeof network} */ (networkOf(conv));
  assert.deepEqual(fieldsOf(seen, off), [
    { name: "layers[0].kernel[0,0,0,6]", label: "row 1, column 1, channel 1", value: 4 },
    { name: "layers[0].kernel[0,0,1,6]", label: "row 1, column 1, channel 2", value: 5 },
    { name: "layers[0].kernel[0,1,0,6]", label: "row 1, column 2, channel 1", value: 6 },
    { name: "layers[0].kernel[0,1,1,6]", label: "row 1, column 2, channel 2", value: 7 },
  ]);
  assert.equal(restWords(seen, off), "");
});

test("a unit that is off is said to be, and is no dead one", () => {
  assert.equal(switchOf(network, off), "layers[0].is_on[2]");
  assert.match(unitWords(network, off).facts.join(), /Switched off: it gives 0/);
  assert.match(networkSentence(network), /no unit drawn is 0 for all rows; 1 unit is switched off/);
  assert.equal(switchOf(network, lstm), "");
  assert.match(noSwitchWords(network, lstm), /cannot be switched off one by one/);
  assert.match(noSwitchWords(network, output), /output of the network cannot/);
  assert.match(noSwitchWords(network, { column: 0, unit: 0 }), /input cannot/);
});

test("what is no weight is refused with a sentence", () => {
  const values = { "-0.25": -0.25, "−3": -3, " 1,5 ": 1.5, "1e-3": 0.001, 0: 0 };
  for (const [text, value] of Object.entries(values)) assert.deepEqual(weightOf(text), { value, why: "" });
  const refused = {
    "": /no number/,
    abc: /no number/,
    NaN: /no number/,
    Infinity: /infinite/,
    "1e39": /3.4e38/,
    "1e-40": /closer to 0/,
  };
  for (const [text, why] of Object.entries(refused)) {
    assert.equal(weightOf(text).value, null, text);
    assert.match(weightOf(text).why, why);
  }
  assert.equal(written(0.1234567), "0.12346");
  assert.equal(written(-2), "-2");
});

test("it can be changed while the run waits, and the reason is said where it cannot", () => {
  const paused = /** @type {any} */ ({ status: "paused", step: 4, pace: "step", allowed: 0 });
  assert.deepEqual(accessOf(paused, true), { isOpen: true, why: "", canPause: false });
  assert.match(accessOf(paused, false).why, /past moment/);
  assert.match(accessOf({ ...paused, step: 0 }, true).why, /after the first step/);
  const running = accessOf({ ...paused, status: "running", pace: "watch" }, true);
  assert.deepEqual([running.isOpen, running.canPause], [false, true]);
  assert.match(accessOf({ ...paused, status: "finished", ended: true }, true).why, /has ended/);
  assert.match(accessOf(null, true).why, /Train first/);
});

test("the last change at the present step can be taken back", () => {
  const event = (/** @type {string} */ kind, /** @type {number} */ step, /** @type {any} */ data) =>
    /** @type {any} */ ({ kind, step, data });
  const edit = event("edited", 4, { name: "layers[0].is_on[2]", before: 1, after: 0 });
  const status = /** @type {any} */ ({ step: 4 });
  assert.equal(lastEdit([edit, event("paused", 4, {})], status), edit);
  assert.equal(lastEdit([edit], /** @type {any} */ ({ step: 5 })), null);
  assert.deepEqual(undoing(edit), { command: "unit", name: "layers[0].is_on[2]", on: true });
  const set = event("edited", 4, { name: "cost.kernel[0,1]", before: 0.5, after: 2 });
  assert.deepEqual(undoing(set), { command: "weight", name: "cost.kernel[0,1]", value: 0.5 });
});
