// How high the rows of a network's picture are: the columns from the inputs to the cost, and in each branch of a block a row of
// its own. Pure: no DOM.

import { copiesOf } from "./lanes.js";

/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./lanes.js").Item} Item */
/** @typedef {import("./lanes.js").Copy} Copy */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** `boxes`: of a column around its middle, in this room; `lines`: of text under each. @typedef {{ columns: Column[], boxes: (place: number, room: number) => Box[], lines: number[] }} Sizes */
/** @typedef {{ place: number, boxes: Box[], rows: Row[], over: number }} Stand */
/**
 * `half`: of its columns' height; `up` and `down`: from its middle to its edges, with texts.
 * @typedef {{ stands: Stand[], half: number, up: number, down: number, levels: Copy[][] }} Row
 */
/**
 * @typedef {{ columns: Record<number, { boxes: Box[], head: number, foot: number }>,
 *   nodes: { place: number, y: number, over: number }[], brackets: { places: number[], y: number, copy: number, times: number }[] }} Stands
 */

/** Over the columns of a row, for their heads. */
const HEAD = 28;
const LEAST_HALF = 40;
/** Of a line of a column's texts. */
export const TEXT_LINE = 14;
/** Over the heads, for the bracket of repeated layers. */
const BRACKET = 20;
/** Between two branches. */
const BETWEEN = 10;
/** Over the branch of a Residual, for the line around it. */
const AROUND = 24;

/**
 * @param {Sizes} sizes
 * @param {Item[]} items
 * @param {number} room for the height of a column
 * @param {number} outer how many Repeats are around the row
 * @returns {Row}
 */
export function rowOf(sizes, items, room, outer) {
  const { columns, boxes, lines } = sizes;
  const stands = items.map(({ place, lanes }) => {
    const { copies, join } = columns[place];
    const inner = room / Math.max(1, lanes.length);
    const rows = lanes.map((lane) => rowOf(sizes, lane, inner, copies.length));
    return { place, boxes: boxes(place, room), rows, over: join?.skip === null || !join ? 0 : AROUND };
  });
  const halves = stands.flatMap((stand) => stand.boxes.map(({ y, h }) => Math.max(-y, y + h)));
  const half = Math.ceil(Math.max(LEAST_HALF, ...halves));
  const levels = copiesOf(columns, items, outer);
  const texts = Math.max(0, ...items.map(({ place }) => lines[place]));
  const blocks = stands.map(blockReach);
  return {
    stands,
    half,
    up: Math.max(half + HEAD, ...blocks.map(({ up }) => up)) + levels.length * BRACKET,
    down: Math.max(half + 16 + texts * TEXT_LINE, ...blocks.map(({ down }) => down)),
    levels,
  };
}

/**
 * How far the branches of a block reach from its middle: a single one stands on it, several around it.
 * @param {Stand} stand
 */
function blockReach({ rows, over }) {
  if (!rows.length) return { up: 0, down: 0 };
  if (rows.length === 1) return { up: rows[0].up + over, down: rows[0].down };
  const whole = rows.reduce((sum, { up, down }) => sum + up + down, (rows.length - 1) * BETWEEN);
  return { up: whole / 2 + over, down: whole / 2 };
}

/**
 * Stands a row on its middle.
 * @param {Row} row
 * @param {number} middle
 * @returns {Stands}
 */
export function placeRow(row, middle) {
  /** @type {Stands} */
  const placed = { columns: {}, nodes: [], brackets: [] };
  const { half, up, levels } = row;
  for (const stand of row.stands) {
    const boxes = stand.boxes.map((box) => ({ ...box, y: box.y + middle }));
    placed.columns[stand.place] = { boxes, head: middle - half, foot: middle + half };
    if (!stand.rows.length) continue;
    const reach = blockReach(stand);
    placed.nodes.push({ place: stand.place, y: middle, over: middle - reach.up + AROUND / 2 });
    let top = middle - reach.up + stand.over;
    for (const lane of stand.rows) {
      const inner = placeRow(lane, top + lane.up);
      Object.assign(placed.columns, inner.columns);
      placed.nodes.push(...inner.nodes);
      placed.brackets.push(...inner.brackets);
      top += lane.up + lane.down + BETWEEN;
    }
  }
  for (const [level, copies] of levels.entries()) {
    const y = middle - up + level * BRACKET + 4;
    for (const { copy, times, places } of copies) placed.brackets.push({ places, y, copy, times });
  }
  return placed;
}
