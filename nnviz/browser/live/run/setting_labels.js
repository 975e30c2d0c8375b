// Settings that may change while a run trains: their labels and current values. Pure: no DOM.

import { t } from "../../common/messages.js";

export const RATE = "optimizer.learning_rate";

/**
 * "layers[1].layers[0].rate" in words.
 * @param {string} path
 */
export function labelFor(path) {
  if (path === RATE) return t("learning rate");
  if (path === "training.batch_size") return t("batch size");
  if (path.startsWith("optimizer.")) return path.slice("optimizer.".length);
  const [, place, rest] = path.match(/^((?:layers|branches|cost|\[|\]|\.|\d)+)\.(.+)$/) ?? [null, "", path];
  const numbers = [...place.matchAll(/\d+/g)].map(([digits]) => Number(digits) + 1).join(".");
  const where = place === "cost" ? t("cost") : t("layer {n}", { n: numbers });
  return `${where}: ${parameterWords(rest)}`;
}

/** @param {string} name of a layer's or cost's parameter */
function parameterWords(name) {
  if (name === "rate") return t("dropout");
  if (name === "stddev") return t("noise");
  const words = name.replaceAll("_", " ");
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
