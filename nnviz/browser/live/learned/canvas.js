// Drawing on a canvas at the screen's pixel density.

export const FONT = 11;

/** @typedef {{ x: number, y: number, w: number, h: number }} Box in CSS pixels */

/** @param {HTMLCanvasElement} canvas */
export function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * Gives a canvas this height and the pixels of its layout width, and clears it.
 * @param {HTMLCanvasElement} canvas
 * @param {number} height in CSS pixels
 */
export function clear(canvas, height) {
  const ratio = window.devicePixelRatio || 1;
  const [width, pen] = [canvas.clientWidth, penOf(canvas)];
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
    [canvas.width, canvas.height] = pixels;
    canvas.style.height = `${height}px`;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * The margin for tick labels beside a picture: as wide as the longest.
 * @param {CanvasRenderingContext2D} pen
 * @param {string[]} labels
 * @param {number} least
 */
export function roomFor(pen, labels, least) {
  return Math.max(least, 10 + Math.max(...labels.map((label) => pen.measureText(label).width)));
}
