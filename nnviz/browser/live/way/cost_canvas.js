// One map of the cost, with its title, drawn again when something about it has changed.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { clear, FONT, penOf } from "../learned/canvas.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { boxOf, costShade, drawCostMap } from "./cost_painter.js";

/** @typedef {import("./cost_painter.js").Scene} Scene */

const LEAST = 120;

export class CostCanvas {
  /** @param {string} title */
  constructor(title) {
    this.canvas = el("canvas", { role: "img" });
    this.scaleBar = new ScaleBar();
    this.root = el("figure", { class: "nv-way-map" }, el("figcaption", {}, title), this.canvas, this.scaleBar.root);
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.root);
  }

  /**
   * @param {Scene} scene
   * @param {string} words what is seen
   */
  draw(scene, words) {
    this.scene = scene;
    if (this.canvas.getAttribute("aria-label") !== words) this.canvas.setAttribute("aria-label", words);
    const { low, high } = scene.map;
    const format = oneFormat(low, high);
    const scale = { low: t("cost {n}", { n: format(low) }), middle: "", high: format(high) };
    this.scaleBar.draw(scale, scene.theme, (at) => costShade((at + 1) / 2, scene.theme));
    this.render();
  }

  render() {
    const { scene, canvas } = this;
    const width = canvas.clientWidth;
    if (!scene || width < LEAST) return;
    const drawn = [scene.map, scene.theme.key, width, window.devicePixelRatio];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const before = penOf(canvas);
    const font = `${FONT}px ${scene.theme.font}`;
    before.font = font;
    const { box, height } = boxOf(before, scene.map, width);
    const pen = clear(canvas, height);
    pen.font = font;
    drawCostMap(pen, box, scene);
  }
}
