// What a frame says of a network, made fit to be drawn: columns of units from the inputs to the cost, with the weights between
// them. What is missing or broken in a frame is left out of the picture, and nothing here throws. Pure: no DOM.

/**
 * What a unit answers over all rows: as a map over the inputs or as the distribution of its outputs; `now`: for the picture
 * chosen; `byClass`: on average for rows of each class; `isOff`: switched off by hand.
 * @typedef {{ index: number, name: string, map: Uint8Array | null, bars: Uint8Array | null, low: number, high: number,
 *   reach: number, mean: number, zero: number, bias: number | null, now: number, byClass: number[],
 *   isOff: boolean }} Unit
 */
/**
 * What a block makes of its branches: `ends` are their last columns, `skip` the one that is added.
 * @typedef {{ how: string, ends: number[], skip: number | null, isProjected: boolean }} Join
 */
/**
 * `key` is the same in every frame; `from`: the column of its sources; `weights`: units by units of that column; `after`: the
 * columns before it; `lanes`: of each block around it, the outermost first, [number, branch, of how many]; `copies`: of each
 * Repeat; `inside`: how many layers of a block are not drawn; `page`: which units, by weight or in their order; `help`: what
 * such a layer does; `shape`: of what it gives for a row; `arrays`: the engine's names of its numbers that can be changed by hand;
 * `filters`: of a convolution, units by places of `filterShape`.
 * @typedef {{ key: string, kind: "inputs" | "layer" | "slim" | "cost" | "rows", number: string, title: string, activation: string,
 *   note: string, inAll: number, units: Unit[], from: number | null, weights: Float32Array | null, strongest: number,
 *   after: number[], lanes: number[][], copies: { path: string, copy: number, times: number }[], join: Join | null,
 *   inside: number, page: number, byWeight: boolean, help: string, shape: number[],
 *   arrays: { kernel?: string, bias?: string, is_on?: string }, filters: Float32Array | null, filterShape: number[] }} Column
 */
/**
 * The picture whose feature maps are drawn: `label` and `answer` are classes by number, or values.
 * @typedef {{ row: number, of: number, label: number | number[], answer: number | number[], share: number | null }} Picture
 */
/**
 * `size`: the side of the maps in pixels; `drawnLayers` of `inAll` layers are drawn; `without`: what rows cost on average where that
 * unit gives 0.
 * @typedef {{ columns: Column[], size: number, rows: number, part: string, drawnLayers: number, inAll: number,
 *   picture: Picture | null, without: { key: string, index: number, mean: number } | null }} Network
 */

/**
 * What is asked for: `pages` of columns of which only some units are drawn; `picture`: a row; `unit`: one to be left out.
 * @typedef {{ pages?: Record<string, number>, picture?: number, unit?: import("./links.js").UnitKey }} Choice
 */

/** More units than this in a column would not be told apart. */
const MOST_UNITS = 64;

/** @param {unknown} value */
const listOf = (value) => (Array.isArray(value) ? value.filter((item) => item && typeof item === "object") : []);

/** @param {unknown} value */
const textOf = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} value */
const numberOf = (value) => (typeof value === "number" ? value : Number.NaN);

/**
 * @param {unknown} value
 * @param {number} least
 */
const countOf = (value, least) => (Number.isFinite(value) ? Math.max(least, Number(value)) : least);

/**
 * @param {unknown} value
 * @param {number | null} length that it has to have; null: any
 */
function bytesOf(value, length) {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) return null;
  return length === null || bytes.length === length ? bytes : null;
}

/**
 * @param {unknown} value
 * @param {number} count of float32
 */
function floatsOf(value, count) {
  return value instanceof ArrayBuffer && count > 0 && value.byteLength === 4 * count ? new Float32Array(value) : null;
}

/**
 * @param {any} unit
 * @param {number} place
 * @param {number} size of maps
 * @returns {Unit}
 */
function unitOf(unit, place, size) {
  return {
    index: Number.isInteger(unit.index) ? unit.index : place,
    name: textOf(unit.name),
    map: size > 0 ? bytesOf(unit.map, size * size) : null,
    bars: bytesOf(unit.bars, null),
    low: numberOf(unit.low),
    high: numberOf(unit.high),
    reach: numberOf(unit.reach),
    mean: numberOf(unit.mean),
    zero: numberOf(unit.zero),
    bias: typeof unit.bias === "number" ? unit.bias : null,
    now: numberOf(unit.now),
    byClass: (Array.isArray(unit.by_class) ? unit.by_class : []).map(numberOf),
    isOff: unit.off === true,
  };
}

/**
 * The largest size among these that are numbers; 0 without one.
 * @param {ArrayLike<number>} weights
 */
function largest(weights) {
  let most = 0;
  for (let i = 0; i < weights.length; i += 1) if (Number.isFinite(weights[i])) most = Math.max(most, Math.abs(weights[i]));
  return most;
}

/**
 * Sets the sources of a column and the weights from them, where the frame has both.
 * @param {Column} column
 * @param {any} part
 * @param {Column[]} before
 */
function connect(column, part, before) {
  const from = Number.isInteger(part.from) ? part.from + 1 : -1;
  const sources = before[from];
  if (!sources) return column;
  const weights = floatsOf(part.links, column.units.length * sources.units.length);
  if (!weights) return column;
  const most = largest(weights);
  const strongest = Number.isFinite(part.strongest) ? Math.max(most, part.strongest) : most;
  return { ...column, from, weights, strongest };
}

/**
 * @param {any} part of a frame
 * @param {Partial<Column> & { key: string, kind: Column["kind"] }} own
 * @param {number} size
 * @param {unknown} inAll
 * @returns {Column}
 */
