// A growing curve with a bounded number of points, and steps, epochs and seconds as possible x axes.

// A chart is some hundreds of pixels wide; more points only slow each of up to twelve drawings a second.
const MAX_POINTS = 1000;
const STRETCHES = MAX_POINTS / 4;

/** @typedef {"step" | "epoch" | "time"} Axis */
/** @typedef {ArrayLike<number>} Numbers */

/**
 * Indices of the points that stay when a curve is thinned: of each of equally long stretches the lowest and the highest, in
 * order, and the last point of all. Spikes survive, and all parts of the curve are equally dense.
 * @param {number[]} step growing
 * @param {number[]} value
 * @param {number} stretches how many, over the whole curve
 */
export function thinned(step, value, stretches) {
  const length = Math.max((step[step.length - 1] - step[0]) / stretches, 1);
  /** @param {number} at */
  const stretchOf = (at) => Math.floor((step[at] - step[0]) / length);
  const places = [];
  for (let start = 0, stop = 0; start < value.length; start = stop) {
    let low = start;
    let high = start;
    for (stop = start + 1; stop < value.length && stretchOf(stop) === stretchOf(start); stop += 1) {
      if (value[stop] < value[low]) low = stop;
      if (value[stop] > value[high]) high = stop;
    }
    places.push(Math.min(low, high));
    if (low !== high) places.push(Math.max(low, high));
  }
  if (places.at(-1) !== value.length - 1) places.push(value.length - 1);
  return places;
}

export class Curve {
  constructor() {
    /** @type {number[]} */
    this.step = [];
    /** @type {number[]} */
    this.epoch = [];
    /** @type {number[]} seconds */
    this.time = [];
    /** @type {number[]} */
    this.value = [];
  }

  clear() {
    this.step = [];
    this.epoch = [];
    this.time = [];
    this.value = [];
  }

  /** The last step, or -1. */
  get last() {
    return this.step.at(-1) ?? -1;
  }

  /**
   * Adds points, and returns how many were new: those at or before the last step are skipped (the backlog and the live
   * messages overlap).
   * @param {Numbers} steps
   * @param {Numbers} epochs
   * @param {Numbers} times
   * @param {Numbers} values
   */
  append(steps, epochs, times, values) {
    let added = 0;
    const last = this.last;
    for (let i = 0; i < values.length; i += 1) {
      if (steps[i] <= last) continue;
      this.step.push(steps[i]);
      this.epoch.push(epochs[i]);
      this.time.push(times[i]);
      this.value.push(values[i]);
      added += 1;
    }
    while (this.value.length > MAX_POINTS) this.thin();
    return added;
  }

  thin() {
    const places = thinned(this.step, this.value, STRETCHES);
    /** @param {number[]} column */
    const pick = (column) => places.map((i) => column[i]);
    [this.step, this.epoch, this.time, this.value] = [this.step, this.epoch, this.time, this.value].map(pick);
  }

  /**
   * The last value, or the last one up to a step.
   * @param {number | null} step
   */
  valueAt(step = null) {
    const after = step === null ? -1 : this.step.findIndex((at) => at > step);
    return this.value.at(after < 0 ? -1 : Math.max(after - 1, 0));
  }
}

/**
 * Exponential moving average with bias correction, as in TensorBoard.
 * @param {number[]} values
 * @param {number} weight from 0 (which leaves the values alone) to below 1
 */
export function smooth(values, weight) {
  if (!(weight > 0)) return values;
  let average = 0;
  let scale = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = average * weight + (1 - weight) * value;
    scale = scale * weight + (1 - weight);
    return average / scale;
  });
}
