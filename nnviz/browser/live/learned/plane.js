// The plane of two inputs: the network's predictions over it (from frames), and the rows on it.

import { css, mix } from "../../common/theme.js";
import { visible } from "../../common/visible.js";
import { clear, FONT, penOf, roomFor } from "./canvas.js";
import { extentOf, formatsOf, ticks } from "./scales.js";
import { diverging, level } from "./shades.js";

/** @typedef {import("../../common/numbers.js").Format} Format */
/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../../common/theme.js").Colour} Colour */
/** @typedef {import("./canvas.js").Box} Box */
/** @typedef {import("./scales.js").Points} Points */
/** @typedef {import("./scales.js").Extent} Extent */
/** @typedef {import("./shades.js").Scale} Scale */
/**
 * Predictions on a grid, one byte each, row 0 at the lowest y: `values` are classes, or 0 to 255 over the range; `sure` are
 * the classes' probabilities.
 * @typedef {{ kind: "classes" | "values", shape: [rows: number, columns: number], values: ArrayBuffer, sure: ArrayBuffer,
 *   classes: number, range?: number[], extent?: Extent }} PlaneBody
 */
/**
 * Without `body` only the rows are drawn. `scale`: of a numeric target; `marked`, `ringed`: by point, 1 where it gets a cross, a ring.
 * @typedef {{ body?: PlaneBody, points?: Points | null, extent?: Extent | null, axes?: string[], scale?: Scale | null,
 *   marked?: ArrayLike<number>, ringed?: ArrayLike<number> | null, theme: Theme }} Picture
 */

const MARGIN = { left: 34, right: 6, top: 20, bottom: 22 };
const MAX_SIDE = 330;
const MIN_WIDTH = 20;
const TICKS = 5;
/** How strong a predicted value's colour is behind the rows. */
const BEHIND = 0.75;
/** How dark the line around a point is. */
const OUTLINE = 0.55;

/**
 * The grid as an image with one pixel per cell.
 * @param {PlaneBody} body
 * @param {Scale | null} scale
 * @param {Theme} theme
 */
function paint(body, scale, theme) {
  const [rows, columns] = body.shape;
  const cells = new Uint8Array(body.values);
  const image = new ImageData(columns, rows);
  const pick = body.kind === "classes" ? classColours(body, theme) : valueColours(body, scale, theme);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [r, g, b] = pick(cells, row * columns + column);
      const at = ((rows - 1 - row) * columns + column) * 4;
      image.data.set([r, g, b, 255], at);
    }
  }
  return image;
}

/** @typedef {(cells: Uint8Array, at: number) => Colour} Pick */

/** @type {(body: PlaneBody, theme: Theme) => Pick} */
function classColours(body, theme) {
  const classes = body.classes;
  const { paper } = theme;
  const strength = theme.isDark ? 0.52 : 0.58;
  // A lookup table of 64 shades per class, instead of mixing colours for each cell.
  const table = Array.from({ length: classes }, (_, k) =>
    Array.from({ length: 64 }, (_, shade) =>
      mix(paper, theme.classes[k % theme.classes.length], strength * (shade / 63) ** 0.75),
    ),
  );
  const sure = new Uint8Array(body.sure);
  return (cells, at) => table[Math.min(cells[at], classes - 1)][sure[at] >> 2];
}

/** @type {(body: PlaneBody, scale: Scale | null, theme: Theme) => Pick} */
function valueColours({ range }, scale, theme) {
  const [low, high] = range ?? [-1, 1];
  const own = scale ?? { middle: (low + high) / 2, reach: (high - low) / 2 };
  const table = Array.from({ length: 256 }, (_, byte) =>
    mix(theme.paper, diverging(level(low + ((high - low) * byte) / 255, own), theme), BEHIND),
  );
  return (cells, at) => table[cells[at]];
}

