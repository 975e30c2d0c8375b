import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { columnWords, networkSentence, noteWords, pagesOf } from "../../../../nnviz/browser/live/network/summary.js";
import { blockBody, floats, largeBody, smallBody } from "./bodies.js";

/** @param {any} body */
const read = (body) => /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));

test("the picture as a sentence", () => {
  assert.equal(
    networkSentence(read(smallBody())),
    "Network of 2 inputs, 2 and 2 units, 2 outputs; the strongest weight is −2.310, from unit 1 of layer 1 to unit 2 of layer 3; 1 of 4 units is 0 for all rows",
  );
  const large = read(largeBody());
  assert.equal(
    networkSentence(large),
    "Network of 20 inputs, 256 units, 1 output; the strongest weight is 15.00, from unit 241 of layer 1 to the output; no unit drawn is 0 for all rows",
  );
});

test("a largest weight that is not drawn is not claimed for a unit that is", () => {
  const body = largeBody();
  body.layers[0].strongest = 40;
  assert.match(networkSentence(read(body)), /strongest weight is 40.00 in size, in Dense 256 relu, of units that are not drawn/);
});

test("weights that are no numbers are counted; a network without weights has no strongest one", () => {
  const body = smallBody();
  body.layers[0].links = floats([Number.NaN, Number.NaN, 1, Infinity]);
  assert.match(networkSentence(read(body)), /; 3 weights are not numbers;/);
  for (const part of [...body.layers, body.cost]) part.links = null;
  assert.equal(networkSentence(read(body)), "Network of 2 inputs, 2 and 2 units, 2 outputs; 1 of 4 units is 0 for all rows");
});

test("around a column stand its place and what it is", () => {
  const { columns } = read(largeBody());
  assert.deepEqual(columnWords(columns[0], 0), { head: "inputs", title: "", more: "16 of 20, the largest by weight" });
  assert.deepEqual(columnWords(columns[1], 1), {
    head: "layer 1",
    title: "Dense 256 relu",
    more: "16 of 256, the largest by weight",
  });
  assert.deepEqual(columnWords(columns[2], 2), { head: "outputs", title: "MSE", more: "" });
});

test("how the picture is read depends on what its units have", () => {
  assert.match(noteWords(read(largeBody())), /^Bars: how often a unit gives which output, over the training rows\./);
  assert.match(noteWords(read(smallBody())), /^Lines: weights/);
  const body = smallBody();
  body.layers[0].units[0].map = new ArrayBuffer(4);
  assert.match(noteWords(read(body)), /^Squares: what each unit answers/);
});

test("layers that are left out are counted, in the sentence and over the picture", () => {
  const network = read(blockBody());
  assert.match(networkSentence(network), /^Network of 2 inputs, 2, 2, 2, 2, 2 and 2 units, 2 outputs; showing 7 of 9 layers; /);
  assert.match(noteWords(network), /^Showing 7 of 9 layers\. Lines: weights/);
  assert.doesNotMatch(noteWords(read(smallBody())), /Showing/);
});

test("under a block stands what it makes of its branches", () => {
  const body = blockBody();
  const more = (/** @type {number} */ place) => columnWords(read(body).columns[place], place).more;
  assert.deepEqual([more(3), more(7)], ["layers inside + its input", "branches side by side; 2 of 6, the largest by weight"]);
  for (const [how, words] of [
    ["average", /^mean of/],
    ["add", /^sum of/],
  ]) {
    body.layers[6].join.how = how;
    assert.match(more(7), /** @type {RegExp} */ (words));
  }
  Object.assign(body.layers[6], { join: undefined, inside: 30 });
  assert.match(more(7), /^30 layers inside, not drawn/);
});

test("which units of a large layer are drawn: the largest, the next by weight, or in their order", () => {
  const body = largeBody();
  const more = () => columnWords(read(body).columns[1], 1).more;
  assert.equal(more(), "16 of 256, the largest by weight");
  body.layers[0].page = 2;
  assert.equal(more(), "33 to 48 of 256 by weight");
  body.layers[0].by_weight = false;
  assert.equal(more(), "33 to 48 of 256");
  assert.deepEqual(read(body).columns.map(pagesOf), [2, 16, 1]);
});

test("the costs of the rows come last, in the sentence and in the picture", () => {
  const network = read({ ...smallBody(), row_costs: { mean: 0.25, low: 0, high: 4 } });
  assert.match(networkSentence(network), /; a row costs 0.250 on average, 4.000 at most$/);
  assert.deepEqual(columnWords(network.columns[5], 5), {
    head: "cost of rows",
    title: "on average 0.250",
    more: "at most 4.000",
  });
});

test("where there is little room the words around a column are few", () => {
  const { columns } = networkOf(largeBody()) ?? assert.fail();
  const [, layer] = columns;
  assert.equal(columnWords(layer, 1, true).more, `16 of ${layer.inAll}`);
});
