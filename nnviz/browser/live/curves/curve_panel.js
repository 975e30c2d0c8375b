// Curves of one or several runs by epoch, step or time. The user's zoom survives updates, reruns and remounts.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { measure, metricTitle } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { LineEnds } from "./end_labels.js";
import { evidence } from "./evidence.js";
import { marks } from "./marks.js";
import { MetricHelp } from "./metric_help.js";
import { batchCurve, groupTraces, isFew, layoutOf, runTraces } from "./traces.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./traces.js").DrawnRun} DrawnRun */
/** @typedef {import("./traces.js").PanelView} PanelView */
/** @typedef {import("../history/scrubber.js").Moment} Moment */
/**
 * `plotly`: the library; `choices`: the selectable metrics; `shaded`: the evidence of a finding; `waiting`: the text as long as there
 * are no points.
 * @typedef {{ plotly: any, x: import("../run/curve.js").Axis, height: number, several: boolean, choices: string[],
 *   waiting: string, cost?: import("./metric_help.js").Cost | null, group?: { current: string },
 *   shaded: import("./evidence.js").Mark[] }} PanelOptions
 */

const MIN_WIDTH = 40;
const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false };

export class CurvePanel {
  /**
   * @param {HTMLElement} host
   * @param {{ view: PanelView, height: number, onZoom: () => void, controls: boolean }} options `view` outlives
   *   the element
   */
  constructor(host, { view, height, onZoom, controls }) {
    this.view = view;
    this.onZoom = onZoom;
    this.revision = 0;
    this.isHeld = false;
    this.isListening = false;
    this.choiceKey = "";
    this.kinds = "";
    this.legendKey = "";
    /** @type {Moment | null} */
    this.moment = null;
    /** @type {{ runs: DrawnRun[], metric: string, options: PanelOptions } | null} */
    this.drawn = null;
    this.name = el("h3", {});
    this.choice = el("select", {
      "aria-label": t("Metric"),
      onchange: () => {
        view.metric = this.choice.value;
        view.zoomY = null;
        this.onZoom();
      },
    });
    this.help = new MetricHelp();
    this.values = el("div", { class: "nv-values" });
    this.legend = el("div", { class: "nv-legend" });
    this.logButton = el(
      "button",
      {
        type: "button",
        class: "nv-tiny",
        title: t("Logarithmic axis"),
        onclick: () => {
          view.log = !view.log;
          view.zoomY = null;
          this.onZoom();
        },
      },
      t("log"),
    );
    this.smoothButton = el(
      "button",
      {
        type: "button",
        class: "nv-tiny",
        title: t("Smooth the curves"),
        onclick: () => {
          view.smoothing = view.smoothing ? 0 : 0.8;
          this.onZoom();
        },
      },
      t("smooth"),
    );
    /** @type {any} Plotly adds to it */
    this.plot = el("div", { class: "nv-plot", style: `height:${height}px` });
    this.empty = el("div", { class: "nv-empty" });
    this.cursor = el("i", { class: "nv-cursor" });
    this.ends = new LineEnds();
    this.tools = el("div", { class: "nv-tools" }, this.legend, ...(controls ? [this.logButton, this.smoothButton] : []));
    this.under = el("div", { class: "nv-under" }, this.values);
    this.root = el(
      "section",
      { class: "nv-panel" },
      el("header", {}, el("div", { class: "nv-name" }, this.name, this.choice, this.help.root), this.tools),
      this.under,
      el("div", { class: "nv-box" }, this.plot, this.cursor, this.ends.root, this.empty),
    );
    host.append(this.root);
    this.plot.addEventListener("pointerdown", () => {
      this.isHeld = true;
      addEventListener(
        "pointerup",
        () =>
          setTimeout(() => {
            this.isHeld = false;
          }, 60),
        { once: true },
      );
    });
  }

