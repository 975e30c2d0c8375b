// How each layer learns at one moment: a frame read, with what follows from its numbers. What is missing or broken in a frame is
// left out, and nothing here throws. Pure: no DOM.

/**
 * Numbers of a layer by size. `bars`: counts by log10 of the size, first of negative numbers, then of positive ones, 255 for the
 * fullest; `typical`: their root mean square; `zeros`: the share that is 0.
 * @typedef {{ bars: Uint8Array, norm: number, typical: number, zeros: number }} Sizes
 */
/**
 * `key` is the same in every frame; `number`: its place, empty for the cost; `copy`: of a Repeat, 0 where there is one;
 * `ratio`: norm of the update by that of the weights; `dead`: units that are 0 for every row, null: its activation has no zeros;
 * `saturated`: share of outputs at the ends of its activation, null: it has none; `after`: the layer whose activation it has.
 * @typedef {{ key: string, number: string, copy: number, title: string, activation: string, after: string, count: number,
 *   isTrained: boolean, weights: Sizes | null, gradient: Sizes | null, update: Sizes | null, ratio: number | null, units: number,
 *   dead: number | null, saturated: number | null }} Layer
 */
/** Powers of ten at both ends of the bars, and bins in each. @typedef {{ low: number, high: number, perDecade: number }} Axis */
/**
 * @typedef {{ layers: Layer[], inAll: number, axis: Axis, rows: number, rowsInAll: number, step: number, epoch: number,
 *   optimizer: string, rate: number, loss: number, cost: string }} Learning `loss`: the mean over these rows
 */

/** Of updates by weights: Karpathy, CS231n, takes 0.001 for good (see `layer_learning.py`). */
export const HEALTHY = { low: 1e-4, middle: 1e-3, high: 1e-2 };
/** Fuller bars than this decide how far the axis goes, of 255: a few outliers stand at its end. */
const FEW = 5;
export const QUANTITIES = /** @type {const} */ (["weights", "gradient", "update"]);

/** @param {unknown} value */
const numberOf = (value) => (typeof value === "number" ? value : Number.NaN);

/** @param {unknown} value */
const textOf = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} value */
const orNull = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

/**
 * @param {any} part of a frame
 * @param {number} count of numbers
 * @param {Axis} axis
 * @returns {Sizes | null}
 */
function sizesOf(part, count, { low, high, perDecade }) {
  const bars = part?.bars instanceof ArrayBuffer ? new Uint8Array(part.bars) : part?.bars;
  if (!(bars instanceof Uint8Array) || bars.length !== 2 * (high - low) * perDecade) return null;
  const norm = numberOf(part.norm);
  return { bars, norm, typical: norm / Math.sqrt(Math.max(1, count)), zeros: numberOf(part.zeros) };
}

/**
 * @param {any} part of a frame
 * @param {Axis} axis
 * @param {number} copy
 * @returns {Layer}
 */
function layerOf(part, axis, copy) {
  const count = numberOf(part.count);
  const [weights, gradient, update] = QUANTITIES.map((name) => sizesOf(part[name], count, axis));
  const [number, title] = [textOf(part.number), textOf(part.title)];
  return {
    key: `${number} ${title} ${copy}`,
    number,
    copy,
    title,
    activation: textOf(part.activation),
    after: textOf(part.after),
    count,
    isTrained: part.trained === true,
    weights,
    gradient,
    update,
    ratio: weights && update && weights.norm > 0 ? update.norm / weights.norm : null,
    units: numberOf(part.units),
    dead: orNull(part.dead),
    saturated: orNull(part.saturated),
  };
}

/**
 * @param {any} body of a frame
 * @returns {Learning | null} null: there is nothing to draw
 */
export function learningOf(body) {
  const [low, high, perDecade] = Array.isArray(body?.axis) ? body.axis.map(numberOf) : [];
  if (!Array.isArray(body?.layers) || !(high > low && perDecade > 0)) return null;
  const axis = { low, high, perDecade };
  /** @param {any} part */
  const nameOf = (part) => `${textOf(part?.number)} ${textOf(part?.title)}`;
  /** @type {Map<string, number>} */
  const seen = new Map();
  const all = body.layers.map(nameOf);
  const layers = body.layers.map((/** @type {any} */ part) => {
    const name = nameOf(part);
    const copies = all.filter((/** @type {string} */ one) => one === name).length;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return layerOf(part ?? {}, axis, copies > 1 ? (seen.get(name) ?? 1) : 0);
  });
  if (!layers.length) return null;
  return {
    layers,
    inAll: Math.max(layers.length, orNull(body.layers_in_all) ?? 0),
    axis,
    rows: numberOf(body.rows),
    rowsInAll: numberOf(body.rows_in_all),
    step: numberOf(body.step),
    epoch: numberOf(body.epoch),
    loss: numberOf(body.loss),
    cost: textOf(body.cost),
    optimizer: textOf(body.optimizer),
    rate: numberOf(body.rate),
  };
}

/**
 * The powers of ten between which all but the emptiest bars lie, at least three apart.
 * @param {Learning} learning
 * @returns {[low: number, high: number]}
 */
export function usedDecades({ layers, axis }) {
  const bins = (axis.high - axis.low) * axis.perDecade;
  let [first, last] = [bins, -1];
  for (const layer of layers) {
    for (const name of QUANTITIES) {
      layer[name]?.bars.forEach((bar, i) => {
        if (bar > FEW) [first, last] = [Math.min(first, i % bins), Math.max(last, i % bins)];
      });
    }
  }
  if (last < 0) return [-3, 0];
  const low = axis.low + Math.floor(first / axis.perDecade);
  const high = axis.low + Math.ceil((last + 1) / axis.perDecade);
  return [Math.min(low, high - 3), high];
}
