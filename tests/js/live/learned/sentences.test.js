import assert from "node:assert/strict";
import { test } from "node:test";
import { inParts, numberWords, percent, probabilities, valueWords } from "../../../../nnviz/browser/live/learned/sentences.js";

const item = { row: 3, loss: 2, truth: 0, guess: 1 };

test("a sentence holds what stands for its placeholders, in its order", () => {
  const [seven, one] = [{ b: 7 }, { b: 1 }];
  assert.deepEqual(inParts("is {truth}, taken for {guess}", { truth: seven, guess: one }), ["is ", seven, ", taken for ", one]);
  assert.deepEqual(inParts("{unknown} stays", {}), ["unknown", " stays"]);
});

test("probabilities of what it was taken for, and of what it is", () => {
  assert.equal(probabilities({ ...item, probability: 0.934, right: 0.0004 }), "predicted 93.4\u00a0% · true <\u00a00.1\u00a0%");
  assert.equal(probabilities({ ...item, guess: 0, probability: 0.52, right: 0.52 }), "predicted 52\u00a0%");
});

test("frames of before, and outputs that are no probabilities, have none", () => {
  assert.equal(probabilities({ ...item, probability: 3.2 }), "");
  assert.equal(probabilities({ ...item, right: 0.12 }), "true 12\u00a0%");
  assert.equal(probabilities(item), "");
});

test("percentages are never said to be certain where they are not", () => {
  assert.deepEqual([0, 0.00001, 0.05, 0.5, 0.9996, 1].map(percent), [
    "0\u00a0%",
    "<\u00a00.1\u00a0%",
    "5.0\u00a0%",
    "50\u00a0%",
    ">\u00a099.9\u00a0%",
    "100\u00a0%",
  ]);
});

test("truth, prediction and error have the same decimals, a sign and the target's unit", () => {
  const worst = [
    { row: 0, loss: 1, truth: 463540, guess: 398210.4 },
    { row: 1, loss: 1, truth: 1000, guess: 1200 },
  ];
  const words = numberWords(worst, "€");
  assert.deepEqual(words(worst[0]), { truth: "463,540\u00a0€", guess: "398,210\u00a0€", error: "−65,330\u00a0€" });
  assert.equal(words(worst[1]).error, "+200\u00a0€");
  const tiny = [
    { row: 0, loss: 0, truth: -0.001, guess: 1 },
    { row: 1, loss: 0, truth: -3, guess: 1 },
  ];
  assert.deepEqual(
    tiny.map((one) => numberWords(tiny)(one).truth),
    ["0", "−3"],
  );
  assert.equal(numberWords([{ row: 0, loss: 0, truth: 2, guess: 2 }])({ row: 0, loss: 0, truth: 2, guess: 2 }).error, "0");
});

test("a scale of values names its ends and its mean, with the unit", () => {
  const scale = { middle: 0.25, reach: 3.25, low: -3, high: 1 };
  assert.deepEqual(valueWords(scale), { low: "−3", middle: "mean 0.25", high: "1" });
  assert.equal(valueWords(scale, "kWh").middle, "mean 0.25\u00a0kWh");
});
