// What is pointed at in a network's picture: where a frame has it, what belongs to it, what is under the pointer. Pure: no DOM.

import { keyOf, linkBetween, placeOf } from "./links.js";
import { barAt, curveOf, linkAt, unitAt } from "./pointing.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./links.js").Target} Target */
/** @typedef {import("./links.js").Link} Link */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./painter.js").Scene} Scene */
/** In one frame; `slim`: a column without units. @typedef {{ unit: Place } | { slim: number } | { source: Place, target: Place }} Places */

/**
 * @param {Network} network
 * @param {Target | null} target
 * @returns {Places | null} null: this frame does not have it
 */
export function placesOf(network, target) {
  if (!target) return null;
  if ("slim" in target) {
    const slim = network.columns.findIndex(({ key, units }) => key === target.slim && !units.length);
    return slim < 0 ? null : { slim };
  }
  if ("unit" in target) {
    const unit = placeOf(network, target.unit);
    return unit && { unit };
  }
  const [source, end] = [placeOf(network, target.source), placeOf(network, target.target)];
  return source && end && linkBetween(network, source, end) ? { source, target: end } : null;
}

/**
 * A unit, or a layer without units, at a place.
 * @param {Network} network
 * @param {Place} place
 * @returns {Target}
 */
export function targetOf(network, place) {
  const { key, units } = network.columns[place.column];
  return units.length ? { unit: keyOf(network, place) } : { slim: key };
}

/**
 * Where the arrow keys go on from; null from a link.
 * @param {Places} places
 * @returns {Place | null}
 */
export function stopOf(places) {
  if ("unit" in places) return places.unit;
  return "slim" in places ? { column: places.slim, unit: 0 } : null;
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @returns {Target | null}
 */
export function targetAt({ layout, links, network }, x, y) {
  const unit = unitAt(layout, x, y);
  if (unit) return { unit: keyOf(network, unit) };
  const slim = barAt(layout, x, y);
  if (slim !== null) return { slim: network.columns[slim].key };
  const link = linkAt(layout, links, x, y);
  if (!link) return null;
  const source = keyOf(network, { column: link.from, unit: link.source });
  return { source, target: keyOf(network, { column: link.to, unit: link.target }) };
}

/**
 * Whether a link belongs to what is pointed at.
 * @param {Link} link
 * @param {Places} places
 */
export function isLit({ from, source, to, target }, places) {
  if ("slim" in places) return false;
  if ("unit" in places) {
    const { column, unit } = places.unit;
    return (from === column && source === unit) || (to === column && target === unit);
  }
  const [a, b] = [places.source, places.target];
  return from === a.column && source === a.unit && to === b.column && target === b.unit;
}

/**
 * Its box in the picture; of a link a small one on its middle.
 * @param {Scene} scene
 * @param {Places} places
 */
export function boxOf({ layout }, places) {
  if ("slim" in places) return layout.columns[places.slim].bar ?? { x: 0, y: 0, w: 0, h: 0 };
  if ("unit" in places) return layout.columns[places.unit.column].boxes[places.unit.unit];
  const { source, target } = places;
  const ends = { from: source.column, source: source.unit, to: target.column, target: target.unit, weight: 0, strength: 0 };
  const { x0, y0, x1, y1 } = curveOf(layout, ends);
  return { x: (x0 + x1) / 2 - 2, y: (y0 + y1) / 2 - 2, w: 4, h: 4 };
}
