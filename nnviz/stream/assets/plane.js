// The plane of two inputs: what the network answers everywhere (from frames), and the rows on it.

import { oneFormat } from "./dom.js";
import { css, mix } from "./theme.js";
import { visible } from "./visible.js";

const MARGIN = { left: 34, right: 6, top: 20, bottom: 22 };
// Blue for low and orange for high, the paper's colour at zero: safe for the colour-blind.
const POLES = [0, 1];

// The frame's grid as one colour a cell; row 0 is the lowest y.
function paint(body, theme) {
  const [rows, columns] = body.shape;
  const cells = new Uint8Array(body.values);
  const image = new ImageData(columns, rows);
  const pick = body.kind === "classes" ? classColours(body, theme) : valueColours(theme);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [r, g, b] = pick(cells, row * columns + column);
      const at = ((rows - 1 - row) * columns + column) * 4;
      image.data.set([r, g, b, 255], at);
    }
  }
  return image;
}

function classColours(body, theme) {
  const classes = body.classes;
  const paper = theme.isDark ? theme.paper : [255, 255, 255];
  const strength = theme.isDark ? 0.52 : 0.58;
  // One table of colours a class and confidence, 64 shades each, instead of a mixture a cell.
  const table = Array.from({ length: classes }, (_, k) => Array.from({ length: 64 }, (_, shade) =>
    mix(paper, theme.classes[k % theme.classes.length], strength * Math.pow(shade / 63, 0.75))));
  const sure = new Uint8Array(body.sure);
  return (cells, at) => table[Math.min(cells[at], classes - 1)][sure[at] >> 2];
}

function valueColours(theme) {
  const table = Array.from({ length: 256 }, (_, value) => diverging((value - 127.5) / 127.5, theme, 0.8));
  return (cells, at) => table[cells[at]];
}

function diverging(value, theme, strength) {
  const paper = theme.isDark ? theme.paper : [255, 255, 255];
  const pole = theme.classes[value < 0 ? POLES[0] : POLES[1]];
  return mix(paper, pole, Math.min(1, Math.abs(value)) * strength);
}

function ticks(low, high, wanted) {
  const raw = (high - low) / wanted;
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw);
  const found = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) found.push(Math.abs(at) < step * 1e-6 ? 0 : at);
  return found;
}

export class Plane {
  constructor(canvas) {
    this.canvas = canvas;
    this.small = document.createElement("canvas");
  }

  // `points`: {x, y, label, part} as columns; `body` may be missing: the rows alone are shown then.
  draw({ body, points, extent, axes, scale, theme }) {
    const area = body?.extent ?? extent ?? around(points);
    if (!area) return;
    const [x0, x1, y0, y1] = area;
    const width = this.canvas.clientWidth;
    const labels = [oneFormat(x0, x1), oneFormat(y0, y1)];
    const pen = this.canvas.getContext("2d");
    pen.font = `11px ${theme.font}`;
    // as wide as the longest number beside the picture
    const left = Math.max(MARGIN.left, 10 + Math.max(...ticks(y0, y1, 5).map((y) => pen.measureText(labels[1](y)).width)));
    const inner = width - left - MARGIN.right;
    if (inner < 20) return;
    const height = Math.round(Math.min(inner, 330)) + MARGIN.top + MARGIN.bottom;
    const ratio = window.devicePixelRatio || 1;
    // Curves are drawn more often than frames come: the same picture is not drawn again.
    const shown = [body, points, theme.key, width, ratio, String(axes), String(scale)];
    if (this.shown?.every((part, i) => part === shown[i])) return;
    this.shown = shown;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.height = `${height}px`;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const box = { x: left, y: MARGIN.top, w: inner, h: height - MARGIN.top - MARGIN.bottom };
    if (body) {
      if (this.painted !== body || this.paintedKey !== theme.key) {
        const image = paint(body, theme);
        this.small.width = image.width;
        this.small.height = image.height;
        this.small.getContext("2d").putImageData(image, 0, 0);
        this.painted = body;
        this.paintedKey = theme.key;
      }
      pen.imageSmoothingEnabled = true;
      pen.imageSmoothingQuality = "high";
      pen.save();
      pen.beginPath();
      pen.roundRect(box.x, box.y, box.w, box.h, 3);
      pen.clip();
      // Values stand at the grid's nodes, edges included: half a cell lies outside.
      const [cw, ch] = [box.w / (this.small.width - 1), box.h / (this.small.height - 1)];
      pen.drawImage(this.small, box.x - cw / 2, box.y - ch / 2, box.w + cw, box.h + ch);
      pen.restore();
    } else {
      pen.strokeStyle = css(theme.grid);
      pen.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
    }
    const toX = (x) => box.x + ((x - x0) / (x1 - x0)) * box.w;
    const toY = (y) => box.y + box.h - ((y - y0) / (y1 - y0)) * box.h;
    this.drawAxes(pen, box, area, toX, toY, axes, labels, theme);
    if (points) this.drawPoints(pen, box, points, toX, toY, scale, theme);
  }

