// The data that Python sends to live elements, and the view settings that the user changes. Pure: no DOM.

import { DASHES, runLook } from "../common/palette.js";

/** @typedef {import("../common/theme.js").Theme} Theme */
/** @typedef {{ id: string, name?: string, colour?: number, behind?: boolean }} RunData `colour`: its place in the scale */
/**
 * What Python sends (nnviz.ui.common.live): `parts` to draw, of curves, scrubber, race, lower and status; `panels` of
 * curves; `offers`: what can be asked of a moment; `mend`: whether a finding's remedy can be started; `guessed`: what the doctor says stays hidden; `examples`: see `DoctorPanel`; `beside`: whether the network stands beside what it has learned; `opened`:
 * views that are open at first, whatever address and browser say; and what
 * Learned takes.
 * @typedef {{ key: string, runs: RunData[], parts: string[], panels: number, several: boolean, controls: boolean,
 *   x: import("./run/curve.js").Axis, height: number, plotly: string, messages: Record<string, string>,
 *   measures: import("../common/numbers.js").Metric[], metrics?: string[], nouns: import("./run/setting_labels.js").Nouns,
 *   log?: boolean, smoothing?: number, task?: string, cost?: import("./curves/metric_help.js").Cost | null, group?: { current: string },
 *   views?: import("./views/open_views.js").ViewEntry[], beside?: boolean, opened?: string[],
 *   offers?: import("./history/scrubber_view.js").Question[], mend?: boolean, guessed?: boolean, examples?: string[] } & import("./strip/status_bar.js").Page &
 *   import("./learned/learned.js").Rows} LiveData
 */
/**
 * What the user set by hand, and `runs`, the runs that it applies to.
 * @typedef {{ shared: { zoomX: number[] | null }, panels: import("./curves/traces.js").PanelView[], hidden: Set<string>,
 *   runs?: string } & import("./history/scrubber.js").ScrubberMemory} LiveView
 */

/** By the element's key: it outlives reruns and remounts. @type {Map<string, LiveView>} */
const views = new Map();

/**
 * @param {string} key
 * @returns {LiveView}
 */
export function viewOf(key) {
  const view = views.get(key) ?? { shared: { zoomX: null }, panels: [], hidden: new Set() };
  views.set(key, view);
  return view;
}

/** @param {LiveView} view */
export function zoomOut({ shared, panels }) {
  shared.zoomX = null;
  for (const panel of panels) panel.zoomY = null;
}

/**
 * Applies the values of the page's own controls that have changed.
 * @param {LiveView} view
 * @param {Pick<LiveData, "log" | "smoothing" | "x" | "metrics">} data
 * @param {Pick<LiveData, "log" | "smoothing" | "x" | "metrics"> | null} before null for an element that is new
 */
export function applySettings({ shared, panels }, data, before) {
  for (const name of /** @type {const} */ (["log", "smoothing"])) {
    const value = data[name];
    if (value == null || before?.[name] === value) continue;
    for (const panel of panels) {
      if (before && panel[name] !== value) panel.zoomY = null;
      Object.assign(panel, { [name]: value });
    }
  }
  if (!before) return;
  if (before.x !== data.x) shared.zoomX = null;
  if (before.metrics?.join() === data.metrics?.join()) return;
  for (const panel of panels) Object.assign(panel, { metric: null, zoomY: null });
}

/**
 * A run with its name, colour and dashes, ready to be drawn: one alone has a colour for each part of the rows.
 * @param {import("./curves/traces.js").DrawnRun["feed"]} feed
 * @param {RunData} run
 * @param {{ place: number, several: boolean, hidden: Set<string>, theme: Theme }} options `place` among the runs
 * @returns {import("./curves/traces.js").DrawnRun}
 */
export function drawnRun(feed, { name, colour, behind }, { place, several, hidden, theme }) {
  const own = runLook(theme.runs, colour ?? place);
  /** @type {(part: "training" | "validation") => import("./curves/traces.js").Line} */
  const line = (part) => {
    if (behind) return { colour: theme.muted, dash: DASHES[0][part] };
    return several ? { colour: own.colour, dash: own[part] } : { colour: theme[part], dash: DASHES[0][part] };
  };
  return {
    feed,
    name: name ?? feed.status?.name ?? feed.run,
    isHidden: hidden.has(feed.run),
    isBehind: behind,
    colour: line("training").colour,
    border: own.border,
    lines: { training: line("training"), validation: line("validation") },
  };
}

/**
 * The runs as they are drawn, in their order; of a race, whose first run is the one that is looked at, in that of their colours.
 * @param {import("./run/feed.js").Feed[]} feeds
 * @param {Pick<LiveData, "runs" | "several" | "parts">} data
 * @param {Set<string>} hidden
 * @param {Theme} theme
 */
export function drawnRuns(feeds, { runs, several, parts }, hidden, theme) {
  const placeOf = (/** @type {number} */ place) => (parts.includes("race") ? (runs[place].colour ?? place) : place);
  const drawn = feeds.map((feed, place) => drawnRun(feed, runs[place], { place, several, hidden, theme }));
  return drawn
    .map((run, place) => ({ run, place: placeOf(place) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ run }) => run);
}
