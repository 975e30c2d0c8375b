// Popovers, one at a time, in the browser's top layer: no ancestor clips them.

import { el } from "./dom.js";
import { t } from "./messages.js";

const MARGIN = 8;

/**
 * Opens a bubble beside an element.
 * @param {HTMLElement} anchor
 * @param {HTMLElement} content
 * @param {Record<string, string>} [attributes]
 */
export function openBubble(anchor, content, attributes = {}) {
  const node = el("div", { popover: "auto", class: "bubble", ...attributes }, content);
  node.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") setTimeout(() => node.remove());
  });
  anchor.after(node);
  node.showPopover({ source: anchor });
  place(node, anchor);
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} anchor
 */
function place(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - MARGIN * 2;
  const above = box.top - MARGIN * 2;
  const isUpward = below < Math.min(node.scrollHeight, 260) && above > below;
  node.style.maxHeight = `${Math.max(isUpward ? above : below, 120)}px`;
  const { width, height } = node.getBoundingClientRect();
  node.style.left = `${Math.max(MARGIN, Math.min(box.left, innerWidth - width - MARGIN))}px`;
  node.style.top = `${isUpward ? box.top - height - 4 : box.bottom + 4}px`;
}

/**
 * A question mark that opens an explanation.
 * @param {string} label
 * @param {...string} lines empty ones are left out
 */
export function helpButton(label, ...lines) {
  const button = el("button", { type: "button", class: "help", "aria-label": t("About {what}", { what: label }) }, "?");
  button.addEventListener("click", () => {
    const paragraphs = lines.filter(Boolean).map((line) => el("p", {}, line));
    openBubble(button, el("div", { class: "help-text" }, el("strong", {}, label), ...paragraphs), { role: "note" });
  });
  return button;
}
