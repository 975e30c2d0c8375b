import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBody } from "./bodies.js";
import { lay } from "./laid.js";

/** @typedef {import("../../../../nnviz/browser/live/network/layout.js").Placed} Placed */

test("branches stand one above the other, around the height of what is before and after", () => {
  for (const width of [358, 1300]) {
    const { columns, nodes, height } = lay(blockBody(), width).layout;
    assert.ok(columns[4].foot < columns[5].head, "the second branch is under the first");
    assert.equal(columns[5].head, columns[6].head);
    const middle = (/** @type {Placed} */ { head, foot }) => (head + foot) / 2;
    for (const place of [1, 3, 7, 8, 10]) assert.equal(middle(columns[place]), middle(columns[0]));
    assert.deepEqual(
      nodes.map(({ y }) => y),
      [middle(columns[0]), middle(columns[0])],
    );
    for (const { head, foot, lines } of columns) assert.ok(head >= 15 && foot + 8 + lines.flat().length * 14 <= height);
  }
});

test("the way around a Residual is over its layers and their heads", () => {
  const { columns, nodes } = lay(blockBody(), 900).layout;
  assert.ok(nodes[0].over < columns[1].head - 25);
  assert.ok(nodes[0].x > columns[2].x && nodes[0].x < columns[3].x);
});

test("over each copy of a repeated layer is a bracket, above its head", () => {
  const { columns, brackets } = lay(blockBody(), 900).layout;
  assert.deepEqual(
    brackets.map(({ copy, times }) => [copy, times]),
    [
      [0, 2],
      [1, 2],
    ],
  );
  assert.ok(brackets[0].x0 < columns[8].x && brackets[0].x1 > columns[8].x && brackets[0].x1 < brackets[1].x0);
  assert.ok(brackets.every(({ y }) => y + 10 <= columns[8].head - 20));
});
