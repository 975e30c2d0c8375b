// Which metrics are drawn, and in which order. Pure: no DOM.

const ORDER = ["loss", "accuracy", "mae", "rmse", "r2"];

/**
 * The metrics with curves, the usual ones first.
 * @param {{ epochs: Map<string, unknown> }[]} feeds
 */
export function metricsOf(feeds) {
  const names = feeds.flatMap((feed) => [...feed.epochs.keys()]).map((name) => name.replace(/^(val|test)_/, ""));
  /** @param {string} name */
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/**
 * The metric of a panel and the choices for it: the first panel draws the loss, the next one a metric that the user may choose;
 * `metrics` fixes all of them.
 * @param {number} panel from 0
 * @param {string[]} known
 * @param {{ metrics?: string[], several: boolean, task?: string, chosen?: string | null }} options
 */
export function metricOf(panel, known, { metrics, several, task, chosen }) {
  const others = known.filter((name) => name !== "loss");
  const usual = task === "regression" ? "mae" : "accuracy";
  const drawn = metrics ?? ["loss", others[0] ?? usual];
  const offered = panel === 0 ? ["loss"] : others;
  const choices = several || metrics ? [] : offered;
  const isChosen = chosen && choices.includes(chosen);
  return { choices, metric: isChosen ? chosen : (drawn[panel] ?? drawn[0]) };
}
