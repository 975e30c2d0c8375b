import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, newCost, newLayer, unpack } from "../../../nnviz/browser/stack/catalog.js";
import { fromJson, toJson } from "../../../nnviz/browser/stack/tree.js";

const PACKED = {
  shared: [
    { name: "units", type: "int", shown: true },
    { name: "activation", type: "activation", default: "linear" },
    { name: "use_bias", type: "bool", default: true },
    { name: "kernel_regularizer", type: "part", rare: true, parts: { L2: [] } },
    { name: "kernel_size", type: "pair" },
  ],
  layers: {
    Dense: { group: "core", help: "All to all.", start: { units: 16 }, params: [0, 1, 2, 3] },
    Conv2D: { group: "convolution", help: "A window.", start: { filters: 8 }, params: [4, 1] },
    Repeat: { group: "structure", help: "Copies.", start: { times: 2 }, params: [] },
    Residual: { group: "structure", help: "Adds.", start: {}, params: [] },
    Parallel: { group: "structure", help: "Beside.", start: {}, params: [] },
  },
  costs: { MeanSquaredError: { start: {}, params: [2] }, Huber: { start: { delta: 1 }, params: [2] } },
  groups: [],
};
const catalog = unpack(PACKED);

test("shared parameters stand in every entry that has them", () => {
  assert.deepEqual(
    catalog.layers.Conv2D.params.map(({ name }) => name),
    ["kernel_size", "activation"],
  );
  assert.equal(catalog.layers.Dense.params[2], catalog.costs.Huber.params[0]);
});

test("a card says what is not at its default", () => {
  assert.equal(describe({ kind: "Dense", units: 16 }, catalog), "16 units");
  assert.equal(
    describe({ kind: "Dense", units: 16, activation: "relu", use_bias: false }, catalog),
    "16 units · relu · no use bias",
  );
  const typed = { expression: "x ** 2" };
  assert.equal(describe({ kind: "Dense", units: { each: [8, 4] }, activation: typed }, catalog), "8, 4 units · x²");
});

test("a card says rare parts only where there is one", () => {
  assert.equal(describe({ kind: "Dense", units: 1, kernel_regularizer: { kind: "L2", l2: 0.01 } }, catalog), "1 units · L2 0.01");
  assert.equal(describe({ kind: "Dense", units: 1, kernel_regularizer: null }, catalog), "1 units");
});

test("a layer without anything to say is explained", () => {
  assert.equal(describe({ kind: "Conv2D" }, catalog), "A window.");
  assert.equal(describe({ kind: "Conv2D", kernel_size: 3 }, catalog), "3×3");
  assert.equal(describe({ kind: "Unknown" }, catalog), "");
});

test("a new layer is like the last of its kind, but for the name", () => {
  const like = fromJson({ kind: "Dense", units: 64, name: "wide" });
  assert.deepEqual(toJson(newLayer("Dense", catalog, { like, shape: "" })), { kind: "Dense", units: 64 });
  const params = { units: 3 };
  assert.deepEqual(toJson(newLayer("Dense", catalog, { params, shape: "" })), { kind: "Dense", units: 3 });
});

test("a new block holds a layer that fits its input", () => {
  assert.deepEqual(toJson(newLayer("Repeat", catalog, { shape: "28×28×1" })).layers, [{ kind: "Conv2D", filters: 8 }]);
  assert.deepEqual(toJson(newLayer("Parallel", catalog, { shape: "8" })).branches, [[{ kind: "Dense", units: 16 }], []]);
});

test("a new Residual keeps the width, where that is known and reasonable", () => {
  assert.deepEqual(toJson(newLayer("Residual", catalog, { shape: "28×28×3" })).layers, [{ kind: "Conv2D", filters: 3 }]);
  assert.deepEqual(toJson(newLayer("Residual", catalog, { shape: "50000" })).layers, [{ kind: "Dense", units: 16 }]);
  assert.deepEqual(toJson(newLayer("Residual", catalog, { shape: "" })).layers, [{ kind: "Dense", units: 16 }]);
});

test("another cost keeps what all costs have", () => {
  const before = { kind: "MeanSquaredError", project: false, delta: 9, class_weight: "balanced" };
  assert.deepEqual(newCost("Huber", before, catalog), { kind: "Huber", delta: 1, project: false, class_weight: "balanced" });
});
