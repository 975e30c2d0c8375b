// What stands behind the question mark of a chart: what its metric is, and which rows its lines are of.

import { helpButton } from "../../common/bubble.js";
import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { metricHelp, metricTitle } from "../../common/numbers.js";

/** The run's cost and what it asks for. @typedef {{ name: string, help: string }} Cost */

/**
 * In sentences; none for a metric that is not in the catalog.
 * @param {string} metric
 * @param {Cost | null} [cost]
 * @returns {string[]}
 */
export function helpLines(metric, cost) {
  const help = metricHelp(metric);
  if (!help) return [];
  const own = metric === "loss" && cost ? [t("The cost of this run is {name}. {help}", { ...cost })] : [];
  return [help, ...own, t("Training: rows that it learns from. Validation: rows that it never learns from.")];
}

export class MetricHelp {
  constructor() {
    this.root = el("span", { class: "nv-help" });
    this.key = "";
  }

  /**
   * @param {string} metric
   * @param {Cost | null} [cost]
   */
  draw(metric, cost) {
    const lines = helpLines(metric, cost);
    const key = [metric, ...lines].join("|");
    if (key === this.key) return;
    this.key = key;
    this.root.replaceChildren(...(lines.length ? [helpButton(metricTitle(metric), ...lines)] : []));
  }
}
