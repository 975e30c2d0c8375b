import assert from "node:assert/strict";
import { test } from "node:test";
import { wayOf } from "../../../../nnviz/browser/live/way/way.js";
import { arrayTitle, blocksOf, longWeight, shortWeight, waySentence } from "../../../../nnviz/browser/live/way/weight_words.js";
import { wayBody } from "./bodies.js";

/** @typedef {import("../../../../nnviz/browser/live/way/way.js").Way} Way */
/** @param {any} [body] */
const read = (body = wayBody()) => /** @type {Way} */ (wayOf(body));

test("a weight is called by what it joins, with the names of the columns", () => {
  const way = read();
  assert.equal(shortWeight(way, { variable: 0, index: [1, 2] }), "bmi → unit 3");
  assert.equal(longWeight(way, { variable: 1, index: [0] }), "layer 1: biases, bias of unit 1");
  assert.equal(longWeight(way, { variable: 2, index: [2, 1] }), "outputs: weights, input 3 → output 2");
  const kernel = { layer: "2.1", array: "kernel", shape: [3, 3, 1, 8] };
  assert.equal(arrayTitle(kernel), "layer 2.1: weights");
  assert.equal(arrayTitle({ ...kernel, copy: 2, copies: 3 }), "layer 2.1, copy 2: weights");
  assert.equal(
    shortWeight({ ...way, variables: [kernel] }, { variable: 0, index: [0, 2, 0, 7] }),
    "row 1, column 3, channel 1, filter 8",
  );
});

test("weights of attention, of an embedding and of what comes back are called by what they are", () => {
  const way = read();
  const nameOf = (/** @type {any} */ variable, /** @type {number[]} */ index) =>
    longWeight({ ...way, variables: [variable] }, { variable: 0, index });
  const query = { layer: "2", array: "kernel", part: "query", shape: [6, 2, 4] };
  assert.equal(nameOf(query, [5, 1, 0]), "layer 2: weights of the queries, input 6, head 2, number 1 of the queries");
  const result = { layer: "2", array: "bias", part: "attention_output", shape: [6] };
  assert.equal(nameOf(result, [3]), "layer 2: biases of the result, output 4 of the result");
  assert.equal(nameOf({ layer: "1", array: "embeddings", shape: [2, 6] }, [1, 2]), "layer 1: embeddings, entry 2 → unit 3");
  const recurrent = { layer: "2", array: "recurrent_kernel", shape: [5, 20] };
  assert.equal(nameOf(recurrent, [1, 2]), "layer 2: recurrent weights, from unit 2, unit 3");
});

test("the sentence says the cost, the step and what it brings", () => {
  assert.equal(
    waySentence(read()),
    "The cost over all 200 training rows is 0.6625. The next step, by Adam, changes bmi → unit 3 by +0.009 and bias of unit 1 " +
      "by −0.002; if no other weight moved, the cost would then be 0.6615.",
  );
  assert.match(waySentence(read(wayBody({ rows_in_all: 60000 }))), /over 200 of the 60,000 training rows/);
});

test("Adam says why both weights move differently", () => {
  const [own, sgd, momentum] = blocksOf(read());
  assert.deepEqual([own.title, sgd.title, momentum.title], ["This run: Adam", "Plain SGD", "SGD with momentum"]);
  assert.equal(
    own.note,
    "With this run’s means over 6 updates. bmi → unit 3: its gradients agree (0.90), so it moves nearly a whole learning rate. " +
      "bias of unit 1: its gradients in part cancel one another, so it moves 0.20 of a learning rate. " +
      "The gradients differ by a factor of 20.0, the steps by 4.5: each is measured by its own usual size.",
  );
  assert.deepEqual(own.lines.at(-1), { label: "= step", values: ["+0.009", "−0.002"] });
  assert.match(
    momentum.note,
    /^No step is recorded before this one: .* Steps that agree add up, to 10 times those of plain SGD after many; those .* cancel\.$/,
  );
  assert.deepEqual(sgd.cost, "−0.0004");
});

test("momentum says what its velocity does here", () => {
  const body = wayBody();
  Object.assign(body.ghosts[1], {
    starts: "path",
    step: [0.012, 0],
    numbers: { momentum: [0.9, 0.9], kept: [0.008, 0.0002], over: [40, 40] },
  });
  const lent = blocksOf(read(body))[2];
  assert.match(lent.note, /^This run keeps no velocity, so it starts with the mean of the last 40 steps of the run\./);
  // 0.012 beside 0.01 x the length of (-0.4, 0.02)
  assert.match(lent.note, /Here its step is 3 times as long as that of plain SGD\.$/);
  assert.equal(lent.lines[1].label, "0.9 × mean of the last steps");
  body.ghosts[1].starts = "own";
  assert.match(blocksOf(read(body))[2].note, /^Goes on with this run’s velocity: 0\.9 of the last step/);
});

test("weights that nothing pulls at say so", () => {
  const body = wayBody();
  body.weights[1].gradient = 0;
  assert.match(waySentence(read(body)), /0\.6615\. The gradient of bias of unit 1 is 0 for this batch: nothing pulls at it/);
  body.weights[0].gradient = 0;
  assert.match(waySentence(read(body)), /Both gradients are 0 for this batch/);
});

test("an optimizer that is none of the three shows its own lines", () => {
  const body = wayBody({ optimizer: "RMSprop" });
  for (const ghost of body.ghosts) ghost.is_own = false;
  const blocks = blocksOf(read(body));
  assert.deepEqual(
    blocks.map(({ title, isRun }) => [title, isRun]),
    [
      ["This run: RMSprop", true],
      ["Plain SGD", false],
      ["SGD with momentum", false],
      ["Adam", false],
    ],
  );
  assert.equal(blocks[0].lines[1].label, "moving mean of the gradient");
});
