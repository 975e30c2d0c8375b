// The frame of the view "sequence", read: a table of numbers, units by steps or steps by steps. Pure: no DOM.

/** @typedef {{ title: string, number: string, copies: number[][], kind: "states" | "attention" }} Layer */
/** A column of the file and what stands in it; both empty where steps are no columns. @typedef {{ name: string, text: string }} Step */
/**
 * @typedef {{ part: string, in_all: number, row: number, number: number, order: string, looked_at: number, place: number | null,
 *   previous: number, next: number, wrong: number | null, truth: number, answer: number, share: number | null, unit: string,
 *   layers: Layer[], layer: number, steps_in_all: number, steps: Step[], values: ArrayBuffer, directions?: number,
 *   direction?: number, states?: string[], state?: number, units_in_all?: number, units?: number[], heads?: number,
 *   head?: number, causal?: boolean }} Body
 */
/** `lines`: by line, of as many columns as there are steps; `reach`: the largest size. @typedef {{ lines: number[][], reach: number }} Table */

/** @param {Body} body */
export const isAttention = ({ heads }) => heads !== undefined;

/**
 * @param {Body} body
 * @returns {Table}
 */
export function tableOf({ values, steps }) {
  const numbers = Array.from(new Float32Array(values));
  const width = steps.length;
  const lines = Array.from({ length: width ? numbers.length / width : 0 }, (_, i) => numbers.slice(i * width, (i + 1) * width));
  return { lines, reach: numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

/**
 * The unit that changes most in one step, with that step and the value before and after it; null where nothing changes. At first
 * a unit holds 0.
 * @param {Table} table of states
 */
export function largestChange({ lines }) {
  let best = { line: 0, step: 0, before: 0, after: 0 };
  lines.forEach((values, line) => {
    values.forEach((after, step) => {
      const before = step ? values[step - 1] : 0;
      if (Math.abs(after - before) > Math.abs(best.after - best.before)) best = { line, step, before, after };
    });
  });
  return best.after === best.before ? null : best;
}

/**
 * At how many steps a line of attention looks, as if it looked at so many alike: e to the power of its entropy.
 * @param {number[]} weights that add up to 1
 */
export function breadth(weights) {
  return Math.exp(-weights.reduce((sum, weight) => sum + (weight > 0 ? weight * Math.log(weight) : 0), 0));
}

/**
 * Where a step takes most of another one: [line, step].
 * @param {Table} table of attention
 */
export function strongest({ lines }) {
  let [line, step] = [0, 0];
  lines.forEach((weights, i) => {
    weights.forEach((weight, j) => {
      if (weight > lines[line][step]) [line, step] = [i, j];
    });
  });
  return [line, step];
}
