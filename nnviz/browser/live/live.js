// Mounts a live element. Streamlit calls it again at every rerun with new data: the element stays, and is updated.

import { el } from "../common/dom.js";
import { setMessages } from "../common/messages.js";
import { setMetrics } from "../common/numbers.js";
import { readTheme } from "../common/theme.js";
import { CurvePanel } from "./curves/curve_panel.js";
import { DrawPace } from "./curves/draw_pace.js";
import { metricOf, metricsOf } from "./curves/metrics.js";
import { loadPlotly } from "./curves/plotly.js";
import { RunLegend } from "./curves/run_legend.js";
import { momentFromUrl, Scrubber } from "./history/scrubber.js";
import { applySettings, drawnRuns, viewOf, zoomOut } from "./live_view.js";
import { LowerPart } from "./lower_part.js";
import { Race } from "./race/race.js";
import { Readings } from "./readings.js";
import { follow, unfollow } from "./run/connection.js";
import { waitingWords } from "./run/run_status.js";
import { setNouns } from "./run/setting_labels.js";
import { StatusBar } from "./strip/status_bar.js";

/** @typedef {import("../common/theme.js").Theme} Theme */
/** @typedef {import("./run/feed.js").Feed} Feed */
/** @typedef {import("./live_view.js").LiveData} LiveData */
/** @typedef {(name: string, value: object) => void} Trigger */

const MIN_DRAW_INTERVAL_MS = 60;
const IDLE_REDRAW_MS = 1000;

/** @param {{ parentElement: any, data: LiveData, setTriggerValue: Trigger }} component */
export default function live({ parentElement, data, setTriggerValue }) {
  parentElement.nnviz ??= new LiveElement(parentElement, data);
  /** @type {LiveElement} */
  const element = parentElement.nnviz;
  element.trigger = setTriggerValue;
  element.update(data);
  return () => {
    element.destroy();
    delete parentElement.nnviz;
  };
}

class LiveElement {
  /**
   * @param {HTMLElement} parent
   * @param {LiveData} data
   */
  constructor(parent, data) {
    this.root = el("div", { class: "nv-live" });
    parent.append(this.root);
    this.data = data;
    this.view = viewOf(data.key);
    /** @type {Trigger} */
    this.trigger = () => {};
    /** @type {any} */
    this.plotly = null;
    /** @type {Feed[]} */
    this.feeds = [];
    this.readings = new Readings(this.root);
    this.lastDraw = 0;
    this.buildKey = "";
    this.changesAsked = "";
    this.isScheduled = this.isMomentScheduled = this.isDestroyed = false;
    this.clearParts();
    this.onChange = (/** @type {any} */ event) => this.changed(event.detail);
    this.sizes = new ResizeObserver(() => this.schedule());
    this.sizes.observe(this.root);
    this.clock = setInterval(() => {
      if (!this.feeds.some((feed) => feed.points > 0)) this.schedule();
    }, IDLE_REDRAW_MS);
  }

  /** @param {LiveData} data */
  update(data) {
    setMessages(data.messages);
    setMetrics(data.measures);
    setNouns(data.nouns);
    const before = this.buildKey ? this.data : null;
    this.data = data;
    const ids = data.runs.map((run) => run.id);
    if (this.feeds.map((feed) => feed.run).join() !== ids.join()) this.followRuns(ids);
    this.build();
    if (this.status) Object.assign(this.status, { feed: this.feeds[0], page: data });
    if (this.view.runs !== ids.join()) this.resetView(ids.join());
    this.scrubber?.follow(this.feeds[0]);
    this.lower?.offer(data);
    applySettings(this.view, data, before);
    if (data.parts.includes("curves")) this.waitForPlotly();
    this.schedule();
  }

  /** @param {string[]} ids */
  followRuns(ids) {
    for (const feed of this.feeds) feed.removeEventListener("change", this.onChange);
    const feeds = follow(ids);
    unfollow(this.feeds);
    this.feeds = feeds;
    for (const feed of feeds) feed.addEventListener("change", this.onChange);
  }

