import assert from "node:assert/strict";
import { test } from "node:test";
import { answerAt, discrete, rowsOf, sharesOf } from "../../../../nnviz/browser/live/map/map.js";
import { mapSentence, placeWords, rowWords } from "../../../../nnviz/browser/live/map/words.js";

const CLASSES = ["cat", "dog"];

/** A map of 2 x 2 places with two rows. @param {Record<string, any>} [other] @param {Record<string, any>} [plane] @returns {any} */
function body(other = {}, plane = {}) {
  return {
    part: "validation",
    rows: 2,
    in_all: 40,
    columns: [
      { index: 0, name: "age" },
      { index: 2, name: "size" },
    ],
    across: 0,
    up: 2,
    rest: "typical",
    row: 0,
    plane: {
      kind: "classes",
      shape: [2, 2],
      extent: [0, 10, -1, 1],
      axes: ["age", "size"],
      classes: 2,
      values: new Uint8Array([0, 1, 1, 1]).buffer,
      sure: new Uint8Array([255, 0, 51, 255]).buffer,
      ...plane,
    },
    x: new Float32Array([1, 9]).buffer,
    y: new Float32Array([-1, 1]).buffer,
    label: new Float32Array([1, 1]).buffer,
    marked: new Uint8Array([1, 0]).buffer,
    numbers: [6, 1200],
    agree: 0.75,
    unit: "",
    ...other,
  };
}

/** Of numbers. */
const values = () =>
  body(
    { unit: "€", label: new Float32Array([-50, 100]).buffer, marked: new ArrayBuffer(0), agree: -0.25 },
    { kind: "values", range: [-100, 155], values: new Uint8Array([0, 255, 100, 50]).buffer },
  );

test("a place has the answer of the map there, and none beyond it", () => {
  const { plane } = body();
  assert.deepEqual(answerAt(plane, 0, -1), { answer: 0, sure: 1 });
  assert.deepEqual(answerAt(plane, 1, 0.9), { answer: 1, sure: 0.2 });
  assert.equal(answerAt(plane, 30, 0), null);
  assert.equal(answerAt(values().plane, 0, 1)?.answer, 0);
});

test("one colour a class leaves the answers as they are", () => {
  const plane = discrete(body().plane);
  assert.deepEqual(new Set(new Uint8Array(plane.sure)).size, 1);
  assert.equal(plane.values.byteLength, 4);
  const numbers = values().plane;
  assert.equal(discrete(numbers), numbers);
});

test("classes have shares of the map, rows their places", () => {
  assert.deepEqual(sharesOf(body().plane), [
    { answer: 1, share: 0.75 },
    { answer: 0, share: 0.25 },
  ]);
  const rows = rowsOf(body());
  assert.deepEqual([...rows.x, ...rows.marked], [1, 9, 1, 0]);
});

test("the sentence says what the map is of, what is on it, and how far it can be trusted", () => {
  assert.equal(
    mapSentence(body(), CLASSES),
    "The answer over age and size, all else at its median or most frequent value. Of the map: dog 75\u00a0%, cat 25\u00a0%. " +
      "For 75\u00a0% of 2 validation rows it is what the network answers to the whole row.",
  );
  assert.match(mapSentence(body({ rest: "row", row: 4 }), CLASSES), /all else as in row 5 of 40\./);
  assert.match(mapSentence(body({ rest: "components", part: "train" }), CLASSES), /^The answer along .* of 2 training rows/);
  assert.match(mapSentence(body({}, { values: new Uint8Array(4).buffer }), CLASSES), /It is cat everywhere/);
  assert.match(
    mapSentence(values(), null),
    /It goes from −100\u00a0€ to 155\u00a0€\. As a guess .* 2 validation rows .* R² −0.25\.$/,
  );
  assert.doesNotMatch(mapSentence(body({ agree: null }), CLASSES), /whole row/);
});

test("places and rows are read in words", () => {
  assert.equal(placeWords(body(), CLASSES, 0.5, 0.9), "age 0.5, size 0.9: the map says dog, 60\u00a0%.");
  assert.equal(placeWords(body(), CLASSES, 50, 0), "");
  assert.equal(rowWords(body(), CLASSES, 1), "Row 1,201 is dog. age 9, size 1: the map says dog, 100\u00a0%.");
  assert.equal(rowWords(values(), null, 0), "Row 7 is −50\u00a0€. age 1, size −1: the map says −100\u00a0€.");
});
