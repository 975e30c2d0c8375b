// What of a unit can be changed by hand, and when: its switch, its weights, its bias. Pure: no DOM.

import { t } from "../../../common/messages.js";
import { isEnded, isWaiting } from "../../run/run_status.js";
import { plain, shortName } from "../unit/names.js";
import { unitName } from "../words.js";

/** @typedef {import("../network.js").Network} Network */
/** @typedef {import("../links.js").Place} Place */
/** @typedef {import("../../run/run_status.js").Status} Status */
/** @typedef {import("../../run/feed.js").RunEvent} RunEvent */
/** A number that can be set; `name`: what the engine calls it. @typedef {{ name: string, label: string, value: number }} Field */
/** `canPause`: whether a pause would be enough. @typedef {{ isOpen: boolean, why: string, canPause: boolean }} Access */

/** The largest number of float32, and the smallest that is not 0. */
const [LARGEST, SMALLEST] = [3.4028234663852886e38, 1.1754943508222875e-38];

/**
 * Whether the network on the page can be changed now, or why it cannot.
 * @param {Status | null | undefined} status
 * @param {boolean} isNow whether the page shows the latest moment
 * @returns {Access}
 */
export function accessOf(status, isNow) {
  const closed = (/** @type {string} */ why, canPause = false) => ({ isOpen: false, why, canPause });
  if (!status) return closed(t("Train first: then a pause lets you change it."));
  if (isEnded(status))
    return closed(
      t("The run has ended, so its network stays as it is. To change it press “Go on” or “Branch from here”, then Pause."),
    );
  if (!isNow) return closed(t("This is a past moment. Go to the latest to change the network."));
  if (!(status.step > 0)) return closed(t("It can be changed after the first step."));
  if (status.status === "paused" && isWaiting(status)) return { isOpen: true, why: "", canPause: false };
  return closed(t("It can be changed while the run is paused."), status.status === "running" && !isWaiting(status));
}

/**
 * What somebody typed as a weight, or what is wrong with it.
 * @param {string} text
 * @returns {{ value: number, why: "" } | { value: null, why: string }}
 */
export function weightOf(text) {
  const digits = text.trim().replace(/^[−–]/, "-").replace(",", ".");
  const value = digits ? Number(digits) : Number.NaN;
  const refused = (/** @type {string} */ why) => ({ value: null, why });
  if (Number.isNaN(value)) return refused(t("This is no number. Write one with digits, such as -0.25."));
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return refused(t("A weight cannot be infinite."));
  if (Math.abs(value) > LARGEST) return refused(t("A weight is at most 3.4e38 in size."));
  if (value !== 0 && Math.abs(value) < SMALLEST) return refused(t("This is closer to 0 than a weight can be. Write 0."));
  return { value, why: "" };
}

/**
 * The weights that lead to a unit, from those that are drawn, and its bias.
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 * @returns {Field[]} empty: none of them can be set
 */
export function fieldsOf({ columns }, { column, unit }, classes) {
  const { weights, from, units, arrays } = columns[column];
  const { index, bias } = units[unit];
  /** @type {Field[]} */
  const fields = [];
  if (weights && from !== null && arrays.kernel) {
    const sources = columns[from];
    for (const [source, one] of sources.units.entries())
      fields.push({
        name: `${arrays.kernel}[${one.index},${index}]`,
        label: t("from {source}", { source: shortName(sources, source, classes) }),
        value: weights[unit * sources.units.length + source],
      });
  }
  fields.push(...filterFields(columns[column], unit));
  if (bias !== null && arrays.bias) fields.push({ name: `${arrays.bias}[${index}]`, label: t("bias"), value: bias });
  return fields;
}

/**
 * The weights of a convolution's filter, by their places in it.
 * @param {import("../network.js").Column} column
 * @param {number} unit
 * @returns {Field[]}
 */
