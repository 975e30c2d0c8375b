// Pop-up menus.

import { openBubble } from "../common/bubble.js";
import { el } from "../common/dom.js";

/** @typedef {{ label: string, help: string, action: () => void }} MenuRow */
/** @typedef {[title: string, rows: MenuRow[]]} MenuGroup */

/**
 * Opens a menu at a button; the arrow keys, Home, End and first letters move in it.
 * @param {HTMLElement} button
 * @param {string} head
 * @param {MenuGroup[]} groups
 */
export function openMenu(button, head, groups) {
  /** @type {HTMLElement[]} */
  const items = [];
  const close = () => {
    node.hidePopover();
    button.focus();
  };
  /** @param {MenuRow} row */
  const item = ({ label, help, action }) => {
    const onclick = () => {
      close();
      action();
    };
    const attributes = { type: "button", role: "menuitem", tabindex: "-1", onclick };
    items.push(el("button", attributes, el("strong", {}, label), el("span", {}, help)));
    return items[items.length - 1];
  };
  const entries = groups.flatMap(([title, rows]) => [
    title ? el("div", { class: "menu-title" }, title) : null,
    ...rows.map(item),
  ]);
  const content = el(
    "div",
    { class: "menu", role: "menu", onkeydown: (/** @type {KeyboardEvent} */ event) => press(event, items, close) },
    el("div", { class: "menu-head" }, head),
    ...entries,
  );
  const node = openBubble(button, content);
  items[0]?.focus({ preventScroll: true });
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} items
 * @param {() => void} close
 */
function press(event, items, close) {
  const { key } = event;
  const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[key];
  if (to !== undefined) {
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  } else if (key === "Escape") close();
  else if (key.length === 1 && !event.ctrlKey && !event.metaKey) {
    items.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()))?.focus();
  }
}
