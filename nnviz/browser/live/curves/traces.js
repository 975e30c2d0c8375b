// Curves as Plotly traces and layout. Pure: no DOM.

import { t } from "../../common/messages.js";
import { isShare } from "../../common/numbers.js";
import { DASHES } from "../../common/palette.js";
import { css, mix } from "../../common/theme.js";
import { forPlotly } from "../../common/visible.js";
import { smooth } from "../run/curve.js";
import { isEnded, stepOf } from "../run/run_status.js";
import { bandOf } from "./band.js";
import { aggregate } from "./group.js";
import { LABEL } from "./line_ends.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** @typedef {import("../run/curve.js").Axis} Axis */
/** @typedef {import("../run/curve.js").Curve} Curve */
/** The line of a part of the rows. @typedef {{ colour: Colour, dash: string }} Line */
/**
 * A run to draw: possibly hidden by the user, or quiet behind the others. `border`: the dash of its colour in a legend, as CSS.
 * @typedef {{ feed: Pick<import("../run/feed.js").Feed, "run" | "status" | "epochs" | "steps" | "events">, name: string,
 *   colour: Colour, border?: string, lines: { training: Line, validation: Line }, isHidden?: boolean, isBehind?: boolean }} DrawnRun
 */
/**
 * What the user set by hand; `shared` is common to all panels of an element.
 * @typedef {{ shared: { zoomX: number[] | null }, zoomY?: number[] | null, log?: boolean, smoothing?: number,
 *   metric?: string | null }} PanelView
 */

const WHOLE_AXIS = 600;
/** How strong the band of the batches is. */
const BAND = 0.2;
/** So many batches make a band; fewer would be one or two blocks. */
const FEW_BATCHES = 60;
const LINE_OF_FEW = 0.3;
const POINT_OF_FEW = 0.5;
// 463,540 instead of 4.6354e+5, on the axis and in the tooltip.
const NUMBER = ",.5~r";

/** @type {Record<Axis, () => string>} */
const AXES = { epoch: () => t("epoch"), step: () => t("step"), time: () => t("seconds") };

/** @param {string} metric */
const hoverFormat = (metric) => (isShare(metric) ? ".1%" : NUMBER);

/**
 * The curve of single batches; undefined if there is none.
 * @param {DrawnRun["feed"]} feed
 * @param {string} metric
 */
export function batchCurve(feed, metric) {
  return feed.steps.get(metric) ?? feed.steps.get(`batch_${metric}`);
}

/**
 * Whether there are too few batches for a band.
 * @param {Curve} batches
 */
export const isFew = (batches) => batches.value.length < FEW_BATCHES;

/**
 * Dashes and opacities of a run's lines: alone, one of several, or behind another.
 * @param {DrawnRun} run
 * @param {boolean} several
 */
function weights({ isBehind }, several) {
  if (isBehind) return { training: 1.8, validation: 1.5, alpha: 0.75 };
  return several ? { training: 2.2, validation: 1.8, alpha: 1 } : { training: 2.6, validation: 2.2, alpha: 1 };
}

/**
 * Training and validation curves of a run, apart by their dash and, of a single run, by their colour; of that also the band that
 * its batches fill.
 * @param {DrawnRun} run
 * @param {string} metric
 * @param {{ x: Axis, several?: boolean, smoothing?: number }} options
 */
