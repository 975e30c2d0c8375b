import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf, missWords, onPlane, wrongWords } from "../../../../nnviz/browser/live/learned/wrong_rows.js";

/** @param {number[]} values */
const bytes = (values) => new Uint8Array(values).buffer;
/** @param {number[]} values */
const floats = (values) => new Float32Array(values).buffer;
/** Two training rows, four validation rows, one test row. */
const points = {
  x: [0, 1, 2, 3, 4, 5, 6],
  y: [0, 0.5, 1, 1.25, 2, 2.5, 3],
  label: [0, 1, 0, 1, 1, 0, 1],
  part: ["train", "train", "validation", "validation", "validation", "validation", "test"],
  row: [10, 11, 20, 21, 22, 23, 30],
};

test("how many rows are wrong stands in a sentence, of which part, and of how many", () => {
  assert.equal(wrongWords(12, { rows: 90, in_all: 90, part: "validation" }), "12 of 90 validation rows are wrong");
  assert.equal(wrongWords(1, { rows: 90, part: "validation", isImages: true }), "1 of 90 validation images is wrong");
  assert.equal(wrongWords(0, { rows: 1200, part: "train" }), "None of 1,200 training rows is wrong");
  const many = wrongWords(7, { rows: 2000, in_all: 14000, part: "validation" });
  assert.equal(many, "7 of 2,000 validation rows are wrong (looked at: 2,000 of 14,000)");
});

test("numbers are off by so much, in the target's unit", () => {
  const words = missWords({ typical: 1.25, largest: -42, unit: "kg" }, { rows: 90, part: "validation" });
  assert.equal(words, "Half of 90 validation rows are off by less than 1.3\u00a0kg, the worst by −42\u00a0kg");
});

test("half of an even number of rows is off by less than the mean of the two in the middle", () => {
  const errors = new Float32Array([1, 1, -2, 4, -8, 32]).buffer;
  const answered = onPlane(/** @type {any} */ ({ kind: "values", part: "validation", in_all: 4, unit: "", errors }), points);
  assert.equal(answered?.verdict, "Half of 4 validation rows are off by less than 6, the worst by +32");
});

test("a confusion matrix has the wrong ones off its diagonal", () => {
  assert.deepEqual(
    countsOf([
      [5, 1],
      [2, 9],
    ]),
    { rows: 17, wrong: 3 },
  );
});

test("wrong rows of a plane are marked in both parts, counted in one, and listed before right ones", () => {
  const answers = bytes([0, 0, 1, 1, 0, 0]);
  const chances = floats([0.9, 0.4, 0.25, 0.55, 0.1, 0.99]);
  const body = { kind: "classes", part: "validation", in_all: 4, axes: ["x1", "x2"], answers, chances };
  const answered = onPlane(body, points);
  assert.ok(answered);
  assert.deepEqual([...answered.marked], [0, 1, 1, 0, 1, 0]);
  assert.equal(answered.verdict, "2 of 4 validation rows are wrong");
  assert.equal(answered.title, "Which rows are wrong?");
  assert.deepEqual([answered.wrong, answered.columns], [2, ["x1", "x2"]]);
  assert.deepEqual(
    answered.worst?.map(({ row, truth, guess }) => [row, truth, guess]),
    [
      [22, 1, 0],
      [20, 0, 1],
      [21, 1, 1],
      [23, 0, 0],
    ],
  );
  assert.deepEqual(answered.worst?.[2].values, ["3", "1.25"]);
});

test("of numbers on a plane the largest errors are listed and marked", () => {
  const errors = floats([9, 9, 0.5, -2, 0.25, Number.NaN]);
  const answered = onPlane({ kind: "values", part: "validation", errors, unit: "m" }, points);
  assert.ok(answered);
  assert.deepEqual([...answered.marked], [0, 0, 0, 1, 0, 0]);
  assert.deepEqual(
    answered.worst?.map(({ row, truth, guess }) => [row, truth, guess]),
    [[21, 1, -1]],
  );
  assert.match(answered.verdict, /less than 0\.5\u00a0m, the worst by −2\u00a0m$/);
});

test("a frame of before, or of other rows, marks nothing", () => {
  assert.equal(onPlane({ kind: "classes", part: "validation" }, points), null);
  assert.equal(onPlane({ kind: "classes", part: "validation", answers: bytes([1, 1]) }, points), null);
  assert.equal(onPlane({ kind: "classes", part: "validation", answers: bytes([1, 1]) }, null), null);
});
