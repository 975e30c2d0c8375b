// A list of the layers that keep places, to choose one from.

import { el } from "../../common/dom.js";
import { layerName } from "./words.js";

/** @typedef {import("./words.js").ImagesBody} ImagesBody */

/**
 * Fills a list of layers, unless it is the same already.
 * @param {HTMLSelectElement} select
 * @param {ImagesBody} body
 * @param {number} chosen
 */
export function offerLayers(select, { layers }, chosen) {
  const names = layers.map(layerName);
  if (names.join("|") !== select.dataset.names) {
    select.dataset.names = names.join("|");
    select.replaceChildren(...names.map((name, value) => el("option", { value }, name)));
  }
  select.value = String(chosen);
}
