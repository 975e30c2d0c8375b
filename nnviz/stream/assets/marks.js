// Where something was done to a run, as thin lines on its charts.

import { called, short } from "./settings.js";
import { t } from "./dom.js";
import { css } from "./theme.js";
import { forPlotly } from "./visible.js";

const MARKED = new Set(["changed", "resumed", "lost", "damaged", "branch"]);

// The event in words.
export function told(event) {
  const { name, before, after } = event.data ?? {};
  if (event.kind === "changed" && name) return t("{name} {before} → {after}", { name: called(name), before: short(before), after: short(after) });
  if (event.kind === "refused") return event.text.replace(/^(\S+) stays as it is/, (whole, path) => t("{name} stays as it is", { name: called(path) }));
  return event.text;
}

// Of the changes of a future that was given up (the run went on from before them) nothing is left.
export function marked(events) {
  let earliest = Infinity;
  const found = [];
  for (const event of [...events].reverse()) {
    if (MARKED.has(event.kind) && !(event.kind === "changed" && event.step > earliest)) found.push(event);
    if (event.kind !== "started") earliest = Math.min(earliest, event.step);
  }
  return found.reverse();
}

function place(event, feed, x) {
  if (x !== "time") return event[x];
  const curve = [...feed.epochs.values(), ...feed.steps.values()].find((known) => known.value.length);
  if (!curve) return null;
  const next = curve.step.findIndex((step) => step >= event.step);
  return curve.time[next < 0 ? curve.time.length - 1 : next];
}

// {shapes, traces, yaxis2} for Plotly, of every run in its own colour; the lines' words appear where the pointer is.
export function marks(runs, theme, { x, several }) {
  const shapes = [];
  const traces = [];
  for (const { feed, name, colour, isHidden } of runs) {
    if (isHidden) continue;
    const places = new Map();
    for (const event of marked(feed.events)) {
      const at = place(event, feed, x);
      if (at != null) places.set(at, [...(places.get(at) ?? []), told(event)]);
    }
    if (!places.size) continue;
    const ink = several ? css(colour, 0.6) : css(theme.muted, 0.75);
    for (const at of places.keys()) {
      shapes.push({ type: "line", layer: "below", x0: at, x1: at, yref: "paper", y0: 0, y1: 1, line: { color: ink, width: 1, dash: "dot" } });
    }
    traces.push({
      type: "scatter", mode: "markers", yaxis: "y2", x: [...places.keys()], y: [...places.keys()].map(() => 1), showlegend: false,
      name: several ? forPlotly(name) : "", marker: { symbol: "triangle-down", size: 7, color: ink }, cliponaxis: false,
      text: [...places.values()].map((words) => forPlotly(words.join("; "), 200)), hovertemplate: `%{text}<extra>${several ? forPlotly(name) : ""}</extra>`,
      meta: "marks",
    });
  }
  return { shapes, traces, yaxis2: traces.length ? { overlaying: "y", range: [0, 1], visible: false, fixedrange: true } : null };
}
