// Settings that may change while a run trains: their labels and current values. Pure: no DOM.

import { t } from "../../common/messages.js";

export const RATE = "optimizer.learning_rate";
const LAYER = String.raw`layers\[\d+\](?:\[\d+\]|\.(?:layers|branches)(?=\[))*`;
const PATHS = new RegExp(String.raw`\b(?:${LAYER}|(?:optimizer|training|split|cost)(?=\.[a-z]))(?:\.[A-Za-z_]\w*)*`, "g");

/**
 * "layers[1].layers[0].rate" in words.
 * @param {string} path
 */
export function labelFor(path) {
  if (path === RATE) return t("learning rate");
  if (path === "training.batch_size") return t("batch size");
  const [block, name] = path.split(/\.(.*)/s);
  if (block === "optimizer") return name === "kind" ? t("optimizer") : parameterWords(name, block);
  if (block === "training") return parameterWords(name, block);
  if (block === "split") return t("split: {name}", { name: parameterWords(name, block) });
  const [, place, rest] = path.match(/^((?:layers|branches|cost|\[|\]|\.(?=layers|branches)|\d)+)(?:\.(.+))?$/) ?? [
    null,
    "",
    path,
  ];
  const numbers = [...place.matchAll(/\d+/g)].map(([digits]) => Number(digits) + 1).join(".");
  const where = place === "cost" ? t("cost") : t("layer {n}", { n: numbers });
  return rest ? `${where}: ${parameterWords(rest, block)}` : where;
}

/**
 * A text with the paths of a spec in it, in words.
 * @param {string} text
 */
export const withoutPaths = (text) => text.replace(PATHS, labelFor);

/**
 * @param {string} name of a parameter
 * @param {string} block that it belongs to
 */
function parameterWords(name, block) {
  if (name === "rate" && block.startsWith("layers")) return t("dropout");
  if (name === "stddev") return t("noise");
  const words = name.replaceAll(/[_.]/g, " ");
  const penalty = name.match(/^(\w+)_regularizer\.(l[12])$/);
  return penalty ? `${penalty[1].replaceAll("_", " ")} ${penalty[2].toUpperCase()}` : words;
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