export class Plane {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.small = document.createElement("canvas");
    /** @type {unknown[]} inputs of the last drawing: draw is called more often than frames arrive, and skips unchanged ones */
    this.drawn = [];
    /** @type {unknown[]} inputs of the small canvas */
    this.painted = [];
    /** @type {PlaneFrame | null} where things are, as it was last drawn */
    this.frame = null;
  }

  /** Forces the next drawing: something else was drawn on the canvas. */
  invalidate() {
    this.drawn = [];
  }

  /** @param {Picture} picture */
  draw(picture) {
    const { body, points, axes, scale, marked, ringed, theme } = picture;
    const extent = body?.extent ?? picture.extent ?? extentOf(points);
    if (!extent) return;
    const [x0, x1, y0, y1] = extent;
    const width = this.canvas.clientWidth;
    const font = `${FONT}px ${theme.font}`;
    const formats = formatsOf(points, extent);
    const before = penOf(this.canvas);
    before.font = font;
    const left = roomFor(before, ticks(y0, y1, TICKS).map(formats.y), MARGIN.left);
    const inner = width - left - MARGIN.right;
    if (inner < MIN_WIDTH) return;
    const look = [theme.key, width, window.devicePixelRatio, String(axes), scale?.middle, scale?.reach];
    const drawn = [body, points, marked, ringed, ...look];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const box = { x: left, y: MARGIN.top, w: inner, h: Math.round(Math.min(inner, MAX_SIDE)) };
    const pen = clear(this.canvas, box.h + MARGIN.top + MARGIN.bottom);
    pen.font = font;
    if (body) this.drawBody(pen, box, body, scale ?? null, theme);
    else {
      pen.strokeStyle = css(theme.grid);
      pen.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
    }
    /** @param {number} x */
    const toX = (x) => box.x + ((x - x0) / (x1 - x0)) * box.w;
    /** @param {number} y */
    const toY = (y) => box.y + box.h - ((y - y0) / (y1 - y0)) * box.h;
    /** @type {PlaneFrame} */
    const frame = { box, extent, toX, toY };
    this.frame = frame;
    drawAxes(pen, frame, axes ?? [], formats, theme);
    if (points) drawPoints(pen, frame, points, scale ?? null, theme);
    if (points && marked) drawMarks(pen, frame, points, marked, theme);
    if (points && ringed) drawRings(pen, frame, points, ringed, theme);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Box} box
   * @param {PlaneBody} body
   * @param {Scale | null} scale
   * @param {Theme} theme
   */
  drawBody(pen, { x, y, w, h }, body, scale, theme) {
    const { small } = this;
    const painted = [body, theme.key, scale?.middle, scale?.reach];
    if (painted.some((part, i) => part !== this.painted[i])) {
      const image = paint(body, scale, theme);
      [small.width, small.height] = [image.width, image.height];
      penOf(small).putImageData(image, 0, 0);
      this.painted = painted;
    }
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    pen.save();
    pen.beginPath();
    pen.roundRect(x, y, w, h, 3);
    pen.clip();
    // Values belong to the grid's nodes, edges included: half a cell lies outside.
    const [cw, ch] = [w / (small.width - 1), h / (small.height - 1)];
    pen.drawImage(small, x - cw / 2, y - ch / 2, w + cw, h + ch);
    pen.restore();
  }
}

/** @typedef {{ box: Box, extent: Extent, toX: (x: number) => number, toY: (y: number) => number }} PlaneFrame */

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {PlaneFrame} frame
 * @param {string[]} axes names of both inputs
 * @param {{ x: Format, y: Format }} formats
 * @param {Theme} theme
 */
function drawAxes(pen, { box, extent: [x0, x1, y0, y1], toX, toY }, axes, formats, theme) {
  pen.fillStyle = css(theme.muted);
  pen.strokeStyle = css(theme.grid);
  pen.lineWidth = 1;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const [across, up] = axes.map((name) => visible(name, 60));
  const [right, bottom, most] = [box.x + box.w, box.y + box.h, box.w / 2];
  const reserved = across ? Math.min(most, pen.measureText(across).width) + 14 : 0;
  for (const x of ticks(x0, x1, TICKS).filter((at) => toX(at) < right - reserved - 10)) {
    pen.fillText(formats.x(x), Math.max(toX(x), box.x + 6), bottom + 6);
  }
  pen.textAlign = "right";
  if (across) pen.fillText(across, right, bottom + 6, most);
  pen.textBaseline = "middle";
  for (const y of ticks(y0, y1, TICKS).filter((at) => toY(at) > box.y + 4 && toY(at) < bottom - 4)) {
    pen.fillText(formats.y(y), box.x - 6, toY(y));
  }
  pen.textAlign = "left";
  if (up) pen.fillText(up, 0, box.y - 11, box.w);
}

