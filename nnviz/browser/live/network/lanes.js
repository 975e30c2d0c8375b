// The columns of a network as they stand side by side: one after another, those of a block's branches one above the other. Pure:
// no DOM.

/** @typedef {import("./network.js").Column} Column */
/** `place` of a column; of a block that of what it joins its lanes to. @typedef {{ place: number, lanes: Item[][] }} Item */
/** Repeated layers: the places of the columns of one copy. @typedef {{ copy: number, times: number, places: number[] }} Copy */

/** The width of a column in shares, of one without units, and of the node where lanes are joined. */
const WIDTH = { units: 1, slim: 0.5, node: 0.5 };

/** @param {Column} column */
export const isSlim = (column) => column.units.length === 0;

/** @param {Column} column */
export const shareOf = (column) => (isSlim(column) ? WIDTH.slim : WIDTH.units);

/**
 * @param {Column[]} columns
 * @param {number[]} [places] of the columns that are taken
 * @param {number} [depth] how many blocks are around them
 * @returns {Item[]}
 */
export function itemsOf(columns, places = [...columns.keys()], depth = 0) {
  /** @type {Item[]} */
  const items = [];
  /** @type {number[]} inside a block whose end is not there yet */
  let inside = [];
  for (const place of places) {
    const { lanes, join } = columns[place];
    if (lanes.length > depth) inside.push(place);
    else if (join) {
      const own = inside;
      const branches = join.ends.map((_, i) => own.filter((one) => columns[one].lanes[depth][1] === i));
      items.push({ place, lanes: branches.map((branch) => itemsOf(columns, branch, depth + 1)) });
      inside = [];
    } else items.push({ place, lanes: [] });
  }
  // Nothing is lost of a frame that is not whole.
  return [...items, ...inside.map((place) => ({ place, lanes: [] }))];
}

/**
 * The width of a row of columns in shares.
 * @param {Column[]} columns
 * @param {Item[]} items
 */
const widthOf = (columns, items) => items.reduce((sum, item) => sum + insideOf(columns, item) + shareOf(columns[item.place]), 0);

/**
 * The width of a block's lanes with the node that joins them; 0 of a single column.
 * @param {Column[]} columns
 * @param {Item} item
 * @returns {number}
 */
function insideOf(columns, { lanes }) {
  if (!lanes.length) return 0;
  return Math.max(WIDTH.slim, ...lanes.map((lane) => widthOf(columns, lane))) + WIDTH.node;
}

/**
 * The middles of the columns and, before joins, of their nodes, in shares from the middle of the first column.
 * @param {Column[]} columns
 * @param {Item[]} items
 * @returns {{ middles: number[], nodes: Map<number, number> }} nodes by the place of their column
 */
export function acrossOf(columns, items) {
  const middles = columns.map(() => 0);
  /** @type {Map<number, number>} */
  const nodes = new Map();
  const walk = (/** @type {Item[]} */ row, /** @type {number} */ start) => {
    let at = start;
    for (const item of row) {
      const [inside, own] = [insideOf(columns, item), shareOf(columns[item.place])];
      for (const lane of item.lanes) walk(lane, at + (inside - WIDTH.node - widthOf(columns, lane)) / 2);
      if (inside) nodes.set(item.place, at + inside - WIDTH.node / 2);
      middles[item.place] = at + inside + own / 2;
      at += inside + own;
    }
  };
  walk(items, items.length ? -shareOf(columns[items[0].place]) / 2 : 0);
  return { middles, nodes };
}

/**
 * The copies of the Repeats in a row of columns, by how many Repeats are around them.
 * @param {Column[]} columns
 * @param {Item[]} items
 * @param {number} outer how many Repeats are around the row itself
 * @returns {Copy[][]}
 */
export function copiesOf(columns, items, outer) {
  /** @type {Map<string, Copy>[]} */
  const levels = [];
  for (const { place, lanes } of items) {
    let key = "";
    for (const [level, { path, copy, times }] of columns[place].copies.slice(outer).entries()) {
      key += ` ${path} ${copy}`;
      levels[level] ??= new Map();
      const group = levels[level].get(key) ?? { copy, times, places: [] };
      levels[level].set(key, group);
      group.places.push(place, ...lanes.flatMap(placesOf));
    }
  }
  return levels.map((level) => [...level.values()]);
}

/** @param {Item[]} items @returns {number[]} */
const placesOf = (items) => items.flatMap(({ place, lanes }) => [place, ...lanes.flatMap(placesOf)]);
