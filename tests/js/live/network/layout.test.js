import assert from "node:assert/strict";
import { test } from "node:test";
import {
  along,
  curveOf,
  distance,
  layoutOf,
  lineWidth,
  linkAt,
  shorten,
  stepTo,
  unitAt,
  wrap,
} from "../../../../nnviz/browser/live/network/layout.js";
import { linksOf, networkOf, strongestLinks } from "../../../../nnviz/browser/live/network/network.js";
import { columnWords } from "../../../../nnviz/browser/live/network/words.js";
import { largeBody, smallBody } from "./bodies.js";

const measure = (/** @type {string} */ text) => text.length * 6;

/**
 * @param {any} body
 * @param {number} width
 */
function lay(body, width) {
  const network = /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));
  const labels = { left: network.columns[0].units.map(({ name }) => name), right: ["A", "B"] };
  return { network, layout: layoutOf(network, network.columns.map(columnWords), labels, width, measure) };
}

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
  for (let i = 3; i < 12; i += 1) body.layers.push({ ...body.layers[2], place: `layers[${i}]`, from: i - 1 });
  const { layout } = lay(body, 358);
  assert.ok(layout.width > 358);
  for (let i = 4; i < layout.columns.length; i += 1) assert.ok(layout.columns[i].x - layout.columns[i - 1].x >= 60);
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

test("texts break between words, and end with an ellipsis where they do not fit", () => {
  assert.deepEqual(wrap("Dense 256 relu", 60, measure), ["Dense 256", "relu"]);
  assert.deepEqual(wrap("", 60, measure), []);
  assert.deepEqual(wrap("a b c d", 12, measure, 2), ["a", "b…"]);
  assert.equal(shorten("BatchNormalization", 60, measure), "BatchNorm…");
  assert.equal(shorten("short", 60, measure), "short");
});

test("a curve leaves one unit at its right edge and arrives at the other's left edge", () => {
  const { network, layout } = lay(smallBody(), 900);
  const [link] = linksOf(network);
  const { x0, y0, x1, y1 } = curveOf(layout, link);
  const [a, b] = [layout.columns[0].boxes[0], layout.columns[1].boxes[0]];
  assert.deepEqual([x0, y0, x1, y1], [a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2]);
  assert.deepEqual([lineWidth(0), lineWidth(1), lineWidth(3)], [0.5, 4, 4]);
});

test("the distance to a curve is 0 on it, and grows across it", () => {
  const curve = { x0: 0, y0: 0, x1: 100, y1: 60 };
  assert.ok(Math.abs(along(0.5) - 0.5) < 1e-5);
  assert.ok(distance(curve, 50, 30) < 1e-3 && distance(curve, 0, 0) < 1e-3 && distance(curve, 100, 60) < 1e-3);
  assert.ok(distance(curve, 50, 40) > 4 && distance(curve, 50, 40) < 10);
  assert.equal(distance(curve, 101, 60), Number.POSITIVE_INFINITY);
  assert.equal(distance({ x0: 5, y0: 0, x1: 5, y1: 9 }, 5, 3), Number.POSITIVE_INFINITY);
});

test("units and links under a point, nothing beside them", () => {
  const { network, layout } = lay(smallBody(), 900);
  const links = strongestLinks(network, 600);
  const { x, y, w, h } = layout.columns[3].boxes[1];
  assert.deepEqual(unitAt(layout, x + w / 2, y + h / 2), { column: 3, unit: 1 });
  assert.equal(unitAt(layout, x + w + 9, y), null);
  for (const link of links) {
    const { x0, y0, x1, y1 } = curveOf(layout, link);
    const share = 0.12;
    const at = along(share);
    const hit = linkAt(layout, links, x0 + (x1 - x0) * share, y0 + (y1 - y0) * at * at * (3 - 2 * at));
    assert.equal(hit?.source, link.source);
    assert.equal(hit?.to, link.to);
  }
  assert.equal(linkAt(layout, links, 2, 2), null);
});

test("arrow keys move within a column and to the nearest unit of the next one with units", () => {
  const { layout } = lay(smallBody(), 900);
  const first = stepTo(layout, null, "ArrowRight");
  assert.deepEqual(first, { column: 0, unit: 0 });
  assert.deepEqual(stepTo(layout, first, "ArrowUp"), first);
  assert.deepEqual(stepTo(layout, first, "ArrowDown"), { column: 0, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 1, unit: 1 }, "ArrowRight"), { column: 3, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 3, unit: 1 }, "ArrowLeft"), { column: 1, unit: 1 });
  assert.deepEqual(stepTo(layout, { column: 4, unit: 0 }, "ArrowRight"), { column: 4, unit: 0 });
  assert.equal(stepTo(layout, first, "a"), null);
});
