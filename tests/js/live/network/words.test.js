import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { signed } from "../../../../nnviz/browser/live/network/unit/names.js";
import { formulaOf, pictureWords, spoken, unitName, unitWords, wordsOf } from "../../../../nnviz/browser/live/network/words.js";
import { blockBody, floats, largeBody, smallBody, unit } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/network/network.js").Network} Network */
/** @param {any} body */
const read = (body) => /** @type {Network} */ (networkOf(body));

/**
 * @param {Network} network
 * @param {number} column
 * @param {number} unit
 */
const formula = (network, column, unit) =>
  formulaOf(network, { column, unit })
    .map(({ text }) => text)
    .join(" ");

test("numbers in a formula have a sign", () => {
  assert.deepEqual([0.83, -0.52, 0, Number.NaN, -Infinity].map(signed), ["+0.830", "−0.520", "0", "–", "−∞"]);
});

test("a unit's formula has its weights, its bias and its activation", () => {
  const network = read(smallBody());
  assert.equal(formula(network, 1, 0), "= relu( +0.500 × x −2.000 × y −0.100 )");
  assert.equal(formula(network, 3, 1), "= relu( −2.310 × unit 1 0 × unit 2 +0.250 )");
  assert.deepEqual(formulaOf(network, { column: 0, unit: 0 }), []);
});

test("of many weights the largest are written, in the order of their units, and the others counted", () => {
  const network = read(largeBody());
  assert.equal(formula(network, 2, 0), "= +12.00 × unit 193 +13.00 × unit 209 +14.00 × unit 225 +15.00 × unit 241 + 252 more");
});

test("a weight that is not a number is not hidden", () => {
  const body = smallBody();
  body.layers[0].links = floats([0.5, Number.NaN, 1, 1]);
  assert.equal(formula(read(body), 1, 0), "= relu( +0.500 × x – × y −0.100 )");
});

test("the tip of a unit", () => {
  const network = read(smallBody());
  const words = unitWords(network, { column: 1, unit: 0 });
  assert.equal(words.title, "unit 1 of layer 1");
  const driven = "Its sum falls with y and grows with x; y counts 4.0 times as much as x.";
  assert.deepEqual(words.facts, [driven, "On average 0.500, from −1.000 to 2.000.", "0 for 25\u00a0% of 200 validation rows."]);
  const dead = unitWords(network, { column: 1, unit: 1 });
  assert.equal(dead.facts[2], "0 for all 200 validation rows: a dead unit.");
  assert.equal(
    spoken(words),
    `unit 1 of layer 1 = relu( +0.500 × x −2.000 × y −0.100 ). ${driven} On average 0.500, from −1.000 to 2.000. 0 for 25\u00a0% of 200 validation rows.`,
  );
});

test("a unit whose weights are not drawn says so, in the layer's own words where it has some", () => {
  const body = smallBody();
  body.layers[2].links = null;
  assert.equal(unitWords(read(body), { column: 3, unit: 0 }).facts[0], "Its weights are not drawn one by one.");
  body.layers[2].note = "A kernel slides over the picture.";
  assert.equal(unitWords(read(body), { column: 3, unit: 0 }).facts[0], "A kernel slides over the picture.");
});

test("of a unit of which nothing is known only the weights speak", () => {
  const body = smallBody();
  body.layers[0].units = [{}, {}];
  assert.equal(unitWords(read(body), { column: 1, unit: 1 }).facts.length, 1, "its weights alone speak");
});

test("outputs have the names of their classes, their number, or none where there is one", () => {
  const network = read(smallBody());
  assert.equal(unitName(network, { column: 4, unit: 1 }, ["cat", "dog"]), "output “dog”");
  assert.equal(unitName(network, { column: 4, unit: 1 }), "output 2");
  assert.equal(unitName(read(largeBody()), { column: 2, unit: 0 }), "the output");
  assert.equal(unitName(network, { column: 0, unit: 1 }), "input “y”");
});

test("a link says its weight and both its units", () => {
  const places = { source: { column: 1, unit: 0 }, target: { column: 3, unit: 1 } };
  assert.equal(wordsOf(read(smallBody()), places)?.title, "weight from unit 1 of layer 1 to unit 2 of layer 3: −2.310");
  assert.equal(wordsOf(read(smallBody()), { ...places, source: { column: 0, unit: 0 } }), null);
});

test("what a block gives is a sum, a mean or one of the outputs of its branches", () => {
  const body = blockBody();
  assert.equal(formula(read(body), 3, 1), "= input “y” + output 2 of layer 1.2");
  body.layers[6].units = [0, 3, 5].map((index) => unit(index));
  const parallel = read(body);
  assert.deepEqual(
    [0, 1, 2].map((place) => formula(parallel, 7, place)),
    ["= unit 1 of layer 2.1.1", "= unit 2 of layer 2.2.2", "= unit 2 of layer 1"],
  );
  body.layers[6].join.how = "average";
  assert.equal(formula(read(body), 7, 0), "= ( unit 1 of layer 2.1.1 + unit 1 of layer 2.2.2 + unit 1 of layer 1 ) / 3");
  body.layers[2].join.is_projected = true;
  const projected = unitWords(read(body), { column: 3, unit: 0 });
  assert.deepEqual([projected.formula.length, projected.facts[0]?.slice(0, 10)], [0, "The sum of"]);
});

test("units of a copy of repeated layers say which copy it is", () => {
  assert.equal(unitName(read(blockBody()), { column: 9, unit: 0 }), "unit 1 of layer 3.1, copy 2 of 2");
});

test("a layer without units says what it does, and how much it gives", () => {
  const body = smallBody();
  Object.assign(body.layers[1], { help: "Sets some to 0.", shape: [5, 5, 1024] });
  const words = (/** @type {any} */ one) => wordsOf(read(one), { slim: 2 });
  assert.deepEqual(words(body), {
    title: "layer 2: Dropout 0.2",
    formula: [],
    facts: ["Sets some to 0.", "Gives 5 × 5 × 1,024 numbers for each row."],
  });
  body.layers[1].shape = [1];
  assert.equal(words(body)?.facts[1], "Gives 1 number for each row.");
  Object.assign(body.layers[1], { help: undefined, shape: undefined });
  assert.deepEqual(words(body)?.facts, []);
});

test("the picture that was chosen, what it is and what the network answers", () => {
  const picture = { row: 2, of: 1200, label: 1, answer: 1, share: 0.98 };
  const words = (/** @type {any} */ change) => pictureWords({ ...picture, ...change }, "validation", ["cat", "dog"]);
  assert.equal(words({}), "Validation picture 3 of 1,200. It is “dog”, and so says the network (98.0\u00a0%).");
  assert.match(words({ answer: 0 }), /It is “dog”, the network says “cat” \(98.0\u00a0%\): wrong\.$/);
  assert.match(words({ label: [2], answer: [1.5], share: null }), /It is 2\.?0*, the network says 1\.50*\.$/);
  assert.match(pictureWords(picture, "train"), /^Training picture 3 .* It is “1”/);
});

test("for a picture a unit says what it gives there; the costs of rows are no unit's", () => {
  const body = { ...smallBody(), row_costs: { mean: 0.25, low: 0, high: 4 } };
  body.layers[0].units[0].now = -0.5;
  assert.ok(unitWords(read(body), { column: 1, unit: 0 }).facts.includes("For this picture −0.500."));
  const costs = unitWords(read(body), { column: 5, unit: 0 });
  assert.equal(costs.title, "the cost of each row");
  assert.match(costs.facts[0], /^On average 0.250, from 0 to 4/);
  assert.equal(costs.facts.length, 2);
});