function filterFields({ filters, filterShape, arrays, units }, unit) {
  if (!filters || !arrays.kernel) return [];
  const places = filters.length / units.length;
  return Array.from(filters.subarray(unit * places, (unit + 1) * places), (value, place) => {
    let rest = place;
    const at = [];
    for (const side of filterShape.toReversed()) {
      at.unshift(rest % side);
      rest = Math.floor(rest / side);
    }
    return { name: `${arrays.kernel}[${at.join()},${units[unit].index}]`, label: placeWords(at, filterShape), value };
  });
}

/**
 * @param {number[]} at from 0: row, column and channel, or place and channel
 * @param {number[]} shape
 */
function placeWords(at, shape) {
  const [row, column, channel] = at.length === 3 ? at : [Number.NaN, ...at];
  const values = { row: row + 1, column: column + 1, channel: channel + 1 };
  const isOne = shape[shape.length - 1] === 1;
  if (at.length === 3)
    return isOne ? t("row {row}, column {column}", values) : t("row {row}, column {column}, channel {channel}", values);
  return isOne ? t("place {column}", values) : t("place {column}, channel {channel}", values);
}

/**
 * Which of a unit's weights have no field, and why; empty where all have one.
 * @param {Network} network
 * @param {Place} place
 */
export function restWords({ columns }, { column }) {
  const { kind, weights, from, arrays, join, filters } = columns[column];
  if (filters && arrays.kernel) return "";
  if (["inputs", "rows"].includes(kind)) return "";
  if (join) return t("It is made of outputs of the layers inside, and has no weights of its own.");
  if (!arrays.kernel && !arrays.bias) return t("It has no weights here that can be set.");
  if (!weights || from === null) return t("Its other weights are not drawn one by one, so they have no fields.");
  const left = columns[from].inAll - columns[from].units.length;
  if (left === 1) return t("The weight from 1 unit that is not drawn has no field.");
  return left > 0 ? t("Weights from {n} units that are not drawn have no fields.", { n: left.toLocaleString("en-US") }) : "";
}

/**
 * The name of a unit's switch; empty where it has none.
 * @param {Network} network
 * @param {Place} place
 */
export function switchOf({ columns }, { column, unit }) {
  const { arrays, units } = columns[column];
  return arrays.is_on ? `${arrays.is_on}[${units[unit].index}]` : "";
}

/**
 * Why a unit has no switch.
 * @param {Network} network
 * @param {Place} place
 */
export function noSwitchWords({ columns }, { column }) {
  const { kind, join } = columns[column];
  if (kind === "inputs") return t("An input cannot be switched off.");
  if (kind === "cost") return t("An output of the network cannot be switched off.");
  if (kind === "rows") return "";
  if (join) return t("Switch off units of the layers inside instead.");
  return t("Units of this layer cannot be switched off one by one: each also reaches the others.");
}

/**
 * The last change by hand that is still at the present step, so that it can be undone.
 * @param {RunEvent[]} events
 * @param {Status | null | undefined} status
 */
export function lastEdit(events, status) {
  const event = events.findLast(({ kind }) => kind === "edited");
  return event && event.step === status?.step && typeof event.data?.name === "string" ? event : null;
}

/**
 * The command that undoes a change by hand.
 * @param {RunEvent} event
 */
export function undoing({ data }) {
  const { name, before } = /** @type {{ name: string, before: number }} */ (data);
  return /\.is_on(?: #\d+)?\[\d+\]$/.test(name)
    ? { command: "unit", name, on: before === 1 }
    : { command: "weight", name, value: before };
}

/** A weight as it stands in its field. @param {number} value */
export const written = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(5))) : plain(value));

/**
 * @param {Network} network
 * @param {Place} place
 * @param {string[] | null} [classes]
 */
export function headOf(network, place, classes) {
  const name = unitName(network, place, classes);
  return name ? name[0].toUpperCase() + name.slice(1) : t("Unit");
}
