// Scales, ticks and the nearest curve of a picture with very many curves. Pure: no DOM.

/**
 * `isMember`: of a group, whose mean has a `deviation` at each point; `raw`: as it was before it was smoothed.
 * @typedef {{ id: string, name: string, colour: number, isHidden: boolean, isTraining: boolean, isMember?: boolean,
 *   x: ArrayLike<number>, y: ArrayLike<number>, raw?: ArrayLike<number>, deviation?: ArrayLike<number> }} ManyCurve
 */
/** @typedef {[number, number]} Range */
/** @typedef {(value: number) => number} Scale */

/**
 * Little-endian float32 in base64.
 * @param {string} text
 */
export function unpacked(text) {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}

/**
 * The ranges that hold all finite points, with a little air above and below; of a logarithmic axis in powers of ten.
 * @param {ManyCurve[]} curves
 * @param {boolean} log
 * @returns {{ x: Range, y: Range } | null} null without a point
 */
export function rangesOf(curves, log) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of curves.flatMap((curve) => pointsOf(curve))) {
    const value = log ? Math.log10(y) : y;
    if (!Number.isFinite(value)) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const air = (high - low || Math.abs(high) || 1) * 0.04;
  return { x: [Math.min(0, left), right > left ? right : left + 1], y: [low - air, high + air] };
}

/**
 * The points of a curve; of a mean those a deviation above and below it.
 * @param {ManyCurve} curve
 */
function pointsOf({ x, y, raw = y, deviation }) {
  if (!deviation) return Array.from(raw, (value, i) => [x[i], value]);
  return Array.from(y, (value, i) => [x[i], value]).flatMap(([at, value], i) => [
    [at, value - deviation[i]],
    [at, value + deviation[i]],
  ]);
}

/**
 * @param {Range} from
 * @param {Range} to
 * @returns {Scale}
 */
export const linear = ([a, b], [from, to]) => {
  const slope = (to - from) / (b - a);
  return (value) => from + (value - a) * slope;
};

/**
 * Round numbers within a range, about `count` of them.
 * @param {Range} range
 * @param {number} count
 */
export function ticks([low, high], count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * (1 - 1e-9)) ?? rough;
  const places = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1)
    places.push(Number((i * step).toPrecision(12)));
  return places;
}

/**
 * The place in the list of the curve that passes nearest to a point, and which of its values; null farther than `reach` away.
 * @param {{ px: ArrayLike<number>, py: ArrayLike<number> }[]} lines in pixels
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
export function nearest(lines, x, y, reach) {
  /** @type {{ line: number, point: number } | null} */
  let best = null;
  let least = reach;
  for (const [line, { px, py }] of lines.entries()) {
    for (let i = 0; i < px.length; i += 1) {
      const next = Math.min(i + 1, px.length - 1);
      if (px[next] < x - reach || px[i] > x + reach) continue;
      const { distance, share } = toSegment([px[i], py[i]], [px[next], py[next]], x, y);
      if (distance < least) [least, best] = [distance, { line, point: share < 0.5 ? i : next }];
    }
  }
  return best;
}

/**
 * How far a point is from a piece of a curve, measured at its own x where it is beside it.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} x
 * @param {number} y
 */
function toSegment([left, start], [right, end], x, y) {
  const share = right > left ? Math.min(Math.max((x - left) / (right - left), 0), 1) : 0;
  return { share, distance: Math.hypot(left + share * (right - left) - x, start + share * (end - start) - y) };
}
