// The page's current colours: Streamlit's variables, and our own colours (palette.js) for what is drawn.

import { paletteOf } from "./palette.js";

/** @typedef {number[]} Colour red, green and blue, 0 to 255 */
/**
 * `muted`: small text and quiet lines; the rest as in palette.js; `key`: differs whenever the look does.
 * @typedef {{ isDark: boolean, paper: Colour, ink: Colour, accent: Colour, muted: Colour, grid: Colour, font: string,
 *   classes: Colour[], training: Colour, validation: Colour, low: Colour, middle: Colour, high: Colour, wrong: Colour,
 *   runs: Colour[], outline: Colour, edge: Colour, key: string }} Theme
 */

/** How much of the page's background is in small text: its contrast stays above 4.5. */
const MUTED = 0.34;

/**
 * Parses a CSS colour.
 * @param {string} colour #rgb, #rrggbb or rgb(...)
 * @returns {Colour}
 */
export function rgb(colour) {
  const text = colour.trim();
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join("") : text.slice(1, 7);
    return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }
  return (text.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);
}

/**
 * @param {Colour} one
 * @param {Colour} other
 * @param {number} share of the other, 0 to 1
 * @returns {Colour}
 */
export function mix(one, other, share) {
  return one.map((part, i) => Math.round(part + (other[i] - part) * share));
}

/**
 * @param {Colour} colour
 * @param {number} [alpha]
 */
export function css([r, g, b], alpha = 1) {
  return `rgba(${r},${g},${b},${alpha})`;
}

/**
 * The look of the page around an element.
 * @param {Element} node
 * @returns {Theme}
 */
export function readTheme(node) {
  const style = getComputedStyle(node);
  return themeOf((name) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value === "unset" ? "" : value;
  });
}

/**
 * Of the values of Streamlit's variables; empty where there is none.
 * @param {(name: string) => string} get
 * @returns {Theme}
 */
export function themeOf(get) {
  const paper = rgb(get("background-color") || "#ffffff");
  const isDark = paper[0] * 0.3 + paper[1] * 0.59 + paper[2] * 0.11 < 128;
  const ink = rgb(get("text-color") || (isDark ? "#e6eaf0" : "#111827"));
  const { classes, runs, ...single } = paletteOf(isDark);
  const { training, validation, low, middle, high, wrong, outline, edge } = single;
  return {
    isDark,
    paper,
    ink,
    accent: rgb(get("primary-color") || (isDark ? "#60a5fa" : "#2563eb")),
    muted: mix(ink, paper, MUTED),
    grid: mix(ink, paper, isDark ? 0.86 : 0.9),
    font: get("font") || "system-ui, sans-serif",
    classes: classes.map(rgb),
    runs: runs.map(rgb),
    training: rgb(training),
    validation: rgb(validation),
    low: rgb(low),
    middle: rgb(middle),
    high: rgb(high),
    wrong: rgb(wrong),
    outline: rgb(outline),
    edge: rgb(edge),
    key: `${paper}|${ink}|${get("primary-color")}`,
  };
}
