import assert from "node:assert/strict";
import { test } from "node:test";
import { learningOf, usedDecades } from "../../../../nnviz/browser/live/layers/layers.js";
import { body, layer, sizes } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/layers/layers.js").Learning} Learning */
/** @param {any} content */
const read = (content) => /** @type {Learning} */ (learningOf(content));

test("norms give the typical size and the ratio", () => {
  const [one] = read(body([layer("1", { gradient: 5, update: 0.003 })])).layers;
  assert.equal(one.gradient?.typical, 0.5);
  assert.equal(one.ratio, 0.003);
  assert.equal(one.dead, null);
});

test("copies of a Repeat have keys of their own, and the same ones in every frame", () => {
  const frame = () => read(body([layer("1.1"), layer("1.1"), layer("2")]));
  const keys = frame().layers.map(({ key }) => key);
  assert.equal(new Set(keys).size, 3);
  assert.deepEqual(
    keys,
    frame().layers.map(({ key }) => key),
  );
  assert.deepEqual(
    frame().layers.map(({ copy }) => copy),
    [1, 2, 0],
  );
});

test("what is broken in a frame is left out", () => {
  for (const broken of [undefined, null, {}, body([]), { layers: [layer("1")] }, body([layer("1")], { axis: [1, "x"] })]) {
    assert.equal(learningOf(broken), null);
  }
  const [one, two] = read(body([layer("1", { weights: null, update: undefined }), null])).layers;
  assert.equal(one.weights, null);
  assert.equal(one.ratio, null);
  assert.equal(two.isTrained, false);
});

test("the axis holds all but a few outliers", () => {
  // bins 0 and 47 of negative numbers hold the ends of the axis
  const bars = sizes(1, { 0: 2, 20: 255, 31: 100 });
  const other = sizes(1, { 48: 1, 70: 255 });
  assert.deepEqual(usedDecades(read(body([{ ...layer("1"), weights: bars, gradient: other, update: null }]))), [-4, -1]);
  const empty = sizes(1, {});
  assert.deepEqual(usedDecades(read(body([{ ...layer("1"), weights: empty, gradient: empty, update: empty }]))), [-3, 0]);
});
