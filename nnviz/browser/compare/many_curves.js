// One picture with very many curves, on a canvas: a run can be picked out of it, and a part of it enlarged.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { isShare, measure, number, setMetrics } from "../common/numbers.js";
import { css } from "../common/theme.js";
import { smooth } from "../live/run/curve.js";
import { linear, nearest, rangesOf, ticks, unpacked } from "./many_scales.js";
import { drawCurve, drawPicked, fade, lineOf } from "./many_strokes.js";
import { hold, picked, point, whenPicked } from "./picked.js";

/** @typedef {import("../common/theme.js").Theme} Theme */
/** @typedef {import("./many_scales.js").ManyCurve} ManyCurve */
/** @typedef {import("./many_scales.js").Range} Range */
/** @typedef {Omit<ManyCurve, "x" | "y" | "raw" | "deviation"> & { x: string, y: string, deviation?: string }} PackedCurve */
/**
 * @typedef {{ kind: "many", runs: PackedCurve[], metric: string, x: string, log: boolean, smoothing: number, height: number,
 *   measures: import("../common/numbers.js").Metric[] }} ManyData
 */

const MARGIN = { left: 48, right: 10, top: 8, bottom: 34 };
const REACH = 24;
const LEAST_ZOOM = 6;

/** @type {Record<string, () => string>} */
const AXES = { epoch: () => t("epoch"), step: () => t("step"), time: () => t("seconds") };

