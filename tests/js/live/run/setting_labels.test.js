import assert from "node:assert/strict";
import { test } from "node:test";
import { currentSettings, labelFor, short, withoutPaths } from "../../../../nnviz/browser/live/run/setting_labels.js";

test("paths of a spec in words", () => {
  const cases = {
    "optimizer.learning_rate": "learning rate",
    "optimizer.weight_decay": "weight decay",
    "training.batch_size": "batch size",
    "layers[1].layers[0].rate": "layer 2.1: dropout",
    "layers[0].branches[1][2].stddev": "layer 1.2.3: noise",
    "layers[3].kernel_regularizer.l2": "layer 4: kernel L2",
    "cost.label_smoothing": "cost: label smoothing",
  };
  for (const [path, words] of Object.entries(cases)) assert.equal(labelFor(path), words);
});

test("numbers have six digits", () => {
  assert.deepEqual([0.1 + 0.2, 1e-7, 128, undefined].map(short), ["0.3", "1e-7", "128", "undefined"]);
});

test("what was changed counts, unless it was refused or is no setting of the run", () => {
  const settings = { rate: 0.1, batch: 32 };
  /** @type {any} */
  const refused = { kind: "refused", text: "batch stays as it is" };
  const expected = /** @type {any} */ ({ live: { rate: 0.2, batch: 64, other: 1 } });
  assert.deepEqual(currentSettings({ settings, expected, events: [refused] }), { rate: 0.2, batch: 32 });
  assert.deepEqual(currentSettings({ settings, expected: null, events: [] }), settings);
});

test("a text of an event has words for paths, and keeps all else", () => {
  const cases = {
    "Goes on from step 3 of a.csv, but with optimizer.learning_rate 0.01 → 0.02, optimizer.kind Adam → SGD":
      "Goes on from step 3 of a.csv, but with learning rate 0.01 → 0.02, optimizer Adam → SGD",
    "layers[0].kernel and layers[1].layers[0].bias start fresh; layers[2] is new":
      "layer 1: kernel and layer 2.1: bias start fresh; layer 3 is new",
    "cost.label_smoothing 0 → 0.1, training.early_stopping.patience none → 5":
      "cost: label smoothing 0 → 0.1, early stopping patience none → 5",
    "Stopped. The cost. Layers [1] of 2": "Stopped. The cost. Layers [1] of 2",
  };
  for (const [text, words] of Object.entries(cases)) assert.equal(withoutPaths(text), words);
});
