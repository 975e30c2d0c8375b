// Curves on a canvas, drawn from the traces that Plotly gets on the page: a replay is a small file, and Plotly a large script.

import { el } from "../../common/dom.js";
import { epochs, number } from "../../common/numbers.js";
import { clear, FONT } from "../learned/canvas.js";
import { ticks } from "../learned/scales.js";
import { axesOf, dashOf, nearest, plain, valueTicks } from "./plot_axes.js";

/** @typedef {import("./plot_axes.js").Trace} Trace */
/** @typedef {import("./plot_axes.js").Axes} Axes */
/** @typedef {{ traces: Trace[], layout: any, axes: Axes }} Drawn */

const NEAR_MARK = 6;

/** What the panel of curves calls of Plotly. */
export const smallPlot = {
  /**
   * @param {any} plot the element
   * @param {Trace[]} traces
   * @param {any} layout
   */
  react(plot, traces, layout) {
    plot.small ??= new SmallPlot(plot);
    plot.small.draw({ traces, layout, axes: axesOf(traces, layout, plot.clientWidth) });
    return Promise.resolve();
  },
  /** @param {any} plot */
  purge(plot) {
    plot.replaceChildren();
    delete plot.small;
  },
};

class SmallPlot {
  /** @param {any} plot */
  constructor(plot) {
    this.plot = plot;
    // nothing is zoomed into here
    plot.on = () => {};
    this.canvas = el("canvas", { class: "nv-small-plot", "aria-hidden": "true" });
    this.tip = el("div", { class: "nv-plot-tip", hidden: true });
    plot.append(this.canvas, this.tip);
    /** @type {Drawn | null} */
    this.drawn = null;
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => {
      this.tip.hidden = true;
    });
  }

  /** @param {Drawn} drawn */
  draw(drawn) {
    this.drawn = drawn;
    this.plot._fullLayout = drawn.axes;
    const pen = clear(this.canvas, drawn.layout.height);
    drawAxes(pen, drawn);
    drawShapes(pen, drawn);
    const { xaxis, yaxis } = drawn.axes;
    pen.save();
    pen.beginPath();
    pen.rect(xaxis._offset, yaxis._offset - 4, xaxis._length + 1, yaxis._length + 8);
    pen.clip();
    drawn.traces.forEach((trace, i) => {
      drawTrace(pen, trace, drawn.traces[i - 1], drawn.axes);
    });
    pen.restore();
  }

  /** Shows the values at the pointer. @param {PointerEvent} event */
  point({ offsetX }) {
    const { drawn } = this;
    const words = drawn ? wordsAt(drawn, offsetX) : [];
    this.tip.hidden = !words.length;
    if (!drawn || !words.length) return;
    this.tip.replaceChildren(...words.map((line) => el("div", {}, line)));
    const isLeft = offsetX > this.plot.clientWidth / 2;
    this.tip.style.left = isLeft ? "" : `${offsetX + 12}px`;
    this.tip.style.right = isLeft ? `${this.plot.clientWidth - offsetX + 12}px` : "";
  }
}

/**
 * The place on the axis, the value of each line there, and the events close by.
 * @param {Drawn} drawn
 * @param {number} at pixels
 */
export function wordsAt({ traces, layout, axes: { xaxis } }, at) {
  const named = traces.filter(({ hovertemplate, meta }) => hovertemplate && meta !== "marks");
  const x = xaxis.range[0] + ((at - xaxis._offset) / xaxis._length) * (xaxis.range[1] - xaxis.range[0]);
  const place = named.length ? nearest(named[0].x, x) : -1;
  if (place < 0) return [];
  const here = named[0].x[place];
  const values = named.map(({ x: xs, y, name, hovertemplate }) => {
    const value = y[nearest(xs, here)];
    return `${name}: ${hovertemplate?.includes("%}") ? `${(100 * value).toFixed(1)} %` : number(value)}`;
  });
  const events = traces
    .filter(({ meta }) => meta === "marks")
    .flatMap(({ x: xs, text = [] }) => text.filter((_, i) => Math.abs(xaxis._offset + xaxis.d2p(xs[i]) - at) < NEAR_MARK));
  return [`${layout.xaxis.title.text} ${epochs(here)}`, ...values, ...events];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Drawn} drawn
 */
