import assert from "node:assert/strict";
import { test } from "node:test";
import { linksOf, strongestLinks } from "../../../../nnviz/browser/live/network/links.js";
import { along, curveOf, distance, lineWidth, linkAt, unitAt } from "../../../../nnviz/browser/live/network/pointing.js";
import { smallBody } from "./bodies.js";
import { lay } from "./laid.js";

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
