import assert from "node:assert/strict";
import { test } from "node:test";
import { besideOf, costBody } from "../../../../nnviz/browser/live/cost/cost_body.js";
import { rowWords, sentences, summary } from "../../../../nnviz/browser/live/cost/cost_words.js";
import { bodyOf } from "./bodies.js";

const CLASSES = ["blue", "orange"];

/** @param {object} [more] */
function read(more) {
  const body = costBody(bodyOf(more));
  assert.ok(body);
  return { body, words: sentences(body, besideOf(body, ""), CLASSES) };
}

test("what is drawn, with its numbers", () => {
  assert.equal(
    summary(read().body),
    "Each point is a row of the next batch of 3 rows: 2 right, cost by CrossEntropy 0.830 on average.",
  );
  assert.match(summary(read({ batch: 500 }).body), /3 of the 500 rows of the next batch/);
});

test("the most mistaken row is pushed by one cost and given up by the other", () => {
  const [push, accuracy, noise] = read().words;
  assert.equal(push.why, "Why CrossEntropy and not MeanSquaredError?");
  // Slopes at a lead of -2, as shares of the steepest on the chart: 0.881 of 0.982; of the squared error 0.185 of its 0.289.
  assert.equal(
    push.words,
    "The most mistaken of 300 training rows is row 10: its class “orange” gets 12 %. CrossEntropy pushes there with 90 % of its greatest force, " +
      "MeanSquaredError would with 64 %. " +
      "The push of MeanSquaredError dies where an answer is most wrong, so with it such rows are learned more slowly.",
  );
  assert.match(accuracy.words, /90 % of 300 are right.*Rows that are right already make 0\.150 of the loss of 0\.600 \(25 %\)/);
  // 0.9 / sqrt(3)
  assert.match(
    noise.words,
    /0\.600 on average over 300, with a deviation of 0\.900\. A batch is a draw of 3, .*±0\.520; .* 0\.830/,
  );
});

test("a batch of all rows is not noisy; with all rows right the loss still falls", () => {
  const { words } = read({ batch: 300, sample_right: 1 });
  assert.match(words[1].words, /accuracy cannot rise any more, and the loss can still fall by 0\.600/);
  assert.match(words[2].words, /It is not: each step takes all 300 rows/);
});

test("without a wrong row the least sure one stands for it", () => {
  const worst = { row: 9, lead: 0.5, right: true, truth: 1, chance: 0.6 };
  assert.match(read({ worst }).words[0].words, /^None of 300 training rows is wrong\. The least sure is row 10/);
});

test("what is said of the costs follows from their slopes", () => {
  const slope = bodyOf().curves[2].slope;
  const curve = (/** @type {ArrayBuffer} */ one, kind = "Other") => ({ kind, cost: one, slope: one });
  const alike = read({ curves: [bodyOf().curves[0], curve(slope)] }).words[0].words;
  // -0.881 of -0.982 beside -1 of -1
  assert.match(alike, /Other would with 100 %\. So both would learn from it about as hard\.$/);
  const worst = { row: 9, lead: 0.5, right: true, truth: 1, chance: 0.6 };
  const { words } = read({ worst }).words[0];
  // at a lead of -4 the squared error pushes with 2 p^2 (1 - p), p = 0.982, of 8 / 27: 0.117 of it
  assert.match(
    words,
    /At the left end of the chart.*CrossEntropy has 100 % of its force and MeanSquaredError 1\d %: its push dies there/,
  );
  assert.doesNotMatch(read({ worst, curves: [bodyOf().curves[0], curve(slope)] }).words[0].words, /dies/);
});

test("for numbers: the row that is furthest off beside the one in the middle", () => {
  const floats = (/** @type {number[]} */ values) => new Float32Array(values).buffer;
  const errors = Array.from({ length: 9 }, (_, i) => i - 4);
  const { body, words } = read({
    task: "regression",
    scale: 10,
    lead: floats([1, -3, 0.5]),
    cost: floats([1, 9, 0.25]),
    slope: floats([2, -6, 1]),
    curves: [
      { kind: "MeanSquaredError", cost: floats(errors.map((e) => e * e)), slope: floats(errors.map((e) => 2 * e)) },
      { kind: "MeanAbsoluteError", cost: floats(errors.map(Math.abs)), slope: floats(errors.map(Math.sign)) },
    ],
  });
  assert.equal(
    words[0].words,
    "Row 10 is off by 30.00, the row in the middle by 10.00. MeanSquaredError pushes it 3.0 times as hard, " +
      "MeanAbsoluteError would push it just as hard.",
  );
  assert.equal(words[1].words, "By MeanSquaredError, the costliest row of 3 makes 88 % of the batch's loss.");
  assert.equal(rowWords(body, body.rows[0], null), "Row 10: off by -30.00, cost 9.000, slope 6.000");
});

test("a row in words", () => {
  const { body } = read();
  assert.equal(rowWords(body, body.rows[0], CLASSES), "Row 10, “orange”: wrong, its class gets 12 %; cost 2.127, slope 0.881");
  assert.equal(rowWords(body, body.rows[1], CLASSES), "Row 5, “blue”: right, with 73 %; cost 0.313, slope 0.269");
});
