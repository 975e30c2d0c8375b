// The labels at the ends of lines: where they stand, without lying over each other. Pure: no DOM.

/** @typedef {{ x: number, y: number }} Place in pixels */
/** @typedef {{ left: number, top: number, width: number, height: number }} Box of the plot within the panel, in pixels */

/** Pixels of a label. */
export const LABEL = { width: 58, height: 14, gap: 5 };

/**
 * The last point of a curve within a range of places; null where there is none.
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} ys
 * @param {number[]} range from, to
 * @returns {Place | null}
 */
export function lastWithin(xs, ys, [from, to]) {
  for (let i = Math.min(xs.length, ys.length) - 1; i >= 0; i -= 1) {
    if (xs[i] >= from && xs[i] <= to && Number.isFinite(ys[i])) return { x: xs[i], y: ys[i] };
  }
  return null;
}

/**
 * Where the labels of line ends stand: each beside its end, moved up or down where two would lie over each other, none outside of
 * the panel's width or the plot's height. In the order of the ends.
 * @param {Place[]} ends
 * @param {Box} box
 * @param {number} width of the panel
 * @returns {Place[]}
 */
export function placeLabels(ends, box, width) {
  const half = LABEL.height / 2;
  const [top, bottom] = [box.top + half, box.top + box.height - half];
  const order = ends.map((_, i) => i).sort((a, b) => ends[a].y - ends[b].y);
  const ys = order.map((i) => Math.min(Math.max(ends[i].y, top), bottom));
  // Downwards each makes room for the one above it, then, from the plot's bottom, upwards.
  for (let i = 1; i < ys.length; i += 1) ys[i] = Math.max(ys[i], ys[i - 1] + LABEL.height);
  const over = Math.max(0, (ys.at(-1) ?? 0) - bottom);
  if (over) {
    ys[ys.length - 1] -= over;
    for (let i = ys.length - 2; i >= 0; i -= 1) ys[i] = Math.min(ys[i], ys[i + 1] - LABEL.height);
  }
  /** @type {Place[]} */
  const labels = [];
  order.forEach((i, rank) => {
    labels[i] = { x: Math.min(ends[i].x + LABEL.gap, width - LABEL.width), y: ys[rank] };
  });
  return labels;
}
