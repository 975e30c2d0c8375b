// Where the arrow keys lead in a network's picture. Pure: no DOM.

/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placed} Placed */

/** @type {Record<string, number>} */
const BESIDE = { ArrowLeft: -1, ArrowRight: 1 };
/** @type {Record<string, number>} */
const ALONG = { ArrowUp: -1, ArrowDown: 1 };

/** What of a column can be stepped to: its units, or the bar of a layer without them. @param {Placed} column */
export const stopsOf = ({ boxes, bar }) => (bar ? [bar] : boxes);

/** @param {import("../learned/canvas.js").Box} box */
const middleOf = ({ y, h }) => y + h / 2;

/**
 * The columns on one side of a column. The way around a block is taken only where there is no other.
 * @param {Placed[]} columns
 * @param {number} place
 * @param {number} by
 */
function neighbours(columns, place, by) {
  const isAround = (/** @type {number} */ from, /** @type {number} */ to) => columns[to].skip === from;
  const before = columns[place].after;
  const after = [...columns.keys()].filter((one) => columns[one].after.includes(place));
  const all = by < 0 ? before : after;
  const direct = all.filter((one) => (by < 0 ? !isAround(one, place) : !isAround(place, one)));
  return direct.length ? direct : all;
}

/**
 * The nearest column over or under a column, in another branch of the same block.
 * @param {Placed[]} columns
 * @param {number} place
 * @param {number} by
 */
function otherLane(columns, place, by) {
  const own = columns[place];
  const [first, last] = [stopsOf(own)[0], stopsOf(own)[stopsOf(own).length - 1]];
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
  for (const [other, column] of columns.entries()) {
    const { lanes, x } = column;
    const boxes = stopsOf(column);
    const isBeside = lanes.some(([block, branch]) => own.lanes.some(([one, lane]) => one === block && lane !== branch));
    if (!isBeside || !boxes.length) continue;
    const down = by > 0 ? boxes[0].y - last.y : first.y - boxes[boxes.length - 1].y;
    const away = 2 * down + Math.abs(x - own.x);
    if (down > 0 && away < least) [nearest, least] = [other, away];
  }
  return nearest;
}

/**
 * How far to scroll sideways so that a unit is on the screen.
 * @param {Layout} layout
 * @param {Place} place
 * @param {{ scrollLeft: number, clientWidth: number }} stage
 */
export function scrolledTo({ columns }, { column, unit }, { scrollLeft, clientWidth }) {
  const box = stopsOf(columns[column])[unit];
  return box ? Math.min(box.x - 40, Math.max(box.x + box.w + 40 - clientWidth, scrollLeft)) : scrollLeft;
}

/**
 * The unit that an arrow key leads to: in the same column, in the branch over or under it, or the one at the same height in the
 * next column. A layer without units is one stop.
 * @param {Layout} layout
 * @param {Place | null} place null: none is selected
 * @param {string} key
 * @param {number} [height] at which the next column is reached; that of the place itself
 * @returns {Place | null} null: this key leads nowhere
 */
export function stepTo({ columns }, place, key, height) {
  const [beside, along] = [BESIDE[key], ALONG[key]];
  if (!beside && !along) return null;
  if (!place) return { column: columns.findIndex((column) => stopsOf(column).length), unit: 0 };
  const boxes = stopsOf(columns[place.column]);
  if (along) {
    if (boxes[place.unit + along]) return { ...place, unit: place.unit + along };
    const column = otherLane(columns, place.column, along);
    return column < 0 ? place : { column, unit: along > 0 ? 0 : stopsOf(columns[column]).length - 1 };
  }
  const middle = height ?? middleOf(boxes[place.unit]);
  const places = neighbours(columns, place.column, beside).flatMap((column) =>
    stopsOf(columns[column]).map((box, unit) => ({ column, unit, away: Math.abs(middleOf(box) - middle) })),
  );
  if (!places.length) return place;
  const { column, unit } = places.reduce((best, one) => (one.away < best.away ? one : best));
  return { column, unit };
}
