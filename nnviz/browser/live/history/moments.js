// The recorded moments of a run, and a cache of their frames. Pure: no DOM.

/** @typedef {import("../run/feed.js").Frame & { metrics?: Record<string, number> }} MomentFrame */

const CACHE_LIMIT = 500;
const FILM_FRAMES = 300;

/** The recorded moments: columns with one entry per moment, by increasing step; times are seconds. */
export class Moments {
  /**
   * @param {{ step: ArrayBuffer, epoch: ArrayBuffer, time: ArrayBuffer, attempt: ArrayBuffer }} [message] columns of uint32 and
   *   float32
   */
  constructor(message) {
    const nothing = new ArrayBuffer(0);
    this.step = Array.from(new Uint32Array(message?.step ?? nothing));
    this.epoch = Array.from(new Float32Array(message?.epoch ?? nothing));
    this.time = Array.from(new Float32Array(message?.time ?? nothing));
    this.attempt = Array.from(new Uint32Array(message?.attempt ?? nothing));
  }

  get count() {
    return this.step.length;
  }

  get last() {
    return this.count - 1;
  }

  /**
   * The index of the moment nearest to a step; of two, the earlier one.
   * @param {number} step
   */
  nearest(step) {
    const steps = this.step;
    let [low, high] = [0, steps.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle] < step) low = middle + 1;
      else high = middle;
    }
    return low > 0 && step - steps[low - 1] < steps[low] - step ? low - 1 : low;
  }

  /**
   * The cache key of a moment's frame: another attempt may have repeated the same step.
   * @param {number} at
   */
  frameKey(at) {
    return `${this.attempt[at]}:${this.step[at]}`;
  }

  /** By how many moments playback advances at a time, so that it takes at most about 300 frames. */
  get stride() {
    return Math.max(1, Math.ceil(this.count / FILM_FRAMES));
  }

  /**
   * The indices that playback reaches next, starting with `at`.
   * @param {number} at
   * @param {number} count
   */
  upcoming(at, count) {
    return [...new Set(Array.from({ length: count }, (_, i) => Math.min(at + i * this.stride, this.last)))];
  }
}

/**
 * Where a key moves to: an index, null for the latest, undefined for any other key.
 * @param {string} key
 * @param {number} at
 * @param {number} last
 * @returns {number | null | undefined}
 */
export function keyTarget(key, at, last) {
  const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[key];
  if (by) return Math.min(Math.max(at + by, 0), last);
  return { Home: 0, End: last, Escape: null }[key];
}

/** Fetched frames; beyond the limit the oldest are dropped. */
export class FrameCache {
  constructor(limit = CACHE_LIMIT) {
    this.limit = limit;
    /** @type {Map<string, MomentFrame>} */
    this.frames = new Map();
  }

  /** @param {string} name */
  get(name) {
    return this.frames.get(name) ?? null;
  }

  /** @param {string} name */
  has(name) {
    return this.frames.has(name);
  }

  /**
   * @param {string} name
   * @param {MomentFrame} frame
   */
  set(name, frame) {
    this.frames.set(name, frame);
    const [oldest] = this.frames.keys();
    if (this.frames.size > this.limit) this.frames.delete(oldest);
  }

  clear() {
    this.frames.clear();
  }
}
