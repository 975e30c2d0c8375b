// Images as bytes, put on a canvas.

import { penOf } from "./canvas.js";

/** An image: its bytes row by row, and its shape [height, width, channels]. @typedef {{ image?: ArrayBuffer, shape?: number[] }} Pixels */

/**
 * Gives a canvas the image's pixels, and its size.
 * @param {HTMLCanvasElement} canvas
 * @param {Pixels} pixels grey where it has fewer than three channels
 */
export function paintPixels(canvas, { image, shape }) {
  const [height, width, channels = 1] = shape ?? [1, 1];
  const bytes = new Uint8Array(image ?? new ArrayBuffer(0));
  paintCells(canvas, [height, width], (cell) => [0, 1, 2].map((colour) => bytes[cell * channels + (channels >= 3 ? colour : 0)]));
}

/**
 * Gives a canvas one pixel a cell, row by row from the top.
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} size [height, width]
 * @param {(cell: number) => number[]} colourOf red, green, blue and (if it has one) alpha, 0 to 255
 */
export function paintCells(canvas, [height, width], colourOf) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  for (let cell = 0; cell < width * height; cell += 1) {
    const [red, green, blue, alpha = 255] = colourOf(cell);
    image.data.set([red, green, blue, alpha], cell * 4);
  }
  penOf(canvas).putImageData(image, 0, 0);
}
