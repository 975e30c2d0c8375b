// One growing curve with a bounded number of points: steps, epochs and seconds as three possible x axes.

// A chart is some hundreds of pixels wide; every point beyond that costs time at each of twelve drawings a second.
const LIMIT = 1000;
const STRETCHES = LIMIT / 4;

export class Curve {
  constructor() {
    this.clear();
  }

  clear() {
    this.step = [];
    this.epoch = [];
    this.time = [];
    this.value = [];
  }

  get last() {
    return this.step.length ? this.step[this.step.length - 1] : -1;
  }

  // Points at or before the last step were seen already (the backlog and the live messages overlap).
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
    while (this.value.length > LIMIT) this.thin();
    return added;
  }

  // Of each stretch, all as long, keep the lowest and the highest, in order, and the last point of all: spikes stay, and no
  // part of the curve is left with fewer points than another.
  thin() {
    const { step, value } = this;
    const length = Math.max((this.last - step[0]) / STRETCHES, 1);
    const kept = [];
    for (let start = 0, stop; start < value.length; start = stop) {
      const stretch = Math.floor((step[start] - step[0]) / length);
      let low = start;
      let high = start;
      for (stop = start + 1; stop < value.length && Math.floor((step[stop] - step[0]) / length) === stretch; stop += 1) {
        if (value[stop] < value[low]) low = stop;
        if (value[stop] > value[high]) high = stop;
      }
      kept.push(Math.min(low, high));
      if (low !== high) kept.push(Math.max(low, high));
    }
    if (kept.at(-1) !== value.length - 1) kept.push(value.length - 1);
    for (const name of ["step", "epoch", "time", "value"]) this[name] = kept.map((i) => this[name][i]);
  }
}

// Exponential moving average with TensorBoard's correction of the start; `weight` 0 leaves the values alone.
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