  listen() {
    if (this.isListening) return;
    this.isListening = true;
    this.plot.on("plotly_relayout", (/** @type {Record<string, number>} */ change) => {
      if ("xaxis.range[0]" in change) this.view.shared.zoomX = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if ("yaxis.range[0]" in change) this.view.zoomY = [change["yaxis.range[0]"], change["yaxis.range[1]"]];
      this.onZoom();
    });
    this.plot.on("plotly_doubleclick", () => {
      this.view.shared.zoomX = null;
      this.view.zoomY = null;
      this.onZoom();
      return false;
    });
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {string} metric
   * @param {Theme} theme
   * @param {PanelOptions} options
   */
  draw(runs, metric, theme, options) {
    const { view } = this;
    this.drawn = { runs, metric, options };
    setText(this.name, metricTitle(metric));
    this.help.draw(metric, options.cost);
    this.drawChoice(metric, options.choices);
    this.drawValues(runs, metric, theme, options.several);
    this.logButton.setAttribute("aria-pressed", String(Boolean(view.log)));
    this.smoothButton.setAttribute("aria-pressed", String(Boolean(view.smoothing)));
    const traces = this.traces(runs, metric, theme, options);
    const hasPoints = traces.some((/** @type {any} */ trace) => trace.x.length);
    this.empty.style.display = hasPoints ? "none" : "";
    setText(this.empty, hasPoints ? "" : options.waiting);
    this.under.style.display = options.several ? "none" : "";
    this.under.style.visibility = this.tools.style.visibility = hasPoints ? "" : "hidden";
    this.plot.style.height = `${options.height}px`;
    const width = this.plot.clientWidth;
    if (width < MIN_WIDTH) return;
    this.revision += 1;
    const eventMarks = options.group || !hasPoints ? { shapes: [], traces: [], yaxis2: null } : marks(runs, theme, options);
    const { x, height } = options;
    const { several } = options;
    const layout = layoutOf(runs, metric, theme, { x, height, width, view, revision: this.revision, hasPoints, several });
    const { shapes, annotations } = hasPoints
      ? evidence(options.shaded, runs[0].feed, metric, theme, { x, log: view.log })
      : { shapes: [], annotations: [] };
    const drawn = { shapes: [...shapes, ...eventMarks.shapes], annotations };
    const withMarks = { ...layout, ...drawn, ...(eventMarks.yaxis2 ? { yaxis2: eventMarks.yaxis2 } : {}) };
    options.plotly.react(this.plot, [...traces, ...eventMarks.traces], withMarks, CONFIG).then(() => {
      this.listen();
      this.ends.draw(this.plot, several ? [] : runs, metric, { x, smoothing: view.smoothing ?? 0 });
    });
  }

  /** @type {(runs: DrawnRun[], metric: string, theme: Theme, options: PanelOptions) => object[]} */
  traces(runs, metric, theme, { x, several, group }) {
    const smoothing = this.view.smoothing ?? 0;
    if (group) return groupTraces(runs, metric, theme, { x, group, smoothing });
    const behindFirst = runs.toSorted((a, b) => Number(Boolean(b.isBehind)) - Number(Boolean(a.isBehind)));
    return behindFirst.flatMap((run) => runTraces(run, metric, { x, several, smoothing }));
  }

  /**
   * @param {string} metric
   * @param {string[]} choices
   */
  drawChoice(metric, choices) {
    const several = choices.length > 1;
    this.choice.style.display = several ? "" : "none";
    this.name.style.display = several ? "none" : "";
    const key = choices.join();
    if (this.choiceKey !== key) {
      this.choiceKey = key;
      this.choice.replaceChildren(...choices.map((name) => el("option", { value: name }, metricTitle(name))));
    }
    if (this.choice.value !== metric) this.choice.value = metric;
  }

  /**
   * The last values of a single run, or those at the selected moment.
   * @param {DrawnRun[]} runs
   * @param {string} metric
   * @param {Theme} theme
   * @param {boolean} several
   */
  drawValues(runs, metric, theme, several) {
    this.values.style.display = several ? "none" : "";
    this.legend.style.display = several ? "none" : "";
    if (several || !runs.length) return;
    const [{ feed, lines }] = runs;
    const { moment } = this;
    /** @param {string} name */
    const last = (name) => moment?.frame?.metrics?.[name] ?? feed.epochs.get(name)?.valueAt(moment?.step);
    /** @type {{ kind: "training" | "validation", label: string, value: number | undefined }[]} */
    const all = [
      { kind: "training", label: t("training"), value: last(metric) },
      { kind: "validation", label: t("validation"), value: last(`val_${metric}`) },
    ];
    const items = all.filter(({ value }) => value !== undefined);
    this.fillValues(items.map((item) => ({ ...item, words: measure(metric, item.value), colour: css(lines[item.kind].colour) })));
    this.drawLegend(runs, metric, theme);
  }

  /**
   * The numbers change all the time, what they stand in does not.
   * @param {{ kind: string, label: string, words: string, colour: string }[]} items
   */
  fillValues(items) {
    const kinds = items.map(({ kind }) => kind).join();
    if (kinds !== this.kinds) {
      this.kinds = kinds;
      const parts = items.flatMap(({ kind, label }) => [
        el("span", { class: "nv-label" }, label),
        el("strong", { class: "nv-value", "data-part": kind }),
      ]);
      this.values.replaceChildren(...parts);
    }
    items.forEach(({ words, colour }, i) => {
      const value = /** @type {HTMLElement} */ (this.values.children[2 * i + 1]);
      setText(value, words);
      if (value.dataset.colour !== colour) value.style.color = value.dataset.colour = colour;
    });
  }

  /**
   * @param {DrawnRun[]} runs
   * @param {string} metric
   * @param {Theme} theme
   */
  drawLegend(runs, metric, theme) {
    const [{ feed, lines }] = runs;
    /** @type {(attributes: object, label: string, title?: string | null) => HTMLElement} */
    const swatch = (attributes, label, title = null) => el("span", { title }, el("i", attributes), label);
    const sample = feed.status?.sample;
    const batches = batchCurve(feed, metric);
    // A moment may be marked in a new theme before the lines have its colours.
    const key = [theme.key, lines.training.colour, sample, batches && isFew(batches)].join("|");
    if (key === this.legendKey) return;
    this.legendKey = key;
    const ofSample = sample ? t("After each epoch: {sample}. At the end: all of them", { sample }) : null;
    const line = `border-top:2.6px solid ${css(lines.training.colour)}`;
    const few = { style: `border-top:1px solid ${css(lines.training.colour, 0.6)}` };
    const band = { class: "nv-band", style: `background:${css(lines.training.colour, 0.3)}` };
    const bounds = t("From the lowest to the highest loss of single batches");
    const parts = [
      sample ? swatch({ style: line }, t("training (sample)"), ofSample) : null,
      batches && isFew(batches) ? swatch(few, t("batches"), t("The loss of each batch")) : null,
      batches && !isFew(batches) ? swatch(band, t("batches"), bounds) : null,
    ];
    this.legend.replaceChildren(...parts.filter((part) => part !== null));
  }

  /**
   * Marks the selected moment with a line and its values, as an overlay: the chart is not redrawn.
   * @param {Moment | null} moment
   * @param {Theme} theme
   */
  mark(moment, theme) {
    this.moment = moment;
    if (!this.drawn) return;
    const { runs, metric, options } = this.drawn;
    this.drawValues(runs, metric, theme, options.several);
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    const at = moment && xaxis ? xaxis._offset + xaxis.d2p(moment[options.x]) : Number.NaN;
    const isInside = at >= xaxis?._offset - 1 && at <= xaxis?._offset + xaxis?._length + 1;
    this.cursor.style.display = isInside ? "block" : "none";
    if (isInside) Object.assign(this.cursor.style, { left: `${at}px`, top: `${yaxis._offset}px`, height: `${yaxis._length}px` });
  }
}
