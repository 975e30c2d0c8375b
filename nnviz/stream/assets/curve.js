// One growing curve with a bounded number of points: steps, epochs and seconds as three possible x axes.

// A chart is some hundreds of pixels wide; every point beyond that costs time at each of twelve drawings a second.
const LIMIT = 1000;

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

  // Of every four points keep the lowest and the highest, in order: spikes stay, the number halves.
  thin() {
    const kept = [];
    const value = this.value;
    for (let start = 0; start < value.length; start += 4) {
      const stop = Math.min(start + 4, value.length);
      let low = start;
      let high = start;
      for (let i = start + 1; i < stop; i += 1) {
        if (value[i] < value[low]) low = i;
        if (value[i] > value[high]) high = i;
      }
      if (stop === value.length) {
        for (let i = start; i < stop; i += 1) kept.push(i);
      } else if (low === high) kept.push(low);
      else kept.push(Math.min(low, high), Math.max(low, high));
    }
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
