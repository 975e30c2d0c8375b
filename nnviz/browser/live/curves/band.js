// What single batches cost, as a band: the lowest and the highest of each stretch. Pure: no DOM.

/** @typedef {{ x: number[], low: number[], high: number[] }} Band */

const MOST_STRETCHES = 120;
/** Points that a stretch has at least, on average: less of them would be a line. */
const LEAST_POINTS = 6;

/**
 * A band through points in the order of their places: from the first place to the last, with one step for each of equally
 * long stretches that holds any.
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} values those that are no numbers are left out
 * @returns {Band}
 */
export function bandOf(xs, values) {
  /** @type {Band} */
  const band = { x: [], low: [], high: [] };
  const places = Array.from(xs, (_, i) => i).filter((i) => Number.isFinite(values[i]));
  if (places.length < 2) return band;
  const [first, last] = [xs[places[0]], xs[places[places.length - 1]]];
  const count = Math.max(1, Math.min(MOST_STRETCHES, Math.floor(places.length / LEAST_POINTS)));
  const length = (last - first) / count || 1;
  /** @param {number} i */
  const stretchOf = (i) => Math.min(count - 1, Math.floor((xs[i] - first) / length));
  for (let start = 0, stop = 0; start < places.length; start = stop) {
    const stretch = stretchOf(places[start]);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (stop = start; stop < places.length && stretchOf(places[stop]) === stretch; stop += 1) {
      low = Math.min(low, values[places[stop]]);
      high = Math.max(high, values[places[stop]]);
    }
    band.x.push(first + (stretch + 0.5) * length);
    band.low.push(low);
    band.high.push(high);
  }
  return widened(band, first, last);
}

/**
 * The same from the first place to the last: its ends are in the middle of stretches.
 * @param {Band} band
 * @param {number} first
 * @param {number} last
 * @returns {Band}
 */
function widened({ x, low, high }, first, last) {
  /** @param {number[]} values */
  const stretched = (values) => [values[0], ...values, values[values.length - 1]];
  return { x: [first, ...x, last], low: stretched(low), high: stretched(high) };
}
