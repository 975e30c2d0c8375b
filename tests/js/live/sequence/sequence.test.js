import assert from "node:assert/strict";
import { test } from "node:test";
import { breadth, isAttention, largestChange, strongest, tableOf } from "../../../../nnviz/browser/live/sequence/sequence.js";
import { cellWords, rowSentence, stepHead, stepName, tableSentence } from "../../../../nnviz/browser/live/sequence/words.js";

const CLASSES = ["cat", "dog"];
const PLACE = { part: "validation", in_all: 40, row: 2, number: 7, order: "rows", looked_at: 40, place: 2, previous: 1, next: 3 };
const ANSWER = { wrong: null, truth: 0, answer: 0, share: 0.5, unit: "" };
const STEPS = [
  { name: "t1", text: "4" },
  { name: "t2", text: "5" },
];

/** Two of three units over two steps. @param {Record<string, any>} [other] @returns {any} */
function states(other = {}) {
  const layers = [{ title: "LSTM 3", number: "2", copies: [], kind: "states" }];
  const values = new Float32Array([0.25, 0.5, -0.5, 1]).buffer;
  const own = { directions: 1, direction: 0, states: ["output", "memory"], state: 0, units_in_all: 3, units: [0, 2] };
  return { ...PLACE, ...ANSWER, layers, layer: 0, steps_in_all: 2, steps: STEPS, values, ...own, ...other };
}

/** @param {Record<string, any>} [other] @returns {any} */
function attention(other = {}) {
  const layers = [{ title: "MultiHeadAttention", number: "2", copies: [], kind: "attention" }];
  const values = new Float32Array([0.5, 0.5, 0.25, 0.75]).buffer;
  return {
    ...PLACE,
    ...ANSWER,
    layers,
    layer: 0,
    steps_in_all: 2,
    steps: STEPS,
    values,
    heads: 2,
    head: 0,
    causal: false,
    ...other,
  };
}

test("values are a table of lines, with their largest size", () => {
  assert.deepEqual(tableOf(states()), {
    lines: [
      [0.25, 0.5],
      [-0.5, 1],
    ],
    reach: 1,
  });
  assert.deepEqual([isAttention(states()), isAttention(attention())], [false, true]);
});

test("the largest change is that of a unit at a step; the first step starts from 0", () => {
  assert.deepEqual(largestChange(tableOf(states())), { line: 1, step: 1, before: -0.5, after: 1 });
  assert.deepEqual(largestChange({ lines: [[-2, -1]], reach: 2 }), { line: 0, step: 0, before: 0, after: -2 });
  assert.equal(largestChange({ lines: [[0, 0]], reach: 0 }), null);
});

test("a line of attention looks at as many steps as its entropy says", () => {
  assert.deepEqual([breadth([1, 0, 0]), breadth([0.25, 0.25, 0.25, 0.25]).toFixed(6)], [1, "4.000000"]);
  assert.deepEqual(strongest(tableOf(attention())), [1, 1]);
});

test("steps are called by their column and what stands in it, else by their number", () => {
  assert.deepEqual([stepName(states(), 1), stepHead(states(), 1)], ["step 2 (t2 is 5)", "5"]);
  const plain = states({
    steps: [
      { name: "", text: "" },
      { name: "", text: "" },
    ],
  });
  assert.deepEqual([stepName(plain, 1), stepHead(plain, 1)], ["step 2", "2"]);
});

test("sentences say what a row is, and what is seen with its numbers", () => {
  assert.equal(rowSentence(states(), CLASSES), "Validation row 3 of 40. It is “cat”, and the network says so (50\u00a0%).");
  const wrong = states({ answer: 1, share: null, part: "train" });
  assert.equal(rowSentence(wrong, CLASSES), "Training row 3 of 40. It is “cat”, but the network answers “dog”.");
  const value = states({ truth: 10, answer: -2.5, share: null, unit: "€" });
  assert.match(rowSentence(value, null), /true value is 10\u00a0€, the network answers −2.5\u00a0€\.$/);
  const words = tableSentence(states(), tableOf(states()));
  assert.equal(
    words,
    "2 of 3 units, those that change most. The largest change is that of unit 3 at step 2 (t2 is 5), from −0.500 to 1.000.",
  );
  const still = states({ values: new Float32Array(4).buffer, units_in_all: 2, steps_in_all: 9 });
  assert.equal(tableSentence(still, tableOf(still)), "All 2 units. None changes at any step. The first 2 of 9 steps are drawn.");
  assert.equal(
    tableSentence(attention(), tableOf(attention())),
    "A step looks at 1.9 of 2 steps on average. The strongest: step 2 (t2 is 5) takes 75\u00a0% from itself.",
  );
});

test("a cell says its value and what it is of", () => {
  assert.equal(cellWords(states(), tableOf(states()), [1, 0]), "Unit 3 after step 1 (t1 is 4): −0.500.");
  assert.equal(
    cellWords(attention(), tableOf(attention()), [1, 0]),
    "Of what step 2 (t2 is 5) takes in, 25\u00a0% is from step 1 (t1 is 4).",
  );
});
