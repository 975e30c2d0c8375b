import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isDead,
  keyOf,
  linkBetween,
  linksOf,
  networkOf,
  placeOf,
  strongestLinks,
} from "../../../../nnviz/browser/live/network/network.js";
import { floats, largeBody, smallBody, unit } from "./bodies.js";

/** @param {any} body */
function read(body) {
  const network = networkOf(body);
  assert.ok(network);
  return network;
}

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

test("links are weights with their size as a share of the layer's largest; what is no number is none", () => {
  const body = smallBody();
  body.layers[0].links = floats([0.5, Number.NaN, Number.POSITIVE_INFINITY, -2]);
  const links = linksOf(read(body), ({ to }) => to === 1);
  assert.deepEqual(links, [
    { from: 0, source: 0, to: 1, target: 0, weight: 0.5, strength: 0.25 },
    { from: 0, source: 1, to: 1, target: 1, weight: -2, strength: 1 },
  ]);
});

test("the largest weight of a layer is that of its links where the frame does not say it", () => {
  for (const strongest of [undefined, Number.NaN, 0, 0.5]) {
    const body = smallBody();
    body.layers[0].strongest = strongest;
    assert.equal(read(body).columns[1].strongest, 2);
  }
});

test("a network of zeros has links without strength", () => {
  const body = smallBody();
  Object.assign(body.layers[0], { links: floats([0, 0, 0, 0]), strongest: 0 });
  assert.ok(linksOf(read(body), ({ to }) => to === 1).every(({ strength }) => strength === 0));
});

test("of many links the strongest are drawn, the weakest of them first", () => {
  const links = strongestLinks(read(largeBody()), 10);
  assert.equal(links.length, 10);
  assert.deepEqual([links[9].weight, links[9].strength], [15, 1]);
  assert.ok(links.every((link, i) => i === 0 || link.strength >= links[i - 1].strength));
});

test("a unit is the same one in the next frame, wherever it stands there", () => {
  const body = largeBody();
  const key = keyOf(read(body), { column: 1, unit: 3 });
  assert.deepEqual(key, { key: "layers[0]", index: 48 });
  body.layers[0].units.shift();
  assert.deepEqual(placeOf(read(body), key), { column: 1, unit: 2 });
  body.layers[0].units = [];
  assert.equal(placeOf(read(body), key), null);
});

test("the link of two units, where there is one", () => {
  const network = read(smallBody());
  const link = linkBetween(network, { column: 1, unit: 0 }, { column: 3, unit: 1 });
  assert.ok(Math.abs((link?.weight ?? 0) + 2.31) < 1e-6);
  assert.equal(linkBetween(network, { column: 0, unit: 0 }, { column: 3, unit: 1 }), null);
  assert.equal(linkBetween(network, null, { column: 3, unit: 1 }), null);
});
