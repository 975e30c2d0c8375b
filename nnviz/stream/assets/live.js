// Mounts an element where Streamlit put it. Called again at every rerun with new data: the element stays, and is updated.

import { CurvePanel } from "./curves.js";
import { el, speak, t } from "./dom.js";
import { EventList } from "./events.js";
import { follow, leave } from "./feed.js";
import { Learned } from "./learned.js";
import { Scrubber, addressedMoment } from "./scrubber.js";
import { StatusBar, words } from "./status.js";
import { readTheme } from "./theme.js";

const FASTEST = 60;
// What the user set by hand (zoom, log axis, smoothing), by the element's key: it outlives reruns and remounts.
const views = new Map();
let plotly;

function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = el("script", { src: url });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { plotly = undefined; script.remove(); reject(new Error(`${url} did not load`)); };
    document.head.append(script);
  });
  return plotly;
}

export function mount({ parentElement, data, trigger }) {
  let element = parentElement.nnviz;
  if (!element) {
    element = parentElement.nnviz = new Element(parentElement);
  }
  element.trigger = trigger;
  element.update(data);
  return () => {
    element.destroy();
    delete parentElement.nnviz;
  };
}

class Element {
  constructor(parent) {
    this.root = el("div", { class: "nv-live" });
    parent.append(this.root);
    this.feeds = [];
    this.panels = [];
    this.updates = 0;
    this.lastDraw = 0;
    this.seen = 0;
    this.latencies = [];
    this.onChange = (event) => this.changed(event.detail);
    this.sizes = new ResizeObserver(() => this.schedule());
    this.sizes.observe(this.root);
    this.clock = setInterval(() => { if (!this.hasPoints) this.schedule(); }, 1000);
  }

  update(data) {
    speak(data.text ?? {});
    const before = this.data;
    this.data = data;
    const ids = data.runs.map((run) => run.id);
    if (!before || before.runs.map((run) => run.id).join() !== ids.join()) {
      for (const feed of this.feeds) feed.removeEventListener("change", this.onChange);
      const fresh = follow(ids);
      leave(this.feeds);
      this.feeds = fresh;
      for (const feed of fresh) feed.addEventListener("change", this.onChange);
    }
    if (!before || before.parts.join() !== data.parts.join() || before.key !== data.key) this.build(data);
    if (this.status) this.status.feed = this.feeds[0];
    if (this.view.runs !== ids.join()) this.startAnew(ids.join());
    this.scrubber?.follow(this.feeds[0]);
    this.applySettings(data, before);
    if (data.parts.includes("curves")) {
      loadPlotly(data.plotly).then((found) => { this.plotly = found; this.build(this.data); this.schedule(); },
        () => { this.root.dataset.error = "plotly"; });
    }
    this.schedule();
  }

  // Another run is shown: a zoom into the one before would hide it.
  startAnew(runs) {
    if (this.view.runs !== undefined && !this.data.several) {
      this.view.shared.zoomX = null;
      for (const view of Object.values(this.view.panels)) view.zoomY = null;
    }
    this.view.at = addressedMoment();
    this.view.runs = runs;
    this.updates = 0;
    this.seen = 1;
    this.written = 0;
    this.latencies = [];
  }

  applySettings(data, before) {
    for (const name of ["log", "smoothing"]) {
      if (data[name] == null || (before && before[name] === data[name])) continue;
      for (const view of Object.values(this.view.panels)) {
        if (view[name] !== data[name] && before) view.zoomY = null;
        view[name] = data[name];
      }
    }
    if (before && before.x !== data.x) this.view.shared.zoomX = null;
    if (before && before.metrics?.join() !== data.metrics?.join()) {
      for (const view of Object.values(this.view.panels)) Object.assign(view, { metric: null, zoomY: null });
    }
  }

