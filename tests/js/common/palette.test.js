import assert from "node:assert/strict";
import { test } from "node:test";
import { paletteOf, runLook } from "../../../nnviz/browser/common/palette.js";
import { themeOf } from "../../../nnviz/browser/common/theme.js";
import { cellShade } from "../../../nnviz/browser/live/learned/shades.js";

/** @type {Record<string, Record<string, string>>} the page's variables in both of our themes */
const PAGES = {
  light: { "background-color": "#ffffff", "text-color": "#111827", "primary-color": "#2563eb" },
  dark: { "background-color": "#0e131a", "text-color": "#e6eaf0", "primary-color": "#60a5fa" },
};
const themes = Object.entries(PAGES).map(([name, page]) => ({ name, theme: themeOf((key) => page[key] ?? "") }));

/** @param {number[]} colour */
function luminance(colour) {
  const [r, g, b] = colour
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @type {(one: number[], other: number[]) => number} */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const { name, theme } of themes) {
  test(`texts on a ${name} page have a contrast of 4.5, lines and points of 3`, () => {
    const { paper, ink, accent, muted, training, validation, wrong } = theme;
    const texts = { ink, accent, muted, training, validation, wrong };
    for (const [what, colour] of Object.entries(texts)) assert.ok(contrast(colour, paper) >= 4.5, what);
    for (const colour of [...theme.classes, ...theme.runs, theme.low, theme.high, theme.edge]) {
      assert.ok(contrast(colour, paper) >= 3, String(colour));
    }
  });

  test(`counts can be read in every cell of the confusion matrix of a ${name} page`, () => {
    for (const isRight of [true, false]) {
      for (let share = 0; share <= 1; share += 0.05) assert.ok(contrast(theme.ink, cellShade(share, isRight, theme)) >= 4.5);
    }
  });
}

test("a page without variables is light", () => {
  const theme = themeOf(() => "");
  assert.deepEqual([theme.isDark, theme.paper], [false, [255, 255, 255]]);
  assert.equal(themes[1].theme.isDark, true);
});

test("more runs than colours have the same colours with other dashes", () => {
  const { runs } = paletteOf(false);
  const colours = runs.map((_, i) => [i, i, i]);
  const looks = Array.from({ length: 3 * runs.length }, (_, place) => JSON.stringify(runLook(colours, place)));
  assert.equal(new Set(looks).size, looks.length);
  const [first, next] = [runLook(colours, 0), runLook(colours, runs.length)];
  assert.deepEqual(first.colour, next.colour);
  assert.deepEqual([first.training, first.border, next.border], ["solid", "solid", "dashed"]);
  for (const { training, validation } of [first, next]) assert.notEqual(training, validation);
});
