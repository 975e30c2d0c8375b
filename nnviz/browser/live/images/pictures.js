// A picture with what speaks for an answer laid over it, and maps of values with a sign, on canvases.

import { css } from "../../common/theme.js";
import { clear } from "../learned/canvas.js";
import { paintCells, paintPixels } from "../learned/pixels.js";
import { diverging } from "../learned/shades.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/pixels.js").Pixels} Pixels */
/** @typedef {import("./words.js").Cam} Cam */

const MOST_ALPHA = 0.8;

/** Kept, since a canvas is made for each picture otherwise. */
const scratch = { picture: document.createElement("canvas"), heat: document.createElement("canvas") };

/**
 * The picture as large as the canvas is wide, its pixels as squares, and over it the heat, smoothed between its places.
 * @param {HTMLCanvasElement} canvas
 * @param {Pixels} pixels
 * @param {Cam | null} cam null: the picture alone
 * @param {Theme} theme
 */
export function drawPicture(canvas, pixels, cam, theme) {
  const [height, width] = pixels.shape ?? [1, 1];
  const across = canvas.clientWidth;
  if (!across) return;
  const up = Math.round((across * height) / width);
  const pen = clear(canvas, up);
  paintPixels(scratch.picture, pixels);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(scratch.picture, 0, 0, across, up);
  if (!cam) return;
  const heat = new Uint8Array(cam.heat);
  paintCells(scratch.heat, cam.size, (cell) => [...theme.high, Math.round(heat[cell] * MOST_ALPHA)]);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(scratch.heat, 0, 0, across, up);
}

/**
 * Values with a sign, a pixel each: bytes, 128 is 0.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayBuffer} values
 * @param {number[]} size [height, width]
 * @param {Theme} theme
 */
export function drawSigned(canvas, values, size, theme) {
  const bytes = new Uint8Array(values);
  const shades = Array.from({ length: 256 }, (_, byte) => diverging(Math.max(-1, (byte - 128) / 127), theme));
  paintCells(canvas, size, (cell) => shades[bytes[cell] ?? 128]);
}

/**
 * As `drawSigned`, as large as the canvas is wide, with a frame around one cell.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayBuffer} values
 * @param {number[]} size [height, width]
 * @param {[row: number, column: number] | null} cell
 * @param {Theme} theme
 */
export function drawMap(canvas, values, [height, width], cell, theme) {
  const across = canvas.clientWidth;
  if (!across) return;
  const up = Math.round((across * height) / width);
  const pen = clear(canvas, up);
  drawSigned(scratch.heat, values, [height, width], theme);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(scratch.heat, 0, 0, across, up);
  if (cell) frame(pen, [cell[0], cell[0] + 1], [cell[1], cell[1] + 1], { across: across / width, up: up / height }, theme);
}

/**
 * A frame around cells, told from any colour under it.
 * @param {CanvasRenderingContext2D} pen
 * @param {[from: number, to: number]} rows
 * @param {[from: number, to: number]} columns
 * @param {{ across: number, up: number }} side of a cell in pixels
 * @param {Theme} theme
 */
function frame(pen, rows, columns, { across, up }, theme) {
  const box = /** @type {const} */ ([
    columns[0] * across,
    rows[0] * up,
    (columns[1] - columns[0]) * across,
    (rows[1] - rows[0]) * up,
  ]);
  for (const [colour, wide] of /** @type {[number[], number][]} */ ([
    [theme.paper, 4],
    [theme.ink, 2],
  ])) {
    pen.strokeStyle = css(colour);
    pen.lineWidth = wide;
    pen.strokeRect(...box);
  }
}
