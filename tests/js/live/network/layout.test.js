import assert from "node:assert/strict";
import { test } from "node:test";
import { largeBody, smallBody } from "./bodies.js";
import { lay } from "./laid.js";

test("a small network fits into any usual width, labels and boxes inside", () => {
  for (const width of [358, 700, 1300]) {
    const { layout } = lay(smallBody(), width);
    assert.equal(layout.width, width);
    const boxes = layout.columns.flatMap((column) => column.boxes);
    assert.ok(boxes.every(({ x, y, w, h }) => x >= 6 && x + w <= width - 6 && y >= layout.top && y + h <= layout.bottom));
    const middles = layout.columns.map(({ x }) => x);
    assert.deepEqual(
      middles,
      [...middles].sort((a, b) => a - b),
    );
  }
});

test("a deep network is wider than a narrow screen, and its columns stay apart", () => {
  const body = smallBody();
  for (let i = 3; i < 12; i += 1) body.layers.push({ ...body.layers[2], key: `layers[${i}]`, from: i - 1 });
  const { layout } = lay(body, 358);
  assert.ok(layout.width > 358);
  for (let i = 4; i < layout.columns.length; i += 1) assert.ok(layout.columns[i].x - layout.columns[i - 1].x >= 50);
});

test("a picture is wider than its place only where columns would come too close, and has room then", () => {
  const body = { ...smallBody(), row_costs: { mean: 0.25, low: 0, high: 4, bars: new Uint8Array(24).fill(9).buffer } };
  const pitches = new Set();
  for (let width = 280; width < 480; width += 1) {
    const { layout } = lay(body, width);
    const pitch = layout.columns[1].x - layout.columns[0].x;
    if (layout.width > width) pitches.add(Math.round(pitch));
    else assert.ok(pitch >= 56);
  }
  assert.deepEqual([...pitches], [66]);
});

test("units are squares of 34 pixels at most, smaller where there are many or little room, and do not overlap", () => {
  const side = (/** @type {any} */ body, /** @type {number} */ width) => lay(body, width).layout.columns[1].boxes[0].h;
  assert.equal(side(smallBody(), 1300), 34);
  assert.ok(side(smallBody(), 320) < 34);
  const { boxes } = lay(largeBody(), 1300).layout.columns[1];
  assert.ok(boxes[0].h < 30 && boxes[0].h >= 10 && boxes[0].w > boxes[0].h);
  for (let i = 1; i < boxes.length; i += 1) assert.ok(boxes[i].y >= boxes[i - 1].y + boxes[i - 1].h + 2);
});

test("a layer without units is a slim bar; an input without a picture a small node", () => {
  const { columns } = lay(smallBody(), 900).layout;
  assert.deepEqual([columns[2].boxes, columns[2].bar?.w], [[], 20]);
  assert.ok(columns[0].boxes[1].h < columns[0].boxes[0].h);
});

test("under a column stands what was left out", () => {
  const { columns } = lay(largeBody(), 1300).layout;
  assert.deepEqual(columns[1].lines, [["Dense 256 relu"], ["16 of 256, the largest by weight"]]);
  assert.ok(lay(largeBody(), 380).layout.columns[1].lines[1].length > 1);
});

test("the costs of the rows stand at the right, beside the names of the outputs", () => {
  const body = { ...smallBody(), row_costs: { mean: 0.25, low: 0, high: 4, bars: new Uint8Array(24).fill(9).buffer } };
  for (const width of [420, 1300]) {
    const { columns, right } = lay(body, width).layout;
    const [outputs, costs] = [columns[4].boxes[0], columns[5].boxes[0]];
    assert.ok(outputs.x + outputs.w + right < costs.x && costs.x + costs.w <= width);
    assert.equal(costs.y + costs.h / 2, (columns[4].head + columns[4].foot) / 2);
  }
});