export function runTraces(run, metric, { x, several = false, smoothing = 0 }) {
  const { feed, name, lines, isHidden, isBehind } = run;
  if (isHidden) return [];
  const label = several || isBehind ? `${forPlotly(name)} · ` : "";
  const { alpha, ...widths } = weights(run, several);
  /** @type {(part: "training" | "validation", curve: Curve | undefined, words: string) => object[]} */
  const line = (part, curve, words) => {
    if (!curve) return [];
    const { colour, dash } = lines[part];
    const trace = {
      type: "scatter",
      mode: curve.value.length === 1 ? "markers" : "lines",
      x: curve[x],
      y: smooth(curve.value, smoothing),
      name: `${label}${words}`,
      line: { color: css(colour, alpha), width: widths[part], dash },
      marker: { color: css(colour, alpha), size: 6, symbol: part === "training" ? "circle" : "diamond-open" },
      showlegend: false,
      hovertemplate: `%{y:${hoverFormat(metric)}}<extra>${label}${words}</extra>`,
    };
    return [trace];
  };
  return [
    ...(several || isBehind ? [] : batchTraces(batchCurve(feed, metric), lines.training.colour, x)),
    ...line("validation", feed.epochs.get(`val_${metric}`), t("validation")),
    ...line("training", feed.epochs.get(metric), t("training")),
  ];
}

/**
 * What single batches cost: the band between the lowest and the highest of them; of a few, each as a point on a thin line.
 * @param {Curve | undefined} curve
 * @param {Colour} colour
 * @param {Axis} x
 */
function batchTraces(curve, colour, x) {
  if (!curve) return [];
  const name = t("each batch");
  const quiet = { type: "scatter", hoverinfo: "skip", showlegend: false, name };
  if (isFew(curve)) {
    const line = { color: css(colour, LINE_OF_FEW), width: 1 };
    const marker = { color: css(colour, POINT_OF_FEW), size: 3.5 };
    return [{ ...quiet, mode: "lines+markers", x: curve[x], y: curve.value, line, marker }];
  }
  const band = bandOf(curve[x], curve.value);
  const edge = { ...quiet, mode: "lines", x: band.x, line: { width: 0 } };
  return [
    { ...edge, y: band.low },
    { ...edge, y: band.high, fill: "tonexty", fillcolor: css(colour, BAND) },
  ];
}

/**
 * Validation curves of a group's members, grey except for the current one, and over them the mean with its band.
 * @param {DrawnRun[]} runs
 * @param {string} metric
 * @param {Theme} theme
 * @param {{ x: Axis, group: { current: string }, smoothing?: number }} options
 */
export function groupTraces(runs, metric, theme, { x, group, smoothing = 0 }) {
  const hasValidation = runs.some(({ feed }) => feed.epochs.has(`val_${metric}`));
  const name = hasValidation ? `val_${metric}` : metric;
  const form = hoverFormat(metric);
  const members = runs.flatMap((run) =>
    memberTrace(run, name, theme, { x, smoothing, form, isCurrent: run.feed.run === group.current }),
  );
  const { colour, dash } = hasValidation
    ? { colour: theme.validation, dash: DASHES[0].validation }
    : { colour: theme.training, dash: "solid" };
  const all = aggregate(runs.map(({ feed }) => feed.epochs.get(name)));
  if (!all) return members;
  const edge = { mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false, type: "scatter", x: all[x] };
  const mean = {
    type: "scatter",
    mode: "lines",
    x: all[x],
    y: smooth(all.mean, smoothing),
    showlegend: false,
    customdata: all.count,
    line: { color: css(colour), width: 2.8, dash },
    name: t("mean"),
    hovertemplate: `%{y:${form}}<extra>${t("mean of %{customdata}")}</extra>`,
  };
  return [
    { ...edge, y: smooth(all.low, smoothing) },
    { ...edge, y: smooth(all.high, smoothing), fill: "tonexty", fillcolor: css(colour, BAND) },
    ...members,
    mean,
  ];
}

/**
 * @param {DrawnRun} run
 * @param {string} name of the metric
 * @param {Theme} theme
 * @param {{ x: Axis, smoothing: number, form: string, isCurrent: boolean }} options
 */
