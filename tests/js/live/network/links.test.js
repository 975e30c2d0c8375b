import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, linkBetween, linksOf, placeOf, strongestLinks } from "../../../../nnviz/browser/live/network/links.js";
import { networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { floats, largeBody, smallBody } from "./bodies.js";

/** @param {any} body */
const read = (body) => /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));

test("links are weights with their size as a share of the layer's largest; what is no number is none", () => {
  const body = smallBody();
  body.layers[0].links = floats([0.5, Number.NaN, Number.POSITIVE_INFINITY, -2]);
  const links = linksOf(read(body), ({ to }) => to === 1);
  assert.deepEqual(links, [
    { from: 0, source: 0, to: 1, target: 0, weight: 0.5, strength: 0.25 },
    { from: 0, source: 1, to: 1, target: 1, weight: -2, strength: 1 },
  ]);
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
