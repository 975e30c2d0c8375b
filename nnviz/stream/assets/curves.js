// Curves of one or several runs by epoch, step or time. The zoom is the user's: no update, rerun or remount takes it away.

import { smooth } from "./curve.js";
import { el, isShare, measure, setText, t } from "./dom.js";
import { together } from "./group.js";
import { marks } from "./marks.js";
import { css, mix } from "./theme.js";
import { forPlotly } from "./visible.js";

const NAMES = { loss: () => t("Loss"), accuracy: () => t("Accuracy"), mae: () => t("MAE"), rmse: () => t("RMSE"),
  r2: () => t("R²"), penalty: () => t("Penalty") };
const WHOLE_AXIS = 600;
// 463,540 and not 4.6354e+5, on the axis and at the cursor.
const NUMBER = ",.5~r";

export function title(metric) {
  return NAMES[metric]?.() ?? metric.replaceAll("_", " ");
}

// `view` outlives the element: {zoomX, zoomY, log, smoothing, metric, hidden}.
export class CurvePanel {
  constructor(host, { plotly, view, height, onZoom, controls }) {
    this.plotly = plotly;
    this.view = view;
    this.onZoom = onZoom;
    this.revision = 0;
    this.isHeld = false;
    this.name = el("h3", {});
    this.choice = el("select", { "aria-label": t("Metric"), onchange: () => {
      view.metric = this.choice.value;
      view.zoomY = null;
      this.onZoom();
    } });
    this.values = el("div", { class: "nv-values" });
    this.legend = el("div", { class: "nv-legend" });
    this.logButton = el("button", { type: "button", class: "nv-tiny", title: t("Logarithmic axis"), onclick: () => {
      view.log = !view.log;
      view.zoomY = null;
      this.onZoom();
    } }, t("log"));
    this.smoothButton = el("button", { type: "button", class: "nv-tiny", title: t("Smooth the curves"), onclick: () => {
      view.smoothing = view.smoothing ? 0 : 0.8;
      this.onZoom();
    } }, t("smooth"));
    this.plot = el("div", { class: "nv-plot", style: `height:${height}px` });
    this.empty = el("div", { class: "nv-empty" });
    this.cursor = el("i", { class: "nv-cursor" });
    this.under = el("div", { class: "nv-under" }, this.legend,
      controls ? el("div", { class: "nv-tools" }, this.logButton, this.smoothButton) : null);
    this.root = el("section", { class: "nv-panel" },
      el("header", {}, el("div", { class: "nv-name" }, this.name, this.choice), this.values),
      this.under, el("div", { class: "nv-box" }, this.plot, this.cursor, this.empty));
    host.append(this.root);
    this.plot.addEventListener("pointerdown", () => {
      this.isHeld = true;
      addEventListener("pointerup", () => setTimeout(() => { this.isHeld = false; }, 60), { once: true });
    });
  }

  listen() {
    if (this.isListening) return;
    this.isListening = true;
    this.plot.on("plotly_relayout", (change) => {
      if ("xaxis.range[0]" in change) this.view.shared.zoomX = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if ("yaxis.range[0]" in change) this.view.zoomY = [change["yaxis.range[0]"], change["yaxis.range[1]"]];
      this.onZoom(this);
    });
    this.plot.on("plotly_doubleclick", () => {
      this.view.shared.zoomX = null;
      this.view.zoomY = null;
      this.onZoom();
      return false;
    });
  }

  // `runs`: [{feed, name, colour}]; `options`: {x, height, several, choices}.
  draw(runs, metric, theme, options) {
    const { view } = this;
    this.drawn = { runs, metric, options };
    setText(this.name, title(metric));
    this.drawChoice(metric, options.choices);
    this.drawValues(runs, metric, theme, options.several);
    this.logButton.setAttribute("aria-pressed", String(Boolean(view.log)));
    this.smoothButton.setAttribute("aria-pressed", String(Boolean(view.smoothing)));
    const traces = options.group ? this.groupTraces(runs, metric, theme, options)
      : [...runs].sort((a, b) => Boolean(b.isBehind) - Boolean(a.isBehind)).flatMap((run) => this.traces(run, metric, theme, options));
    const hasPoints = traces.some((trace) => trace.x.length);
    this.empty.style.display = hasPoints ? "none" : "";
    setText(this.empty, hasPoints ? "" : options.waiting);
    this.under.style.display = options.several ? "none" : "";
    this.under.style.visibility = hasPoints ? "" : "hidden";
    this.plot.style.height = `${options.height}px`;
    const width = this.plot.clientWidth;
    if (width < 40) return;
    this.revision += 1;
    const done = options.group || !hasPoints ? { shapes: [], traces: [] } : marks(runs, theme, options);
    const layout = this.layout(runs, metric, theme, options, width, hasPoints);
    const drawn = this.plotly.react(this.plot, [...traces, ...done.traces],
      { ...layout, shapes: done.shapes, ...(done.yaxis2 ? { yaxis2: done.yaxis2 } : {}) },
      { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false });
    drawn.then(() => this.listen());
  }