function memberTrace({ feed, name: title }, name, theme, { x, smoothing, form, isCurrent }) {
  const curve = feed.epochs.get(name);
  if (!curve) return [];
  const trace = {
    type: "scatter",
    mode: curve.value.length === 1 ? "markers" : "lines",
    x: curve[x],
    y: smooth(curve.value, smoothing),
    line: { color: isCurrent ? css(theme.ink) : css(theme.muted, 0.5), width: isCurrent ? 1.8 : 1 },
    marker: { color: css(theme.muted), size: 5 },
    showlegend: false,
    name: forPlotly(title),
    hoverinfo: isCurrent ? undefined : "skip",
    hovertemplate: isCurrent ? `%{y:${form}}<extra>${forPlotly(title)}</extra>` : undefined,
  };
  return [trace];
}

/**
 * @param {DrawnRun[]} runs
 * @param {string} metric
 * @param {Theme} theme
 * @param {{ x: Axis, height: number, width: number, view: PanelView, revision: number, hasPoints: boolean,
 *   several?: boolean }} options
 */
export function layoutOf(runs, metric, theme, { x, height, width, view, revision, hasPoints, several = false }) {
  const none = hasPoints ? null : [0, 1];
  const rangeX = view.shared.zoomX ?? wholeRange(runs, x) ?? none;
  const rangeY = view.zoomY ?? none;
  const linearFormat = isShare(metric) ? ".0%" : ",~r";
  const small = { color: css(theme.muted), size: 11 };
  const right = several ? 8 : LABEL.width + 2 * LABEL.gap;
  const axis = {
    gridcolor: css(theme.grid),
    zeroline: false,
    showline: false,
    tickfont: small,
    ticks: "outside",
    ticklen: 4,
    tickcolor: "rgba(0,0,0,0)",
    fixedrange: false,
    showticklabels: hasPoints,
  };
  const font = { color: css(theme.ink), size: 12 };
  return {
    width,
    height,
    datarevision: revision,
    margin: { l: 42, r: right, t: 6, b: 36 },
    showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hovermode: "x unified",
    dragmode: "zoom",
    font: { family: theme.font, ...font },
    hoverlabel: { bgcolor: css(mix(theme.paper, theme.ink, 0.03)), bordercolor: css(theme.grid), font },
    xaxis: {
      ...axis,
      showgrid: false,
      nticks: width < 340 ? 4 : 7,
      hoverformat: x === "epoch" ? NUMBER : ".4~s",
      unifiedhovertitle: { text: `${AXES[x]()} %{x}` },
      title: { text: hasPoints ? AXES[x]() : "", font: small, standoff: 4 },
      ...(rangeX ? { range: rangeX, autorange: false } : { autorange: true, rangemode: "tozero" }),
    },
    yaxis: {
      ...axis,
      // without points a line of the grid would run through the words in their place
      showgrid: hasPoints,
      nticks: 5,
      exponentformat: "e",
      type: view.log ? "log" : "linear",
      tickformat: view.log ? ",.1~r" : linearFormat,
      ...(rangeY ? { range: rangeY, autorange: false } : { autorange: true }),
    },
  };
}

/**
 * The range up to the last planned epoch, so that the axis stays as the curve grows; null where the end is unknown.
 * @param {DrawnRun[]} runs
 * @param {Axis} x
 */
export function wholeRange(runs, x) {
  let end = 0;
  for (const { status } of runs.map(({ feed }) => feed)) {
    if (!status) continue;
    const epochs = lastEpoch(status);
    if (x === "epoch") end = Math.max(end, epochs);
    else if (x === "step" && status.per_epoch) end = Math.max(end, stepOf(status, epochs));
    else return null;
  }
  return end > 0 ? [0, end] : null;
}

/**
 * Where the axis of a run ends: for long runs at a part that doubles as they progress.
 * @param {import("../run/run_status.js").Status} status
 */
function lastEpoch(status) {
  if (isEnded(status)) return status.epoch;
  let { epochs } = status;
  if (epochs > WHOLE_AXIS) while (epochs / 2 > Math.max(status.epoch, WHOLE_AXIS / 4)) epochs /= 2;
  return epochs;
}
