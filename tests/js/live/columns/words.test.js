import assert from "node:assert/strict";
import { test } from "node:test";
import { answerWords, rowWords } from "../../../../nnviz/browser/live/columns/answer_words.js";
import { barsOf, curvesOf, placesOf, reachOf } from "../../../../nnviz/browser/live/columns/columns.js";
import {
  changeFormat,
  changeWords,
  chosenWords,
  dependenceSentence,
  importanceSentence,
  rowsWords,
  valueWords,
} from "../../../../nnviz/browser/live/columns/words.js";
import { tableBody } from "./bodies.js";

const CLASSES = ["left", "stayed"];

test("bars are sorted by the measure, and one that is not above its spread is nothing", () => {
  const body = tableBody();
  assert.deepEqual(
    barsOf(body, "loss").map(({ name, isNothing }) => [name, isNothing]),
    [
      ["age", false],
      ["plan", true],
    ],
  );
  assert.deepEqual(
    barsOf(body, "score").map(({ name, isNothing }) => [name, isNothing]),
    [
      ["plan", false],
      ["age", true],
    ],
  );
  const [low, high] = reachOf(barsOf(body, "loss"));
  assert.ok(Math.abs(low + 0.01) < 1e-12 && Math.abs(high - 0.6) < 1e-12);
});

test("the sentence names the column, the change with its spread, the rows, and how many are nothing", () => {
  const body = tableBody();
  assert.equal(
    importanceSentence(body, "loss"),
    "age matters most: shuffled, the loss rises from 0.250 by 0.500 ± 0.100 (500 of 9,000 validation rows). " +
      "1 of 2 columns cannot be told from 0.",
  );
  assert.equal(
    importanceSentence(body, "score"),
    "plan matters most: shuffled, accuracy drops from 90\u00a0% by 12.5 ± 1.0 percentage points (500 of 9,000 validation rows). " +
      "1 of 2 columns cannot be told from 0.",
  );
  body.columns = [body.columns[1]];
  assert.match(importanceSentence(body, "loss"), /^None of the 1 columns can be told from 0/);
  assert.match(chosenWords(body), /^1 of 2 columns/);
});

test("a change of almost nothing has no sign", () => {
  const body = tableBody();
  const format = changeFormat(body, "loss");
  assert.equal(changeWords({ index: 0, name: "", mean: -0.0001, spread: 0.02, isNothing: true }, format), "0.000 ± 0.020");
  assert.equal(format(-0.25), "−0.250");
});

test("all rows are said as all, and training rows by their name", () => {
  const body = { ...tableBody(), rows: 80, rows_in_all: 80 };
  assert.equal(rowsWords(body), "all 80 validation rows");
  assert.equal(rowsWords({ ...body, part: "train", rows_in_all: 1200 }), "80 of 1,200 training rows");
});

test("the curve is said from its one end to the other, and read at a value", () => {
  const body = tableBody();
  assert.equal(
    dependenceSentence(body, CLASSES),
    "The average probability of stayed goes from 80\u00a0% at 20 to 20\u00a0% at 60 (500 rows).",
  );
  const curves = curvesOf(body.dependence);
  assert.deepEqual(curves[1], [0.8, 0.4, 0.2]);
  assert.equal(valueWords(body, true, 2, curves), "60: 20\u00a0% on average; 0\u00a0% to 20\u00a0% among the 2 rows drawn.");
  assert.deepEqual(placesOf(body.dependence), [0, 0.25, 1]);
  body.dependence.mean = [0.5, 0.5, 0.5];
  assert.equal(dependenceSentence(body, CLASSES), "The average probability of stayed is 50\u00a0% whatever age is (500 rows).");
});

test("the answer to a row is old and new only where something was changed", () => {
  const body = tableBody();
  body.what_if.after = body.what_if.before;
  assert.equal(answerWords(body, CLASSES), "The network answers: stayed 70\u00a0%, left 30\u00a0%. True: stayed.");
  body.what_if.after = [0.6, 0.4];
  body.what_if.fields[0].typed = "70";
  assert.equal(
    answerWords(body, CLASSES),
    "The network answers: left 30\u00a0% → 60\u00a0%, stayed 70\u00a0% → 40\u00a0%. True: stayed.",
  );
  assert.equal(rowWords(body), "of 9,000 validation rows: row 41 of the data");
});

test("a target is said in its own unit", () => {
  const body = { ...tableBody(), outputs: ["price"], output: 0, unit: "€", score_name: "r2" };
  Object.assign(body.what_if, { before: [10.5], after: [12.25], truth: [11] });
  body.what_if.fields[0].typed = "70";
  assert.equal(answerWords(body, null), "price: the network answers 10.5\u00a0€ → 12.25\u00a0€, true is 11\u00a0€.");
});
