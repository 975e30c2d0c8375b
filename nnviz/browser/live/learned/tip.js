// A small table beside an element while the pointer is on it or the focus; in the browser's top layer, so nothing clips it.

import { el } from "../../common/dom.js";

const MARGIN = 8;

/**
 * @param {HTMLElement} node
 * @param {() => Node[]} content
 */
export function withTip(node, content) {
  /** @type {HTMLElement | null} */
  let tip = null;
  const show = () => {
    if (tip) return;
    tip = el("div", { popover: "manual", class: "nv-tip", role: "tooltip" }, ...content());
    node.append(tip);
    tip.showPopover();
    place(tip, node.getBoundingClientRect());
  };
  const hide = () => {
    tip?.remove();
    tip = null;
  };
  node.tabIndex = 0;
  node.addEventListener("pointerenter", show);
  node.addEventListener("focus", show);
  node.addEventListener("pointerleave", hide);
  node.addEventListener("blur", hide);
  node.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  return node;
}

/**
 * @param {HTMLElement} tip
 * @param {DOMRect} box
 */
function place(tip, { left, top, bottom }) {
  const { width, height } = tip.getBoundingClientRect();
  const isBelow = bottom + 4 + height <= innerHeight - MARGIN || top < height + MARGIN;
  tip.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  tip.style.top = `${isBelow ? bottom + 4 : top - height - 4}px`;
}
