// Rows as places on a canvas: the one under the pointer, and from one to the next by the arrow keys.

/** @typedef {{ x: number, y: number }} Place on the canvas */

/**
 * The place nearest to a point, -1 where none is near.
 * @param {Place[]} places
 * @param {number} x
 * @param {number} y
 * @param {number} [most] how far away it may be
 */
export function nearest(places, x, y, most = 14) {
  let [best, least] = [-1, most];
  places.forEach((place, i) => {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

/**
 * The next place in a direction, from left to right or from bottom to top; the first one where none is chosen.
 * @param {Place[]} places
 * @param {number} from -1: none
 * @param {string} key of an arrow
 */
export function onward(places, from, key) {
  const axis = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y";
  const order = places.map((_, i) => i).sort((a, b) => places[a][axis] - places[b][axis] || a - b);
  const by = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  if (from < 0) return order[by > 0 ? 0 : order.length - 1] ?? -1;
  return order[Math.max(0, Math.min(order.length - 1, order.indexOf(from) + by))];
}

/**
 * Lets somebody point at the rows of a canvas, and go on by the arrow keys; away from it, and with Escape, none is chosen.
 * @param {HTMLCanvasElement} canvas
 * @param {{ places: () => Place[], chosen: () => number, choose: (place: number) => void, point: (x: number, y: number) => void }} rows
 *   `chosen`: its place among them, -1: none
 */
export function listen(canvas, { places, chosen, choose, point }) {
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => point(offsetX, offsetY));
  for (const leaving of ["pointerleave", "blur"]) canvas.addEventListener(leaving, () => choose(-1));
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") choose(-1);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    choose(onward(places(), chosen(), event.key));
  });
}
