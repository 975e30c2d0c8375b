// Ticks, ranges and numbers of axes. Pure: no DOM.

import { columnFormat } from "../../common/numbers.js";

/**
 * @typedef {{ x: ArrayLike<number>, y: ArrayLike<number>, label: ArrayLike<number>, part?: ArrayLike<string>,
 *   row?: ArrayLike<number> }} Points rows as columns; `row`: their numbers in the data, from 0
 */
/** @typedef {[x0: number, x1: number, y0: number, y1: number]} Extent */

/**
 * Round tick positions between two numbers, about as many as wanted.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function ticks(low, high, wanted) {
  const raw = (high - low) / wanted;
  if (!(raw > 0) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw;
  const places = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) {
    places.push(Math.abs(at) < step * 1e-6 ? 0 : at);
  }
  return places;
}

/**
 * The minimum and maximum of all columns, with a share of their distance as padding on both sides; null without numbers.
 * @param {ArrayLike<number>[]} columns
 * @param {number} [room]
 * @returns {[low: number, high: number] | null}
 */
export function rangeOf(columns, room = 0) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of columns) {
    for (let i = 0; i < values.length; i += 1) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  }
  if (!(high >= low)) return null;
  const more = (high - low || 1) * room;
  return [low - more, high + more];
}

/**
 * The extent of rows, with some padding.
 * @param {Points | undefined | null} points
 * @returns {Extent | null}
 */
export function extentOf(points) {
  const across = points && rangeOf([points.x], 0.08);
  const up = points && rangeOf([points.y], 0.08);
  return across && up ? [...across, ...up] : null;
}

/**
 * How the numbers along both axes are written.
 * @param {Points | null | undefined} points
 * @param {Extent} extent
 */
export function formatsOf(points, [x0, x1, y0, y1]) {
  const { x, y } = points ?? { x: [], y: [] };
  return { x: columnFormat(x, x0, x1), y: columnFormat(y, y0, y1) };
}
