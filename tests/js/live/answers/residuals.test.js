import assert from "node:assert/strict";
import { test } from "node:test";
import {
  errorFormat,
  FIRST_TOLERANCE,
  meaning,
  residualsOf,
  toleranceText,
  toleranceWords,
  verdict,
} from "../../../../nnviz/browser/live/answers/residuals.js";

function read(/** @type {any} */ metrics = {}, /** @type {any} */ more = {}) {
  const within = Uint16Array.from({ length: 101 }, (_, i) => Math.min(50, i * 2));
  const residuals = residualsOf({
    part: "validation",
    rows: 50,
    in_all: 50,
    unanswered: 0,
    targets: ["price"],
    target: 0,
    unit: "EUR",
    metrics: { mae: 4, rmse: 5, r2: 0.75, bias: 0.5, typical: 3, largest: -20, ...metrics },
    trend: [0.01, 0.1],
    true: new Float32Array([1, 2]).buffer,
    predicted: new Float32Array([2, 2]).buffer,
    bins: new Uint16Array([1, 1]).buffer,
    high: 20,
    tolerance_step: 0.5,
    within: within.buffer,
    ...more,
  });
  assert.ok(residuals);
  return residuals;
}

test("the verdict and the errors are in the target's unit", () => {
  assert.equal(verdict(read()), "Half of 50 validation rows are off by less than 3\u00a0EUR, the worst by −20\u00a0EUR");
  assert.equal(errorFormat(read())(-4.2), "−4.2\u00a0EUR");
  assert.equal(errorFormat(read({}, { unit: "" }))(4), "4");
});

test("a mean error that chance explains is none", () => {
  assert.equal(
    meaning(read()),
    "On the whole it is neither too high nor too low. It explains 75\u00a0% of how the rows differ (R²).",
  );
  assert.match(meaning(read({ bias: 3 })), /^On the whole it is too high, by 3\u00a0EUR on average\./);
  assert.match(meaning(read({ bias: -3 })), /^On the whole it is too low, by 3\u00a0EUR on average\./);
});

test("a clear slope, useless predictions and rows of one value are spoken of", () => {
  assert.match(meaning(read({}, { trend: [0.3, 0.1] })), /It exaggerates/);
  assert.match(meaning(read({}, { trend: [-0.3, 0.1] })), /It holds back/);
  assert.doesNotMatch(meaning(read({}, { trend: null })), /exaggerates|holds back/);
  assert.match(meaning(read({ r2: -0.2 })), /To predict the mean for every row would be better\./);
  assert.match(meaning(read({ r2: null })), /the same value/);
  assert.match(meaning(read({}, { part: "train", unanswered: 2 })), /2 more got no answer.*There are no validation rows/);
});

test("a tolerance counts the rows within it", () => {
  const residuals = read();
  assert.equal(toleranceText(residuals, FIRST_TOLERANCE), "±6\u00a0EUR");
  assert.equal(toleranceWords(residuals, FIRST_TOLERANCE), "24 of 50 rows are off by no more than that: 48\u00a0%.");
  assert.equal(residualsOf({}), null);
});
