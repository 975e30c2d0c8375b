import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf } from "../../../../../nnviz/browser/live/network/network.js";
import { lookFacts, withoutWords } from "../../../../../nnviz/browser/live/network/unit/facts.js";
import { floats, smallBody, unit } from "../bodies.js";

/** @param {(body: any) => void} [change] @returns {import("../../../../../nnviz/browser/live/network/network.js").Network} */
function read(change) {
  const body = smallBody();
  change?.(body);
  return /** @type {any} */ (networkOf(body));
}

test("what drives a unit, by its largest weights", () => {
  const of = (/** @type {number[]} */ weights, at = 0) => {
    const network = read((body) => {
      body.layers[0].links = floats(weights);
    });
    return lookFacts(network, { column: 1, unit: at });
  };
  assert.deepEqual(of([0.5, -2, 1, 0.25]), ["Its sum falls with y and grows with x; y counts 4.0 times as much as x."]);
  assert.deepEqual(of([0.5, -2, 1, 0.25], 1), ["Its sum grows with x and y; x counts 4.0 times as much as y."]);
  assert.deepEqual(of([-3, 0.1, 1, 1]), ["Its sum falls with x, and hardly changes with anything else."]);
  assert.deepEqual(of([-3, -2, 1, 1]), ["Its sum falls with x and y; x counts 1.5 times as much as y."]);
  assert.deepEqual(of([0, 0, 1, 1]), [], "no weight leads there");
  assert.deepEqual(of([Number.NaN, 1, 1, 1]), []);
});

test("for which class it is high", () => {
  const of = (/** @type {unknown} */ by_class) => {
    const network = read((body) => {
      body.layers[0].units[0] = unit(0, { by_class });
    });
    return lookFacts(network, { column: 1, unit: 0 }, ["cat", "dog", "owl"]).slice(1);
  };
  assert.deepEqual(of([0.5, -0.25, null]), ["Highest for rows of class cat (on average 0.500), lowest for class dog (−0.250)."]);
  assert.deepEqual(of([0.5, 0.501, 0.5]), ["On average it gives the rows of all classes the same."]);
  assert.deepEqual([of([0.5]), of("many"), of(undefined)], [[], [], []]);
});

test("what a unit is worth, once the frame says so", () => {
  const network = read((body) => {
    Object.assign(body, { rows: 1200, part: "validation", row_costs: { bars: null, low: 0, high: 1, mean: 0.2974 } });
    body.without = { key: "layers[0]", index: 1, mean: 0.3171 };
  });
  assert.equal(
    withoutWords(network, { key: "layers[0]", index: 1 }),
    "Without it the loss of 1,200 validation rows would be 0.317 instead of 0.297.",
  );
  assert.equal(withoutWords(network, { key: "layers[0]", index: 0 }), "");
  assert.equal(withoutWords(read(), { key: "layers[0]", index: 1 }), "");
});