  drawChoice(metric, choices) {
    const several = choices.length > 1;
    this.choice.style.display = several ? "" : "none";
    this.name.style.display = several ? "none" : "";
    const key = choices.join();
    if (this.choiceKey !== key) {
      this.choiceKey = key;
      this.choice.replaceChildren(...choices.map((name) => el("option", { value: name }, title(name))));
    }
    if (this.choice.value !== metric) this.choice.value = metric;
  }

  drawValues(runs, metric, theme, several) {
    this.values.style.display = several ? "none" : "";
    this.legend.style.display = several ? "none" : "";
    if (several || !runs.length) return;
    const [{ feed, colour }] = runs;
    const last = (name) => this.moment?.frame?.metrics?.[name] ?? valueAt(feed.epochs.get(name), this.moment);
    const items = [["train", t("train"), last(metric)], ["val", t("val"), last(`val_${metric}`)]].filter((item) => item[2] !== undefined);
    const key = items.map((item) => item.join()).join("|") + theme.key + runs.length + (feed.status?.sample ?? "");
    if (key === this.valuesKey) return;
    this.valuesKey = key;
    this.values.replaceChildren(...items.flatMap(([kind, label, value]) => [
      el("span", { class: "nv-label" }, label),
      el("strong", { class: `nv-value nv-${kind}`, style: kind === "train" ? `color:${css(colour)}` : null }, measure(metric, value)),
    ]));
    const swatch = (label, style, title = null) => el("span", { title }, el("i", { style }), label);
    const { sample } = feed.status ?? {};
    const hasBatch = batch(feed, metric) !== undefined;
    this.legend.replaceChildren(...[
      swatch(sample ? t("train (sample)") : t("train"), `border-top:3px solid ${css(colour)}`, sample ? t("After each epoch: {sample}. At the end: all of them", { sample }) : null),
      feed.epochs.has(`val_${metric}`) ? swatch(t("val"), `border-top:1.4px solid ${css(colour, 0.8)}`) : null,
      hasBatch ? swatch(t("batches"), `border-top:1.5px solid ${css(colour, 0.3)}`) : null,
      runs.some((run) => run.isBehind) ? swatch(t("parent"), `border-top:2px solid ${css(theme.muted, 0.5)}`) : null,
    ].filter(Boolean));
  }

  // A line at the moment that is looked at, and the numbers of then: laid over the chart, which is not drawn anew for it.
  mark(moment, theme) {
    this.moment = moment;
    if (!this.drawn) return;
    const { runs, metric, options } = this.drawn;
    this.drawValues(runs, metric, theme, options.several);
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    const at = moment && xaxis ? xaxis._offset + xaxis.d2p(moment[options.x]) : NaN;
    const isShown = at >= xaxis?._offset - 1 && at <= xaxis?._offset + xaxis?._length + 1;
    this.cursor.style.display = isShown ? "block" : "none";
    if (isShown) Object.assign(this.cursor.style, { left: `${at}px`, top: `${yaxis._offset}px`, height: `${yaxis._length}px` });
  }

  traces({ feed, name, colour, isHidden, isBehind }, metric, theme, { x, several }) {
    if (isHidden) return [];
    const weight = this.view.smoothing ?? 0;
    const label = several || isBehind ? `${forPlotly(name)} · ` : "";
    const line = (curve, words, width, alpha, hover) => ({
      type: "scatter", mode: curve.value.length === 1 ? "markers" : "lines", x: curve[x], y: smooth(curve.value, weight), name: `${label}${words}`,
      line: { color: css(colour, alpha), width }, marker: { color: css(colour, alpha), size: 5 },
      hoverinfo: hover ? undefined : "skip", showlegend: false,
      hovertemplate: hover ? `%{y:${isShare(metric) ? ".1%" : NUMBER}}<extra>${label}${words}</extra>` : undefined,
    });
    const found = [];
    const noisy = batch(feed, metric);
    if (noisy && !several && !isBehind) found.push(line(noisy, t("each batch"), 1, 0.2, false));
    const validation = feed.epochs.get(`val_${metric}`);
    if (validation) found.push(line(validation, t("validation"), 1.4, isBehind ? 0.4 : several ? 0.6 : 0.8, true));
    const training = feed.epochs.get(metric);
    if (training) found.push(line(training, t("training"), isBehind ? 2 : several ? 2.4 : 2.8, isBehind ? 0.5 : 1, true));
    return found;
  }

