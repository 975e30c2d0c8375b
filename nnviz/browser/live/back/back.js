// One step, all the way back, as the engine sends it: rows, the way of one of them through the layers, the optimizer. Pure: no DOM.

/** @typedef {import("../way/way.js").Variable} Variable */
/** @typedef {import("../way/way.js").Place} Place */
/** `target`, `answer`: a class, or numbers; `slopes`: of its own cost by the raw outputs.
 * @typedef {{ number: number, cost: number, target: number | number[], answer: number | number[], slopes: number[], share: number }} Row */
/** `slopes`: of the row's cost by each unit's output, `before`: by what goes into its activation, whose own slope is `rise`.
 * @typedef {{ number: string, title: string, copies?: number[][], activation: string, units: number, places: number,
 *   slopes: number[], before: number[] | null, rise: number[] | null }} Layer */
/** @typedef {{ unit: number | null, kind: "input" | "bias" | "slope", count: number, term: number, slope: number, own: number,
 *   others: number }} Last */
/** @typedef {{ symbol: string, formula: string, numbers: string, value: number | null, sense: string }} Line */
/** @typedef {{ lines: Line[], average: Line[], slots: Record<string, [number, number]>, given: Record<string, { value: number, sense: string }>,
 *   before: number, after: number, optimizer: string, loss: number, epoch: number, batch: number, batches: number }} Story */
/** @typedef {{ step: number, count: number, ringed: Int32Array, weight: Place, variables: Variable[], inputs: string[], task: string,
 *   cost: string, output: string, outputs: number, rows: Row[], rest: { count: number, cost: number, share: number }, chosen: number,
 *   penalty: number, gradient: number, way: Layer[], last: Last, weighted: boolean, story: Story }} Back */

/** Rows that are listed at first. */
export const FIRST_ROWS = 8;
/** Terms of the sum that are written out. */
export const TERMS = 4;
/** Units of a layer that are drawn as bars. */
const MOST_BARS = 16;

/**
 * @param {any} body of a frame
 * @returns {Back | null} null for one that holds no rows
 */
export function backOf(body) {
  if (!(body?.batch_rows instanceof ArrayBuffer) || !body.rows?.length || !body.story) return null;
  return { ...body, ringed: new Int32Array(body.batch_rows) };
}

/**
 * The rows to show: those of the largest shares, and the chosen one; what all others come to.
 * @param {Back} back
 * @param {boolean} isWhole
 */
export function shownRows({ rows, rest, chosen }, isWhole) {
  const listed = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  if (!listed.includes(rows[chosen])) listed.push(rows[chosen]);
  const others = rows.filter((row) => !listed.includes(row));
  const sum = (/** @type {"cost" | "share"} */ name) => others.reduce((total, row) => total + row[name], rest[name]);
  return { listed, rest: { count: rest.count + others.length, cost: sum("cost"), share: sum("share") } };
}

/**
 * Bars of signed numbers, as shares of the largest; `strongest`: the one that is told in words.
 * @param {number[]} values
 * @param {number | null} [unit] the one that matters; without it the largest
 */
export function barsOf(values, unit = null) {
  const reach = Math.max(0, ...values.map(Math.abs));
  const largest = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
  const strongest = unit !== null && unit < values.length ? unit : largest;
  const first = strongest < MOST_BARS ? 0 : strongest - MOST_BARS + 1;
  const heights = values.slice(first, first + MOST_BARS).map((value) => (reach > 0 ? value / reach : 0));
  return { heights, first, strongest, value: values[strongest] ?? 0 };
}

/**
 * The terms of the sum that are written out, and what the rest comes to.
 * @param {Back} back
 */
export function sumOf({ rows, rest, penalty, gradient, count }) {
  const terms = rows.slice(0, TERMS).map(({ number, share }) => ({ number, share }));
  const more = rows.slice(TERMS).reduce((total, { share }) => total + share, rest.share);
  return { terms, more, moreCount: count - terms.length, penalty, gradient };
}

/**
 * How far rows pull against each other: the sum of the shares that go either way.
 * @param {Back} back
 */
export function pulls({ rows, rest }) {
  let [up, down] = [Math.max(0, rest.share), Math.min(0, rest.share)];
  for (const { share } of rows) {
    if (share > 0) up += share;
    else down += share;
  }
  return { up, down };
}
