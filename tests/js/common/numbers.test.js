import assert from "node:assert/strict";
import { test } from "node:test";
import {
  columnFormat,
  duration,
  epochs,
  fileSize,
  guess,
  isShare,
  measure,
  metricTitle,
  number,
  oneFormat,
  rate,
  setMetrics,
} from "../../../nnviz/browser/common/numbers.js";

setMetrics([
  { name: "loss", title: "Loss", percent: false },
  { name: "accuracy", title: "Accuracy", percent: true },
  { name: "r2", title: "R²", percent: false },
]);

test("a number has about four digits, whatever its size", () => {
  const cases = /** @type {const} */ ([
    [0, "0"],
    [0.12345, "0.123"],
    [12.345, "12.35"],
    [123.45, "123.5"],
    [1234567, "1,234,567"],
    [0.0000123, "1.2e-5"],
    [-0.5, "-0.500"],
    [2.5e15, "2.5e15"],
  ]);
  for (const [value, words] of cases) assert.equal(number(value), words);
});

test("years on an axis have no comma, other numbers as large do", () => {
  assert.equal(columnFormat([1890.0001, 2021, Number.NaN], 1880, 2030)(1950), "1950");
  assert.equal(columnFormat([1890.5, 2021], 1880, 2030)(1950), "1,950");
  assert.equal(columnFormat([1890, 4000], 1880, 4010)(1950), "1,950");
  assert.equal(columnFormat([], 1880, 2030)(1950), "1,950");
});

test("what is no number has a sign of its own", () => {
  assert.deepEqual([null, Number.NaN, Infinity, -Infinity].map(number), ["–", "–", "∞", "−∞"]);
});

test("the numbers of one axis have the same decimals, as many as their spread asks for", () => {
  assert.deepEqual([1000, 1000.25].map(oneFormat(1000, 1000.5)), ["1,000", "1,000.25"]);
  assert.deepEqual([0, 50000].map(oneFormat(0, 100000)), ["0", "50,000"]);
});

test("an axis without a spread is shown, too", () => {
  assert.equal(oneFormat(3, 3)(3), "3");
});

test("shares are in percent, of training and validation alike", () => {
  assert.equal(isShare("val_accuracy"), true);
  assert.equal(isShare("loss"), false);
  assert.equal(measure("val_accuracy", 0.9512), "95.1 %");
  assert.equal(measure("loss", 0.9512), "0.951");
  assert.equal(measure("accuracy", undefined), "–");
});

test("metrics have titles, unknown ones their name", () => {
  assert.deepEqual(["r2", "top_5_accuracy"].map(metricTitle), ["R²", "top 5 accuracy"]);
});

test("durations are written as Python writes them, and never as nothing", () => {
  const cases = [0, 0.0004, 0.0324, 0.84, 9.6, 12.4, 61, 120, 200, 3599.6, 7500];
  const words = ["< 1 ms", "< 1 ms", "32 ms", "0.8 s", "9.6 s", "12 s", "1 min 1 s", "2 min", "3 min 20 s"];
  assert.deepEqual(cases.map(duration), [...words, "1 h 0 min", "2 h 5 min"]);
  assert.deepEqual([null, undefined, Infinity, -1].map(duration), ["", "", "", ""]);
});

test("what is left is a guess, and says no more than it knows", () => {
  assert.deepEqual([0.02, 9.6, 61, 600, 7200].map(guess), ["< 1 s", "10 s", "61 s", "10 min", "2.0 h"]);
  assert.deepEqual([null, undefined, Infinity].map(guess), ["", "", ""]);
});

test("rates and epochs have fewer decimals the larger they are", () => {
  assert.deepEqual([1.234, 12.34, 1234].map(rate), ["1.2", "12", "1,234"]);
  assert.deepEqual([2, 1.256, 12.34, 1234.5].map(epochs), ["2", "1.26", "12.3", "1,235"]);
});

test("sizes of files are in units of 1024 bytes", () => {
  assert.deepEqual([0, 1023, 1536, 200 * 1024, 5 * 1024 ** 3].map(fileSize), ["0 B", "1023 B", "1.5 kB", "200 kB", "5.0 GB"]);
});
