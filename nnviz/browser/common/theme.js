// The page's current colours: Streamlit's variables, and our own colour scale for classes and runs.

const CLASSES = {
  light: ["#2563eb", "#f97316", "#0d9488", "#a855f7", "#dc2626", "#ca8a04", "#0891b2", "#db2777", "#65a30d", "#64748b"],
  dark: ["#60a5fa", "#fb923c", "#2dd4bf", "#c084fc", "#f87171", "#facc15", "#22d3ee", "#f472b6", "#a3e635", "#94a3b8"],
};

/** @typedef {number[]} Colour red, green and blue, 0 to 255 */
/**
 * `classes`: our colour scale; `key`: differs whenever the look does.
 * @typedef {{ isDark: boolean, paper: Colour, ink: Colour, accent: Colour, muted: Colour, grid: Colour, font: string,
 *   classes: Colour[], key: string }} Theme
 */

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
  /** @type {(name: string, fallback: string) => string} */
  const get = (name, fallback) => {
    const value = style.getPropertyValue(`--st-${name}`).trim();
    return value && value !== "unset" ? value : fallback;
  };
  const paper = rgb(get("background-color", "#ffffff"));
  const ink = rgb(get("text-color", "#1a2030"));
  const isDark = paper[0] * 0.3 + paper[1] * 0.59 + paper[2] * 0.11 < 128;
  return {
    isDark,
    paper,
    ink,
    accent: rgb(get("primary-color", isDark ? "#60a5fa" : "#2563eb")),
    muted: mix(ink, paper, 0.42),
    grid: mix(ink, paper, isDark ? 0.86 : 0.9),
    font: get("font", "system-ui, sans-serif"),
    classes: (isDark ? CLASSES.dark : CLASSES.light).map(rgb),
    key: `${paper}|${ink}|${get("primary-color", "")}`,
  };
}
