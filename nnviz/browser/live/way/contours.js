// Lines of equal cost on a grid, by marching squares. Pure: no DOM.

/** @typedef {import("./way.js").CostMap} CostMap */
/** Two ends in cells of the grid. @typedef {[x0: number, y0: number, x1: number, y1: number]} Segment */

/**
 * The segments of one level's lines: `x` from 0 to side - 1 across, `y` up. Cells with a corner that is no number have none.
 * @param {CostMap} map
 * @param {number} level
 * @returns {Segment[]}
 */
export function contour({ side, cost }, level) {
  /** @type {Segment[]} */
  const segments = [];
  for (let y = 0; y < side - 1; y += 1) {
    for (let x = 0; x < side - 1; x += 1) {
      const at = y * side + x;
      // Corners counterclockwise from the lower left one.
      const corners = [cost[at], cost[at + 1], cost[at + side + 1], cost[at + side]];
      if (corners.every(Number.isFinite)) segments.push(...inCell(corners, level, x, y));
    }
  }
  return segments;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/**
 * @param {number[]} corners
 * @param {number} level
 * @param {number} x
 * @param {number} y
 * @returns {Segment[]}
 */
function inCell(corners, level, x, y) {
  const ends = [];
  for (let i = 0; i < 4; i += 1) {
    const [a, b] = [corners[i], corners[(i + 1) % 4]];
    if (a < level === b < level) continue;
    const share = (level - a) / (b - a);
    const [from, to] = [CORNERS[i], CORNERS[(i + 1) % 4]];
    ends.push([x + from[0] + share * (to[0] - from[0]), y + from[1] + share * (to[1] - from[1])]);
  }
  if (ends.length === 2) return [[...ends[0], ...ends[1]]].map(asSegment);
  if (ends.length < 4) return [];
  // A saddle: its middle says which ends belong together.
  const isHigh = corners.reduce((sum, corner) => sum + corner, 0) / 4 >= level;
  const isFirstHigh = corners[0] >= level;
  const pairs = isHigh === isFirstHigh ? [0, 1, 2, 3] : [3, 0, 1, 2];
  return [
    [...ends[pairs[0]], ...ends[pairs[1]]],
    [...ends[pairs[2]], ...ends[pairs[3]]],
  ].map(asSegment);
}

/**
 * @param {number[]} ends
 * @returns {Segment}
 */
function asSegment([x0, y0, x1, y1]) {
  return [x0, y0, x1, y1];
}
