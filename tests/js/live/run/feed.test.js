import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../../../nnviz/browser/live/run/feed.js";

test("all parts of a page know which step is looked back at, and hear of another one only", () => {
  const feed = new Feed("a");
  /** @type {string[]} */
  const heard = [];
  feed.addEventListener("change", (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
  feed.lookAt(null);
  assert.deepEqual([feed.look, heard], [null, []]);
  feed.lookAt({ step: 20, epoch: 2 });
  feed.lookAt({ step: 20, epoch: 2 });
  assert.deepEqual(feed.look, { step: 20, epoch: 2 });
  feed.lookAt(null);
  assert.deepEqual([feed.look, heard], [null, ["look", "look"]]);
});
