// The frame of the view "What matters", read: bars by measure, the curves of one column, the values of one row. Pure: no DOM.

/**
 * @typedef {"loss" | "score"} Measure which number gets worse when a column is shuffled
 * @typedef {{ index: number, name: string, loss: number | null, loss_spread: number | null, score: number | null,
 *   score_spread: number | null }} Column
 * @typedef {{ name: string, kind: string, unit: string, at: number[] | null, texts: string[], mean: number[], low: number,
 *   high: number, curves: ArrayBuffer, file_rows: number[], deciles: number[] }} Dependence
 * @typedef {{ index: number, name: string, kind: string, unit: string, text: string, choices: string[], typed?: string,
 *   why?: string }} Field
 * @typedef {{ row: number, file_row: number, truth: number | number[], fields: Field[], before: number[], after: number[] }} WhatIf
 * @typedef {{ part: string, rows: number, rows_in_all: number, repeats: number, score_name: string, loss: number,
 *   score: number | null, columns: Column[], columns_in_all: number, column: number, output: number, outputs: string[],
 *   unit: string, dependence: Dependence, what_if: WhatIf }} Body
 */
/** `isNothing`: not above its spread, so it cannot be told from 0.
 * @typedef {{ index: number, name: string, mean: number, spread: number, isNothing: boolean }} Bar */

/**
 * The bars of the columns, the longest first.
 * @param {Body} body
 * @param {Measure} measure
 * @returns {Bar[]}
 */
export function barsOf({ columns }, measure) {
  const bars = columns.map((column) => {
    const [mean, spread] = [column[measure] ?? 0, column[`${measure}_spread`] ?? 0];
    return { index: column.index, name: column.name, mean, spread, isNothing: !(mean > spread) };
  });
  return bars.sort((a, b) => b.mean - a.mean);
}

/**
 * From where to where the bars reach with their spread; 0 is always within.
 * @param {Bar[]} bars
 * @returns {[low: number, high: number]}
 */
export function reachOf(bars) {
  const low = Math.min(0, ...bars.map(({ mean, spread }) => mean - spread));
  const high = Math.max(0, ...bars.map(({ mean, spread }) => mean + spread));
  return high > low ? [low, high] : [0, 1];
}

/**
 * The answers to some rows over the values of a column, one array a row.
 * @param {Dependence} dependence
 * @returns {number[][]}
 */
export function curvesOf({ curves, low, high, mean, file_rows }) {
  const width = mean.length;
  return file_rows.map((_, row) => {
    const bytes = new Uint8Array(curves, row * width, width);
    return Array.from(bytes, (byte) => low + ((high - low) * byte) / 255);
  });
}

/**
 * The name of the answer that is looked at: a class or a target.
 * @param {Pick<Body, "outputs" | "output">} body
 * @param {string[] | null | undefined} classes
 * @param {number} [at]
 */
export function outputName({ outputs, output }, classes, at = output) {
  return outputs[at] ?? classes?.[at] ?? String(at + 1);
}

/**
 * The values of a column with where each stands across the plot, 0 to 1; listed values (categories) have rows of their own instead.
 * @param {Dependence} dependence
 * @returns {number[]}
 */
export function placesOf({ at, texts }) {
  if (!at) return texts.map((_, i) => (texts.length > 1 ? i / (texts.length - 1) : 0.5));
  const [low, high] = [at[0], at[at.length - 1]];
  return at.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}
