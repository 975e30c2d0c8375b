import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Tree, toJson } from "../../../nnviz/browser/stack/tree.js";

/** @typedef {import("../../../nnviz/browser/stack/tree.js").LayerJson} LayerJson */

/** @type {LayerJson[]} */
const LAYERS = [
  { kind: "Dense", units: 16, name: "first" },
  {
    kind: "Repeat",
    times: 2,
    layers: [
      { kind: "Dense", units: 8 },
      { kind: "Dropout", rate: 0.1 },
    ],
  },
  { kind: "Parallel", branches: [[{ kind: "Dense", units: 4 }], []] },
];

let tree = new Tree();
beforeEach(() => {
  tree = new Tree(LAYERS);
});

/** @param {LayerJson[]} layers @returns {any[]} */
const kinds = (layers) =>
  layers.map((layer) => {
    if (layer.branches) return layer.branches.map(kinds);
    return layer.layers ? kinds(layer.layers) : layer.kind;
  });
const shape = () => kinds(tree.toJson());
/** @param {string} path */
const id = (path) => tree.places().find((place) => place.path === path)?.node.id ?? "";

test("a stack comes out as it went in", () => {
  assert.deepEqual(tree.toJson(), LAYERS);
});

test("nodes are visited in the order of the page, with the paths that Python writes", () => {
  assert.deepEqual(
    tree.places().map(({ path }) => path),
    ["layers[0]", "layers[1]", "layers[1].layers[0]", "layers[1].layers[1]", "layers[2]", "layers[2].branches[0][0]"],
  );
});

test("a place knows the block around it", () => {
  const { parent, slot, index } = tree.at(id("layers[2].branches[0][0]"));
  assert.deepEqual([parent?.spec.kind, slot, index], ["Parallel", 0, 0]);
  assert.equal(tree.find("n0"), null);
  assert.throws(() => tree.at("n0"), /no layer n0/);
});

test("the last layer of a Repeat takes the Repeat with it", () => {
  tree.remove(id("layers[1].layers[1]"));
  const { neighbour } = tree.remove(id("layers[1].layers[0]"));
  assert.deepEqual(shape(), ["Dense", [["Dense"], []]]);
  assert.equal(neighbour?.spec.kind, "Repeat");
});

test("a branch may become empty, but not all of them", () => {
  tree.list(`${id("layers[2]")}/1`).push(new Tree([{ kind: "Flatten" }]).layers[0]);
  tree.remove(id("layers[2].branches[0][0]"));
  assert.deepEqual(shape()[2], [[], ["Flatten"]]);
  tree.remove(id("layers[2].branches[1][0]"));
  assert.deepEqual(shape(), ["Dense", ["Dense", "Dropout"]]);
});

test("after a removal the one that takes its place is next, else the last", () => {
  const second = id("layers[1]");
  assert.equal(tree.remove(id("layers[0]")).neighbour?.id, second);
  const last = tree.remove(id("layers[1]"));
  assert.equal(last.neighbour?.id, second);
});

test("a copy has other ids, and no name", () => {
  const copy = tree.duplicate(id("layers[0]"));
  assert.notEqual(copy.id, id("layers[0]"));
  assert.deepEqual(toJson(copy), { kind: "Dense", units: 16 });
  assert.deepEqual(shape().slice(0, 2), ["Dense", "Dense"]);
});

test("a copy of a block is one all the way down", () => {
  const copy = tree.duplicate(id("layers[1]"));
  const [inner] = copy.lists?.[0] ?? [];
  inner.spec.units = 99;
  assert.equal(tree.toJson()[1].layers[0].units, 8);
});

test("wrapping and unwrapping are inverse", () => {
  const before = tree.toJson();
  const block = tree.wrap(id("layers[0]"), { kind: "Residual" });
  assert.deepEqual(tree.toJson()[0], { kind: "Residual", layers: [LAYERS[0]] });
  tree.unwrap(block.id);
  assert.deepEqual(tree.toJson(), before);
});

test("a Parallel around a layer has a second, empty branch", () => {
  tree.wrap(id("layers[0]"), { kind: "Parallel" });
  assert.deepEqual(shape()[0], [["Dense"], []]);
});

test("down: past a layer, into a block, through its branches, and out", () => {
  const node = id("layers[1].layers[0]");
  const seen = [];
  while (tree.shift(node, 1)) seen.push(tree.at(node).path);
  assert.deepEqual(seen, [
    "layers[1].layers[1]",
    "layers[2]",
    "layers[2].branches[0][0]",
    "layers[2].branches[0][1]",
    "layers[2].branches[1][0]",
    "layers[3]",
  ]);
});

test("up: into the last branch, to the end of the one before, and out at the top", () => {
  const node = tree.duplicate(id("layers[2]")).id;
  const dense = tree.unwrap(node)[0].id;
  const seen = [];
  while (tree.shift(dense, -1)) seen.push(tree.at(dense).path);
  assert.deepEqual(seen.slice(0, 3), ["layers[2].branches[1][0]", "layers[2].branches[0][1]", "layers[2].branches[0][0]"]);
  assert.equal(seen.at(-1), "layers[0]");
});

test("leaving a block as its last layer takes the block away", () => {
  tree = new Tree([{ kind: "Repeat", times: 3, layers: [{ kind: "Dense" }] }]);
  tree.shift(id("layers[0].layers[0]"), 1);
  assert.deepEqual(shape(), ["Dense"]);
});

test("the only layer goes nowhere", () => {
  tree = new Tree([{ kind: "Dense" }]);
  assert.equal(tree.shift(id("layers[0]"), 1), false);
  assert.equal(tree.shift(id("layers[0]"), -1), false);
});

test("a drop beside itself changes nothing", () => {
  assert.equal(tree.moveTo(id("layers[1]"), "", 1), null);
  assert.equal(tree.moveTo(id("layers[1]"), "", 2), null);
});

test("a drop further down in the same list goes before the gap's layer", () => {
  const { emptied } = tree.moveTo(id("layers[0]"), "", 3) ?? {};
  assert.equal(emptied, null);
  assert.deepEqual(shape(), [["Dense", "Dropout"], [["Dense"], []], "Dense"]);
});

test("a drop into a branch, and the block that it leaves empty", () => {
  const parallel = id("layers[2]");
  tree.moveTo(id("layers[1].layers[0]"), `${parallel}/1`, 0);
  const moved = tree.moveTo(id("layers[1].layers[0]"), `${parallel}/1`, 1);
  assert.equal(moved?.emptied?.spec.kind, "Repeat");
  assert.deepEqual(shape(), ["Dense", [["Dense"], ["Dense", "Dropout"]]]);
});

test("a gap by path is before that layer, else at the end", () => {
  const gap = tree.gapBefore("layers[1].layers[1]");
  tree.insert(gap, new Tree([{ kind: "Flatten" }]).layers[0]);
  assert.deepEqual(shape()[1], ["Dense", "Flatten", "Dropout"]);
  assert.deepEqual(tree.gapBefore("layers[9]"), tree.end);
});

test("the list around is that of a block, and none at the top", () => {
  assert.equal(tree.around(tree.layers), null);
  assert.equal(tree.around(tree.list(`${id("layers[2]")}/1`))?.path, "layers[2]");
});
