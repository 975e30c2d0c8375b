// What lies under the pointer in a network's picture. Pure: no DOM.

/** @typedef {import("./links.js").Link} Link */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./layout.js").Layout} Layout */

/** A curve that leaves and arrives level. @typedef {{ x0: number, y0: number, x1: number, y1: number }} Curve */

/**
 * @param {Layout} layout
 * @param {Link} link
 * @returns {Curve}
 */
export function curveOf({ columns }, { from, source, to, target }) {
  const [a, b] = [columns[from].boxes[source], columns[to].boxes[target]];
  return { x0: a.x + a.w, y0: a.y + a.h / 2, x1: b.x, y1: b.y + b.h / 2 };
}

/** The width of a link's line. @param {number} strength */
export const lineWidth = (strength) => 0.5 + 3.5 * Math.min(1, strength);

/**
 * How far along a curve (0 to 1) its x is; both its control points are in the middle of its width.
 * @param {number} share of the width
 */
export function along(share) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i += 1) {
    const at = (low + high) / 2;
    if (1.5 * at - 1.5 * at * at + at ** 3 < share) low = at;
    else high = at;
  }
  return (low + high) / 2;
}

/**
 * How far a point is from a curve; Infinity beside its ends.
 * @param {Curve} curve
 * @param {number} x
 * @param {number} y
 */
export function distance({ x0, y0, x1, y1 }, x, y) {
  if (x < x0 || x > x1 || x1 <= x0) return Number.POSITIVE_INFINITY;
  const at = along((x - x0) / (x1 - x0));
  const off = y - (y0 + (y1 - y0) * at * at * (3 - 2 * at));
  const slope = ((y1 - y0) * 6 * at * (1 - at)) / ((x1 - x0) * (1.5 - 3 * at + 3 * at * at));
  return Math.abs(off) / Math.hypot(1, slope);
}

const NEAR_UNIT = 3;
const NEAR_LINK = 5;

/**
 * The unit under a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Place | null}
 */
export function unitAt({ columns }, x, y) {
  for (const [column, { boxes }] of columns.entries()) {
    const unit = boxes.findIndex(
      (box) =>
        x >= box.x - NEAR_UNIT && x <= box.x + box.w + NEAR_UNIT && y >= box.y - NEAR_UNIT && y <= box.y + box.h + NEAR_UNIT,
    );
    if (unit >= 0) return { column, unit };
  }
  return null;
}

/**
 * The column without units under a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 */
export function barAt({ columns }, x, y) {
  const column = columns.findIndex(({ bar }) => bar && x >= bar.x && x <= bar.x + bar.w && y >= bar.y && y <= bar.y + bar.h);
  return column < 0 ? null : column;
}

/**
 * The link under a point: the nearest, of two as near the stronger.
 * @param {Layout} layout
 * @param {Link[]} links the weakest first
 * @param {number} x
 * @param {number} y
 * @returns {Link | null}
 */
export function linkAt(layout, links, x, y) {
  let [nearest, least] = [/** @type {Link | null} */ (null), NEAR_LINK];
  for (const link of links) {
    const away = Math.max(0, distance(curveOf(layout, link), x, y) - lineWidth(link.strength) / 2);
    if (away <= least) [nearest, least] = [link, away];
  }
  return nearest;
}