export class ManyCurves {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = el("canvas", { class: "many", role: "img" });
    this.words = el("div", { class: "tip", hidden: true });
    this.zoomBox = el("div", { class: "zoom", hidden: true });
    this.root = el("div", { class: "picture" }, this.canvas, this.zoomBox, this.words);
    host.append(this.root);
    this.key = "";
    /** @type {ManyData | null} */
    this.data = null;
    /** @type {Theme | null} */
    this.theme = null;
    /** @type {ManyCurve[]} */
    this.curves = [];
    /** @type {{ px: number[], py: number[] }[]} in pixels, of the curves that are not hidden */
    this.lines = [];
    /** @type {{ x: Range, y: Range } | null} */
    this.zoom = null;
    /** @type {{ x: Range, y: Range } | null} */
    this.ranges = null;
    /** @type {{ x: number, y: number } | null} where a drag began */
    this.start = null;
    this.listen();
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
    this.forget = whenPicked(() => this.draw());
  }

  destroy() {
    this.sizes.disconnect();
    this.forget();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    canvas.addEventListener("pointerleave", () => {
      this.words.hidden = true;
      point("");
    });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.start = { x: event.offsetX, y: event.offsetY };
    });
    canvas.addEventListener("pointerup", (event) => this.released(event));
    canvas.addEventListener("dblclick", () => {
      this.zoom = null;
      this.draw();
    });
  }

  /** @param {PointerEvent} event */
  moved({ offsetX, offsetY }) {
    const { start, zoomBox } = this;
    if (start && Math.hypot(offsetX - start.x, offsetY - start.y) > LEAST_ZOOM) {
      zoomBox.hidden = false;
      const [left, top] = [Math.min(offsetX, start.x), Math.min(offsetY, start.y)];
      const [width, height] = [Math.abs(offsetX - start.x), Math.abs(offsetY - start.y)];
      Object.assign(zoomBox.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
      return;
    }
    const hit = nearest(this.lines, offsetX, offsetY, REACH);
    const curve = hit ? this.drawn()[hit.line] : null;
    point(curve?.id ?? "");
    this.words.hidden = !curve;
    if (!hit || !curve || !this.data) return;
    const at = `${AXES[this.data.x]()} ${number(curve.x[hit.point])}`;
    const part = curve.isTraining ? ` · ${t("training")}` : "";
    this.words.replaceChildren(
      el("strong", {}, curve.name),
      el("br"),
      `${at}: ${measure(this.data.metric, curve.y[hit.point])}${part}`,
    );
    const isRight = offsetX > this.canvas.clientWidth / 2;
    this.words.style.transform = `translate(${offsetX + (isRight ? -12 : 12)}px, ${Math.max(0, offsetY - 44)}px) translateX(${isRight ? "-100%" : "0"})`;
  }

  /** @param {PointerEvent} event */
  released({ offsetX, offsetY }) {
    const { start, ranges } = this;
    this.start = null;
    const wasZoom = !this.zoomBox.hidden;
    this.zoomBox.hidden = true;
    if (!start || !ranges) return;
    if (!wasZoom) {
      const hit = nearest(this.lines, offsetX, offsetY, REACH);
      if (hit) hold(this.drawn()[hit.line].id);
      return;
    }
    const { width, height } = this.place();
    const x = linear([MARGIN.left, width - MARGIN.right], ranges.x);
    const y = linear([height - MARGIN.bottom, MARGIN.top], ranges.y);
    /** @type {(a: number, b: number) => Range} */
    const ordered = (a, b) => [Math.min(a, b), Math.max(a, b)];
    this.zoom = { x: ordered(x(start.x), x(offsetX)), y: ordered(y(start.y), y(offsetY)) };
    this.draw();
  }

  /**
   * @param {ManyData} data
   * @param {Theme} theme
   */
  update(data, theme) {
    setMetrics(data.measures);
    if (this.data && (this.data.metric !== data.metric || this.data.x !== data.x || this.data.log !== data.log)) this.zoom = null;
    this.data = data;
    this.theme = theme;
    this.curves = data.runs.map((run) => {
      const raw = unpacked(run.y);
      const y = data.smoothing ? smooth([...raw], data.smoothing) : raw;
      const deviation = run.deviation ? unpacked(run.deviation) : undefined;
      return { ...run, x: unpacked(run.x), y, raw: data.smoothing ? raw : undefined, deviation };
    });
    this.draw();
  }

  drawn() {
    return this.curves.filter((curve) => !curve.isHidden);
  }

  place() {
    return { width: this.root.clientWidth, height: this.data?.height ?? 0 };
  }

  draw() {
    const { data, theme, canvas } = this;
    const { width, height } = this.place();
    const context = canvas.getContext("2d");
    if (!data || !theme || !context || width < 60) return;
    const dense = devicePixelRatio || 1;
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    [canvas.width, canvas.height] = [Math.round(width * dense), Math.round(height * dense)];
    context.scale(dense, dense);
    const curves = this.drawn();
    canvas.setAttribute("aria-label", t("{n} curves", { n: curves.length }));
    this.ranges = this.zoom ?? rangesOf(curves, data.log);
    this.lines = [];
    if (!this.ranges) return;
    const x = linear(this.ranges.x, [MARGIN.left, width - MARGIN.right]);
    const y = linear(this.ranges.y, [height - MARGIN.bottom, MARGIN.top]);
    this.drawAxes(context, theme, { x, y, width, height });
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom);
    context.clip();
    const one = picked();
    const pencil = { context, theme, x, high: (/** @type {number} */ value) => y(data.log ? Math.log10(value) : value) };
    this.lines = curves.map((curve) => lineOf(curve, pencil));
    for (const [i, curve] of curves.entries()) drawCurve(curve, this.lines[i], pencil, one ? fade(curve.id === one) : 1);
    const place = curves.findLastIndex((curve) => curve.id === one);
    if (place >= 0) drawPicked(curves[place], this.lines[place], pencil);
    context.restore();
    this.root.dataset.curves = String(curves.length);
    this.root.dataset.picked = place >= 0 ? one : "";
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Theme} theme
   * @param {{ x: (value: number) => number, y: (value: number) => number, width: number, height: number }} scales
   */
  drawAxes(context, theme, { x, y, width, height }) {
    const { data, ranges } = this;
    if (!data || !ranges) return;
    context.font = `11px ${theme.font}`;
    context.fillStyle = css(theme.muted);
    context.strokeStyle = css(theme.grid);
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of ticks(ranges.y, 5)) {
      const at = Math.round(y(tick)) + 0.5;
      context.beginPath();
      context.moveTo(MARGIN.left, at);
      context.lineTo(width - MARGIN.right, at);
      context.stroke();
      context.fillText(tickText(tick, data), MARGIN.left - 6, at);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of ticks(ranges.x, width < 400 ? 4 : 7)) context.fillText(plain(tick), x(tick), height - MARGIN.bottom + 6);
    context.fillText(AXES[data.x](), (MARGIN.left + width - MARGIN.right) / 2, height - 14);
  }
}

/** @param {number} value */
const plain = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 6 });

/** @type {(tick: number, data: ManyData) => string} */
function tickText(tick, { metric, log }) {
  const value = log ? 10 ** tick : tick;
  if (isShare(metric)) return `${plain(Number((100 * value).toPrecision(4)))} %`;
  return log ? Number(value.toPrecision(2)).toString() : plain(value);
}
