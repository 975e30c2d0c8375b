// Frames of layers, for the tests.

const BINS = 12 * 4;

/**
 * @param {number} norm
 * @param {Record<number, number>} [bars] by bin
 */
export function sizes(norm, bars = { 60: 255 }) {
  const all = new Uint8Array(2 * BINS);
  for (const [bin, bar] of Object.entries(bars)) all[Number(bin)] = bar;
  return { bars: all.buffer, norm, zeros: 0 };
}

/**
 * A layer of 100 weights.
 * @param {string} number
 * @param {{ gradient?: number, update?: number, [name: string]: unknown }} [own]
 */
export function layer(number, { gradient = 1, update = 0.002, ...own } = {}) {
  const parts = { weights: sizes(1), gradient: sizes(gradient), update: sizes(update) };
  const units = { units: 32, dead: null, saturated: null };
  return { number, title: "Dense 32", activation: "relu", after: "", count: 100, trained: true, ...parts, ...units, ...own };
}

/**
 * @param {any[]} layers
 * @param {Record<string, unknown>} [more]
 */
export function body(layers, more = {}) {
  const run = { step: 120, epoch: 3, rows: 500, rows_in_all: 4000, optimizer: "Adam", rate: 0.001 };
  return { layers, layers_in_all: layers.length, axis: [-9, 3, 4], ...run, ...more };
}
