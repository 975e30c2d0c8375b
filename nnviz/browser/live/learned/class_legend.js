// Which colour is which class, in a line over the plane.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { nameOf } from "./sentences.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */

/** Classes that are named; colours repeat after as many. */
const MOST = 10;

/**
 * How many classes there are on a plane; 0 where the target is a number.
 * @param {{ kind: string, classes?: number } | undefined} body the network's answers over the plane
 * @param {{ points?: { label: ArrayLike<number> } | null, scale?: unknown }} rows
 */
export function classCount(body, { points, scale }) {
  if (body ? body.kind !== "classes" : scale) return 0;
  let count = body?.classes ?? 0;
  const label = points?.label ?? [];
  for (let i = 0; i < label.length; i += 1) count = Math.max(count, label[i] + 1);
  return count;
}

export class ClassLegend {
  constructor() {
    this.key = "";
    this.root = el("p", { class: "nv-classes", "aria-label": t("Colours of the classes") });
    this.root.style.display = "none";
  }

  /**
   * @param {number} count 0: there is no legend
   * @param {string[] | null | undefined} names
   * @param {Theme} theme
   */
  draw(count, names, theme) {
    const labels = Array.from({ length: Math.min(count, MOST) }, (_, k) => nameOf(names, k));
    const key = count ? [theme.key, count, ...labels].join("\n") : "";
    if (key === this.key) return;
    this.key = key;
    this.root.style.display = count ? "" : "none";
    const entries = labels.map((name, k) => {
      const dot = el("i", { style: `background:${css(theme.classes[k % theme.classes.length])}` });
      return el("span", { class: "nv-class", title: name }, dot, name);
    });
    const more = count > MOST ? [el("span", {}, t("and {n} more", { n: count - MOST }))] : [];
    this.root.replaceChildren(el("span", {}, t("Class")), ...entries, ...more);
  }
}
