// Events of a run as thin vertical lines on its charts.

import { css } from "../../common/theme.js";
import { forPlotly } from "../../common/visible.js";
import { short, withoutPaths } from "../run/setting_labels.js";

/** @typedef {import("../run/feed.js").RunEvent} RunEvent */
/** @typedef {import("../run/curve.js").Axis} Axis */
/** @typedef {import("./traces.js").DrawnRun} DrawnRun */

const MARKED_KINDS = new Set(["changed", "edited", "resumed", "lost", "damaged", "branch"]);

/**
 * The event in words.
 * @param {Pick<RunEvent, "kind" | "text" | "data">} event
 */
export function describeEvent({ kind, text, data }) {
  const { name, before, after } = data ?? {};
  if (kind === "changed" && name) {
    return withoutPaths(`${name} ${short(before)} → ${short(after)}`);
  }
  return withoutPaths(text);
}

/**
 * The events to mark, without changes that a later resume from an earlier step discarded.
 * @template {Pick<RunEvent, "kind" | "step">} Event
 * @param {Event[]} events
 */
export function markedEvents(events) {
  let earliest = Number.POSITIVE_INFINITY;
  /** @type {Event[]} */
  const left = [];
  for (const event of events.toReversed()) {
    const isGivenUp = ["changed", "edited"].includes(event.kind) && event.step > earliest;
    if (MARKED_KINDS.has(event.kind) && !isGivenUp) left.push(event);
    if (event.kind !== "started") earliest = Math.min(earliest, event.step);
  }
  return left.reverse();
}

/**
 * The position of an event on an axis; null where it is unknown. Its seconds are those of the next point of any curve.
 * @param {RunEvent} event
 * @param {DrawnRun["feed"]} feed
 * @param {Axis} x
 */
function place(event, feed, x) {
  if (x !== "time") return event[x];
  const curve = [...feed.epochs.values(), ...feed.steps.values()].find((known) => known.value.length);
  if (!curve) return null;
  const next = curve.step.findIndex((step) => step >= event.step);
  return curve.time[next < 0 ? curve.time.length - 1 : next];
}

/**
 * Descriptions of the marked events by their position on the axis.
 * @param {DrawnRun["feed"]} feed
 * @param {Axis} x
 */
function wordsByPlace(feed, x) {
  /** @type {Map<number, string[]>} */
  const places = new Map();
  for (const event of markedEvents(feed.events)) {
    const at = place(event, feed, x);
    if (at != null) places.set(at, [...(places.get(at) ?? []), describeEvent(event)]);
  }
  return places;
}

/**
 * Shapes, traces and a second axis for Plotly, for every run in its own colour; descriptions appear on hover.
 * @param {DrawnRun[]} runs
 * @param {import("../../common/theme.js").Theme} theme
 * @param {{ x: Axis, several?: boolean }} options
 */
export function marks(runs, theme, { x, several }) {
  const drawn = runs.filter(({ isHidden }) => !isHidden);
  const marksOfRuns = drawn.map((run) => {
    const colour = several ? css(run.colour, 0.6) : css(theme.muted, 0.75);
    return marksOf(wordsByPlace(run.feed, x), colour, several ? forPlotly(run.name) : "");
  });
  const traces = marksOfRuns.flatMap(({ trace }) => trace ?? []);
  const yaxis2 = traces.length ? { overlaying: "y", range: [0, 1], visible: false, fixedrange: true } : null;
  return { shapes: marksOfRuns.flatMap(({ shapes }) => shapes), traces, yaxis2 };
}

/**
 * @param {Map<number, string[]>} places
 * @param {string} colour
 * @param {string} name
 */
function marksOf(places, colour, name) {
  const line = { color: colour, width: 1, dash: "dot" };
  const at = [...places.keys()];
  const shapes = at.map((x) => ({ type: "line", layer: "below", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line }));
  if (!at.length) return { shapes, trace: null };
  const trace = {
    type: "scatter",
    mode: "markers",
    yaxis: "y2",
    x: at,
    y: at.map(() => 1),
    showlegend: false,
    name,
    marker: { symbol: "triangle-down", size: 7, color: colour },
    cliponaxis: false,
    text: [...places.values()].map((words) => forPlotly(words.join("; "), 200)),
    hovertemplate: `%{text}<extra>${name}</extra>`,
    meta: "marks",
  };
  return { shapes, trace };
}
