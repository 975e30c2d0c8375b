// A table of numbers as coloured cells, on a canvas, with its columns' heads; the pointer and the arrow keys go from cell to cell.

import { el, setText } from "../../common/dom.js";
import { css } from "../../common/theme.js";
import { visible } from "../../common/visible.js";
import { clear, FONT, penOf, roomFor } from "../learned/canvas.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** @typedef {[line: number, column: number]} Cell */
/**
 * `across`, `up`: what the axes are.
 * @typedef {{ lines: number[][], heads: string[], names: string[], across: string, up: string, shade: (value: number) => Colour,
 *   words: (at: Cell) => string, hint: string, theme: Theme }} Content
 */

const TOP = 34;
const RIGHT = 4;
const WIDEST = 44;
const [LOWEST, HIGHEST] = [5, 30];
const MOST_HEIGHT = 420;
const LINE = 13;
const LONGEST = 12;
const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class CellTable {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.reading = el("p", { class: "nv-note nv-reading", "aria-live": "polite" });
    host.append(el("div", { class: "nv-stage" }, this.canvas), this.reading);
    /** @type {Content | null} */
    this.content = null;
    /** @type {Cell | null} */
    this.at = null;
    this.box = { x: 0, y: TOP, w: 1, h: 1 };
    const { canvas } = this;
    canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.choose(this.cellAt(offsetX, offsetY)));
    canvas.addEventListener("pointerleave", () => this.choose(null));
    canvas.addEventListener("blur", () => this.choose(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {Content} content
   * @param {string} words what is seen
   */
  draw(content, words) {
    this.content = content;
    const [line, column] = this.at ?? [0, 0];
    if (!(line < content.lines.length && column < content.heads.length)) this.at = null;
    this.canvas.setAttribute("aria-label", words);
    this.paint();
  }

  paint() {
    const { content, canvas, at } = this;
    const width = canvas.clientWidth;
    if (!content || width < 80 || !content.lines.length) return;
    const { lines, heads, names, up, theme } = content;
    const before = penOf(canvas);
    before.font = `${FONT}px ${theme.font}`;
    const left = Math.min(width / 4, roomFor(before, [...names.map((name) => short(name)), up], 24));
    const w = Math.min(width - left - RIGHT, WIDEST * heads.length);
    const side = Math.max(LOWEST, Math.min(HIGHEST, w / heads.length, MOST_HEIGHT / lines.length));
    this.box = { x: left, y: TOP, w, h: side * lines.length };
    const pen = clear(canvas, TOP + this.box.h + 4);
    pen.font = before.font;
    this.paintCells(pen, content);
    this.paintNames(pen, content);
    if (at) {
      const [cw, ch] = [w / heads.length, side];
      pen.strokeStyle = css(theme.ink);
      pen.lineWidth = 2;
      pen.strokeRect(left + at[1] * cw + 1, TOP + at[0] * ch + 1, cw - 2, ch - 2);
    }
    setText(this.reading, at ? content.words(at) : content.hint);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Content} content
   */
  paintCells(pen, { lines, heads, shade }) {
    const { x, y, w, h } = this.box;
    const [cw, ch] = [w / heads.length, h / lines.length];
    const gap = Math.min(cw, ch) > 10 ? 1 : 0;
    lines.forEach((values, line) => {
      values.forEach((value, column) => {
        pen.fillStyle = css(shade(value));
        // Without a gap cells overlap by a hair, so that no line of paper shows between them.
        pen.fillRect(x + column * cw, y + line * ch, cw - gap + (gap ? 0 : 0.5), ch - gap + (gap ? 0 : 0.5));
      });
    });
  }

  /**
   * The names of lines and the heads of columns, as many as there is room for.
   * @param {CanvasRenderingContext2D} pen
   * @param {Content} content
   */
  paintNames(pen, { lines, heads, names, across, up, theme }) {
    const { x, y, w, h } = this.box;
    const [cw, ch] = [w / heads.length, h / lines.length];
    pen.fillStyle = css(theme.muted);
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    const everyLine = Math.max(1, Math.ceil(LINE / ch));
    names.forEach((name, i) => {
      if (i % everyLine === 0) pen.fillText(short(name), x - 6, y + (i + 0.5) * ch, x - 8);
    });
    pen.textAlign = "center";
    const widest = Math.max(...heads.map((head) => pen.measureText(short(head)).width)) + 4;
    const everyHead = Math.max(1, Math.ceil(widest / cw));
    heads.forEach((head, i) => {
      if (i % everyHead === 0) pen.fillText(short(head), x + (i + 0.5) * cw, y - 9);
    });
    pen.textAlign = "left";
    pen.fillText(up, 0, y - 9, x - 4);
    pen.fillText(across, x, y - 25);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {Cell | null}
   */
  cellAt(x, y) {
    const { content, box } = this;
    if (!content) return null;
    const column = Math.floor(((x - box.x) / box.w) * content.heads.length);
    const line = Math.floor(((y - box.y) / box.h) * content.lines.length);
    const isInside = line >= 0 && line < content.lines.length && column >= 0 && column < content.heads.length;
    return isInside ? [line, column] : null;
  }

  /** @param {Cell | null} at */
  choose(at) {
    if (String(at) === String(this.at)) return;
    this.at = at;
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (!this.content || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") this.choose(null);
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const { lines, heads } = this.content;
    const [line, column] = this.at ?? [-by[0], -by[1]];
    this.choose([within(line + by[0], lines.length), within(column + by[1], heads.length)]);
  }
}

/** @type {(at: number, size: number) => number} */
const within = (at, size) => Math.max(0, Math.min(size - 1, at));

/** @param {string} name */
const short = (name) => visible(name, LONGEST);
