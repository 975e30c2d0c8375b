import assert from "node:assert/strict";
import { test } from "node:test";
import { backOf, barsOf, pulls, shownRows, sumOf } from "../../../../nnviz/browser/live/back/back.js";
import { answerText, backSentence, boxesOf, sumWords, waySentence } from "../../../../nnviz/browser/live/back/back_words.js";
import { ringsOn } from "../../../../nnviz/browser/live/learned/learned.js";
import { backBody } from "./bodies.js";

const CLASSES = ["left", "right"];

/** @param {object} [more] */
function back(more) {
  const read = backOf(backBody(more));
  assert.ok(read);
  return read;
}

test("a frame without rows is none", () => {
  assert.equal(backOf(undefined), null);
  assert.equal(backOf(backBody({ rows: [] })), null);
  assert.deepEqual([...back().ringed], [4, 9, 2, 7, 1, 0, 3, 5, 6, 8]);
});

test("the rows of the largest shares are listed, the chosen one always, and the others are summed", () => {
  const few = shownRows(back(), false);
  assert.deepEqual(
    few.listed.map(({ number }) => number),
    [4, 9, 2, 7, 1, 0, 3, 5],
  );
  assert.equal(few.rest.count, 2);
  assert.ok(Math.abs(few.rest.share - 0.001) < 1e-12 && Math.abs(few.rest.cost - 0.15) < 1e-12);
  const chosen = shownRows(back({ chosen: 8 }), false);
  assert.equal(chosen.listed.at(-1)?.number, 6);
  assert.deepEqual([chosen.rest.count, chosen.rest.share], [1, 0]);
  assert.equal(shownRows(back(), true).rest.count, 1);
});

test("all shares and the regularizer add up to the gradient", () => {
  const { terms, more, moreCount, penalty, gradient } = sumOf(back());
  assert.equal(moreCount, 6);
  assert.ok(Math.abs(terms.reduce((sum, { share }) => sum + share, more + penalty) - gradient) < 1e-12);
  assert.equal(
    sumWords(back()),
    "−0.05 (row 5)  +0.03 (row 10)  −0.02 (row 3)  −0.01 (row 8)  +0.015 (6 other rows)  +0.01 (regularizer)  =  −0.025",
  );
  const { up, down } = pulls(back());
  assert.ok(Math.abs(up - 0.045) < 1e-12 && Math.abs(down + 0.08) < 1e-12);
});

test("bars are shares of the largest, and one of many units is kept in sight", () => {
  assert.deepEqual(barsOf([0.1, -0.2, 0]), { heights: [0.5, -1, 0], first: 0, strongest: 1, value: -0.2 });
  assert.deepEqual(barsOf([0, 0]).heights, [0, 0]);
  const far = barsOf(
    Array.from({ length: 32 }, (_, i) => i),
    20,
  );
  assert.deepEqual([far.first, far.strongest, far.value, far.heights.length], [5, 20, 20, 16]);
});

test("what happens is said with its numbers", () => {
  const words = backSentence(back());
  assert.match(words, /The next step, 42, takes batch 2 of 10 in epoch 5: 10 rows, which cost 0.280 on average\./);
  assert.match(words, /the gradient of this weight \(y → unit 3\) −0.025; the largest is that of row 5, −0.05\./);
  assert.match(words, /SGD changes the weight from 0.4 to 0.4025\./);
  // some rows are not told one by one, so both sides are not known
  assert.doesNotMatch(words, /pull both ways/);
  assert.match(backSentence(back({ rest: { count: 0, cost: 0, share: 0 } })), /Rows pull both ways: \+0.045 and −0.08\./);
});

test("the way of a row goes from its cost over the layers to its share", () => {
  const boxes = boxesOf(back(), CLASSES);
  assert.deepEqual(
    boxes.map(({ title, lines }) => [title, ...lines]),
    [
      ["Its cost: 0.900", "left: +0.6"],
      ["1 Dense 4", "unit 3: +0.5", "× slope of tanh, 0.5 = +0.25"],
      ["This weight", "−2 × +0.25 = −0.5"],
      ["Its share", "−0.5 ÷ 10 = −0.05"],
    ],
  );
  assert.deepEqual([boxes[1].bars, boxes[1].chosen], [[0.2, -0.4, 1, 0], 2]);
  assert.match(
    waySentence(back(), CLASSES),
    /^row 5\. Its cost: 0.900: slope: how it changes with each output \(softmax, CrossEntropy\)/,
  );
});

test("a weight of the outputs begins at its own output, many terms are summed, and a part comes through other rows", () => {
  const last = { unit: 1, kind: "bias", count: 1, term: 1, slope: -0.6, own: -0.6, others: 0 };
  const [cost, weight] = boxesOf(back({ way: [], last }), CLASSES);
  assert.deepEqual(cost.lines, ["right: −0.6"]);
  assert.deepEqual([weight.note, weight.lines], ["a bias has the input 1", ["1 × −0.6 = −0.6"]]);
  const many = { unit: 1, kind: "input", count: 36, term: 1, slope: 0.5, own: 0.7, others: -1.2 };
  const box = boxesOf(back({ last: many })).at(-2);
  assert.equal(box?.note, "input × slope, over 36 places");
  assert.deepEqual(box?.lines.slice(0, 2), ["the largest: 1 × +0.5", "together +0.7"]);
  assert.match(box?.lines[2] ?? "", /^−1.2 through other rows/);
});

test("answers are classes by name, or numbers", () => {
  assert.equal(answerText(1, CLASSES), "right");
  assert.equal(answerText(1, null), "class 2");
  assert.equal(answerText([2.5, -1], CLASSES), "2.5, −1");
  assert.equal(answerText([651_900.4, -2200], null), "651,900, −2,200");
});

test("rows of the batch are ringed among the training points alone", () => {
  const points = { x: [0, 0, 0], y: [0, 0, 0], label: [0, 0, 0], part: ["train", "validation", "train"], row: [4, 9, 12] };
  assert.deepEqual([...(ringsOn(back().ringed, points) ?? [])], [1, 0, 0]);
  assert.equal(ringsOn(new Int32Array([77]), points), null);
  assert.equal(ringsOn(back().ringed, { ...points, row: undefined }), null);
  assert.equal(ringsOn(null, points), null);
});
