// A chosen feature map: large, with the sum behind the value under the pointer, its kernels, and the pictures that it answers most.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { paintPixels } from "../learned/pixels.js";
import { ArithmeticTable } from "./arithmetic.js";
import { drawMap, drawSigned } from "./pictures.js";
import { outputName, plain, sumWords, valueWords } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./words.js").ImagesBody} ImagesBody */
/** @typedef {import("./words.js").ChosenMap} ChosenMap */
/** @typedef {import("./words.js").Name} Name */
/** @typedef {import("./images_view.js").Choice} Choice */

/** @type {Record<string, [down: number, right: number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class ChosenMapPanel {
  /** @param {(change: Choice) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    /** @type {ChosenMap | null} */
    this.map = null;
    this.at = "";
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.value = el("p", { class: "nv-value-words" });
    this.table = new ArithmeticTable();
    this.sum = el("p", { class: "nv-sum", "aria-live": "polite" });
    this.kernelsTitle = el("h4");
    this.kernels = el("div", { class: "nv-kernels" });
    this.likedTitle = el("h4");
    this.liked = el("div", { class: "nv-liked" });
    const sums = el("div", { class: "nv-sums" }, this.value, this.sum, this.table.root);
    const rest = [this.kernelsTitle, this.kernels, this.likedTitle, this.liked];
    this.root = el("div", { class: "nv-chosen-map" }, el("div", { class: "nv-chosen-row" }, this.canvas, sums), ...rest);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {PointerEvent} event */
  point({ offsetX, offsetY }) {
    const { map, canvas } = this;
    if (!map) return;
    const [height, width] = map.size;
    const row = Math.floor((offsetY / canvas.clientHeight) * height);
    const column = Math.floor((offsetX / canvas.clientWidth) * width);
    this.go(row, column);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { map } = this;
    const step = STEPS[event.key];
    if (!map || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [row, column] = (map.arithmetic?.at ?? [0, 0]).map((place) => Math.floor(place / map.step));
    if (map.arithmetic) this.go(row + step[0], column + step[1]);
    else this.go(0, 0);
  }

  /**
   * Chooses a value, by its cell in the drawing.
   * @param {number} row
   * @param {number} column
   */
  go(row, column) {
    const { map } = this;
    if (!map) return;
    const inside = (/** @type {number} */ place, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, place)) * map.step;
    const at = [inside(row, map.size[0]), inside(column, map.size[1])];
    if (this.at === String(at)) return;
    this.at = String(at);
    this.onChoose({ at });
  }

  /**
   * @param {ImagesBody} body
   * @param {Name} name
   * @param {Theme} theme
   */
  draw(body, name, theme) {
    const { map, maps, layers } = body;
    this.map = map;
    this.root.style.display = map ? "" : "none";
    if (!map || !maps) {
      this.at = "";
      return;
    }
    const { arithmetic } = map;
    const cell = arithmetic ? /** @type {[number, number]} */ (arithmetic.at.map((at) => Math.floor(at / map.step))) : null;
    drawMap(this.canvas, map.values, map.size, cell, theme);
    const words = valueWords(map);
    setText(this.value, words);
    this.canvas.setAttribute("aria-label", words);
    this.table.draw(arithmetic, theme);
    setText(this.sum, arithmetic ? sumWords(arithmetic, layers[maps.layer].activation) : "");
    this.drawKernels(map, maps.kernel_size, theme);
    this.drawLiked(body, map, name);
  }

  /** @type {(map: ChosenMap, size: number[], theme: Theme) => void} */
  drawKernels({ kernels, kernels_in_all: all }, size, theme) {
    const values = { n: kernels.length, all };
    const some = t("Its kernels: {n} of {all} channels of its input, the largest", values);
    const whole = all === 1 ? t("Its kernel") : t("Its kernels, one for each of the {all} channels of its input", values);
    setText(this.kernelsTitle, kernels.length < all ? some : whole);
    this.kernelsTitle.style.display = kernels.length ? "" : "none";
    this.kernels.replaceChildren(
      ...kernels.map(({ channel, values: bytes }) => {
        const canvas = el("canvas", { role: "img", "aria-label": t("kernel of channel {n}", { n: channel + 1 }) });
        drawSigned(canvas, bytes, size, theme);
        return el("figure", {}, canvas, el("figcaption", {}, channel + 1));
      }),
    );
  }

  /** @type {(body: ImagesBody, map: ChosenMap, name: Name) => void} */
  drawLiked({ part }, { liked, searched, index }, name) {
    const values = { n: searched.toLocaleString("en-US"), map: index + 1 };
    const train = t("Map {map} answers most, among {n} training pictures", values);
    setText(this.likedTitle, part === "train" ? train : t("Map {map} answers most, among {n} validation pictures", values));
    this.liked.replaceChildren(
      ...liked.map(({ row, truth, value, picture }) => {
        const what = name ? outputName(truth, name) : plain(truth);
        const label = t("picture {n}, {what}: {value}", { n: row + 1, what, value: plain(value) });
        const canvas = el("canvas");
        paintPixels(canvas, picture);
        const onclick = () => this.onChoose({ row, target: undefined });
        return el(
          "button",
          { type: "button", "aria-label": label, title: label, onclick },
          canvas,
          el("small", {}, what),
          el("small", {}, plain(value)),
        );
      }),
    );
  }
}