  drawAxes(pen, box, [x0, x1, y0, y1], toX, toY, axes, labels, theme) {
    pen.fillStyle = css(theme.muted);
    pen.strokeStyle = css(theme.grid);
    pen.lineWidth = 1;
    pen.font = `11px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    const [across, up] = (axes ?? []).map((name) => visible(name, 60));
    const most = box.w / 2;
    const reserved = across ? Math.min(most, pen.measureText(across).width) + 14 : 0;
    for (const x of ticks(x0, x1, 5)) {
      if (toX(x) < box.x + box.w - reserved - 10) pen.fillText(labels[0](x), Math.max(toX(x), box.x + 6), box.y + box.h + 6);
    }
    if (across) {
      pen.textAlign = "right";
      pen.fillText(across, box.x + box.w, box.y + box.h + 6, most);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const y of ticks(y0, y1, 5)) {
      const at = toY(y);
      if (at > box.y + 4 && at < box.y + box.h - 4) pen.fillText(labels[1](y), box.x - 6, at);
    }
    if (up) {
      pen.textAlign = "left";
      pen.fillText(up, 0, box.y - 11, box.w);
    }
  }

  drawPoints(pen, box, points, toX, toY, scale, theme) {
    const many = points.x.length;
    const radius = many > 3000 ? 1.6 : many > 1000 ? 2.2 : 3;
    const rim = theme.isDark ? theme.paper : [255, 255, 255];
    for (const isTraining of [true, false]) {
      for (let i = 0; i < many; i += 1) {
        const part = points.part?.[i] ?? "train";
        if ((part === "train") !== isTraining || part === "test") continue;
        const x = toX(points.x[i]);
        const y = toY(points.y[i]);
        if (x < box.x || x > box.x + box.w || y < box.y || y > box.y + box.h) continue;
        const colour = this.colour(points.label[i], scale, theme);
        pen.beginPath();
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        if (isTraining) {
          pen.fillStyle = css(colour);
          pen.fill();
          pen.lineWidth = 0.9;
          pen.strokeStyle = css(rim);
        } else {
          pen.fillStyle = css(rim, 0.92);
          pen.fill();
          pen.lineWidth = 1.5;
          pen.strokeStyle = css(colour);
        }
        pen.stroke();
      }
    }
  }

  colour(value, scale, theme) {
    if (!scale) return theme.classes[value % theme.classes.length];
    const [low, high] = scale;
    return diverging(high > low ? (2 * (value - low)) / (high - low) - 1 : 0, theme, 1);
  }
}

function around(points) {
  if (!points?.x.length) return null;
  const span = (values) => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const room = (high - low || 1) * 0.08;
    return [low - room, high + room];
  };
  return [...span(points.x), ...span(points.y)];
}
