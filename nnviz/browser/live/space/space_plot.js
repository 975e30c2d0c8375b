// Rows on the plane of a layer's space, on a canvas; a point that is pointed at says what it is.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css, mix } from "../../common/theme.js";
import { clear, FONT } from "../learned/canvas.js";
import { diverging, level } from "../learned/shades.js";
import { listen, nearest } from "../views/row_places.js";
import { isOfClasses, pointsOf, reachOf } from "./space.js";
import { pointWords } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** @typedef {import("./space.js").Body} Body */
/** @typedef {import("./space.js").Point} Point */
/** @typedef {import("./space.js").Extent} Extent */
/** `scale`: of the values or costs that colours stand for; null for classes.
 * @typedef {{ body: Body, classes?: string[] | null, theme: Theme, colouring: import("./space.js").Colouring,
 *   scale: import("../learned/shades.js").Scale | null }} Look */

const MARGIN = { x: 6, top: 6, bottom: 22 };
const MOST = 400;
const RADIUS = 3.2;

/**
 * The colour of a cost: the higher, the more of the colour of what is wrong.
 * @param {number} at -1 to 1
 * @param {Theme} theme
 * @returns {Colour}
 */
export function costShade(at, theme) {
  return mix(theme.middle, theme.wrong, (at + 1) / 2);
}

export class SpacePlot {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.reading = el("p", { class: "nv-note nv-reading", "aria-live": "polite" });
    host.append(el("div", { class: "nv-stage" }, this.canvas), this.reading);
    /** @type {Look | null} */
    this.look = null;
    /** @type {Point[]} */
    this.points = [];
    /** @type {{ x: number, y: number }[]} of the points, on the canvas */
    this.places = [];
    /** What the axes show stays along the slider. */
    this.axes = { key: "", extent: /** @type {Extent | null} */ (null) };
    /** @type {number | null} the row that is pointed at, by its number in the data */
    this.row = null;
    listen(this.canvas, {
      places: () => this.places,
      chosen: () => this.points.findIndex(({ row }) => row === this.row),
      choose: (place) => this.choose(place),
      point: (x, y) => this.choose(nearest(this.places, x, y)),
    });
  }

  /**
   * @param {Look} look
   * @param {string} words what is seen
   */
  draw(look, words) {
    const { canvas } = this;
    if (canvas.clientWidth < 80) return;
    this.look = look;
    this.points = pointsOf(look.body);
    canvas.setAttribute("aria-label", words);
    this.paint();
  }

  paint() {
    const { look, canvas, points } = this;
    if (!look) return;
    const { body, theme } = look;
    const width = canvas.clientWidth;
    const [w, h] = [width - 2 * MARGIN.x, Math.min(width * 0.8, MOST)];
    const key = `${body.layer} ${body.axes} ${Math.round(w)}`;
    const extent = reachOf(points, body.extent, key === this.axes.key ? this.axes.extent : null, w / h);
    this.axes = { key, extent };
    const [x0, x1, y0, y1] = extent;
    this.places = points.map(({ x, y }) => ({
      x: MARGIN.x + (w * (x - x0)) / (x1 - x0),
      y: MARGIN.top + h - (h * (y - y0)) / (y1 - y0),
    }));
    const pen = clear(canvas, h + MARGIN.top + MARGIN.bottom);
    pen.strokeStyle = css(theme.grid);
    pen.strokeRect(MARGIN.x + 0.5, MARGIN.top + 0.5, w - 1, h - 1);
    pen.font = `${FONT}px ${theme.font}`;
    pen.fillStyle = css(theme.muted);
    pen.textBaseline = "top";
    pen.textAlign = "right";
    pen.fillText(t("first principal component →"), MARGIN.x + w, MARGIN.top + h + 6);
    pen.textAlign = "left";
    pen.fillText(t("↑ second"), MARGIN.x, MARGIN.top + h + 6);
    this.drawPoints(pen, look);
  }

  /**
   * Points that are wrong have a dark ring, and lie over the others.
   * @param {CanvasRenderingContext2D} pen
   * @param {Look} look
   */
  drawPoints(pen, look) {
    const { body, theme, scale } = look;
    const { points, places } = this;
    const isWrong = (/** @type {Point} */ { truth, answer }) => isOfClasses(body) && truth !== answer;
    const order = points.map((_, i) => i).sort((a, b) => Number(isWrong(points[a])) - Number(isWrong(points[b])));
    for (const i of order) {
      circle(pen, places[i], RADIUS);
      pen.fillStyle = css(colourOf(points[i], look), 0.9);
      pen.fill();
      pen.lineWidth = isWrong(points[i]) ? 1.8 : 0.7;
      const plain = scale ? css(theme.edge) : css(theme.outline, 0.55);
      pen.strokeStyle = isWrong(points[i]) ? css(theme.ink) : plain;
      pen.stroke();
    }
    const chosen = points.findIndex(({ row }) => row === this.row);
    if (chosen >= 0) {
      circle(pen, places[chosen], RADIUS + 4);
      pen.lineWidth = 2;
      pen.strokeStyle = css(theme.accent);
      pen.stroke();
    }
    const hint = t("Point at a row, or use the arrow keys, to read it.");
    setText(this.reading, chosen >= 0 ? pointWords(body, points[chosen], look.classes) : hint);
  }

  /** @param {number} place of a point, -1: none */
  choose(place) {
    const row = this.points[place]?.row ?? null;
    if (row === this.row) return;
    this.row = row;
    this.paint();
  }
}

/**
 * @param {Point} point
 * @param {Look} look
 * @returns {Colour}
 */
function colourOf({ truth, cost }, { colouring, scale, theme }) {
  if (!scale) return theme.classes[truth % theme.classes.length];
  return colouring === "cost" ? costShade(level(cost, scale), theme) : diverging(level(truth, scale), theme);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ x: number, y: number }} at
 * @param {number} radius
 */
function circle(pen, { x, y }, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}
