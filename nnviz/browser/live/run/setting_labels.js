// Settings that may change while a run trains: their labels and current values. Pure: no DOM.
//
// The labels are those of nnviz/ui/common/settings/labels.py, which follows the same rules: the nouns are sent from there, and both
// are tested with the same cases.

import { t } from "../../common/messages.js";

export const RATE = "optimizer.learning_rate";
const LAYER = String.raw`layers\[\d+\](?:\[\d+\]|\.(?:layers|branches)(?=\[))*`;
const COLUMN = String.raw`data\.columns\.(?<column>.+?)\.(?<field>elapsed|type|use|encoding)\b`;
const PATHS = new RegExp(
  String.raw`(?<![\w./])(?:${COLUMN}|(?:${LAYER}|(?:optimizer|training|split|cost|data)(?=\.[a-z]))(?:\.[A-Za-z_]\w*)*)`,
  "g",
);
const CHANGE = /^ [^→,;]{1,60} → /;
const PLACED = new RegExp(`^(${LAYER})(?:\\.(.+))?$`, "s");

/** @typedef {Record<string, Record<string, string>>} Nouns by block of a spec and name of a parameter */
/** @type {Nouns} */
let nouns = {};

/** @param {Nouns | undefined} sent */
export function setNouns(sent) {
  nouns = sent ?? nouns;
}

/**
 * "layers[1].layers[0].rate" in words: "dropout of layer 2.1"; what is no setting as it stands.
 * @param {string} path
 * @returns {string}
 */
export function labelFor(path) {
  if (!isSetting(path)) return path;
  const [block, rest = ""] = path.split(/\.(.*)/s);
  const placed = path.match(PLACED);
  if (placed) {
    const n = [...placed[1].matchAll(/\d+/g)].map(([digits]) => Number(digits) + 1).join(".");
    return placed[2] ? t("{name} of layer {n}", { name: noun("layers", placed[2]), n }) : t("layer {n}", { n });
  }
  if (rest === "schedule.kind") return noun("schedule", "kind");
  if (rest.startsWith("schedule.")) return t("{name} of the schedule", { name: noun("schedule", rest.slice(9)) });
  if (path.startsWith("data.read.")) return t("{name} of the file", { name: rest.slice(5).replaceAll("_", " ") });
  const column = path.match(new RegExp(`^${COLUMN}$`))?.groups;
  if (column) return t("{name} of column {column}", { name: column.field, column: column.column });
  return noun(block, rest);
}

/**
 * A text with the paths of a spec in it, in words. A label that ends with a number has a colon before the numbers of a change.
 * @param {string} text
 */
export const withoutPaths = (text) =>
  text.replace(PATHS, (path, ...more) => {
    const [offset, whole] = more.slice(-3);
    const isPlaced = path.startsWith("layers[") && CHANGE.test(whole.slice(offset + path.length));
    return labelFor(path) + (isPlaced ? ":" : "");
  });

/** @param {string} path */
function isSetting(path) {
  const [block, name = ""] = path.split(".");
  return /^(layers\[|data\.(read|columns)\.)/.test(path) || Object.hasOwn(nouns[block] ?? {}, name);
}

/**
 * @param {string} block
 * @param {string} name of a parameter
 */
function noun(block, name) {
  const known = nouns[block]?.[name];
  if (known) return known;
  const penalty = name.match(/^(\w+)_regularizer\.(l[12])$/);
  return penalty ? `${penalty[1].replaceAll("_", " ")} ${penalty[2].toUpperCase()}` : name.replaceAll(/[_.]/g, " ");
}

/**
 * A number with up to six significant digits.
 * @param {number | undefined} value
 */
export function short(value) {
  return value === undefined || !Number.isFinite(value) ? String(value) : Number(value.toPrecision(6)).toString();
}

/**
 * The settings that a run trains with: its spec's values, or later changes unless they were refused.
 * @param {Pick<import("./feed.js").Feed, "settings" | "expected" | "events">} feed
 */
export function currentSettings({ settings, expected, events }) {
  const values = { ...settings };
  for (const [name, value] of Object.entries(expected?.live ?? {})) {
    const last = events.findLast(
      (event) => event.data?.name === name || (event.kind === "refused" && event.text.startsWith(`${name} `)),
    );
    if (name in values && last?.kind !== "refused") values[name] = value;
  }
  return values;
}
