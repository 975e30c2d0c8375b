// "What is this?" of a finding: for a learner, with an example to see where the gallery has one.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/**
 * @param {{ rule: string, what_is_this: string }} finding
 * @param {string[]} examples rules of which the gallery has a case
 * @returns {HTMLElement | null} null where there is nothing to say
 */
export function aboutPart({ rule, what_is_this: about }, examples) {
  if (!about) return null;
  const href = `?${new URLSearchParams({ example: rule })}`;
  const title = t("Trains a small example in a new tab.");
  const link = examples.includes(rule) ? el("a", { href, target: "_blank", title }, t("See it happen")) : null;
  return el(
    "details",
    { class: "nv-about" },
    el("summary", {}, t("What is this?")),
    el("p", {}, link ? `${about} ` : about, link),
  );
}
