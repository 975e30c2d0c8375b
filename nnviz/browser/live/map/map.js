// The frame of the view "map", read: the answers over a plane, and the rows on it. Pure: no DOM.

/** @typedef {import("../learned/plane.js").PlaneBody & { axes: string[], extent: number[] }} PlaneOf */
/**
 * @typedef {{ part: string, rows: number, in_all: number, columns: { index: number, name: string }[], across: number, up: number,
 *   rest: "typical" | "row" | "components", row: number, plane: PlaneOf, x: ArrayBuffer, y: ArrayBuffer, label: ArrayBuffer,
 *   marked: ArrayBuffer, numbers: number[], agree: number | null, unit: string }} Body
 */
/** @typedef {{ x: Float32Array, y: Float32Array, label: Float32Array, marked: Uint8Array }} Rows */

/**
 * @param {Body} body
 * @returns {Rows}
 */
export function rowsOf({ x, y, label, marked }) {
  return {
    x: new Float32Array(x),
    y: new Float32Array(y),
    label: new Float32Array(label),
    marked: new Uint8Array(marked),
  };
}

/**
 * The map with a border where the answer changes, and one strength of colour everywhere else.
 * @param {PlaneOf} plane
 * @returns {PlaneOf}
 */
export function discrete(plane) {
  if (plane.kind !== "classes") return plane;
  return { ...plane, sure: new Uint8Array(plane.values.byteLength).fill(200).buffer };
}

/**
 * What the map says at a place: the class with how sure it is, 0 (all classes are as likely) to 1, or the value.
 * @param {PlaneOf} plane
 * @param {number} x in the axes' units
 * @param {number} y
 * @returns {{ answer: number, sure: number } | null} null beyond the map
 */
export function answerAt({ kind, shape: [rows, columns], values, sure, range = [0, 1], extent: [x0, x1, y0, y1] }, x, y) {
  const column = Math.round(((x - x0) / (x1 - x0)) * (columns - 1));
  const row = Math.round(((y - y0) / (y1 - y0)) * (rows - 1));
  if (!(column >= 0 && column < columns && row >= 0 && row < rows)) return null;
  const at = row * columns + column;
  const value = new Uint8Array(values)[at];
  if (kind === "classes") return { answer: value, sure: new Uint8Array(sure)[at] / 255 };
  return { answer: range[0] + ((range[1] - range[0]) * value) / 255, sure: 1 };
}

/**
 * Which share of the map each class has, the largest first.
 * @param {PlaneOf} plane
 * @returns {{ answer: number, share: number }[]}
 */
export function sharesOf({ values }) {
  const cells = new Uint8Array(values);
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts]
    .map(([answer, count]) => ({ answer, share: count / cells.length }))
    .sort((a, b) => b.share - a.share || a.answer - b.answer);
}
