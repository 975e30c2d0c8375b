// What stands beside a unit or a link that is pointed at: its picture enlarged, its formula and facts. In the browser's top layer,
// so nothing clips it.

import { el } from "../../common/dom.js";
import { css } from "../../common/theme.js";
import { clear } from "../learned/canvas.js";
import { drawBars, drawNow, drawZero } from "./units.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./network.js").Unit} Unit */
/** @typedef {import("./words.js").UnitWords} UnitWords */
/** @typedef {import("./units.js").Maps} Maps */
/** What is pointed at, in the window's pixels. @typedef {{ left: number, right: number, top: number, bottom: number }} Around */

const MARGIN = 8;
const AWAY = 22;
const SIDE = 108;

export class UnitTip {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.picture = el("canvas", { "aria-hidden": "true" });
    this.title = el("b");
    this.formula = el("div", { class: "nv-formula" });
    this.facts = el("div");
    const words = el("div", {}, this.title, this.formula, this.facts);
    this.root = el("div", { popover: "manual", class: "nv-tip nv-unit-tip", role: "tooltip" }, this.picture, words);
    host.append(this.root);
  }

  hide() {
    if (this.root.matches(":popover-open")) this.root.hidePopover();
  }

  /**
   * @param {UnitWords} words
   * @param {Unit | null} unit
   * @param {Around} around
   * @param {Maps} maps
   * @param {Theme} theme
   */
  show({ title, formula, facts }, unit, around, maps, theme) {
    this.title.replaceChildren(title);
    this.formula.replaceChildren(...formula.map((piece) => pieceOf(piece, theme)));
    this.facts.replaceChildren(...facts.map((fact) => el("p", {}, fact)));
    if (!this.root.matches(":popover-open")) this.root.showPopover();
    this.draw(unit, maps, theme);
    place(this.root, around);
  }

  /**
   * @param {Unit | null} unit
   * @param {Maps} maps
   * @param {Theme} theme
   */
  draw(unit, maps, theme) {
    const height = unit?.map ? SIDE : SIDE / 2;
    this.picture.style.display = unit?.map || unit?.bars ? "" : "none";
    if (!unit) return;
    const pen = clear(this.picture, height);
    const box = { x: 0, y: 0, w: SIDE, h: height };
    if (unit.map) maps.draw(pen, unit, box);
    else if (unit.bars) {
      drawBars(pen, unit, box, theme);
      drawZero(pen, unit, box, theme);
      drawNow(pen, unit, box, theme);
    }
  }
}

/**
 * A piece of a formula; a weight is underlined in the colour of its link.
 * @param {import("./words.js").Piece} piece
 * @param {Theme} theme
 */
export function pieceOf({ text, weight }, theme) {
  if (weight === undefined) return el("span", {}, text);
  return el("span", { style: `border-color:${css(weight < 0 ? theme.low : theme.high)}`, class: "nv-term" }, text);
}

/**
 * Beside what is pointed at, on the side with more room; under or over it where neither side has enough.
 * @param {HTMLElement} tip
 * @param {Around} around
 */
function place(tip, { left, right, top, bottom }) {
  const { width, height } = tip.getBoundingClientRect();
  const [fitsRight, fitsLeft] = [right + AWAY + width <= innerWidth - MARGIN, left - AWAY - width >= MARGIN];
  const isBeside = fitsRight || fitsLeft;
  const beside = fitsRight ? right + AWAY : left - AWAY - width;
  const x = isBeside ? beside : (left + right - width) / 2;
  const under = bottom + AWAY + height <= innerHeight - MARGIN ? bottom + AWAY : top - AWAY - height;
  const y = isBeside ? (top + bottom - height) / 2 : under;
  tip.style.left = `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`;
  tip.style.top = `${Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN))}px`;
}
