import assert from "node:assert/strict";
import { test } from "node:test";
import { costReach, pointsOf, reachOf } from "../../../../nnviz/browser/live/space/space.js";
import { planeWords, pointWords, spaceSentence } from "../../../../nnviz/browser/live/space/words.js";
import { spaceBody, valueBody } from "./bodies.js";

const CLASSES = ["cat", "dog"];

test("points are rows with their classes, or with the first target's values", () => {
  const [first, , last] = pointsOf(spaceBody());
  assert.deepEqual({ ...first, cost: 0 }, { x: 0, y: 0, row: 4, cost: 0, truth: 0, answer: 0 });
  assert.deepEqual(last, { x: -1, y: 3, row: 1200, cost: 4, truth: 1, answer: 0 });
  assert.deepEqual(
    pointsOf(valueBody()).map(({ truth, answer }) => [truth, answer]),
    [
      [100, 101.25],
      [150, 140],
      [-50, -50],
    ],
  );
});

test("axes have one scale, stay while points fit, and grow where they do not", () => {
  const [x0, x1, y0, y1] = reachOf([], [-1, 1, -2, 2], null, 2);
  assert.ok(y0 < -2 && y1 > 2 && Math.abs((x1 - x0) / (y1 - y0) - 2) < 1e-9);
  const before = /** @type {[number, number, number, number]} */ ([x0, x1, y0, y1]);
  const point = { ...pointsOf(spaceBody())[1], x: 0, y: 2 };
  assert.equal(reachOf([point], [-1, 1, -2, 2], before, 2), before);
  const grown = reachOf([{ ...point, y: 9 }], [-1, 1, -2, 2], before, 2);
  assert.ok(grown[3] > 9 && grown[0] < x0);
});

test("colours of costs leave out the largest few", () => {
  const points = Array.from({ length: 101 }, (_, cost) => ({ ...pointsOf(spaceBody())[0], cost }));
  assert.equal(costReach(points), 95);
  assert.equal(costReach([]), 0);
});

test("sentences say how well rows stand apart, and how much of it is seen", () => {
  const words = spaceSentence(spaceBody());
  assert.equal(
    words,
    "In the space of 1 Dense 6, 95.0\u00a0% of the rows lie nearest to the middle of their own class, more than at any other layer; " +
      "of the inputs 40.0\u00a0% (all 3 validation rows).",
  );
  assert.match(spaceSentence(spaceBody({ layer: 2 })), /best at 1 Dense 6: 95.0/);
  assert.match(spaceSentence(spaceBody({ layer: 0, in_all: 9 })), /\(3 of 9 validation rows\). Best at 1 Dense 6/);
  assert.match(spaceSentence(valueBody()), /with R² 0.95/);
  assert.match(planeWords(spaceBody()), /holds 50\u00a0% .* 6 values .*\(75\u00a0% at step 20,/);
  assert.match(planeWords(spaceBody({ axes_share: 0.5 })), /holds 50\u00a0%[^(]*$/);
  assert.match(planeWords(spaceBody({ share: null })), /one point/);
  const none = spaceBody();
  for (const layer of none.layers) layer.apart = null;
  assert.equal(spaceSentence(none), "all 3 validation rows in the space of 1 Dense 6.");
});

test("a point says its row, what it is, and what it costs", () => {
  const [right, , wrong] = pointsOf(spaceBody());
  assert.equal(pointWords(spaceBody(), right, CLASSES), "Row 5: cat, and taken for it; cost 0.100.");
  assert.equal(pointWords(spaceBody(), wrong, CLASSES), "Row 1,201: dog, but taken for cat; cost 4.000.");
  const body = valueBody();
  assert.equal(pointWords(body, pointsOf(body)[2], null), "Row 1,201: −50\u00a0€, predicted −50\u00a0€; cost 4.000.");
});