  build(data) {
    const { parts, key } = data;
    const built = `${key}|${parts}|${data.offers}|${data.panels}|${Boolean(this.plotly)}`;
    if (built === this.built) return;
    this.built = built;
    this.status?.destroy();
    this.scrubber?.destroy();
    this.status = this.learned = this.happened = this.rowOfCurves = this.scrubber = null;
    this.panels = [];
    this.root.replaceChildren();
    if (!views.has(key)) views.set(key, { shared: { zoomX: null }, panels: {} });
    this.view = views.get(key);
    if (parts.includes("status")) this.status = new StatusBar(this.root, { feed: this.feeds[0], controls: data.controls });
    if (parts.includes("curves")) {
      this.legend = el("div", { class: "nv-runs" });
      this.curves = el("div", { class: "nv-curves", style: `--nv-panels:${data.panels}` });
      this.root.append(this.legend, this.curves);
      for (let i = 0; i < data.panels; i += 1) {
        const view = (this.view.panels[i] ??= { shared: this.view.shared, log: data.log ?? false, smoothing: data.smoothing ?? 0 });
        this.panels.push(new CurvePanel(this.curves, {
          plotly: this.plotly, view, height: data.height, controls: data.controls, onZoom: () => this.schedule() }));
      }
    }
    if (parts.includes("scrubber")) {
      this.scrubber = new Scrubber(this.root, { view: this.view, onMove: () => this.turn(), offers: data.offers ?? [],
        onAsk: (what, step) => this.trigger?.("ask", { what, run: this.feeds[0].run, step, time: Date.now() }) });
      // A zoom of the curves and a moment are the user's: a rebuilt element is at the same one.
      this.scrubber.follow(this.feeds[0]);
    }
    if (parts.includes("learned") || parts.includes("events")) {
      const row = el("div", { class: "nv-lower" });
      this.root.append(row);
      if (parts.includes("learned")) this.learned = new Learned(row);
      if (parts.includes("events")) this.happened = new EventList(row);
    }
  }

  get hasPoints() {
    return this.feeds.some((feed) => feed.points > 0);
  }

  changed(what) {
    if (what === "append" || what === "backlog") this.seen += 1;
    // What somebody has just done shows at once; the curves, which take longer to draw, follow.
    const happened = this.feeds[0]?.events.length ?? 0;
    this.status?.draw();
    if (happened !== this.told) this.happened?.draw(this.feeds[0], this.scrubber?.shown ?? null);
    this.told = happened;
    this.schedule();
  }

  schedule() {
    if (this.isScheduled || this.isDestroyed) return;
    this.isScheduled = true;
    const wait = Math.max(0, FASTEST - (performance.now() - this.lastDraw));
    setTimeout(() => requestAnimationFrame(() => {
      this.isScheduled = false;
      if (!this.isDestroyed) this.draw();
    }), wait);
  }

  draw() {
    // A curve that is redrawn under a pressed pointer would lose the box that the user is dragging.
    if (this.panels.some((panel) => panel.isHeld)) {
      this.lastDraw = performance.now();
      this.schedule();
      return;
    }
    this.lastDraw = performance.now();
    const theme = readTheme(this.root);
    this.root.dataset.theme = theme.isDark ? "dark" : "light";
    this.status?.draw();
    if (this.panels.length && this.plotly) this.drawCurves(theme);
    this.drawMoment(theme);
    this.tell();
  }

  // Another moment is looked at: the curves stay as they are, so this need not wait for them.
  turn() {
    if (this.isTurning || this.isDestroyed) return;
    this.isTurning = true;
    requestAnimationFrame(() => {
      this.isTurning = false;
      if (!this.isDestroyed) this.drawMoment(readTheme(this.root));
    });
  }

  drawMoment(theme) {
    const moment = this.scrubber?.shown ?? null;
    for (const panel of this.panels) panel.mark(moment, theme);
    this.learned?.draw(this.feeds[0], this.data, theme, moment);
    this.happened?.draw(this.feeds[0], moment);
    this.root.dataset.moment = moment?.step ?? -1;
  }

