// A weight's way as the engine sends it: two weights, the cost around them, where they were and where they would go. Pure: no DOM.

/** A weight array: `layer` its number, empty for the outputs; `array` as Keras calls it; `part` of attention, else empty; `copy` of
 * so many `copies` of the layer.
 * @typedef {{ layer: string, array: string, shape: number[], part?: string, copy?: number, copies?: number }} Variable */
/** @typedef {{ variable: number, index: number[] }} Place */
/** @typedef {Place & { value: number, gradient: number, slope: number }} Weight */
/** Costs on a square grid, row 0 the lowest. `low`, `high`: of those that are numbers.
 * @typedef {{ extent: number[], side: number, cost: Float32Array, low: number, high: number }} CostMap */
/** @typedef {"SGD" | "momentum" | "Adam"} GhostKind */
/** @typedef {{ kind: GhostKind, starts: "fresh" | "own" | "path", is_own: boolean, step: number[], cost: number,
 *   numbers: Record<string, number[]> }} Ghost */
/** @typedef {{ step: number[], cost: number, lines: { sense: string, values: number[] }[] }} Own */
/** `path`: [first, second] at each of `steps`, the last now.
 * @typedef {{ weights: Weight[], variables: Variable[], inputs: string[], path: number[][], steps: number[], way: CostMap, next: CostMap,
 *   cost: number, penalty: boolean, rows: number, rows_in_all: number, step: number, batch: number, rate: number,
 *   optimizer: string, own: Own, ghosts: Ghost[] }} Way */
/** One arrow of the picture: what makes this step; `isRun`: the run's own does.
 * @typedef {{ kinds: GhostKind[], isRun: boolean, step: number[] }} Arrow */

/** Steps that differ by less are drawn as one arrow: a share of the larger. */
const ALIKE = 1e-3;

/**
 * @param {any} map
 * @returns {CostMap | null}
 */
export function mapOf(map) {
  const { side, cost, extent } = map ?? {};
  if (!(cost instanceof ArrayBuffer) || cost.byteLength !== 4 * side * side || extent?.length !== 4) return null;
  const costs = new Float32Array(cost);
  const finite = costs.filter(Number.isFinite);
  if (!finite.length) return null;
  return {
    extent,
    side,
    cost: costs,
    low: finite.reduce((a, b) => Math.min(a, b)),
    high: finite.reduce((a, b) => Math.max(a, b)),
  };
}

/**
 * @param {any} body of a frame
 * @returns {Way | null} null for one that holds no map
 */
export function wayOf(body) {
  const [way, next, path] = [mapOf(body?.way), mapOf(body?.next), pathOf(body)];
  return way && next && path && { ...body, way, next, path };
}

/**
 * The places of a path, one for each step.
 * @param {any} body
 * @returns {number[][] | null}
 */
export function pathOf(body) {
  const { path, steps } = body ?? {};
  if (!(path instanceof ArrayBuffer) || path.byteLength !== 8 * steps?.length) return null;
  const flat = new Float32Array(path);
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

/**
 * The arrows of the next step, the run's own first; those that go the same way are one.
 * @param {Way} way
 * @returns {Arrow[]}
 */
export function arrowsOf({ own, ghosts }) {
  /** @type {Arrow[]} */
  const arrows = [{ kinds: ghosts.filter((ghost) => ghost.is_own).map(({ kind }) => kind), isRun: true, step: own.step }];
  for (const { kind, step, is_own } of ghosts) {
    if (is_own) continue;
    const same = arrows.find((arrow) => !arrow.isRun && isAlike(arrow.step, step));
    if (same) same.kinds.push(kind);
    else arrows.push({ kinds: [kind], isRun: false, step });
  }
  return arrows;
}

/**
 * @param {number[]} one
 * @param {number[]} other
 */
function isAlike(one, other) {
  const size = Math.max(...one.map(Math.abs), ...other.map(Math.abs));
  return one.every((value, i) => Math.abs(value - other[i]) <= ALIKE * size);
}

/**
 * Whether an array has a weight at a place.
 * @param {Variable | undefined} variable
 * @param {number[]} index from 0
 */
export function isThere(variable, index) {
  return (
    variable !== undefined &&
    index.length === variable.shape.length &&
    index.every((place, axis) => Number.isInteger(place) && place >= 0 && place < variable.shape[axis])
  );
}
