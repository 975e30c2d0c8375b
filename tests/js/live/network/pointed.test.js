import assert from "node:assert/strict";
import { test } from "node:test";
import { strongestLinks } from "../../../../nnviz/browser/live/network/links.js";
import { boxOf, isLit, placesOf, stopOf, targetAt, targetOf } from "../../../../nnviz/browser/live/network/pointed.js";
import { smallBody } from "./bodies.js";
import { lay } from "./laid.js";

const { network, layout } = lay(smallBody(), 900);
const scene = /** @type {any} */ ({ network, layout, links: strongestLinks(network, 600) });

/** @param {import("../../../../nnviz/browser/live/learned/canvas.js").Box} box */
const middle = ({ x, y, w, h }) => /** @type {const} */ ([x + w / 2, y + h / 2]);

test("units, layers without units and links are under the pointer, and where the next frame has them", () => {
  const unit = targetAt(scene, ...middle(layout.columns[1].boxes[1]));
  assert.deepEqual(unit, { unit: { key: "layers[0]", index: 1 } });
  assert.deepEqual(placesOf(network, unit), { unit: { column: 1, unit: 1 } });
  const slim = targetAt(scene, ...middle(/** @type {any} */ (layout.columns[2].bar)));
  assert.deepEqual(slim, { slim: "layers[1]" });
  assert.deepEqual(placesOf(network, slim), { slim: 2 });
  const places = { source: { column: 0, unit: 0 }, target: { column: 1, unit: 1 } };
  const link = { source: { key: "inputs", index: 0 }, target: { key: "layers[0]", index: 1 } };
  assert.deepEqual(placesOf(network, link), places);
  assert.equal(targetAt(scene, 1, 1), null);
  for (const gone of [
    null,
    { slim: "layers[0]" },
    { unit: { key: "x", index: 0 } },
    { source: link.source, target: link.source },
  ])
    assert.equal(placesOf(network, gone), null);
});

test("what is pointed at has a box, a place to go on from, and its links", () => {
  assert.equal(boxOf(scene, { slim: 2 }), layout.columns[2].bar);
  assert.equal(boxOf(scene, { unit: { column: 1, unit: 0 } }), layout.columns[1].boxes[0]);
  assert.deepEqual(
    [stopOf({ slim: 2 }), stopOf({ unit: { column: 1, unit: 1 } })],
    [
      { column: 2, unit: 0 },
      { column: 1, unit: 1 },
    ],
  );
  const link = { source: { column: 0, unit: 0 }, target: { column: 1, unit: 1 } };
  assert.equal(stopOf(link), null);
  assert.equal(scene.links.filter((/** @type {any} */ one) => isLit(one, link)).length, 1);
  assert.equal(scene.links.filter((/** @type {any} */ one) => isLit(one, { unit: { column: 1, unit: 1 } })).length, 4);
  assert.ok(!scene.links.some((/** @type {any} */ one) => isLit(one, { slim: 2 })));
  const { x } = boxOf(scene, link);
  assert.ok(x > layout.columns[0].x && x < layout.columns[1].x);
});

test("an arrow key that leads to a layer without units selects the layer", () => {
  assert.deepEqual(targetOf(network, { column: 2, unit: 0 }), { slim: "layers[1]" });
  assert.deepEqual(targetOf(network, { column: 1, unit: 1 }), { unit: { key: "layers[0]", index: 1 } });
});