function columnOf(part, own, size, inAll) {
  const units = listOf(part.units).slice(0, MOST_UNITS);
  return {
    number: textOf(part.number),
    title: textOf(part.title) || textOf(part.kind),
    activation: textOf(part.activation),
    note: textOf(part.note),
    from: null,
    weights: null,
    strongest: 0,
    ...own,
    inAll: countOf(inAll, units.length),
    units: units.map((unit, place) => unitOf(unit, place, size)),
    lanes: rowsOf(part.lanes, 3),
    copies: rowsOf(part.copies, 3).map(([path, copy, times]) => ({ path: String(path), copy, times })),
    after: [],
    join: null,
    inside: countOf(part.inside, 0),
    page: countOf(part.page, 0),
    byWeight: part.by_weight !== false,
    help: textOf(part.help),
    arrays: partOf(part.arrays),
    ...filtersOf(part, units.length),
    shape: (Array.isArray(part.shape) ? part.shape : []).filter(Number.isInteger),
  };
}

/**
 * @param {any} part
 * @param {number} count of units
 */
function filtersOf(part, count) {
  const shape = (Array.isArray(part.filter_shape) ? part.filter_shape : []).filter(Number.isInteger);
  const places = shape.reduce((/** @type {number} */ product, /** @type {number} */ side) => product * side, 1);
  return { filters: shape.length ? floatsOf(part.filters, count * places) : null, filterShape: shape };
}

/**
 * Lists of this length.
 * @param {unknown} value
 * @param {number} length
 * @returns {any[][]}
 */
const rowsOf = (value, length) => listOf(value).filter((row) => Array.isArray(row) && row.length === length);

/** @param {any} value */
const partOf = (value) => (value && typeof value === "object" ? value : {});

/**
 * A column with units where the frame has some; else a slim one.
 * @param {any} part
 * @param {Column[]} before
 * @param {{ key: string, kind: "layer" | "cost", activation?: string }} own
 * @param {number} size
 * @param {unknown} inAll
 */
function nextColumn(part, before, own, size, inAll) {
  const kind = listOf(part.units).length ? own.kind : "slim";
  const column = connect(columnOf(part, { ...own, kind }, size, inAll), part, before);
  const after = (Array.isArray(part.after) ? part.after : []).map((/** @type {number} */ one) => one + 1);
  column.after = after.filter((/** @type {number} */ one) => before[one]);
  if (!column.after.length) column.after = [before.length - 1];
  column.join = joinOf(part.join, before.length);
  return column;
}

/**
 * @param {any} join
 * @param {number} place of the column
 * @returns {Join | null}
 */
function joinOf(join, place) {
  const { how, ends, skip, is_projected: isProjected } = partOf(join);
  const isColumn = (/** @type {unknown} */ one) => Number.isInteger(one) && Number(one) >= -1 && Number(one) + 1 < place;
  if (!Array.isArray(ends) || !ends.length || !ends.every(isColumn)) return null;
  return {
    how: textOf(how),
    ends: ends.map((end) => end + 1),
    skip: isColumn(skip) ? skip + 1 : null,
    isProjected: isProjected === true,
  };
}

/**
 * @param {any} body of a frame
 * @param {string[] | null} [names] of the inputs, by their index, where the frame has none
 * @returns {Network | null} null: there is nothing to draw
 */
export function networkOf(body, names) {
  const { inputs: sources, layers, cost, ...rest } = partOf(body);
  if (!Array.isArray(sources) || !Array.isArray(layers)) return null;
  const size = Number.isInteger(rest.size) ? Math.max(0, rest.size) : 0;
  const pages = { page: rest.inputs_page, by_weight: rest.inputs_by_weight };
  const inputs = columnOf({ units: sources, ...pages }, { key: "inputs", kind: "inputs" }, size, rest.inputs_in_all);
  for (const unit of inputs.units) unit.name ||= names?.[unit.index] ?? "";
  const columns = [inputs];
  for (const [place, part] of layers.map(partOf).entries()) {
    const key = textOf(part.key) || `layers[${place}]`;
    columns.push(nextColumn(part, columns, { key, kind: "layer" }, size, part.units_in_all));
  }
  const last = partOf(cost);
  const activation = textOf(last.output);
  if (cost) columns.push(nextColumn(last, columns, { key: "cost", kind: "cost", activation }, size, last.outputs));
  const costs = rest.row_costs && { units: [{ ...partOf(rest.row_costs), index: 0 }] };
  if (costs) columns.push({ ...columnOf(costs, { key: "rows", kind: "rows" }, 0, 1), after: [columns.length - 1] });
  const isEmpty = columns.every((column) => column.units.length === 0);
  const drawnLayers = countOf(rest.layers_shown, 0);
  const inAll = countOf(rest.layers_in_all, drawnLayers);
  return isEmpty
    ? null
    : {
        columns,
        size,
        rows: countOf(rest.rows, 0),
        part: textOf(rest.part),
        drawnLayers,
        inAll,
        picture: pictureOf(rest.picture),
        without: rest.without
          ? { key: textOf(rest.without.key), index: rest.without.index, mean: numberOf(rest.without.mean) }
          : null,
      };
}

/** @param {any} picture @returns {Picture | null} */
function pictureOf(picture) {
  const { row, of, label, answer, share } = partOf(picture);
  if (!Number.isInteger(row) || !Number.isInteger(of) || label === undefined || answer === undefined) return null;
  return { row, of, label, answer, share: typeof share === "number" ? share : null };
}

/** A unit gives 0 for every row, by itself. @param {Unit} unit */
export const isDead = (unit) => unit.zero === 1 && !unit.isOff;
