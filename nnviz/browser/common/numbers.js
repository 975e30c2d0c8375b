// Numbers formatted for display.

import { t } from "./messages.js";

/** @typedef {(value: number) => string} Format */

/**
 * About four digits: 0.123, 12.3, 1,234, 1.0e-5.
 * @param {number | null | undefined} value
 */
export function number(value) {
  if (value == null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001 || size >= 1e15) return value.toExponential(1).replace("e+", "e");
  if (size < 10) return value.toFixed(3);
  if (size < 100) return value.toFixed(2);
  if (size < 1000) return value.toFixed(1);
  return Math.round(value).toLocaleString("en-US");
}

/**
 * A format for the numbers of one chart or axis from `low` to `high`: all have the same decimals, enough to show a thousandth
 * of the spread.
 * @param {number} low
 * @param {number} high
 * @returns {Format}
 */
export function oneFormat(low, high) {
  const spread = high - low || Math.abs(high) || 1;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest >= 1e15 || largest < 1e-4) return number;
  const decimals = Math.min(
    Math.max(0, 2 - Math.floor(Math.log10(spread))),
    Math.max(0, 15 - Math.ceil(Math.log10(largest))),
    12,
  );
  return (value) => value.toLocaleString("en-US", { maximumFractionDigits: decimals });
}

/** Years of a file: whole numbers with four digits. */
const YEARS = [1000, 2999];
/** Between a whole number and what is left of it after it was scaled for the network and back. */
const NEARLY = 0.01;

/**
 * As `oneFormat`, of an axis on which these values lie; years have no comma between their digits.
 * @param {ArrayLike<number>} values all of a column's; NaN where one is missing
 * @param {number} low
 * @param {number} high
 * @returns {Format}
 */
export function columnFormat(values, low, high) {
  const known = Array.from(values).filter(Number.isFinite);
  const isYear = (/** @type {number} */ one) =>
    one > YEARS[0] - NEARLY && one < YEARS[1] + NEARLY && Math.abs(one - Math.round(one)) < NEARLY;
  return known.length && known.every(isYear) ? (value) => String(Math.round(value)) : oneFormat(low, high);
}

/** `help`: what it is, in sentences. @typedef {{ name: string, title: string, percent: boolean, help?: string }} Metric */

/** @type {Map<string, Metric>} */
let metrics = new Map();

/**
 * Sets the metrics of the catalog, with their titles and units.
 * @param {Metric[]} entries
 */
export function setMetrics(entries) {
  metrics = new Map(entries.map((metric) => [metric.name, metric]));
}

/**
 * A metric's title; its name where it is not in the catalog.
 * @param {string} metric
 */
export function metricTitle(metric) {
  return metrics.get(metric)?.title ?? metric.replaceAll("_", " ");
}

/** What a metric is, in sentences; empty where it is not in the catalog. @param {string} metric */
export function metricHelp(metric) {
  return metrics.get(metric)?.help ?? "";
}

/**
 * Whether a metric is a share from 0 to 1, shown in percent.
 * @param {string} metric
 */
export function isShare(metric) {
  return metrics.get(metric.replace(/^(val|test)_/, ""))?.percent ?? false;
}

/**
 * A metric's value with its unit.
 * @param {string} metric
 * @param {number | null | undefined} value
 */
export function measure(metric, value) {
  if (!isShare(metric) || value == null || !Number.isFinite(value)) return number(value);
  return `${(value * 100).toFixed(1)} %`;
}

/**
 * How long something took, in words; empty where that is unknown. As `duration_text` of ui/common/run_format.py.
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds < 0.001) return t("< 1 ms");
  if (seconds < 0.0995) return t("{n} ms", { n: Math.round(1000 * seconds) });
  if (seconds < 59.5) return t("{n} s", { n: seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds) });
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return t("{h} h {m} min", { h: Math.floor(minutes / 60), m: minutes % 60 });
  return whole % 60 ? t("{m} min {s} s", { m: minutes, s: whole % 60 }) : t("{m} min", { m: minutes });
}

/**
 * How long something will take, which is a guess; empty where there is none.
 * @param {number | null | undefined} seconds
 */
export function guess(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return "";
  if (seconds < 1) return t("< 1 s");
  if (seconds < 100) return t("{n} s", { n: Math.round(seconds) });
  if (seconds < 5400) return t("{n} min", { n: Math.round(seconds / 60) });
  return t("{n} h", { n: (seconds / 3600).toFixed(1) });
}

/**
 * Epochs a second.
 * @param {number} value
 */
export function rate(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

/**
 * A count of epochs, fractions included.
 * @param {number} value
 */
export function epochs(value) {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value < 10 ? 2 : 1);
}

/**
 * A file's size in units of 1024 bytes.
 * @param {number} bytes
 */
export function fileSize(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit && value < 99.5 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
