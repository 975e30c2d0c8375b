// Aggregates the curves of a group of runs: the mean of a metric, with a band of one standard deviation.

/** @typedef {Pick<import("../run/curve.js").Curve, "step" | "epoch" | "time" | "value">} Columns */
/**
 * `low`, `high`: one standard deviation below and above the mean; `count`: the number of runs behind each point.
 * @typedef {{ epoch: number[], step: number[], time: number[], mean: number[], low: number[], high: number[], count: number[] }} Band
 */

/**
 * The value of a curve at an epoch by linear interpolation, NaN outside of it, and the index of the first point at or after
 * that epoch.
 * @param {Columns} curve
 * @param {number} epoch
 * @param {number} from an index at or before it
 */
function interpolate({ epoch: places, value }, epoch, from) {
  let i = from;
  while (i < places.length && places[i] < epoch) i += 1;
  if (i >= places.length || (i === 0 && places[0] > epoch)) return [Number.NaN, i];
  if (places[i] === epoch) return [value[i], i];
  const share = (epoch - places[i - 1]) / (places[i] - places[i - 1]);
  return [value[i - 1] + share * (value[i] - value[i - 1]), i];
}

/**
 * At the epochs of the longest curve, over all runs that have reached them, if at least two. `step` and `time` are those of
 * the longest run.
 * @param {(Columns | undefined)[]} curves
 * @returns {Band | null}
 */
export function aggregate(curves) {
  const known = curves.filter((curve) => curve !== undefined).filter((curve) => curve.value.length);
  if (known.length < 2) return null;
  const lastOf = (/** @type {Columns} */ curve) => curve.epoch[curve.epoch.length - 1];
  const longest = known.reduce((best, curve) => (lastOf(curve) > lastOf(best) ? curve : best));
  /** @type {Band} */
  const band = { epoch: [], step: [], time: [], mean: [], low: [], high: [], count: [] };
  const seen = known.map(() => 0);
  longest.epoch.forEach((epoch, place) => {
    const values = known.map((curve, number) => {
      const [value, next] = interpolate(curve, epoch, seen[number]);
      seen[number] = next;
      return value;
    });
    appendPoint(band, values.filter(Number.isFinite), { epoch, step: longest.step[place], time: longest.time[place] });
  });
  return band.mean.length ? band : null;
}

/**
 * @param {Band} band
 * @param {number[]} values
 * @param {{ epoch: number, step: number, time: number }} place
 */
function appendPoint(band, values, { epoch, step, time }) {
  if (values.length < 2) return;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  band.epoch.push(epoch);
  band.step.push(step);
  band.time.push(time);
  band.mean.push(mean);
  band.low.push(mean - deviation);
  band.high.push(mean + deviation);
  band.count.push(values.length);
}
