// The loss landscape in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { mapOf, pathOf } from "./way.js";
import { rowsWords } from "./weight_words.js";

/** @typedef {import("./way.js").CostMap} CostMap */
/** `share`, `leaves`, `reach`: how much of the way the plane holds, how far it leaves it, how far it went.
 * @typedef {{ map: CostMap, path: number[][], share: number, leaves: number, reach: number, parameters: number, cost: number,
 *   rows: number, rows_in_all: number, random: boolean }} LandscapeFrame */

/**
 * @param {any} body of a frame
 * @returns {LandscapeFrame | null} null for one without a map
 */
export function landscapeOf(body) {
  const [map, path] = [mapOf(body?.map), pathOf(body)];
  return map && path && { ...body, map, path };
}

/**
 * What is seen, in a sentence with numbers.
 * @param {LandscapeFrame} frame
 */
export function landscapeSentence(frame) {
  const { map, share, leaves, reach, parameters, cost, random } = frame;
  const values = {
    rows: rowsWords(frame),
    cost: number(cost),
    low: number(map.low),
    high: number(map.high),
    n: parameters.toLocaleString("en-US"),
  };
  const here = t("The cost {rows} is {cost} here, and from {low} to {high} on the map.", values);
  if (random) return `${here} ${t("Both directions are random, each filter as long as its own weights.")}`;
  const holds = t("The plane holds {share} of the way of all {n} weights", { share: percent(share), n: values.n });
  const off = t("the way leaves it by up to {leaves}, and was up to {reach} away from here", {
    leaves: number(leaves),
    reach: number(reach),
  });
  return `${here} ${holds}; ${off}.`;
}
