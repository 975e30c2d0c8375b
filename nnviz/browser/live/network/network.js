// What a frame says of a network, made fit to be drawn: columns of units from the inputs to the cost, with the weights between
// them. What is missing or broken in a frame is left out of the picture, and nothing here throws. Pure: no DOM.

/**
 * What a unit answers over all rows: as a map over the inputs or as the distribution of its outputs.
 * @typedef {{ index: number, name: string, map: Uint8Array | null, bars: Uint8Array | null, low: number, high: number,
 *   reach: number, mean: number, zero: number, bias: number | null }} Unit
 */
/**
 * `key` is the same in every frame; `from`: the column of its sources; `weights`: units by units of that column.
 * @typedef {{ key: string, kind: "inputs" | "layer" | "slim" | "cost", number: string, title: string, activation: string,
 *   note: string, inAll: number, units: Unit[], from: number | null, weights: Float32Array | null, strongest: number }} Column
 */
/** `size`: the side of the maps in pixels. @typedef {{ columns: Column[], size: number, rows: number, part: string }} Network */

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
  };
}

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
  return connect(columnOf(part, { ...own, kind }, size, inAll), part, before);
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
  const inputs = columnOf({ units: sources }, { key: "inputs", kind: "inputs" }, size, rest.inputs_in_all);
  for (const unit of inputs.units) unit.name ||= names?.[unit.index] ?? "";
  const columns = [inputs];
  for (const [place, part] of layers.map(partOf).entries()) {
    const key = textOf(part.place) || `layers[${place}]`;
    columns.push(nextColumn(part, columns, { key, kind: "layer" }, size, part.units_in_all));
  }
  const last = partOf(cost);
  const activation = textOf(last.output);
  if (cost) columns.push(nextColumn(last, columns, { key: "cost", kind: "cost", activation }, size, last.outputs));
  const isEmpty = columns.every((column) => column.units.length === 0);
  return isEmpty ? null : { columns, size, rows: countOf(rest.rows, 0), part: textOf(rest.part) };
}

/** A unit gives 0 for every row. @param {Unit} unit */
export const isDead = (unit) => unit.zero === 1;

/**
 * A weight from a unit (`source`, its place in the column `from`) to a unit (`target`, its place in the column `to`).
 * @typedef {{ from: number, source: number, to: number, target: number, weight: number, strength: number }} Link
 */

/**
 * All weights that are numbers, with their size as a share of the largest of their layer.
 * @param {Network} network
 * @param {(link: Link) => boolean} [isWanted]
 * @returns {Link[]}
 */
export function linksOf({ columns }, isWanted = () => true) {
  /** @type {Link[]} */
  const links = [];
  for (const [to, { weights, from, strongest }] of columns.entries()) {
    if (!weights || from === null) continue;
    const sources = columns[from].units.length;
    for (let i = 0; i < weights.length; i += 1) {
      if (!Number.isFinite(weights[i])) continue;
      const strength = strongest > 0 ? Math.abs(weights[i]) / strongest : 0;
      const link = { from, source: i % sources, to, target: Math.floor(i / sources), weight: weights[i], strength };
      if (isWanted(link)) links.push(link);
    }
  }
  return links;
}

/**
 * The links to draw, at most `most` of the strongest, the weakest first.
 * @param {Network} network
 * @param {number} most
 */
export function strongestLinks(network, most) {
  const links = linksOf(network).sort((a, b) => a.strength - b.strength);
  return links.length > most ? links.slice(-most) : links;
}

/** A unit or a link, by what stays the same from frame to frame. @typedef {{ key: string, index: number }} UnitKey */
/** @typedef {{ unit: UnitKey } | { source: UnitKey, target: UnitKey }} Target */
/** @typedef {{ column: number, unit: number }} Place */

/**
 * @param {Network} network
 * @param {UnitKey} wanted
 * @returns {Place | null} null: this frame does not have it
 */
export function placeOf({ columns }, { key, index }) {
  const column = columns.findIndex((one) => one.key === key);
  const unit = columns[column]?.units.findIndex((one) => one.index === index) ?? -1;
  return unit < 0 ? null : { column, unit };
}

/**
 * @param {Network} network
 * @param {Place} place
 * @returns {UnitKey}
 */
export function keyOf({ columns }, { column, unit }) {
  return { key: columns[column].key, index: columns[column].units[unit].index };
}

/**
 * The link of two units.
 * @param {Network} network
 * @param {Place | null} source
 * @param {Place | null} target
 * @returns {Link | null}
 */
export function linkBetween({ columns }, source, target) {
  if (!source || !target) return null;
  const { weights, from, strongest } = columns[target.column];
  if (!weights || from !== source.column) return null;
  const weight = weights[target.unit * columns[from].units.length + source.unit];
  const strength = strongest > 0 ? Math.abs(weight) / strongest : 0;
  return { from, source: source.unit, to: target.column, target: target.unit, weight, strength };
}
