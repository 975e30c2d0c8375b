// What single units answer, drawn: their maps and the distributions of their outputs.

import { css } from "../../common/theme.js";
import { FONT, penOf } from "../learned/canvas.js";
import { diverging } from "../learned/shades.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/canvas.js").Box} Box */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./network.js").Unit} Unit */
/** @typedef {CanvasRenderingContext2D} Pen */

/** The maps of a frame, one over the other on a canvas of their own, so that pointing at units paints none again. */
export class Maps {
  constructor() {
    this.canvas = document.createElement("canvas");
    /** @type {Map<Unit, number>} */
    this.rows = new Map();
    /** @type {unknown[]} */
    this.painted = [];
    this.size = 0;
  }

  /**
   * @param {Network} network
   * @param {Theme} theme
   */
  paint(network, theme) {
    if (this.painted[0] === network && this.painted[1] === theme.key) return;
    this.painted = [network, theme.key];
    const units = network.columns.flatMap((column) => column.units).filter(({ map }) => map);
    this.rows = new Map(units.map((unit, place) => [unit, place * network.size]));
    this.size = network.size;
    if (!units.length) return;
    [this.canvas.width, this.canvas.height] = [network.size, network.size * units.length];
    const image = new ImageData(this.canvas.width, this.canvas.height);
    const shades = Array.from({ length: 256 }, (_, byte) => diverging(Math.max(-1, (byte - 128) / 127), theme));
    for (const [unit, top] of this.rows) paintMap(image, /** @type {Uint8Array} */ (unit.map), top, shades);
    penOf(this.canvas).putImageData(image, 0, 0);
  }

  /**
   * @param {Pen} pen
   * @param {Unit} unit
   * @param {Box} box
   */
  draw(pen, unit, { x, y, w, h }) {
    const top = this.rows.get(unit);
    if (top === undefined) return;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.canvas, 0, top, this.size, this.size, x, y, w, h);
  }
}

/**
 * @param {ImageData} image
 * @param {Uint8Array} map its first row is the lowest
 * @param {number} top
 * @param {number[][]} shades
 */
function paintMap({ data, width: size }, map, top, shades) {
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [r, g, b] = shades[map[row * size + column]];
      const at = ((top + size - 1 - row) * size + column) * 4;
      [data[at], data[at + 1], data[at + 2], data[at + 3]] = [r, g, b, 255];
    }
  }
}

/**
 * The distribution of a unit's outputs.
 * @param {Pen} pen
 * @param {Unit} unit
 * @param {Box} box
 * @param {Theme} theme
 */
export function drawBars(pen, { bars }, { x, y, w, h }, theme) {
  if (!bars) return;
  const width = w / bars.length;
  pen.beginPath();
  for (let i = 0; i < bars.length; i += 1) {
    if (!bars[i]) continue;
    const height = Math.max(1, (bars[i] / 255) * (h - 4));
    pen.rect(x + i * width, y + h - height, width * 0.92, height);
  }
  pen.fillStyle = css(theme.ink, 0.72);
  pen.fill();
}

/**
 * A line where a distribution's outputs are 0, if they have both signs.
 * @param {Pen} pen
 * @param {Unit} unit
 * @param {Box} box
 * @param {Theme} theme
 */
export function drawZero(pen, { low, high }, { x, y, w, h }, theme) {
  if (!(low < 0 && high > 0)) return;
  const at = x + (-low / (high - low)) * w;
  pen.fillStyle = css(theme.muted);
  pen.fillRect(at - 0.5, y, 1, h);
  pen.font = `${FONT}px ${theme.font}`;
  pen.fillText("0", at + 3, y + FONT);
}

/**
 * A line where the output for the picture chosen is.
 * @param {Pen} pen
 * @param {Unit} unit
 * @param {Box} box
 * @param {Theme} theme
 */
export function drawNow(pen, { low, high, now }, { x, y, w, h }, theme) {
  if (!(high > low) || !(now >= low && now <= high)) return;
  pen.fillStyle = css(theme.ink);
  pen.fillRect(x + ((now - low) / (high - low)) * w - 1, y, 2, h);
}
