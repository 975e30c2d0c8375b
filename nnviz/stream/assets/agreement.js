// Predicted against true values, for regression on data that has no plane to draw.

import { oneFormat, t } from "./dom.js";
import { css } from "./theme.js";

const MARGIN = { left: 48, right: 8, top: 20, bottom: 22 };

export class Agreement {
  constructor(canvas) {
    this.canvas = canvas;
  }

  draw(body, theme) {
    const truth = body.true;
    const guess = body.predicted;
    let [low, high] = [Infinity, -Infinity];
    for (const values of [truth, guess]) {
      for (const value of values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (!(high >= low)) return;
    const room = (high - low || 1) * 0.05;
    [low, high] = [low - room, high + room];
    const width = this.canvas.clientWidth;
    const number = oneFormat(low, high);
    const pen = this.canvas.getContext("2d");
    pen.font = `11px ${theme.font}`;
    // as wide as the longest number beside the picture
    const left = Math.max(MARGIN.left, 10 + Math.max(...[low, (low + high) / 2, high].map((value) => pen.measureText(number(value)).width)));
    const inner = width - left - MARGIN.right;
    if (inner < 20) return;
    const shown = [body, theme.key, width];
    if (this.shown?.every((part, i) => part === shown[i])) return;
    this.shown = shown;
    const side = Math.min(inner, 330);
    const height = side + MARGIN.top + MARGIN.bottom;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const toX = (value) => left + ((value - low) / (high - low)) * inner;
    const toY = (value) => MARGIN.top + side - ((value - low) / (high - low)) * side;
    pen.strokeStyle = css(theme.grid);
    pen.strokeRect(left + 0.5, MARGIN.top + 0.5, inner - 1, side - 1);
    pen.beginPath();
    pen.moveTo(toX(low), toY(low));
    pen.lineTo(toX(high), toY(high));
    pen.strokeStyle = css(theme.muted, 0.7);
    pen.setLineDash([4, 4]);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = css(theme.classes[0], truth.length > 600 ? 0.35 : 0.65);
    for (let i = 0; i < truth.length; i += 1) {
      pen.beginPath();
      pen.arc(toX(truth[i]), toY(guess[i]), truth.length > 600 ? 2 : 3, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.fillStyle = css(theme.muted);
    pen.font = `11px ${theme.font}`;
    pen.textBaseline = "top";
    for (const share of [0.08, 0.36, 0.64, 0.92]) {
      const value = low + (high - low) * share;
      pen.textAlign = "center";
      if (share < 0.9) pen.fillText(number(value), toX(value), MARGIN.top + side + 8);
      pen.textAlign = "right";
      pen.fillText(number(value), left - 6, toY(value) - 6);
    }
    pen.textAlign = "left";
    pen.fillText(t("predicted"), 0, 2);
    pen.textAlign = "right";
    pen.fillText(t("true"), width - MARGIN.right, height - 12);
  }
}
