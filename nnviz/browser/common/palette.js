// All colours that mean something, for light and dark pages; nnviz/colours.py has the same for what Python draws.
// Pure: no DOM.

/**
 * `classes`: by number; `training`, `validation`: the rows that a curve is of; `low`, `middle`, `high`: values with a sign, or
 * around a mean; `wrong`: predictions; `runs`: by place; `outline`: around points in a class's colour; `edge`: around those in the
 * colour of a value.
 * @typedef {{ classes: string[], training: string, validation: string, low: string, middle: string, high: string, wrong: string,
 *   runs: string[], outline: string, edge: string }} Palette
 */

/** @type {Palette} */
const LIGHT = {
  classes: ["#2563eb", "#ea580c", "#0d9488", "#a855f7", "#dc2626", "#a16207", "#0891b2", "#db2777", "#4d7c0f", "#64748b"],
  training: "#703493",
  validation: "#0f6b52",
  low: "#349f4a",
  middle: "#e8eaee",
  high: "#c64691",
  wrong: "#c81e1e",
  runs: [
    "#c14ae7",
    "#235c1a",
    "#a50200",
    "#388cf3",
    "#443a4b",
    "#328f84",
    "#81941c",
    "#e95d64",
    "#352bbf",
    "#5a4317",
    "#8f889d",
    "#b2733b",
    "#ab185c",
    "#234343",
  ],
  outline: "#0e131a",
  edge: "#7a8494",
};

/** @type {Palette} */
const DARK = {
  classes: ["#60a5fa", "#fb923c", "#2dd4bf", "#c084fc", "#f87171", "#facc15", "#22d3ee", "#f472b6", "#a3e635", "#94a3b8"],
  training: "#e0c3ff",
  validation: "#00dba2",
  low: "#caf07b",
  middle: "#39424f",
  high: "#f7409c",
  wrong: "#f87171",
  runs: [
    "#3cf66c",
    "#fb68d9",
    "#c07d1f",
    "#0e829e",
    "#1dedfe",
    "#b6bef6",
    "#f0d83c",
    "#eca49a",
    "#e62813",
    "#88707d",
    "#785cf8",
    "#777964",
    "#c5cfba",
    "#509d06",
  ],
  outline: "#0e131a",
  edge: "#7a8494",
};

/** @param {boolean} isDark */
export const paletteOf = (isDark) => (isDark ? DARK : LIGHT);

/**
 * Dashes of the lines of training and validation rows. Where there are more runs than colours, the next ones have the same
 * colours with other dashes.
 */
export const DASHES = [
  { training: "solid", validation: "7px,3px" },
  { training: "12px,3px,2px,3px", validation: "2px,3px" },
  { training: "12px,3px,2px,3px,2px,3px", validation: "2px,7px" },
];

/** @typedef {{ colour: number[], training: string, validation: string, border: string }} RunLook dashes by part, and as CSS */

/**
 * The colour and dashes of a run.
 * @param {number[][]} colours
 * @param {number} place from 0
 * @returns {RunLook}
 */
export function runLook(colours, place) {
  const round = Math.floor(place / colours.length) % DASHES.length;
  return { colour: colours[place % colours.length], ...DASHES[round], border: ["solid", "dashed", "dotted"][round] };
}
