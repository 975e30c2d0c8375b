// Predicted against true values, for regression on data that has no plane to draw.

import { t } from "../../common/messages.js";
import { oneFormat } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { clear, FONT, penOf, roomFor } from "./canvas.js";
import { rangeOf, ticks } from "./scales.js";
import { diverging, errorScale, level } from "./shades.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./canvas.js").Box} Box */
/** @typedef {{ true: number[], predicted: number[], worst?: import("./worst.js").Worst[] }} Errors */

const MARGIN = { left: 48, right: 8, top: 20, bottom: 22 };
const MAX_SIDE = 330;
const MIN_WIDTH = 20;
const MANY_ROWS = 600;
const RING = 5.5;
const TICKS = 4;
const BETWEEN = 8;

export class Agreement {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {unknown[]} inputs of the last drawing: unchanged ones are skipped */
    this.drawn = [];
  }

  /** Forces the next drawing: something else was drawn on the canvas. */
  invalidate() {
    this.drawn = [];
  }

  /**
   * @param {Errors} body `worst` has rings
   * @param {Theme} theme
   */
  draw(body, theme) {
    const range = rangeOf([body.true, body.predicted], 0.05);
    if (!range) return;
    const [low, high] = range;
    const width = this.canvas.clientWidth;
    const format = oneFormat(low, high);
    const font = `${FONT}px ${theme.font}`;
    const before = penOf(this.canvas);
    before.font = font;
    const numbers = ticks(low, high, TICKS);
    const left = roomFor(before, numbers.map(format), MARGIN.left);
    const inner = width - left - MARGIN.right;
    if (inner < MIN_WIDTH) return;
    const drawn = [body, theme.key, width];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const side = Math.min(inner, MAX_SIDE);
    const pen = clear(this.canvas, side + MARGIN.top + MARGIN.bottom);
    pen.font = font;
    const box = { x: left, y: MARGIN.top, w: inner, h: side };
    /** @param {number} value */
    const share = (value) => (value - low) / (high - low);
    drawFrame(pen, box, theme);
    drawPoints(pen, box, body, share, theme);
    drawRings(pen, box, body, share, theme);
    pen.fillStyle = css(theme.muted);
    drawNumbers(
      pen,
      box,
      numbers.map((value) => ({ share: share(value), text: format(value).replace("-", "−") })),
    );
    pen.textAlign = "left";
    pen.fillText(t("predicted"), 0, 2);
    pen.textAlign = "right";
    pen.fillText(t("true"), width - MARGIN.right, box.y + box.h + MARGIN.bottom - 12);
  }
}

/**
 * The frame, and the diagonal on which predictions are right.
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {Theme} theme
 */
function drawFrame(pen, { x, y, w, h }, theme) {
  pen.strokeStyle = css(theme.grid);
  pen.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
  pen.beginPath();
  pen.moveTo(x, y + h);
  pen.lineTo(x + w, y);
  pen.strokeStyle = css(theme.muted, 0.7);
  pen.setLineDash([4, 4]);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {{ true: number[], predicted: number[] }} body
 * @param {(value: number) => number} share
 * @param {Theme} theme
 */
function drawPoints(pen, { x, y, w, h }, { true: truth, predicted }, share, theme) {
  const isMany = truth.length > MANY_ROWS;
  const scale = errorScale(truth, predicted);
  pen.strokeStyle = css(theme.edge);
  pen.lineWidth = 0.7;
  truth.forEach((value, i) => {
    pen.beginPath();
    pen.arc(x + share(value) * w, y + h - share(predicted[i]) * h, isMany ? 2 : 3, 0, 2 * Math.PI);
    pen.fillStyle = css(diverging(level(predicted[i] - value, scale), theme), 0.9);
    pen.fill();
    pen.stroke();
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {Errors} body
 * @param {(value: number) => number} share
 * @param {Theme} theme
 */
function drawRings(pen, { x, y, w, h }, { worst = [] }, share, theme) {
  pen.strokeStyle = css(theme.ink);
  pen.lineWidth = 1.2;
  for (const { truth, guess } of worst) {
    const [across, up] = [share(truth), share(guess)];
    if (!(across >= 0 && across <= 1 && up >= 0 && up <= 1)) continue;
    pen.beginPath();
    pen.arc(x + across * w, y + h - up * h, RING, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/**
 * Numbers on both axes; across only those that keep apart.
 * @param {CanvasRenderingContext2D} pen
 * @param {Box} box
 * @param {{ share: number, text: string }[]} numbers
 */
function drawNumbers(pen, { x, y, w, h }, numbers) {
  let free = x - MARGIN.left;
  // at the end stands what the axis is
  const end = x + w - pen.measureText(t("true")).width - BETWEEN;
  for (const { share, text } of numbers) {
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.fillText(text, x - 6, y + h - share * h);
    pen.textBaseline = "top";
    pen.textAlign = "center";
    const [at, half] = [x + share * w, pen.measureText(text).width / 2];
    if (at - half < free || at + half > end) continue;
    pen.fillText(text, at, y + h + 8);
    free = at + half + BETWEEN;
  }
}
