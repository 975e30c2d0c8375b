import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { currentSettings, labelFor, setNouns, short, withoutPaths } from "../../../../nnviz/browser/live/run/setting_labels.js";

// The same cases as in tests/ui/common/test_setting_labels.py.
const { nouns, labels, texts } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../assets/setting_labels.json"), "utf8"),
);

test("paths of a spec in the words that the pages have for them", () => {
  setNouns(nouns);
  for (const [path, words] of Object.entries(labels)) assert.equal(labelFor(path), words);
  for (const [text, words] of Object.entries(texts)) assert.equal(withoutPaths(text), words);
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