/** @param {number} count of rows */
function radiusFor(count) {
  if (count > 3000) return 1.6;
  return count > 1000 ? 2.2 : 3;
}

/**
 * Training rows as discs, over them validation rows as rings; test rows are not drawn.
 * @param {CanvasRenderingContext2D} pen
 * @param {PlaneFrame} frame
 * @param {Points} points
 * @param {Scale | null} scale of numbers; null for classes
 * @param {Theme} theme
 */
function drawPoints(pen, { box, toX, toY }, points, scale, theme) {
  const radius = radiusFor(points.x.length);
  const outline = scale ? css(theme.edge) : css(theme.outline, OUTLINE);
  /** @type {(x: number, y: number, size: number, colour: Colour) => void} */
  const disc = (x, y, size, colour) => {
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.fillStyle = css(colour);
    pen.fill();
  };
  /** @type {(i: number, isTraining: boolean) => void} */
  const draw = (i, isTraining) => {
    const [x, y] = [toX(points.x[i]), toY(points.y[i])];
    if (!isInside(x, y, box)) return;
    disc(x, y, isTraining ? radius : radius + 0.6, colourOf(points.label[i], scale, theme));
    pen.lineWidth = 0.7;
    pen.strokeStyle = outline;
    pen.stroke();
    if (!isTraining) disc(x, y, radius * 0.5, theme.paper);
  };
  for (const drawn of ["train", "validation"]) {
    for (let i = 0; i < points.x.length; i += 1) {
      if ((points.part?.[i] ?? "train") === drawn) draw(i, drawn === "train");
    }
  }
}

/** @type {(x: number, y: number, box: Box) => boolean} */
const isInside = (x, y, box) => x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;

/**
 * Crosses over points: their arms reach beyond the point, whose colour stays to be seen between them.
 * @param {CanvasRenderingContext2D} pen
 * @param {PlaneFrame} frame
 * @param {Points} points
 * @param {ArrayLike<number>} marked
 * @param {Theme} theme
 */
function drawMarks(pen, { box, toX, toY }, points, marked, theme) {
  const reach = radiusFor(points.x.length) + 1.4;
  pen.beginPath();
  for (let i = 0; i < marked.length; i += 1) {
    const [x, y] = [toX(points.x[i]), toY(points.y[i])];
    if (!marked[i] || !isInside(x, y, box)) continue;
    pen.moveTo(x - reach, y - reach);
    pen.lineTo(x + reach, y + reach);
    pen.moveTo(x + reach, y - reach);
    pen.lineTo(x - reach, y + reach);
  }
  pen.lineWidth = 1.2;
  pen.strokeStyle = css(theme.ink);
  pen.stroke();
}

/**
 * Rings around points, wide enough to leave a gap.
 * @param {CanvasRenderingContext2D} pen
 * @param {PlaneFrame} frame
 * @param {Points} points
 * @param {ArrayLike<number>} ringed
 * @param {Theme} theme
 */
function drawRings(pen, { box, toX, toY }, points, ringed, theme) {
  const radius = radiusFor(points.x.length) + 3;
  pen.lineWidth = 1.4;
  pen.strokeStyle = css(theme.ink);
  for (let i = 0; i < ringed.length; i += 1) {
    const [x, y] = [toX(points.x[i]), toY(points.y[i])];
    if (!ringed[i] || !isInside(x, y, box)) continue;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }
}

/** @type {(value: number, scale: Scale | null, theme: Theme) => Colour} */
function colourOf(value, scale, theme) {
  return scale ? diverging(level(value, scale), theme) : theme.classes[value % theme.classes.length];
}
