// Layouts of small networks, for the tests.

import { layoutOf } from "../../../../nnviz/browser/live/network/layout.js";
import { networkOf } from "../../../../nnviz/browser/live/network/network.js";
import { columnWords } from "../../../../nnviz/browser/live/network/summary.js";

/** The width of a text. @param {string} text */
export const measure = (text) => text.length * 6;

/**
 * @param {any} body
 * @param {number} width
 */
export function lay(body, width) {
  const network = /** @type {import("../../../../nnviz/browser/live/network/network.js").Network} */ (networkOf(body));
  const labels = { left: network.columns[0].units.map(({ name }) => name), right: ["A", "B"] };
  return {
    network,
    layout: layoutOf(
      network,
      network.columns.map((column, place) => columnWords(column, place)),
      labels,
      width,
      measure,
    ),
  };
}
