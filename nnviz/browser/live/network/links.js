// The weights between the units of a network, and what is pointed at by what stays the same from frame to frame. Pure: no DOM.

/** @typedef {import("./network.js").Network} Network */

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

/** @typedef {{ key: string, index: number }} UnitKey */
/**
 * A unit, a layer without units, or a link, by what stays the same from frame to frame.
 * @typedef {{ unit: UnitKey } | { slim: string } | { source: UnitKey, target: UnitKey }} Target
 */
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
