import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerValue,
  camWords,
  layerName,
  mapsWords,
  pictureWords,
  sumWords,
  tableNumbers,
  valueWords,
} from "../../../../nnviz/browser/live/images/words.js";

/** @type {any} */
const BODY = {
  part: "validation",
  in_all: 360,
  row: 11,
  truth: 7,
  answers: [
    { class: 1, value: 0.92 },
    { class: 7, value: 0.05 },
  ],
  answer: 1,
  is_share: true,
  layers: [{ title: "Conv2D 32", number: "3", copies: [], activation: "relu", is_convolution: true, size: [4, 5], maps: 32 }],
  cam: { layer: 0, target: 1, size: [4, 5], peak: 2, heat: new ArrayBuffer(20) },
};
const name = (/** @type {number} */ k) => `n${k}`;
/** @type {any} */
const SUM = { kind: "convolution", terms: [], others: { count: 0, sum: 0 }, bias: null, raw: 0, value: 0, inside: 9, at: [0, 2] };

test("a picture's sentence names truth and answer, and says when they agree", () => {
  assert.equal(pictureWords(BODY, name), "Validation picture 12 of 360. It is “n7”, but the network answers “n1”: 92.0\u00a0%.");
  assert.match(pictureWords({ ...BODY, truth: 1 }, name), /It is “n1”, and the network says so: 92\.0/);
  const broken = { ...BODY, answers: [{ class: 1, value: Number.NaN }] };
  assert.match(pictureWords(broken, name), /answer is not a number/);
});

test("numbers have their unit and no class", () => {
  const body = { ...BODY, part: "train", is_share: false, unit: "kg", truth: -2, answer: 0, answers: [{ class: 0, value: 3 }] };
  assert.equal(
    pictureWords(body, null),
    "Training picture 12 of 360. The true value is −2.000\u00a0kg, the network answers 3.000\u00a0kg.",
  );
  assert.equal(answerValue(1, body), "1.000\u00a0kg");
});

test("Grad-CAM says for what it speaks and how coarse it is, or why there is none", () => {
  assert.match(camWords(BODY, name), /layer 3 Conv2D 32 speaks for “n1”.*4 × 5 places, and says where, not why/);
  assert.match(camWords({ ...BODY, cam: { ...BODY.cam, peak: 0 } }, name), /^No place of layer 3 Conv2D 32 speaks for “n1”/);
  assert.match(camWords({ ...BODY, cam: { ...BODY.cam, peak: Number.NaN } }, name), /not finite/);
  assert.match(camWords({ ...BODY, cam: null }, name), /no convolution or pooling/);
});

test("a layer that was repeated says which copy it is", () => {
  assert.equal(layerName(BODY.layers[0]), "3 Conv2D 32");
  assert.equal(layerName({ ...BODY.layers[0], copies: [[1, 3]] }), "3 Conv2D 32, copy 2 of 3");
});

test("maps are counted honestly", () => {
  const units = Array.from({ length: 16 }, (_, index) => ({ index, values: new ArrayBuffer(1), strength: 1 }));
  const maps = { layer: 0, in_all: 32, reach: 2.5, size: [4, 5], kernel_size: [3, 3], units };
  assert.equal(mapsWords(maps), "16 of 32 maps, the strongest for this picture, from −2.500 to 2.500.");
  assert.match(mapsWords({ ...maps, in_all: 16 }), /^All 16 maps/);
});

test("a sum is written with its terms, what is left out, bias and activation", () => {
  const term = (/** @type {number} */ sum, weight = null) => ({ channel: 0, sum, weight });
  const arithmetic = {
    ...SUM,
    terms: [term(0.5), term(-0.25), term(2, /** @type {any} */ (-0.1))],
    others: { count: 3, sum: -0.05 },
    bias: 0.1,
    raw: 0.1,
    value: 0.1,
  };
  assert.equal(
    sumWords(arithmetic, "relu"),
    "0.500 − 0.250 − 0.200 − 0.050 (3 channels more) + 0.100 (bias) = 0.100;  relu(0.100) = 0.100",
  );
  assert.equal(
    sumWords({ ...arithmetic, others: { count: 1, sum: 0 }, bias: null }, ""),
    "0.500 − 0.250 − 0.200 + 0 (1 channel more) = 0.100",
  );
});

test("poolings say what they take of how many", () => {
  const pooled = { ...SUM, kind: "largest", inside: 4, value: 0.25, terms: [{ channel: 2, sum: 1, weight: null }] };
  assert.equal(sumWords(pooled, ""), "The largest of these 4: 0.250.");
  assert.equal(sumWords({ ...pooled, kind: "mean" }, ""), "The mean of these 4: 1.000 / 4 = 0.250.");
});

test("a value is named by its place, counted from 1", () => {
  /** @type {any} */
  const map = { index: 2, low: -1, high: 3, arithmetic: { ...SUM, value: 1.5 } };
  assert.equal(valueWords(map), "Map 3, row 1, column 3: 1.500.");
  assert.match(valueWords({ ...map, arithmetic: null }), /^Map 3: from −1\.000 to 3\.000\. Point at a value/);
});

test("the numbers of a table have the same decimals", () => {
  assert.deepEqual(tableNumbers(new Float32Array([0.1234, -0.5, 0])), ["0.123", "−0.500", "0"]);
  assert.deepEqual(tableNumbers(new Float32Array([1.25, 12])), ["1.3", "12.0"]);
  assert.deepEqual(tableNumbers(new Float32Array([0, 0])), ["0", "0"]);
  assert.deepEqual(tableNumbers(new Float32Array([1, Number.NaN])), ["1.000", "–"]);
});