  waitForPlotly() {
    const onLoaded = (/** @type {any} */ plotly) => {
      if (this.isDestroyed) return;
      this.plotly = plotly;
      this.schedule();
    };
    const onFailed = () => {
      this.root.dataset.error = "plotly";
    };
    loadPlotly(this.data.plotly).then(onLoaded, onFailed);
  }

  /**
   * Resets the view for another run: a zoom into the previous one could hide it.
   * @param {string} runs
   */
  resetView(runs) {
    if (this.view.runs !== undefined && !this.data.several) zoomOut(this.view);
    this.view.at = momentFromUrl();
    this.view.runs = runs;
    this.readings.restart();
  }

  clearParts() {
    this.destroyParts();
    /** @type {CurvePanel[]} */
    this.panels = [];
    /** @type {DrawPace | null} */
    this.pace = null;
    /** @type {StatusBar | null} */
    this.status = null;
    /** @type {LowerPart | null} */
    this.lower = null;
    /** @type {Scrubber | null} */
    this.scrubber = null;
    /** @type {Race | null} */
    this.race = null;
    /** @type {RunLegend | null} */
    this.legend = null;
    this.root.replaceChildren();
  }

  build() {
    const { parts, key, offers, mend, panels, controls } = this.data;
    const buildKey = `${key}|${parts}|${offers}|${mend}|${panels}`;
    if (buildKey === this.buildKey) return;
    this.buildKey = buildKey;
    this.clearParts();
    this.view = viewOf(key);
    if (parts.includes("status")) this.status = new StatusBar(this.root, { feed: this.feeds[0], controls, page: this.data });
    if (parts.includes("curves")) this.buildCurves();
    if (parts.includes("scrubber")) this.buildScrubber();
    if (parts.includes("race")) this.race = new Race(this.root, this);
    if (parts.includes("lower")) this.buildLower();
    this.lower?.offer(this.data);
  }

  buildCurves() {
    const { panels, height, controls, log = false, smoothing = 0 } = this.data;
    const { view } = this;
    const { shared, hidden } = view;
    this.legend = new RunLegend((run) => {
      if (!hidden.delete(run)) hidden.add(run);
      this.schedule();
    });
    const host = el("div", { class: "nv-curves", style: `--nv-panels:${panels}` });
    this.root.append(this.legend.root, host);
    this.pace = new DrawPace(host, () => this.schedule());
    const onZoom = () => this.schedule();
    this.panels = Array.from({ length: panels }, (_, i) => {
      view.panels[i] ??= { shared, log, smoothing };
      return new CurvePanel(host, { view: view.panels[i], height, controls, onZoom });
    });
  }

  buildScrubber() {
    this.scrubber = new Scrubber(this.root, {
      memory: this.view,
      offers: this.data.offers ?? [],
      onMove: () => this.scheduleMoment(),
      onAsk: (what, step) => {
        if (what === "back") this.lower?.views.reveal(what);
        else this.ask(what, { step, views: this.lower?.views.choices() ?? {} });
      },
    });
    // The user's zoom and selected moment survive a rebuild.
    this.scrubber.follow(this.feeds[0]);
  }

  buildLower() {
    const { mend, opened } = this.data;
    const onMend = mend ? (/** @type {string} */ rule) => this.ask("mend", { rule }) : null;
    const onChange = () => this.scheduleMoment();
    this.lower = new LowerPart(this.root, { onChange, onEvidence: () => this.schedule(), onMend, opened });
  }

  /** Has the page do something for the run. @param {string} what @param {object} about */
  ask(what, about) {
    this.trigger("ask", { what, run: this.feeds[0].run, ...about, time: Date.now() });
  }

  /** @param {string} what */
  changed(what) {
    if (what === "append" || what === "backlog") this.readings.pointsArrived();
    if (what === "look") {
      this.status?.draw();
      return;
    }
    this.followChanges();
    // The effect of a command shows at once; the curves, which take longer to draw, follow.
    this.status?.draw();
    this.lower?.hear(this.feeds[0], this.scrubber?.moment ?? null, what);
    this.schedule();
  }