  drawCurves(theme) {
    const several = this.data.several;
    const hidden = (this.view.hidden ??= new Set());
    const runs = this.feeds.map((feed, i) => ({
      feed, name: this.data.runs[i].name ?? feed.status?.name ?? feed.run, isHidden: hidden.has(feed.run),
      isBehind: this.data.runs[i].behind,
      colour: this.data.runs[i].behind ? theme.muted : several ? theme.classes[(this.data.runs[i].colour ?? i) % theme.classes.length] : theme.accent,
    }));
    if (several && !this.data.group) this.drawLegend(runs, hidden, theme);
    const known = measured(this.feeds);
    const used = this.data.metrics ?? ["loss", known.find((name) => name !== "loss") ?? (this.data.task === "regression" ? "mae" : "accuracy")];
    this.panels.forEach((panel, i) => {
      const choices = several || this.data.metrics ? [] : i === 0 ? ["loss"] : known.filter((name) => name !== "loss");
      const metric = panel.view.metric && choices.includes(panel.view.metric) ? panel.view.metric : used[i] ?? used[0];
      panel.draw(runs, metric, theme, {
        x: this.data.x, height: this.data.height, several, choices, waiting: i === 0 ? this.waitingWords() : "",
        group: this.data.group,
      });
    });
  }

  waitingWords() {
    const feed = this.feeds[0];
    if (!feed) return t("Press Train: the curves appear here.");
    if (feed.isGone) return t("This run is gone.");
    if (!feed.status) return t("connecting");
    return words(feed.status);
  }

  drawLegend(runs, hidden, theme) {
    const key = runs.map((run) => [run.feed.run, run.name, run.isHidden]).join("|") + theme.key;
    if (key === this.legendKey) return;
    this.legendKey = key;
    this.legend.replaceChildren(...runs.map((run) => el("button", {
      type: "button", class: "nv-run", "aria-pressed": String(!run.isHidden), title: t("Show or hide this run"), onclick: () => {
        if (!hidden.delete(run.feed.run)) hidden.add(run.feed.run);
        this.schedule();
      },
    }, el("i", { style: `border-top:3px solid rgb(${run.colour})` }), run.name)));
  }

  // What tests and curious people can read off the element.
  tell() {
    const [feed] = this.feeds;
    const { dataset } = this.root;
    const isDrawn = !this.panels.length || this.plotly;
    if (this.seen && this.hasPoints && isDrawn) {
      this.updates += 1;
      this.seen = 0;
      const written = Math.max(0, ...this.feeds.map((found) => found.written));
      if (written > (this.written ?? 0)) {
        this.written = written;
        this.latencies = [...this.latencies.slice(-99), Date.now() - written];
        dataset.latencyMs = Math.round([...this.latencies].sort((a, b) => a - b)[this.latencies.length >> 1]);
      }
    }
    dataset.updates = this.updates;
    dataset.points = isDrawn ? this.feeds.reduce((sum, found) => sum + found.points, 0) : 0;
    dataset.step = feed?.status?.step ?? 0;
    dataset.epoch = feed?.status?.epoch ?? 0;
    dataset.status = feed?.isGone ? "gone" : feed?.status?.status ?? "none";
    dataset.connected = String(this.feeds.every((found) => found.isConnected));
    dataset.bytes = this.feeds.reduce((sum, found) => sum + found.bytes, 0);
    dataset.zoom = JSON.stringify(this.view?.shared.zoomX ?? null);
  }

  destroy() {
    this.isDestroyed = true;
    clearInterval(this.clock);
    this.sizes.disconnect();
    this.status?.destroy();
    this.scrubber?.destroy();
    for (const feed of this.feeds) feed.removeEventListener("change", this.onChange);
    leave(this.feeds);
    if (this.plotly) for (const panel of this.panels) this.plotly.purge(panel.plot);
    this.root.remove();
  }
}

const ORDER = ["loss", "accuracy", "mae", "rmse", "r2"];

function measured(feeds) {
  const names = new Set(feeds.flatMap((feed) => [...feed.epochs.keys()]).map((name) => name.replace(/^(val|test)_/, "")));
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...names].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
