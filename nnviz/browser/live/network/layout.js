// Where the units of a network stand in its picture, and what lies under the pointer. Pure: no DOM.

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./network.js").Link} Link */
/** @typedef {import("./network.js").Place} Place */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** Lines of text around a column. @typedef {{ head: string, title: string, more: string }} Words */
/** `room`: the width for its texts. @typedef {{ x: number, room: number, boxes: Box[], bar: Box | null, lines: string[][] }} Placed */
/** @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number, columns: Placed[] }} Layout */
/** The width of a text in pixels. @typedef {(text: string) => number} Measure */

const HEAD = 28;
const LINE = 14;
const MOST_LINES = 3;
const MOST_HEIGHT = 430;
const SIDE = { least: 10, most: 34 };
const GAP = { least: 3, most: 14 };
/** A distribution needs more width than height. */
const WIDER = 1.7;
/** Between the middles of two columns. */
const PITCH = { least: 66, most: 300, slim: 0.5 };
const LABEL_GAP = 8;
const MOST_LABEL = 132;
const SLIM = 20;
const NODE = 13;

/**
 * Breaks a text into lines of this width, three at most; what does not fit ends with an ellipsis.
 * @param {string} text
 * @param {number} width
 * @param {Measure} measure
 * @param {number} [most] lines
 */
export function wrap(text, width, measure, most = MOST_LINES) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const rest = lines.slice(most - 1).join(" ");
  const cut = lines.length > most ? [...lines.slice(0, most - 1), `${rest}…`] : lines;
  return cut.map((line) => shorten(line, width, measure));
}

/**
 * @param {string} text
 * @param {number} width
 * @param {Measure} measure
 */
export function shorten(text, width, measure) {
  if (measure(text) <= width) return text;
  let most = text.length - 1;
  while (most > 1 && measure(`${text.slice(0, most)}…`) > width) most -= 1;
  return `${text.slice(0, most)}…`;
}

/** @param {Column} column */
const isSlim = (column) => column.units.length === 0;

/**
 * The room for labels at a side: the longest one, but no more than a share of the picture.
 * @param {string[]} labels
 * @param {number} width
 * @param {Measure} measure
 */
function labelRoom(labels, width, measure) {
  const longest = Math.max(0, ...labels.map(measure));
  return Math.ceil(Math.min(longest, MOST_LABEL, width * 0.17)) + (longest ? LABEL_GAP : 0);
}

/**
 * The boxes of a column's units around its middle.
 * @param {Column} column
 * @param {number} x
 * @param {number} pitch
 */
function boxesOf({ kind, units }, x, pitch) {
  const count = units.length;
  const side = Math.min(SIDE.most, Math.max(SIDE.least, Math.floor((MOST_HEIGHT / count) * 0.82)), Math.floor(pitch * 0.46));
  const free = count > 1 ? (MOST_HEIGHT - count * side) / (count - 1) : 0;
  const step = side + Math.min(GAP.most, Math.max(GAP.least, Math.floor(free)));
  const top = -((count - 1) * step + side) / 2;
  return units.map(({ map, bars }, place) => {
    const isWide = !map && bars;
    const isNode = kind === "inputs" && !map && !bars;
    const h = isNode ? Math.min(NODE, side) : side;
    const w = isWide ? Math.round(Math.min(side * WIDER, pitch * 0.55)) : h;
    return { x: Math.round(x - w / 2), y: top + place * step + (side - h) / 2, w, h };
  });
}

/**
 * The room from the middle of the first or last column to the edge of the picture, beside it its labels.
 * @param {number} labels
 * @param {number} pitch
 */
const endRoom = (labels, pitch) => 2 + Math.max(labels + Math.min(SIDE.most * WIDER, pitch * 0.55) / 2, pitch * 0.42);

/**
 * The middles of the columns, from the first one: as far apart as there is room, but never too close.
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} left room for labels
 * @param {number} right
 */
function middles(columns, width, left, right) {
  const shares = columns.map((column) => (isSlim(column) ? PITCH.slim : 1));
  const offsets = [0];
  for (let i = 1; i < shares.length; i += 1) offsets.push(offsets[i - 1] + (shares[i - 1] + shares[i]) / 2);
  const span = offsets[offsets.length - 1];
  let [pitch, most] = [PITCH.least, PITCH.most];
  while (most - pitch > 0.1) {
    const between = (pitch + most) / 2;
    if (span * between + endRoom(left, between) + endRoom(right, between) <= width) pitch = between;
    else most = between;
  }
  return { pitch, at: offsets.map((offset) => offset * pitch), span: span * pitch };
}

/**
 * Fits a network into a width; wider than that where its columns would come too close.
 * @param {Network} network
 * @param {Words[]} words of its columns
 * @param {{ left: string[], right: string[] }} labels of its first and last units
 * @param {number} width
 * @param {Measure} measure
 * @returns {Layout}
 */
export function layoutOf({ columns }, words, labels, width, measure) {
  const left = labelRoom(labels.left, width, measure);
  const right = labelRoom(labels.right, width, measure);
  const { pitch, at, span } = middles(columns, width, left, right);
  const [before, after] = [endRoom(left, pitch), endRoom(right, pitch)];
  const whole = Math.max(width, Math.ceil(span + before + after));
  const start = before + (whole - span - before - after) / 2;
  const boxes = columns.map((column, i) => boxesOf(column, start + at[i], pitch));
  const heights = boxes.flat().map(({ y, h }) => Math.max(-y, y + h));
  const half = Math.ceil(Math.max(40, ...heights));
  const middle = HEAD + half;
  const placed = columns.map((column, i) => {
    const room = pitch * (isSlim(column) ? PITCH.slim : 1) - 8;
    const x = Math.round(start + at[i]);
    const { title, more } = words[i];
    const lines = isSlim(column) ? [] : [wrap(title, room, measure), wrap(more, room, measure, 4)];
    const bar = isSlim(column) ? { x: x - SLIM / 2, y: HEAD, w: SLIM, h: 2 * half } : null;
    return { x, room, boxes: boxes[i].map((box) => ({ ...box, y: Math.round(box.y + middle) })), bar, lines };
  });
  const texts = Math.max(...placed.map(({ lines }) => lines.flat().length));
  const bottom = HEAD + 2 * half;
  return { width: whole, height: bottom + 8 + texts * LINE + 8, left, right, top: HEAD, bottom, columns: placed };
}

/** Half a line of a column's own texts, for who draws them. */
export const TEXT_LINE = LINE;

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

/** @type {Record<string, [number, number]>} columns and units to go */
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * The unit that an arrow key leads to: in the same column, or the one at the same height in the next column with units.
 * @param {Layout} layout
 * @param {Place | null} place null: none is selected
 * @param {string} key
 * @returns {Place | null} null: this key leads nowhere
 */
export function stepTo({ columns }, place, key) {
  const step = STEPS[key];
  if (!step) return null;
  if (!place) return { column: columns.findIndex(({ boxes }) => boxes.length), unit: 0 };
  const { boxes } = columns[place.column];
  if (step[1]) return { ...place, unit: Math.max(0, Math.min(boxes.length - 1, place.unit + step[1])) };
  let column = place.column + step[0];
  while (columns[column] && !columns[column].boxes.length) column += step[0];
  if (!columns[column]) return place;
  const middle = boxes[place.unit].y + boxes[place.unit].h / 2;
  const away = columns[column].boxes.map(({ y, h }) => Math.abs(y + h / 2 - middle));
  return { column, unit: away.indexOf(Math.min(...away)) };
}
