// What is folded under "Exactly": a formula as it is computed, the check of its slope, where it is from.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { readable } from "./slope.js";

export class Exactly {
  constructor() {
    this.inside = el("div", {});
    this.node = el("details", { class: "exactly" }, el("summary", {}, t("Exactly")), this.inside);
  }

  /**
   * @param {string} formula
   * @param {Node[]} notes
   * @param {string} [source] where it is from
   */
  show(formula, notes, source = "") {
    const from = source ? el("div", { class: "formula" }, t("From: {source}", { source })) : null;
    this.inside.replaceChildren(el("code", { class: "formula" }, formula), ...notes, ...(from ? [from] : []));
  }
}

const SMOOTHED = /\(y_true \+ label_smoothing \* \((?:mean\(y_true\)|0\.5) - y_true\)\)/g;
const BOUNDED = /\b(?:maximum|clip)\((\w+|\w+\((?:[^()]|\([^()]*\))*\)), 1e-\d+(?:, 1(?: - 1e-\d+)?)?\)/;

/**
 * A cost's formula as one would write it by hand: y for what is right, ŷ for the answer, without the bounds that keep
 * logarithms and quotients finite.
 * @param {string} formula
 * @param {string} columns how the losses of the columns are reduced: row, sum or mean
 * @param {Record<string, number>} numbers its parameters
 */
export function plainCost(formula, columns, numbers = {}) {
  let short = numbers.label_smoothing ? formula : formula.replace(SMOOTHED, "y_true");
  while (BOUNDED.test(short)) short = short.replace(BOUNDED, "$1");
  short = readable(
    short
      .replace(/ \+ 1e-\d+/g, "")
      .replaceAll("y_true", "y")
      .replaceAll("y_pred", "ŷ"),
  );
  if (columns === "sum") return t("loss = sum over all outputs of {formula}", { formula: short });
  if (columns === "mean") return t("loss = mean over all outputs of {formula}", { formula: short });
  return t("loss = {formula}", { formula: short });
}
