import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alsoWords,
  calmWords,
  remedyWords,
  sinceWords,
  sureness,
  wholeWords,
} from "../../../../nnviz/browser/live/doctor/doctor_words.js";
import { setNouns } from "../../../../nnviz/browser/live/run/setting_labels.js";

setNouns({ optimizer: { learning_rate: "learning rate" }, layers: { rate: "dropout", activation: "activation" } });

/** @param {object} fields @returns {any} */
const status = (fields) => ({ status: "running", step: 10, epoch: 1, epochs: 3, created: 0, ...fields });

test("how sure it is, in words", () => {
  assert.deepEqual([0.95, 0.9, 0.75, 0.5].map(sureness), ["almost certain", "almost certain", "likely", "possible"]);
});

test("since when", () => {
  const finding = /** @type {any} */ ({ confidence: 0.8, since: { step: 340, epoch: 9 }, evidence: [{ series: "loss" }] });
  assert.equal(sinceWords(finding, 340), "since epoch 9 · likely");
  assert.equal(sinceWords({ ...finding, since: { step: 0, epoch: 0 } }, 340), "from the start · likely");
  const seen = { ...finding, evidence: [{ series: "layers" }] };
  assert.equal(sinceWords(seen, 500), "first seen at epoch 9 · likely");
  assert.equal(sinceWords(seen, 340), "seen at the end · likely");
});

test("a judgement is of the whole run, whichever moment the page shows", () => {
  const judgement = { step: 500, findings: [] };
  assert.deepEqual([wholeWords(null, judgement), wholeWords({ epoch: 2, step: 120 }, null)], ["", ""]);
  assert.equal(wholeWords({ epoch: 2, step: 120 }, judgement), "This is about the whole run, not about epoch 2 · step 120.");
});

test("nothing is called healthy before it has been judged at its end", () => {
  assert.equal(calmWords(null, null), "");
  assert.equal(calmWords(null, status({ status: "queued" })), "");
  assert.equal(calmWords(null, status({})), "Watching this run.");
  assert.equal(calmWords({ step: 5, findings: [] }, status({})), "Nothing is wrong so far.");
  assert.equal(calmWords(null, status({ status: "finished", ended: true })), "");
  assert.match(calmWords({ step: 10, findings: [] }, status({ status: "finished", ended: true })), /^Healthy/);
});

test("a remedy says where it begins and what it changes", () => {
  const epochOf = (/** @type {number} */ step) => step / 10;
  const rate = { from_step: 120, set: { "optimizer.learning_rate": 0.001, "layers[1].activation": "relu" } };
  assert.equal(remedyWords(rate, epochOf), "Mend it on a branch from epoch 12: learning rate 0.001, activation of layer 2 relu");
  const dropped = { from_step: null, set: { "layers[0].rate": null } };
  assert.equal(remedyWords(dropped, epochOf), "Mend it in a new run: without dropout of layer 1");
});

test("what a finding explains", () => {
  assert.equal(alsoWords({ also: ["dead_relu", "plateau"] }), "It explains, too: dead relu, plateau.");
  assert.equal(alsoWords({ also: ["dead_relu"], also_titles: ["Dead units"] }), "It explains, too: Dead units.");
  assert.deepEqual([alsoWords({ also: [] }), alsoWords({})], ["", ""]);
});
