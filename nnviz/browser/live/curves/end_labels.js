// The words "training" and "validation" at the ends of a run's lines, over the plot, and "before" at that of the run which it mends.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { smooth } from "../run/curve.js";
import { lastWithin, placeLabels } from "./line_ends.js";

/** @typedef {import("./traces.js").DrawnRun} DrawnRun */
/** @typedef {import("./line_ends.js").Place} Place */

const MARGIN = 2;

export class LineEnds {
  constructor() {
    this.root = el("div", { class: "nv-ends" });
  }

  /**
   * @param {any} plot Plotly's element, drawn
   * @param {DrawnRun[]} runs the first one's lines are labelled, of one behind it its training; none: no labels
   * @param {string} metric
   * @param {{ x: import("../run/curve.js").Axis, smoothing: number }} options
   */
  draw(plot, runs, metric, { x, smoothing }) {
    const { xaxis, yaxis } = plot._fullLayout ?? {};
    const [run] = runs;
    if (!run || !xaxis) {
      this.root.replaceChildren();
      return;
    }
    const lines = [
      { curve: run.feed.epochs.get(metric), words: t("training"), line: run.lines.training },
      { curve: run.feed.epochs.get(`val_${metric}`), words: t("validation"), line: run.lines.validation },
      ...runs
        .filter(({ isBehind }) => isBehind)
        .map(({ feed, lines: { training } }) => ({ curve: feed.epochs.get(metric), words: t("before"), line: training })),
    ];
    const labels = lines.flatMap(({ curve, words, line }) => {
      const last = curve && lastWithin(curve[x], smooth(curve.value, smoothing), xaxis.range);
      const at = last && { x: xaxis._offset + xaxis.d2p(last.x), y: yaxis._offset + yaxis.d2p(last.y) };
      const isInside = at && at.y >= yaxis._offset - MARGIN && at.y <= yaxis._offset + yaxis._length + MARGIN;
      return isInside ? [{ at, words, line }] : [];
    });
    const box = { left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
    const ends = /** @type {Place[]} */ (labels.map(({ at }) => at));
    const places = placeLabels(ends, box, plot.clientWidth);
    this.root.replaceChildren(
      ...labels.map(({ words, line }, i) => {
        const style = `left:${places[i].x}px;top:${places[i].y}px;color:${css(line.colour)}`;
        return el("span", { class: "nv-end", style }, words);
      }),
    );
  }
}
