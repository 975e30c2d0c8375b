// Small helpers to make elements, and numbers as people read them. Text is always set as text, never as markup.

import { visible } from "./visible.js";

let words = {};

export function speak(given) {
  words = { ...words, ...given };
}

export function t(message, values = {}) {
  const text = words[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, name === "title" || name === "aria-label" ? visible(value) : value);
  }
  node.append(...children.filter((child) => child != null).map((child) => (typeof child === "string" ? visible(child) : child)));
  return node;
}

export function setText(node, text) {
  const shown = visible(text);
  if (node.textContent !== shown) node.textContent = shown;
}

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

// Numbers of one picture or axis between `low` and `high`, all with the same decimals: a thousandth of the spread shows.
export function oneFormat(low, high) {
  const spread = high - low || Math.abs(high) || 1;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest >= 1e15 || largest < 1e-4) return number;
  const decimals = Math.min(Math.max(0, 2 - Math.floor(Math.log10(spread))), Math.max(0, 15 - Math.ceil(Math.log10(largest))), 12);
  return (value) => value.toLocaleString("en-US", { maximumFractionDigits: decimals });
}

const SHARES = new Set(["accuracy", "top_5_accuracy", "precision", "recall", "f1", "auc"]);

export function isShare(metric) {
  return SHARES.has(metric.replace(/^(val|test)_/, ""));
}

export function measure(metric, value) {
  if (!isShare(metric) || !Number.isFinite(value)) return number(value);
  return `${(value * 100).toFixed(1)} %`;
}

export function duration(seconds) {
  if (seconds == null || !Number.isFinite(seconds)) return "";
  if (seconds < 10) return t("{n} s", { n: seconds.toFixed(seconds < 1 ? 1 : 0) });
  if (seconds < 100) return t("{n} s", { n: Math.round(seconds) });
  if (seconds < 5400) return t("{n} min", { n: Math.round(seconds / 60) });
  return t("{n} h", { n: (seconds / 3600).toFixed(1) });
}

export function rate(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

// So many epochs and a part of one.
export function epochs(value) {
  return value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString("en-US") : value.toFixed(value < 10 ? 2 : 1);
}

// What the page's address says, and what it is to say: it names what is looked at, for a link and for the page's next rerun.
export function addressed(name) {
  return new URL(window.location.href).searchParams.get(name) ?? "";
}

export function setAddressed(name, value) {
  const url = new URL(window.location.href);
  if (String(value) === addressed(name)) return;
  if (value === "") url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  window.history.replaceState(window.history.state, "", url);
}
