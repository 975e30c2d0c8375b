import assert from "node:assert/strict";
import { test } from "node:test";
import {
  areaWords,
  certainty,
  meaning,
  thresholdText,
  thresholdWords,
  verdict,
} from "../../../../nnviz/browser/live/answers/result_words.js";
import {
  countsAt,
  curvesOf,
  firstPlace,
  meanRates,
  ratesOf,
  resultsOf,
  thresholdAt,
} from "../../../../nnviz/browser/live/answers/results.js";

/** @param {number[]} numbers */
const pairs = (numbers) => new Uint16Array(numbers).buffer;
/** @param {number[]} numbers rows, confidence, frequency of each bin */
const bins = (...numbers) => new Float32Array(numbers).buffer;

/** 10 rows: 4 of `a`, 6 of `b`; at thresholds 0, 0.5 and 1. */
function body() {
  const calibration = { bins: bins(2, 0.25, 0.5, 0, 0, 0, 8, 0.75, 0.5), confidence: 0.65, frequency: 0.5, error: 0.25 };
  const one = { class: 0, name: "a", rows: 4, called: 5, right: 3, auc: 0.875, ap: 0.8, calibration };
  const other = { class: 1, name: "b", rows: 6, called: 5, right: 4, auc: 0.875, ap: 0.9, calibration };
  return {
    part: "validation",
    rows: 10,
    in_all: 10,
    unanswered: 0,
    right: 7,
    classes_in_all: 2,
    scores: "probability",
    range: [0, 1],
    classes: [
      { ...one, at: pairs([4, 6, 3, 2, 0, 0]), curve: pairs([0, 0, 2, 0, 3, 2, 4, 6]) },
      { ...other, at: pairs([6, 4, 4, 1, 0, 0]), curve: pairs([0, 0, 4, 1, 6, 4]) },
    ],
    calibration,
  };
}

function read(/** @type {any} */ change = {}) {
  const results = resultsOf({ ...body(), ...change });
  assert.ok(results);
  return { results, one: results.classes[0] };
}

test("counts of a threshold are those of the frame, and the rest of the rows", () => {
  const { results, one } = read();
  const { caught, taken, missed, left, precision, recall } = countsAt(results, one, 1);
  assert.deepEqual([caught, taken, missed, left, precision, recall], [3, 2, 1, 4, 0.6, 0.75]);
  assert.deepEqual(
    [firstPlace(results, one), thresholdAt(results, one, 1), thresholdText(results, one, 1)],
    [1, 0.5, "50\u00a0%"],
  );
  const words =
    "From 50\u00a0% on it calls 5 rows a; 3 are (precision 60\u00a0%). Of 4 that are a it catches 3 (recall 75\u00a0%).";
  assert.equal(thresholdWords(results, one, 1), words);
  assert.equal(countsAt(results, one, 2).precision, Number.NaN);
  assert.match(thresholdWords(results, one, 2), /calls 0 rows a\. Of 4/);
});

test("rates are shares of the rows, and there are none without rows", () => {
  assert.deepEqual(ratesOf({ rows: 4, called: 5, right: 3 }), { recall: 0.75, precision: 0.6, f1: 6 / 9 });
  assert.deepEqual(ratesOf({ rows: 0, called: 2, right: 0 }), { recall: Number.NaN, precision: 0, f1: 0 });
  const { results, one } = read();
  assert.deepEqual(meanRates([one, { ...one, rows: 0, called: 0, right: 0 }]), ratesOf(one));
  assert.ok(Math.abs(meanRates(results.classes).recall - (3 / 4 + 4 / 6) / 2) < 1e-12);
});

test("curves run from no row to all", () => {
  const { results, one } = read();
  const { roc, pr } = curvesOf(results, one);
  assert.deepEqual(roc, [
    [0, 0],
    [0, 0.5],
    [2 / 6, 0.75],
    [1, 1],
  ]);
  assert.deepEqual(pr, [
    [0, 1],
    [0.5, 1],
    [0.75, 0.6],
    [1, 0.4],
  ]);
});

test("sentences say what precision, recall and probabilities mean", () => {
  const { results, one } = read();
  assert.equal(verdict(results), "3 of 10 validation rows are wrong");
  assert.match(
    meaning(results, one),
    /^It calls 5 rows a; 3 of them are \(60\u00a0%\)\. Of the 4 that are a it recognises 3 \(75\u00a0%\)\./,
  );
  assert.match(areaWords(one, "roc"), /^Area 0\.875: .* in 88\u00a0%\.$/);
  const none = { ...one, rows: 0, called: 0, right: 0, auc: null, ap: null };
  assert.match(meaning(results, none), /^No row is a\. It calls no row a\./);
  assert.equal(areaWords(none, "pr"), "No row is a.");
  const training = read({ part: "train", unanswered: 3 });
  assert.match(meaning(training.results, training.one), /3 more got no answer.*There are no validation rows/);
});

test("a distance that chance explains is no distance", () => {
  const { calibration } = read().results;
  assert.ok(calibration);
  assert.match(certainty(calibration, 10), /^Its probabilities fit: on average it says 65\u00a0%, and 50\u00a0% are right\.$/);
  const many = certainty(calibration, 1000);
  assert.match(many, /^Its probabilities are too sure: on average it says 65\u00a0%, and 50\u00a0% are right\.$/);
  const full = { ...calibration, bins: [{ rows: 500, confidence: 0.9, frequency: 0.6 }] };
  assert.match(certainty(full, 1000), /Where it says about 90\u00a0%, 60\u00a0% are\.$/);
  assert.match(certainty({ ...calibration, confidence: 0.3 }, 1000), /^Its probabilities are not sure enough/);
});

test("scores that are no probabilities have a range of their own; what cannot be read is nothing", () => {
  const { results, one } = read({ scores: "score", range: [-2, 2], calibration: undefined });
  assert.deepEqual([firstPlace(results, one), thresholdText(results, one, 0)], [1, "−2.000"]);
  assert.doesNotMatch(meaning(results, one), /probabilit/);
  assert.equal(resultsOf({}), null);
});
