// Plots of functions with their derivatives, and the result of a gradient check in words.

import { el, svg } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/** @typedef {import("./slope.js").Curve} Curve */
/** @typedef {import("./slope.js").SlopeCheck} SlopeCheck */
/**
 * The drawing covers [from, to] and at least [low, high], at most `limit` from zero.
 * @typedef {{ from?: number, to?: number, low?: number, high?: number, limit?: number, second?: Curve | null, title?: string }} PlotOptions
 */

const WIDTH = 280;
const HEIGHT = 110;
const PAD = 6;
const STEPS = 140;

/**
 * An SVG path through points, interrupted where they are far outside of the drawing.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {{ px: (x: number) => number, py: (y: number) => number, bottom: number, top: number }} frame
 */
export function linePath(xs, ys, { px, py, bottom, top }) {
  const reach = 0.3 * (top - bottom);
  let path = "";
  let isDrawing = false;
  ys.forEach((y, i) => {
    const isInside = Number.isFinite(y) && y >= bottom - reach && y <= top + reach;
    if (isInside) path += `${isDrawing ? "L" : "M"}${px(xs[i]).toFixed(1)} ${py(y).toFixed(1)}`;
    isDrawing = isInside;
  });
  return path;
}

/**
 * An SVG drawing of a function (strong) and its derivative (dashed); `second`: another function (dotted).
 * @param {Curve} f
 * @param {PlotOptions} [options]
 */
export function drawCurve(f, { from = -4, to = 4, low = -1.5, high = 1.5, limit = 6, second = null, title = "" } = {}) {
  const xs = Array.from({ length: STEPS + 1 }, (_, i) => from + ((to - from) * i) / STEPS);
  const values = xs.map((x) => f(x));
  const others = second ? xs.map((x) => second(x)) : [];
  const seen = [...values, ...others].filter((v) => Number.isFinite(v) && Math.abs(v) < 1e3);
  const bottom = Math.max(Math.min(low, ...seen), -limit);
  const top = Math.min(Math.max(high, ...seen), limit);
  /** @param {number} x */
  const px = (x) => PAD + ((x - from) / (to - from)) * (WIDTH - 2 * PAD);
  /** @param {number} y */
  const py = (y) => HEIGHT - PAD - ((y - bottom) / (top - bottom)) * (HEIGHT - 2 * PAD);
  const frame = { px, py, bottom, top };
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "curve", role: "img", "aria-label": title },
    svg("title", {}, title),
    ...axes(from, to, frame),
    svg("path", { class: "slope", d: linePath(xs, xs.map(f.slope), frame) }),
    ...(second ? [svg("path", { class: "second", d: linePath(xs, others, frame) })] : []),
    svg("path", { class: "function", d: linePath(xs, values, frame) }),
  );
}

/**
 * @param {number} from
 * @param {number} to
 * @param {{ px: (x: number) => number, py: (y: number) => number, bottom: number, top: number }} frame
 */
function axes(from, to, { px, py, bottom, top }) {
  const nodes = [];
  if (bottom < 0 && top > 0) nodes.push(svg("path", { class: "axis", d: `M${PAD} ${py(0)}H${WIDTH - PAD}` }));
  if (from <= 0 && to > 0) nodes.push(svg("path", { class: "axis", d: `M${px(0)} ${PAD}V${HEIGHT - PAD}` }));
  const under = from < 0 ? Math.min(py(Math.max(bottom, 0)) + 11, HEIGHT - 2) : HEIGHT - 1;
  for (const tick of [from, to].filter((v) => v !== 0)) {
    const anchor = tick === from ? "start" : "end";
    nodes.push(svg("text", { x: px(tick), y: under, class: "tick", "text-anchor": anchor }, String(tick)));
  }
  const marks = top > 12 ? [Math.round(top / 2)] : [1, -1];
  for (const mark of marks.filter((v) => v > bottom && v < top && from < 0)) {
    nodes.push(svg("path", { class: "axis", d: `M${px(0) - 2} ${py(mark)}h4` }));
    nodes.push(svg("text", { x: px(0) - 5, y: py(mark) + 3, class: "tick", "text-anchor": "end" }, String(mark)));
  }
  return nodes;
}

/**
 * A drawing with a legend under it.
 * @param {SVGElement} drawing
 * @param {string} name
 * @param {string} [second]
 */
export function withLegend(drawing, name, second = "") {
  const legend = el(
    "div",
    { class: "legend", "aria-hidden": "true" },
    el("span", {}, name),
    second ? el("span", { class: "second-key" }, second) : null,
    el("span", { class: "slope-key" }, t("its slope")),
  );
  return el("div", {}, drawing, legend);
}

/** @param {number} x */
const short = (x) => String(+x.toPrecision(3));

/**
 * The result of gradient checks: whether they passed, and sentences about them.
 * @param {SlopeCheck[]} checks
 */
export function slopeWords(checks) {
  const wrong = checks.map((check) => check.wrong).find(Boolean);
  if (wrong) {
    const values = { x: short(wrong.x), rule: short(wrong.rule), numeric: short(wrong.numeric) };
    return { isGood: false, words: t("✕ At {x} the slope is {rule} by the rules and {numeric} by differences.", values) };
  }
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  const kinks = [...new Set(checks.flatMap((check) => check.kinks))].sort((a, b) => a - b);
  const outcome = points ? t("✓ Slope agrees with differences at {points} points.", { points }) : t("No slope to check here.");
  return { isGood: true, words: [outcome, kinkWords(kinks)].filter(Boolean).join(" ") };
}

/** @param {number[]} kinks */
function kinkWords(kinks) {
  if (kinks.length > 6) return t("{n} kinks.", { n: kinks.length });
  return kinks.length ? t("Kinks at {places}.", { places: kinks.map(short).join(", ") }) : "";
}

/**
 * The result of gradient checks as a note under a drawing.
 * @param {SlopeCheck[]} checks
 */
export function slopeNote(checks) {
  const { isGood, words } = slopeWords(checks);
  return el("div", { class: isGood ? "slope-note" : "slope-note bad" }, words);
}
