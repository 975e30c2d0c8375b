// The answer along one column, on a canvas: its average over the rows, and some rows by themselves. Listed values (categories) have
// a line each, from top to bottom; all others go from left to right.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { clear, FONT, penOf, roomFor } from "../learned/canvas.js";
import { ticks } from "../learned/scales.js";
import { curvesOf, placesOf } from "./columns.js";
import { answerTick, LINE, paintDependence } from "./dependence_painter.js";
import { dependenceSentence, valueWords } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** `across`: answers go from left to right, values from top to bottom.
 * @typedef {{ body: Body, box: Box, theme: Theme, curves: number[][], places: number[], range: [number, number], isShare: boolean,
 *   across: boolean }} Scene */

const MARGIN = { left: 40, right: 12, top: 8, bottom: 24 };
const HEIGHT = 230;
const LONGEST_NAME = 0.4;
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class DependencePlot {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.reading = el("p", { class: "nv-note nv-reading", "aria-live": "polite" });
    host.append(el("div", { class: "nv-stage" }, this.canvas), this.reading);
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {number | null} the value that is pointed at */
    this.place = null;
    /** The range of answers so far: it stays where it is along the slider. */
    this.axis = { key: "", range: /** @type {[number, number]} */ ([0, 1]) };
    const { canvas } = this;
    canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.point(this.placeAt(offsetX, offsetY)));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("blur", () => this.point(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {Body} body
   * @param {string[] | null | undefined} classes
   * @param {Theme} theme
   */
  draw(body, classes, theme) {
    const { canvas } = this;
    const { dependence } = body;
    const isShare = Boolean(classes?.length);
    const across = dependence.kind === "category" || dependence.kind === "boolean";
    const width = canvas.clientWidth;
    if (width < 80 || !dependence.mean.length) {
      canvas.style.display = dependence.mean.length ? "" : "none";
      return;
    }
    canvas.style.display = "";
    const range = this.rangeOf(body, isShare);
    const before = penOf(canvas);
    before.font = `${FONT}px ${theme.font}`;
    const names = across ? dependence.texts : ticks(...range, 4).map(answerTick(range, isShare));
    const left = Math.min(roomFor(before, names, MARGIN.left), across ? LONGEST_NAME * width : width / 3);
    const h = across ? LINE * dependence.texts.length : HEIGHT - MARGIN.top - MARGIN.bottom;
    const box = { x: left, y: MARGIN.top, w: width - left - MARGIN.right, h };
    const [curves, places] = [curvesOf(dependence), placesOf(dependence)];
    this.scene = { body, box, theme, curves, places, range, isShare, across };
    canvas.setAttribute("aria-label", dependenceSentence(body, classes));
    this.paint();
  }

  /**
   * Of probabilities always all; of other answers as far as they went since this column is looked at.
   * @param {Body} body
   * @param {boolean} isShare
   * @returns {[number, number]}
   */
  rangeOf({ dependence: { low, high }, column, output }, isShare) {
    if (isShare) return [0, 1];
    const key = `${column} ${output}`;
    const more = (high - low || Math.abs(high) || 1) * 0.04;
    const isNew = key !== this.axis.key || !(this.axis.range[1] - this.axis.range[0] < 4 * (high - low + 2 * more));
    const [least, most] = isNew ? [low - more, high + more] : this.axis.range;
    /** @type {[number, number]} */
    const range = [Math.min(least, low - more), Math.max(most, high + more)];
    this.axis = { key, range };
    return range;
  }

  paint() {
    const { scene, canvas, place } = this;
    if (!scene) return;
    const pen = clear(canvas, scene.box.h + MARGIN.top + MARGIN.bottom);
    pen.font = `${FONT}px ${scene.theme.font}`;
    paintDependence(pen, scene, place);
    const hint = t("Point at the picture, or use the arrow keys, to read a value.");
    setText(
      this.reading,
      place === null || place >= scene.places.length ? hint : valueWords(scene.body, scene.isShare, place, scene.curves),
    );
  }

  /** @param {number | null} place */
  point(place) {
    if (place === this.place) return;
    this.place = place;
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!by || !this.scene || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const last = this.scene.places.length - 1;
    this.point(this.place === null ? 0 : Math.min(last, Math.max(0, this.place + by)));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  placeAt(x, y) {
    const { scene } = this;
    if (!scene) return null;
    const { box, places, across } = scene;
    if (across) return Math.min(places.length - 1, Math.max(0, Math.floor((y - box.y) / LINE)));
    const at = (x - box.x) / box.w;
    const away = places.map((one) => Math.abs(one - at));
    return away.indexOf(Math.min(...away));
  }
}