  /** Has the page run again where a setting was changed that it does not know of yet: its fields follow. */
  followChanges() {
    const [feed] = this.feeds;
    if (!this.status || !feed) return;
    const changes = feed.events.filter(({ kind }) => kind === "changed").length;
    const wanted = `${feed.run}:${changes}`;
    if (changes <= (this.data.changes ?? changes) || wanted === this.changesAsked) return;
    this.changesAsked = wanted;
    this.trigger("ask", { what: "changes", run: feed.run, changes });
  }

  schedule() {
    if (this.isScheduled || this.isDestroyed) return;
    this.isScheduled = true;
    const frame = () => {
      this.isScheduled = false;
      if (!this.isDestroyed) this.draw();
    };
    const wait = Math.max(0, MIN_DRAW_INTERVAL_MS - (performance.now() - this.lastDraw));
    setTimeout(() => requestAnimationFrame(frame), wait);
  }

  draw() {
    this.lastDraw = performance.now();
    // Redrawing a curve under a pressed pointer would lose the zoom box that the user is dragging.
    if (this.panels.some((panel) => panel.isHeld)) {
      this.schedule();
      return;
    }
    const theme = readTheme(this.root);
    this.root.dataset.theme = theme.isDark ? "dark" : "light";
    this.status?.draw();
    if (this.plotly && this.pace?.isDue()) this.drawCurves(theme);
    this.drawMoment(theme);
    this.readings.write(this.feeds, !this.panels.length || Boolean(this.plotly), this.view.shared.zoomX);
  }

  /** Schedules drawing another moment; it does not wait for the curves, which stay the same. */
  scheduleMoment() {
    if (this.isMomentScheduled || this.isDestroyed) return;
    this.isMomentScheduled = true;
    requestAnimationFrame(() => {
      this.isMomentScheduled = false;
      if (!this.isDestroyed) this.drawMoment(readTheme(this.root));
    });
  }

  /** @param {Theme} theme */
  drawMoment(theme) {
    const moment = this.scrubber?.moment ?? null;
    for (const panel of this.panels) panel.mark(moment, theme);
    this.race?.draw(this.feeds, this.data, this.view.hidden, theme, moment);
    this.lower?.draw(this.feeds[0], this.data, theme, moment, this.scrubber?.moments.step ?? []);
    this.root.dataset.moment = String(moment?.step ?? -1);
    if (this.scrubber) this.feeds[0]?.lookAt(moment);
  }

  /** @param {Theme} theme */
  drawCurves(theme) {
    const { x, height, several, group, metrics, task, cost } = this.data;
    const [runs, known] = [drawnRuns(this.feeds, this.data, this.view.hidden, theme), metricsOf(this.feeds)];
    if (several && !group) this.legend?.draw(runs, theme.key);
    const shaded = this.data.guessed || several ? [] : (this.lower?.doctor.marks(this.feeds[0]) ?? []);
    this.panels.forEach((panel, i) => {
      const { choices, metric } = metricOf(i, known, { metrics, several, task, chosen: panel.view.metric });
      const waiting = i === 0 ? waitingWords(this.feeds[0], this.data.loading) : "";
      panel.draw(runs, metric, theme, { plotly: this.plotly, x, height, several, choices, waiting, group, cost, shaded });
    });
  }

  destroyParts() {
    for (const part of [this.status, this.scrubber, this.race, this.lower, this.pace]) part?.destroy();
  }

  destroy() {
    this.isDestroyed = true;
    clearInterval(this.clock);
    this.sizes.disconnect();
    this.destroyParts();
    for (const feed of this.feeds) feed.removeEventListener("change", this.onChange);
    unfollow(this.feeds);
    if (this.plotly) for (const panel of this.panels) this.plotly.purge(panel.plot);
    this.root.remove();
  }
}
