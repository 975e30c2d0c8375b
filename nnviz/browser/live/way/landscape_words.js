// The loss landscape in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { mapOf, pathOf } from "./way.js";
import { rowsWords } from "./weight_words.js";

/** @typedef {import("./way.js").CostMap} CostMap */
/** Shares of the movement. */
const NEARLY_ALL = 0.9;
const MOST = 0.6;
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
  const here = t("The cost {rows} is {cost} at the ring, and from {low} to {high} on the map.", values);
  if (random) {
    const what = t(
      "Both directions are random: 1 away from the ring, each unit’s weights have changed by as much as they are large.",
    );
    return `${here} ${what} ${t("A wide valley bears such changes, a narrow one does not.")}`;
  }
  const holds = t(
    "All {n} weights move, each in a direction of its own, and a map has two: these hold {share} of the movement.",
    {
      n: values.n,
      share: percent(share),
    },
  );
  const far = t("The weights were up to {reach} away from where they are now, and up to {leaves} off the map.", {
    leaves: number(leaves),
    reach: number(reach),
  });
  return `${here} ${holds} ${trust(share)} ${far}`;
}

/** How far a map can be trusted that holds this share of the movement. @param {number} share */
function trust(share) {
  if (share >= NEARLY_ALL) return t("Hardly anything is missing.");
  return share >= MOST ? t("Some of it is missing.") : t("Much of it is missing.");
}
