import assert from "node:assert/strict";
import { test } from "node:test";
import { isDead, networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { blockBody, floats, smallBody, unit } from "./bodies.js";

/** @param {any} body */
const read = (body) => /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));

test("a frame becomes columns from the inputs to the cost", () => {
  const { columns, size, rows, part } = read(smallBody());
  assert.deepEqual([size, rows, part], [2, 200, "validation"]);
  assert.deepEqual(
    columns.map(({ key, kind, from, inAll }) => [key, kind, from, inAll]),
    [
      ["inputs", "inputs", null, 2],
      ["layers[0]", "layer", 0, 2],
      ["layers[1]", "slim", null, 0],
      ["layers[2]", "layer", 1, 2],
      ["cost", "cost", 3, 2],
    ],
  );
  assert.deepEqual([...(columns[0].units[0].map ?? [])], [1, 255, 1, 255]);
  assert.deepEqual(columns[1].units.map(isDead), [false, true]);
});

test("no frame, and one without units, is nothing to draw", () => {
  for (const body of [undefined, null, 3, "x", [], {}, { inputs: [], layers: [] }, { inputs: {}, layers: [] }])
    assert.equal(networkOf(body), null);
});

test("names of inputs that the frame does not have come from the page", () => {
  const body = smallBody();
  body.inputs[1].name = undefined;
  assert.deepEqual(
    networkOf(body, ["a", "b"])?.columns[0].units.map(({ name }) => name),
    ["x", "b"],
  );
});

test("links of a wrong length, from nowhere or from a layer without units are left out", () => {
  const broken = [
    { links: undefined },
    { links: floats([1]) },
    { links: "abc" },
    { from: null },
    { from: 7 },
    { from: 1 },
    { from: 2 },
  ];
  for (const change of broken) {
    const body = smallBody();
    Object.assign(body.layers[2], change);
    const { weights, from } = read(body).columns[3];
    assert.deepEqual([weights, from], [null, null], JSON.stringify(change));
  }
});

test("maps of another size, and parts that are no objects, are left out", () => {
  const body = smallBody();
  body.size = 3;
  body.layers[1] = null;
  body.layers[0].units = [unit(0, { map: new ArrayBuffer(4), bars: new ArrayBuffer(0) }), null, 5];
  const { columns } = read(body);
  assert.equal(columns[0].units[0].map, null);
  assert.deepEqual([columns[1].units.length, columns[1].units[0].map, columns[1].units[0].bars], [1, null, null]);
  assert.deepEqual([columns[2].kind, columns[2].title], ["slim", ""]);
});

test("a frame without a cost ends with its last layer", () => {
  assert.equal(read({ ...smallBody(), cost: null }).columns.at(-1)?.key, "layers[2]");
});

test("numbers that are missing are not numbers, and nothing throws", () => {
  const body = smallBody();
  body.layers[0].units = [{}, { index: "a", bias: "b" }];
  const { units } = read(body).columns[1];
  assert.deepEqual([units[1].index, units[1].bias, units[1].mean, units[1].low], [1, null, Number.NaN, Number.NaN]);
});

test("the largest weight of a layer is that of its links where the frame does not say it", () => {
  for (const strongest of [undefined, Number.NaN, 0, 0.5]) {
    const body = smallBody();
    body.layers[0].strongest = strongest;
    assert.equal(read(body).columns[1].strongest, 2);
  }
});

test("blocks join their branches; a layer that stands twice has two keys", () => {
  const { columns, drawnLayers, inAll } = read(blockBody());
  assert.deepEqual(
    columns.map(({ after }) => after),
    [[], [0], [1], [2, 0], [3], [3], [5], [4, 6, 3], [7], [8], [9]],
  );
  assert.deepEqual(columns[3].join, { how: "add", ends: [2], skip: 0, isProjected: false });
  assert.deepEqual(columns[7].join?.ends, [4, 6, 3]);
  assert.deepEqual([columns[8].key, columns[9].key], ["layers[2].layers[0]", "layers[2].layers[0] 1"]);
  assert.deepEqual([drawnLayers, inAll], [7, 9]);
});

test("a join of columns that are not there is none", () => {
  for (const ends of [[], [9], ["a"], [null], 3, undefined]) {
    const body = blockBody();
    body.layers[2].join.ends = ends;
    assert.equal(read(body).columns[3].join, null);
  }
});

test("which units, picture and costs the frame has", () => {
  const body = { ...smallBody(), inputs_page: 2, inputs_by_weight: false, row_costs: { mean: 0.5, low: 0, high: 3 } };
  Object.assign(body.layers[0], { page: 1, by_weight: true, shape: [2], help: "Adds up." });
  const { columns, picture } = read({ ...body, picture: { row: 4, of: 9, label: 1, answer: 0, share: 0.75 } });
  assert.deepEqual([columns[0].page, columns[0].byWeight, columns[1].page, columns[1].byWeight], [2, false, 1, true]);
  assert.deepEqual([columns[1].shape, columns[1].help], [[2], "Adds up."]);
  assert.deepEqual(picture, { row: 4, of: 9, label: 1, answer: 0, share: 0.75 });
  const costs = columns[columns.length - 1];
  assert.deepEqual([costs.kind, costs.units[0].mean, costs.units[0].high, costs.after], ["rows", 0.5, 3, [4]]);
  for (const broken of [undefined, 3, { row: 1 }, { row: 0, of: 1, label: 1 }])
    assert.equal(read({ ...body, picture: broken }).picture, null);
});