function drawAxes(pen, { layout, axes }) {
  const { xaxis, yaxis } = axes;
  if (!layout.xaxis.showticklabels) return;
  pen.font = `${FONT}px ${layout.font.family}`;
  pen.fillStyle = layout.xaxis.tickfont.color;
  pen.strokeStyle = layout.yaxis.gridcolor;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const { value, text } of valueTicks(axes, String(layout.yaxis.tickformat).endsWith("%"))) {
    const y = Math.round(yaxis._offset + yaxis.d2p(value)) + 0.5;
    pen.beginPath();
    pen.moveTo(xaxis._offset, y);
    pen.lineTo(xaxis._offset + xaxis._length, y);
    pen.stroke();
    pen.fillText(text, xaxis._offset - 6, y);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const bottom = yaxis._offset + yaxis._length;
  for (const value of ticks(xaxis.range[0], xaxis.range[1], layout.xaxis.nticks)) {
    pen.fillText(plain(value), xaxis._offset + xaxis.d2p(value), bottom + 5);
  }
  pen.fillText(layout.xaxis.title.text, xaxis._offset + xaxis._length / 2, bottom + 20);
}

/**
 * The lines of events, from the bottom to the top.
 * @param {CanvasRenderingContext2D} pen
 * @param {Drawn} drawn
 */
function drawShapes(pen, { layout, axes: { xaxis, yaxis } }) {
  for (const { x0, line } of layout.shapes ?? []) {
    stroke(pen, line);
    pen.beginPath();
    pen.moveTo(xaxis._offset + xaxis.d2p(x0), yaxis._offset);
    pen.lineTo(xaxis._offset + xaxis.d2p(x0), yaxis._offset + yaxis._length);
    pen.stroke();
  }
  pen.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Trace} trace
 * @param {Trace | undefined} before the other edge, of one that fills the room between
 * @param {Axes} axes
 */
function drawTrace(pen, trace, before, axes) {
  const points = pointsOf(trace, axes);
  if (trace.fill === "tonexty" && before) {
    pen.fillStyle = trace.fillcolor ?? "";
    pen.beginPath();
    for (const [x, y] of [...points, ...pointsOf(before, axes).reverse()]) pen.lineTo(x, y);
    pen.fill();
  }
  const { mode = "lines", line, marker } = trace;
  if (mode.includes("lines") && line?.width) {
    stroke(pen, line);
    pen.lineJoin = "round";
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.stroke();
    pen.setLineDash([]);
  }
  if (mode.includes("markers") && marker) drawMarkers(pen, points, marker, Boolean(trace.yaxis));
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[][]} points
 * @param {{ color?: string, size?: number }} marker
 * @param {boolean} isEvent
 */
function drawMarkers(pen, points, { color = "", size = 5 }, isEvent) {
  pen.fillStyle = color;
  for (const [x, y] of points) {
    pen.beginPath();
    if (isEvent) drawTriangle(pen, x, y, size / 2);
    else pen.arc(x, y, size / 2, 0, 2 * Math.PI);
    pen.fill();
  }
}

/**
 * Pixels of the points that there are; on the second axis all stand at the top.
 * @param {Trace} trace
 * @param {Axes} axes
 */
function pointsOf({ x, y, yaxis: other }, { xaxis, yaxis }) {
  return Array.from(x, (at, i) => [xaxis._offset + xaxis.d2p(at), yaxis._offset + (other ? 0 : yaxis.d2p(y[i]))]).filter(
    ([, pixels]) => Number.isFinite(pixels),
  );
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function drawTriangle(pen, x, y, r) {
  pen.moveTo(x - r, y - r);
  pen.lineTo(x + r, y - r);
  pen.lineTo(x, y + r);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ color?: string, width?: number, dash?: string }} line
 */
function stroke(pen, { color = "", width = 1, dash }) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dashOf(dash));
}
