// The frame of the view "space", read: rows as points on a plane, and what they can be coloured by. Pure: no DOM.

/**
 * `number` is empty for inputs and raw outputs; `values`: of a row; `apart`: how well rows can be told by those around them.
 * @typedef {{ title: string, number: string, copies: number[][], values: number, apart: number | null }} Layer
 */
/**
 * @typedef {{ part: string, rows: number, in_all: number, layers: Layer[], measure: "accuracy" | "r2", layer: number,
 *   at: ArrayBuffer, share: number | null, axes: number, axes_share: number | null, extent: number[], numbers: number[],
 *   costs: ArrayBuffer, truth: ArrayBuffer, picked?: ArrayBuffer, answers?: ArrayBuffer, names?: string[], unit?: string }} Body
 */
/**
 * `truth` and `answer`: numbers of classes, or values of the first target.
 * @typedef {{ x: number, y: number, row: number, cost: number, truth: number, answer: number }} Point
 */
/** @typedef {"truth" | "cost"} Colouring */
/** @typedef {[x0: number, x1: number, y0: number, y1: number]} Extent */

const ROOM = 0.06;

/** @param {Body} body */
export const isOfClasses = ({ picked }) => picked !== undefined;

/**
 * @param {Body} body
 * @returns {Point[]}
 */
export function pointsOf(body) {
  const at = new Float32Array(body.at);
  const costs = new Float32Array(body.costs);
  const width = body.names?.length ?? 1;
  const truth = isOfClasses(body) ? new Uint16Array(body.truth) : new Float32Array(body.truth);
  const answers = isOfClasses(body) ? new Uint16Array(body.picked ?? new ArrayBuffer(0)) : new Float32Array(body.answers ?? []);
  return body.numbers.map((row, i) => ({
    x: at[2 * i],
    y: at[2 * i + 1],
    row,
    cost: costs[i],
    truth: truth[i * width],
    answer: answers[i * width],
  }));
}

/**
 * What the axes show: what the rows take up at the moment that the axes are of, and where the points of now reach farther, these,
 * too. Both axes have one scale, so distances are true in every direction.
 * @param {Point[]} points
 * @param {number[]} extent of then
 * @param {Extent | null} before what they showed, of the same axes
 * @param {number} ratio width to height of the picture
 * @returns {Extent}
 */
export function reachOf(points, extent, before, ratio) {
  const all = [extent, before ?? extent];
  let [x0, x1, y0, y1] = [0, 1, 2, 3].map((i) => (i % 2 ? Math.max : Math.min)(...all.map((one) => one[i])));
  for (const { x, y } of points) {
    [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
    [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
  }
  const half = Math.max((x1 - x0) / 2 / ratio, (y1 - y0) / 2) || 1;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const isRoomy = before !== null && x0 >= before[0] && x1 <= before[1] && y0 >= before[2] && y1 <= before[3];
  if (isRoomy) return before;
  const room = half * (1 + ROOM);
  return [x - room * ratio, x + room * ratio, y - room, y + room];
}

/** Of the costs, so many share the scale; the largest few are as strong as its end. */
const MOST_COSTS = 0.95;

/**
 * Up to which cost colours go.
 * @param {Point[]} points
 */
export function costReach(points) {
  const costs = points
    .map(({ cost }) => cost)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return costs[Math.floor((costs.length - 1) * MOST_COSTS)] ?? 0;
}
