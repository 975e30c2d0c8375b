// What was seen of each layer at the moments that came so far: norms and ratios over time. Pure: no DOM.

/** @typedef {import("./layers.js").Learning} Learning */
/** What can be drawn over time. @typedef {"ratio" | "weights" | "gradient" | "update"} Quantity */
/** @typedef {{ step: number, epoch: number, values: Map<string, Record<Quantity, number>> }} PastMoment */

const MOST = 200;
/** Of a run at rest, so many moments are asked for. */
const FILLED = 24;

export class Past {
  constructor(most = MOST) {
    this.most = most;
    /** @type {PastMoment[]} by rising step */
    this.moments = [];
  }

  clear() {
    this.moments = [];
  }

  /** @param {number} step */
  has(step) {
    return this.moments.some((moment) => moment.step === step);
  }

  /**
   * Of recorded steps, evenly spread ones, the first that is neither here nor among `others`.
   * @param {number[]} steps rising
   * @param {Set<number>} others
   * @returns {number | null}
   */
  missing(steps, others) {
    const last = steps.length - 1;
    const count = Math.min(FILLED, steps.length);
    for (let i = 0; i < count; i += 1) {
      const step = steps[count > 1 ? Math.round((i * last) / (count - 1)) : 0];
      if (!this.has(step) && !others.has(step)) return step;
    }
    return null;
  }

  /** @param {Learning} learning */
  add({ step, epoch, layers }) {
    if (!Number.isFinite(step) || this.has(step)) return;
    const values = new Map(
      layers.map((layer) => [
        layer.key,
        {
          ratio: layer.ratio ?? Number.NaN,
          weights: layer.weights?.norm ?? Number.NaN,
          gradient: layer.gradient?.norm ?? Number.NaN,
          update: layer.update?.norm ?? Number.NaN,
        },
      ]),
    );
    const at = this.moments.findIndex((moment) => moment.step > step);
    this.moments.splice(at < 0 ? this.moments.length : at, 0, { step, epoch, values });
    if (this.moments.length > this.most) this.thin();
  }

  /** Forgets the moment whose neighbours are nearest to each other, never the first or the last. */
  thin() {
    let [best, least] = [1, Number.POSITIVE_INFINITY];
    for (let i = 1; i < this.moments.length - 1; i += 1) {
      const gap = this.moments[i + 1].step - this.moments[i - 1].step;
      if (gap < least) [best, least] = [i, gap];
    }
    this.moments.splice(best, 1);
  }

  /**
   * Of one layer, where there are numbers above 0.
   * @param {string} key
   * @param {Quantity} quantity
   */
  series(key, quantity) {
    return this.moments.flatMap(({ step, epoch, values }) => {
      const value = values.get(key)?.[quantity] ?? Number.NaN;
      return value > 0 && Number.isFinite(value) ? [{ step, epoch, value }] : [];
    });
  }

  /**
   * The powers of ten between which a quantity of all layers lies, two apart at least; null without any number.
   * @param {Quantity} quantity
   * @param {[low: number, high: number]} [least] that the axis has in any case
   * @returns {[low: number, high: number] | null}
   */
  decades(quantity, least) {
    let [low, high] = least ? [10 ** least[0], 10 ** least[1]] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { values } of this.moments) {
      for (const { [quantity]: value } of values.values()) {
        if (!(value > 0 && Number.isFinite(value))) continue;
        [low, high] = [Math.min(low, value), Math.max(high, value)];
      }
    }
    if (high < low) return null;
    // 10 ** -5 is not exactly a power of ten: what is that near to one counts as one
    const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
    return [Math.min(first, last - 2), last];
  }
}
