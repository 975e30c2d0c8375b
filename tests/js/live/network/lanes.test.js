import assert from "node:assert/strict";
import { test } from "node:test";
import { acrossOf, copiesOf, itemsOf } from "../../../../nnviz/browser/live/network/lanes.js";
import { networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { blockBody } from "./bodies.js";

/** @param {any} body */
const columnsOf = (body) =>
  /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body)).columns;

/** @param {number} place @param {any[][]} [lanes] */
const item = (place, lanes = []) => ({ place, lanes });

test("a block is its branches and the column that joins them; an empty branch has no column", () => {
  assert.deepEqual(itemsOf(columnsOf(blockBody())), [
    item(0),
    item(3, [[item(1), item(2)]]),
    item(7, [[item(4)], [item(5), item(6)], []]),
    item(8),
    item(9),
    item(10),
  ]);
});

test("a block whose end is missing is drawn as plain columns", () => {
  const body = blockBody();
  body.layers.splice(2);
  body.cost = null;
  assert.deepEqual(itemsOf(columnsOf(body)), [item(0), item(1), item(2)]);
});

test("branches share their width, the shorter in the middle, and the node is before the join", () => {
  const columns = columnsOf(blockBody());
  const { middles, nodes } = acrossOf(columns, itemsOf(columns));
  // shares: 1 of a column, 0.5 of one without units and of a node
  assert.deepEqual(middles, [0, 1, 1.75, 3, 4.5, 4, 5, 6.5, 7.5, 8.5, 9.5]);
  assert.deepEqual(
    [...nodes],
    [
      [3, 2.25],
      [7, 5.75],
    ],
  );
});

test("copies of a Repeat are groups of columns, with what is inside their blocks", () => {
  const body = blockBody();
  const columns = columnsOf(body);
  assert.deepEqual(copiesOf(columns, itemsOf(columns), 0), [
    [
      { copy: 0, times: 2, places: [8] },
      { copy: 1, times: 2, places: [9] },
    ],
  ]);
  for (const layer of body.layers.slice(0, 3)) layer.copies = [["layers[0]", 1, 3]];
  const repeated = columnsOf(body);
  assert.deepEqual(copiesOf(repeated, itemsOf(repeated), 0)[0][0], { copy: 1, times: 3, places: [3, 1, 2] });
  // the row inside the block has that Repeat around it, and none of its own
  assert.deepEqual(copiesOf(repeated, itemsOf(repeated)[1].lanes[0], 1), []);
});
