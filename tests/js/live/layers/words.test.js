import assert from "node:assert/strict";
import { test } from "node:test";
import { learningOf } from "../../../../nnviz/browser/live/layers/layers.js";
import { layerWords, noteWords, share, stateWords, unitWords, verdict } from "../../../../nnviz/browser/live/layers/words.js";
import { body, layer } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/layers/layers.js").Learning} Learning */
/**
 * @param {any[]} layers
 * @param {Record<string, unknown>} [more]
 */
const read = (layers, more) => /** @type {Learning} */ (learningOf(body(layers, more)));
/** @param {...any} layers */
const spoken = (...layers) => verdict(read(layers)).join(" ").replaceAll("\u00a0", " ");

test("a small share has two digits", () => {
  const shares = [0, 0.00123, 0.004, 0.000012, 0.25, 12, 1e-9, 0.1].map((value) => share(value).replace("\u00a0", " "));
  assert.deepEqual(shares, ["0 %", "0.12 %", "0.40 %", "0.0012 %", "25 %", "1,200 %", "< 0.000001 %", "10 %"]);
});

test("all is well", () => {
  const words = spoken(layer("1", { update: 0.001 }), layer("2", { update: 0.004 }));
  assert.equal(words, "Every layer is learning: one update changes its weights by 0.10 % to 0.40 %.");
  assert.equal(spoken(layer("1")), "The layer is learning: one update changes 0.20 % of its weights.");
});

test("a gradient that vanishes", () => {
  const words = spoken(layer("1", { gradient: 1 / 600, update: 1e-6 }), layer("4", { update: 0.004 }));
  assert.match(words, /^The gradient of layer 1 is 600 times smaller than that of layer 4: layer 1 learns slowly\./);
  assert.match(words, /One update changes layer 1 by only 0\.00010 % of the weights/);
  const evened = spoken(layer("1", { gradient: 1 / 600 }), layer("4"));
  assert.match(evened, /600 times smaller than that of layer 4, yet one update changes 0\.20 % of it\. Every layer/);
  assert.match(spoken(layer("1", { gradient: 0, update: 0 }), layer("2")), /^The gradient of layer 1 is 0: it does not learn\./);
  assert.match(spoken(layer("1", { gradient: 0, update: 0 })), /^The gradient is 0 everywhere: no layer learns\./);
});

test("a layer that an update leaves as it is", () => {
  const words = spoken(layer("1", { update: 0 }), layer("2"));
  assert.match(words, /One update does not change layer 1 at all/);
  assert.doesNotMatch(words, /only/);
  const lost = spoken(layer("1", { gradient: 1e-14, update: 1e-12 }), layer("2"));
  assert.match(
    lost,
    /more than a million times smaller than that of layer 2: layer 1 does not learn\. One update does not change layer 1 at all\./,
  );
});

test("at rest, since there is nothing left to learn", () => {
  const rows = (/** @type {number} */ loss, cost = "CrossEntropy") =>
    verdict(read([layer("1", { update: 1e-5 })], { loss, cost }))[0];
  assert.match(rows(0.003), /at rest, the loss of its training rows is 0\.003, already near 0\.$/);
  assert.match(rows(0.3), /at rest, or the rate is too low\.$/);
  assert.match(rows(0.003, "Poisson"), /or the rate is too low/);
  assert.match(rows(-0.003, "CrossEntropy"), /or the rate is too low/);
});

test("updates that are too large", () => {
  assert.match(
    spoken(layer("1"), layer("2", { update: 0.12 })),
    /One update changes layer 2 by 12 % of the weights, which is much/,
  );
});

test("dead and saturated units", () => {
  assert.match(spoken(layer("1", { dead: 12 })), /^12 of 32 units of layer 1 are dead: they give 0 for every row\. A ReLU dies/);
  assert.match(spoken(layer("1", { dead: 1 }), layer("2", { dead: 0 })), /^1 of 64 units is dead: it gives 0/);
  const both = [layer("1", { dead: 7, units: 16 }), layer("2", { dead: 12 }), layer("3", { activation: "tanh" })];
  assert.match(spoken(...both), /^19 of 48 units \(layer 1: 7, layer 2: 12\) are dead:/);
  assert.doesNotMatch(spoken(layer("1", { dead: 12, activation: "relu6" })), /ReLU dies/);
  assert.match(spoken(layer("1", { dead: 32 })), /^All 32 units of layer 1 give 0 for every row/);
  const full = layer("2", { saturated: 0.61, activation: "sigmoid" });
  assert.match(spoken(full), /61 % of the outputs of layer 2 are at the ends of sigmoid/);
  // that a network is sure of its answers is no fault
  assert.doesNotMatch(spoken(layer("", { saturated: 0.9 })), /at the ends/);
});

test("a layer that is not trained", () => {
  const frozen = layer("1", { trained: false, gradient: undefined, update: undefined });
  Object.assign(frozen, { gradient: null, update: null });
  assert.equal(spoken(frozen), "No layer here is trained.");
  const [one] = read([frozen]).layers;
  assert.equal(stateWords(one), "not trained");
  assert.match(layerWords(one).facts[1], /not trained/);
});

test("the tip of a layer", () => {
  const [one] = read([layer("2.1", { dead: 3, after: "3", gradient: 5 })]).layers;
  const { title, facts } = layerWords(one);
  assert.equal(title, "Layer 2.1: Dense 32, relu");
  assert.equal(facts[0], "100 weights, typically 0.100 in size; their norm is 1.000.");
  assert.match(facts[1], /^Gradient: typically 0\.500, norm 5\.000/);
  assert.match(facts[2], /0\.20.% of the weights/);
  assert.equal(facts[3], "After the activation of layer 3: 3 of 32 units give 0 for every row.");
  assert.equal(unitWords(one), "3 of 32 dead");
  assert.equal(stateWords(one), "healthy");
});

test("how the numbers came about", () => {
  const words = noteWords(read([layer("1")], { layers_in_all: 90 }), 7);
  assert.match(words, /over 500 of 4,000 training rows, dropout off/);
  assert.match(
    words,
    /what Adam would do with it next, at rate 0\.001\. Lines go through 7 of the recorded moments\. The first 1 of 90 layers are shown/,
  );
});