  // Members faintly by their validation (the one that is looked at in its colour), over them mean and band.
  groupTraces(runs, metric, theme, { x, group }) {
    const weight = this.view.smoothing ?? 0;
    const name = runs.some(({ feed }) => feed.epochs.has(`val_${metric}`)) ? `val_${metric}` : metric;
    const form = isShare(metric) ? ".1%" : NUMBER;
    const found = runs.filter(({ feed }) => feed.epochs.has(name)).map((run) => {
      const curve = run.feed.epochs.get(name);
      const isCurrent = run.feed.run === group.current;
      return {
        type: "scatter", mode: curve.value.length === 1 ? "markers" : "lines", x: curve[x], y: smooth(curve.value, weight),
        line: { color: isCurrent ? css(theme.classes[1]) : css(theme.muted, 0.35), width: isCurrent ? 1.8 : 1 },
        marker: { color: css(theme.muted), size: 5 }, showlegend: false, name: forPlotly(run.name),
        hoverinfo: isCurrent ? undefined : "skip",
        hovertemplate: isCurrent ? `%{y:${form}}<extra>${forPlotly(run.name)}</extra>` : undefined,
      };
    });
    const all = together(runs.map(({ feed }) => feed.epochs.get(name)));
    if (!all) return found;
    const edge = { mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false, type: "scatter", x: all[x] };
    return [
      { ...edge, y: smooth(all.low, weight) },
      { ...edge, y: smooth(all.high, weight), fill: "tonexty", fillcolor: css(theme.accent, 0.18) },
      ...found,
      { type: "scatter", mode: "lines", x: all[x], y: smooth(all.mean, weight), showlegend: false, customdata: all.count,
        line: { color: css(theme.accent), width: 2.8 }, name: t("mean"),
        hovertemplate: `%{y:${form}}<extra>${t("mean of %{customdata}")}</extra>` },
    ];
  }

  layout(runs, metric, theme, { x, height }, width, hasPoints) {
    const { view } = this;
    const axis = {
      gridcolor: css(theme.grid), zeroline: false, showline: false, tickfont: { color: css(theme.muted), size: 11 },
      ticks: "outside", ticklen: 4, tickcolor: "rgba(0,0,0,0)", fixedrange: false, showticklabels: hasPoints,
    };
    const rangeX = view.shared.zoomX ?? wholeRange(runs, x) ?? (hasPoints ? null : [0, 1]);
    const rangeY = view.zoomY ?? (hasPoints ? null : [0, 1]);
    return {
      width, height, datarevision: this.revision, margin: { l: 42, r: 8, t: 6, b: 36 }, showlegend: false,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", hovermode: "x unified", dragmode: "zoom",
      font: { family: theme.font, color: css(theme.ink), size: 12 },
      hoverlabel: { bgcolor: css(mix(theme.paper, theme.ink, 0.03)), bordercolor: css(theme.grid), font: { color: css(theme.ink), size: 12 } },
      xaxis: { ...axis, showgrid: false, nticks: width < 340 ? 4 : 7, hoverformat: x === "epoch" ? NUMBER : ".4~s",
        unifiedhovertitle: { text: `${{ epoch: t("epoch"), step: t("step"), time: t("seconds") }[x]} %{x}` },
        title: { text: !hasPoints ? "" : { epoch: t("epoch"), step: t("step"), time: t("seconds") }[x], font: { size: 11, color: css(theme.muted) }, standoff: 4 },
        ...(rangeX ? { range: rangeX, autorange: false } : { autorange: true, rangemode: "tozero" }) },
      yaxis: { ...axis, nticks: 5, exponentformat: "e", type: view.log ? "log" : "linear", tickformat: view.log ? ",.1~r" : isShare(metric) ? ".0%" : ",~r",
        ...(rangeY ? { range: rangeY, autorange: false } : { autorange: true }) },
    };
  }
}

// A curve's last value, or the last one before a moment.
function valueAt(curve, moment) {
  if (!moment || !curve) return curve?.value.at(-1);
  const after = curve.step.findIndex((step) => step > moment.step);
  return curve.value.at(after < 0 ? -1 : Math.max(after - 1, 0));
}

function batch(feed, metric) {
  return feed.steps.get(metric) ?? feed.steps.get(`batch_${metric}`);
}

// The whole way to the last epoch, so that the curve grows into its place; long runs start with a part that doubles.
function wholeRange(runs, x) {
  let end = 0;
  for (const { feed } of runs) {
    const status = feed.status;
    if (!status) continue;
    const isEnded = ["finished", "stopped", "failed", "diverged"].includes(status.status);
    let epochs = isEnded ? status.epoch : status.epochs;
    if (!isEnded && epochs > WHOLE_AXIS) while (epochs / 2 > Math.max(status.epoch, WHOLE_AXIS / 4)) epochs /= 2;
    if (x === "epoch") end = Math.max(end, epochs);
    else if (x === "step" && status.per_epoch) end = Math.max(end, feed.stepOf(epochs));
    else return null;
  }
  return end > 0 ? [0, end] : null;
}
