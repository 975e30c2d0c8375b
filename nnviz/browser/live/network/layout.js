// Where the units of a network stand in its picture. Pure: no DOM.

import { wrap } from "./fitted_text.js";
import { acrossOf, isSlim, itemsOf, shareOf } from "./lanes.js";
import { placeRow, rowOf } from "./rows.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Column} Column */
/** @typedef {import("./fitted_text.js").Measure} Measure */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** Lines of text around a column. @typedef {{ head: string, title: string, more: string }} Words */
/**
 * `room`: the width for its texts; `head` and `foot`: between which it stands; `after`, `skip` and `lanes` as of a Column.
 * @typedef {{ x: number, room: number, boxes: Box[], bar: Box | null, lines: string[][], head: number, foot: number,
 *   after: number[], skip: number | null, lanes: number[][] }} Placed
 */
/** Where a block joins its branches; `over`: the height of the line around them. @typedef {{ place: number, x: number, y: number, over: number }} Node */
/** Over one copy of repeated layers. @typedef {{ x0: number, x1: number, y: number, copy: number, times: number }} Bracket */
/**
 * @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number, columns: Placed[],
 *   nodes: Node[], brackets: Bracket[] }} Layout
 */

/** Of its columns; less where there is little width, as beside what the network has learned or on a phone. */
const MOST_HEIGHT = { narrow: 270, wide: 430 };
export const NARROW = 460;
const SIDE = { least: 10, most: 34 };
const GAP = { least: 3, most: 14 };
/** A distribution needs more width than height. */
const WIDER = 1.7;
/** Between the middles of two columns; where they do not fit, the picture is wider than its place, and so they have room. */
const PITCH = { least: 56, roomy: 66, most: 300 };
/** Between the texts of two columns. */
export const BETWEEN_TEXTS = 10;
const LABEL_GAP = 8;
const MOST_LABEL = 132;
const SLIM = 20;
const NODE = 13;
/** The distribution of the rows' costs, and the room before it. */
const COSTS = { width: 72, height: 44, gap: 26 };

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
 * The boxes of a column's units around its middle, from (0, 0).
 * @param {Column} column
 * @param {number} pitch
 * @param {number} room for its height
 */
function boxesOf({ kind, units }, pitch, room) {
  const count = units.length;
  const side = Math.min(SIDE.most, Math.max(SIDE.least, Math.floor((room / count) * 0.82)), Math.floor(pitch * 0.46));
  const free = count > 1 ? (room - count * side) / (count - 1) : 0;
  const step = side + Math.min(GAP.most, Math.max(GAP.least, Math.floor(free)));
  const top = -((count - 1) * step + side) / 2;
  return units.map(({ map, bars }, place) => {
    const isWide = !map && bars;
    const isNode = kind === "inputs" && !map && !bars;
    const h = isNode ? Math.min(NODE, side) : side;
    const w = isWide ? Math.round(Math.min(side * WIDER, pitch * 0.55)) : h;
    return { x: -w / 2, y: top + place * step + (side - h) / 2, w, h };
  });
}

/**
 * The room from the middle of the first or last column to the edge of the picture, beside it its labels.
 * @param {number} labels
 * @param {number} pitch
 */
const endRoom = (labels, pitch) => 2 + Math.max(labels + Math.min(SIDE.most * WIDER, pitch * 0.55) / 2, pitch * 0.42);

/**
 * The width of a share: as wide as there is room, but never too narrow.
 * @param {number} span from the first middle to the last, in shares
 * @param {number} width
 * @param {number} left room for labels
 * @param {number} right
 */
function pitchOf(span, width, left, right) {
  const isFit = (/** @type {number} */ pitch) => span * pitch + endRoom(left, pitch) + endRoom(right, pitch) <= width;
  if (!isFit(PITCH.least)) return PITCH.roomy;
  let [pitch, most] = [PITCH.least, PITCH.most];
  while (most - pitch > 0.1) {
    const between = (pitch + most) / 2;
    if (isFit(between)) pitch = between;
    else most = between;
  }
  return pitch;
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
  const isCosts = columns[columns.length - 1].kind === "rows";
  const items = itemsOf(isCosts ? columns.slice(0, -1) : columns);
  const { middles, nodes } = acrossOf(columns, items);
  const span = Math.max(...middles);
  const costs = isCosts ? COSTS.gap + COSTS.width : 0;
  const pitch = pitchOf(span, width - costs, left, right);
  const [before, after] = [endRoom(left, pitch), endRoom(right, pitch) + costs];
  const whole = Math.max(width, Math.ceil(span * pitch + before + after));
  const start = before + (whole - span * pitch - before - after) / 2;
  const texts = columns.map((column, i) => {
    const room = column.kind === "rows" ? COSTS.width + 4 : pitch * shareOf(column) - BETWEEN_TEXTS;
    return { room, lines: isSlim(column) ? [] : [wrap(words[i].title, room, measure), wrap(words[i].more, room, measure, 4)] };
  });
  const mostHeight = width < NARROW ? MOST_HEIGHT.narrow : MOST_HEIGHT.wide;
  const boxes = (/** @type {number} */ place, /** @type {number} */ room) => boxesOf(columns[place], pitch, room);
  const row = rowOf({ columns, boxes, lines: texts.map(({ lines }) => lines.flat().length) }, items, mostHeight, 0);
  const stands = placeRow(row, row.up);
  if (isCosts) stands.columns[columns.length - 1] = costsStand(row.up);
  const placed = columns.map((column, i) => {
    const x = Math.round(column.kind === "rows" ? whole - 4 - COSTS.width / 2 : start + middles[i] * pitch);
    const { boxes: own, head, foot } = stands.columns[i];
    const bar = isSlim(column) ? { x: x - SLIM / 2, y: head, w: SLIM, h: foot - head } : null;
    const moved = own.map((box) => ({ ...box, x: Math.round(x + box.x), y: Math.round(box.y) }));
    const { after: feeds, lanes, join } = column;
    return { x, ...texts[i], boxes: moved, bar, head, foot, after: feeds, skip: join?.skip ?? null, lanes };
  });
  return {
    width: whole,
    height: row.up + row.down,
    left,
    right,
    top: Math.min(...placed.map(({ head }) => head)),
    bottom: Math.max(...placed.map(({ foot }) => foot)),
    columns: placed,
    nodes: stands.nodes.map((node) => ({ ...node, x: Math.round(start + (nodes.get(node.place) ?? 0) * pitch) })),
    brackets: stands.brackets.map(({ places, ...bracket }) => ({ ...bracket, ...reachOf(places.map((place) => placed[place])) })),
  };
}

/** The distribution of the rows' costs at the height of the outputs. @param {number} middle */
function costsStand(middle) {
  const half = COSTS.height / 2;
  const box = { x: -COSTS.width / 2, y: middle - half, w: COSTS.width, h: COSTS.height };
  return { boxes: [box], head: middle - half, foot: middle + half };
}

/** From the left of the first of some columns to the right of the last. @param {Placed[]} columns */
function reachOf(columns) {
  const ends = columns.map(({ x, room }) => [x - room / 2, x + room / 2]);
  return { x0: Math.min(...ends.map(([x]) => x)), x1: Math.max(...ends.map(([, x]) => x)) };
}
