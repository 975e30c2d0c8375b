// The map on a canvas: the answers as colours, the rows as points; the pointer reads a place or a row, the arrow keys go from row to row.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { penOf } from "../learned/canvas.js";
import { Plane } from "../learned/plane.js";
import { listen, nearest } from "../views/row_places.js";
import { discrete, rowsOf } from "./map.js";
import { placeWords, rowWords } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./map.js").Body} Body */
/** @typedef {{ body: Body, classes?: string[] | null, theme: Theme, isDiscrete: boolean,
 *   scale: import("../learned/shades.js").Scale | null }} Look */

const NEAR = 7;

export class MapPicture {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.reading = el("p", { class: "nv-note nv-reading", "aria-live": "polite" });
    host.append(el("div", { class: "nv-stage" }, this.canvas), this.reading);
    this.plane = new Plane(this.canvas);
    /** @type {Look | null} */
    this.look = null;
    /** @type {{ x: number, y: number }[]} of the rows, on the canvas */
    this.places = [];
    /** A row by its place among the rows. */
    this.row = -1;
    listen(this.canvas, {
      places: () => this.places,
      chosen: () => this.row,
      choose: (row) => this.choose(row),
      point: (x, y) => this.point(x, y),
    });
  }

  /**
   * @param {Look} look
   * @param {string} words what is seen
   */
  draw(look, words) {
    this.look = look;
    this.canvas.setAttribute("aria-label", words);
    this.paint();
    this.say();
  }

  paint() {
    const { look, canvas } = this;
    if (!look || canvas.clientWidth < 80) return;
    const { body, theme, isDiscrete, scale } = look;
    const { x, y, label, marked } = rowsOf(body);
    const points = { x, y, label, part: Array.from(x, () => "train") };
    const plane = isDiscrete ? discrete(body.plane) : body.plane;
    this.plane.invalidate();
    this.plane.draw({ body: plane, points, axes: plane.axes, scale, marked: marked.length ? marked : undefined, theme });
    const { frame } = this.plane;
    if (!frame) return;
    this.places = Array.from(x, (at, i) => ({ x: frame.toX(at), y: frame.toY(y[i]) }));
    if (this.row < 0 || this.row >= x.length) return;
    const pen = penOf(canvas);
    pen.beginPath();
    pen.arc(this.places[this.row].x, this.places[this.row].y, 7, 0, 2 * Math.PI);
    pen.lineWidth = 2;
    pen.strokeStyle = css(theme.ink);
    pen.stroke();
  }

  /** @param {string} [words] of a place */
  say(words = "") {
    if (!this.look) return;
    const { body, classes } = this.look;
    const hint = t("Point at the map, or use the arrow keys to go from row to row.");
    setText(this.reading, this.row >= 0 && this.row < body.rows ? rowWords(body, classes, this.row) : words || hint);
  }

  /**
   * @param {number} x on the canvas
   * @param {number} y
   */
  point(x, y) {
    const { frame } = this.plane;
    if (!this.look || !frame) return;
    this.choose(nearest(this.places, x, y, NEAR));
    const { box, extent } = frame;
    const across = extent[0] + ((x - box.x) / box.w) * (extent[1] - extent[0]);
    const up = extent[2] + ((box.y + box.h - y) / box.h) * (extent[3] - extent[2]);
    this.say(placeWords(this.look.body, this.look.classes, across, up));
  }

  /** @param {number} row */
  choose(row) {
    const isOther = row !== this.row;
    this.row = row;
    if (isOther) this.paint();
    this.say();
  }
}
