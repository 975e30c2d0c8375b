// The evidence of a finding on the charts: a shaded stretch, and a line at a level. Pure: no DOM.

import { css } from "../../common/theme.js";
import { forPlotly } from "../../common/visible.js";
import { epochOf } from "../run/run_status.js";

/** @typedef {import("../doctor/doctor_words.js").Mark} Mark */

/**
 * Whether a series is drawn in the panel of a metric.
 * @param {string} series
 * @param {string} metric
 */
export const isOf = (series, metric) => series.replace(/^(val|batch)_/, "") === metric;

/**
 * Shapes and annotations for Plotly.
 * @param {Mark[]} marks
 * @param {import("./traces.js").DrawnRun["feed"]} feed
 * @param {string} metric
 * @param {import("../../common/theme.js").Theme} theme
 * @param {{ x: import("../run/curve.js").Axis, log?: boolean }} options
 */
export function evidence(marks, feed, metric, theme, { x, log }) {
  const colour = theme.muted;
  const drawn = marks.filter(({ series }) => isOf(series, metric));
  const shapes = drawn.flatMap(({ first, last, level }) => {
    const [x0, x1] = [placeOf(feed, first, x), placeOf(feed, last, x)];
    if (!Number.isFinite(x0) || !Number.isFinite(x1)) return [];
    const area = { type: "rect", layer: "below", x0, x1, yref: "paper", y0: 0, y1: 1, line: { width: 0 } };
    const shaded = { ...area, fillcolor: css(colour, 0.16) };
    if (!hasLine(level, log)) return [shaded];
    const line = { color: css(colour, 0.8), width: 1, dash: "dash" };
    return [shaded, { type: "line", layer: "above", x0, x1, y0: level, y1: level, line }];
  });
  const annotations = drawn
    .filter(({ text, first }) => text && Number.isFinite(placeOf(feed, first, x)))
    .slice(0, 1)
    .map(({ first, last, level, text }) => ({
      // a stretch near the end has its text before that end, where there is room
      ...(first > (feed.status?.step ?? Number.POSITIVE_INFINITY) / 2
        ? { x: placeOf(feed, last, x), xanchor: "right" }
        : { x: placeOf(feed, first, x), xanchor: "left" }),
      y: 1,
      yref: "paper",
      yanchor: "top",
      showarrow: false,
      text: (hasLine(level, log) ? "– – " : "") + forPlotly(text, 60),
      font: { size: 11, color: css(colour) },
    }));
  return { shapes, annotations };
}

/** @type {(level: number | null, log: boolean | undefined) => boolean} */
const hasLine = (level, log) => level !== null && Number.isFinite(level) && (!log || level > 0);

/**
 * @param {import("./traces.js").DrawnRun["feed"]} feed
 * @param {number} step
 * @param {import("../run/curve.js").Axis} x
 */
function placeOf(feed, step, x) {
  if (x === "step") return step;
  if (x === "epoch") return epochOf(feed.status, step);
  const curve = [...feed.epochs.values(), ...feed.steps.values()].find((known) => known.value.length);
  if (!curve) return Number.NaN;
  const next = curve.step.findIndex((known) => known >= step);
  return curve.time[next < 0 ? curve.time.length - 1 : next];
}
