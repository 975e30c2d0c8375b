// The editor's icons, and buttons with an icon or with text.

import { el, lineIcon } from "../common/dom.js";

const PATHS = {
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  wrap: "M7 7h10a3 3 0 0 1 3 3v1M17 17H7a3 3 0 0 1-3-3v-1M15 4l3 3-3 3M9 14l-3 3 3 3",
  skip: "M8 4v16M8 20l-3-3M8 20l3-3M8 6h6a4 4 0 0 1 4 4v2a4 4 0 0 1-4 4h-6",
  fork: "M12 3v4M6 17v-4a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v4M3 15l3 3 3-3M15 15l3 3 3-3",
  unwrap: "M4 8V5h3M20 8V5h-3M4 16v3h3M20 16v3h-3M9 12h6",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  presets: "M12 4l1.8 4.6L18 10.500l-4.200 1.800L12 17l-1.800-4.700L6 10.500l4.200-1.900zM18.500 16v4M16.500 18h4",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export const icon = (name) => lineIcon(PATHS[name], { class: "icon" });

/**
 * @param {IconName} name
 * @param {string} label
 * @param {() => void} action
 * @param {Record<string, any>} [attributes]
 */
export function iconButton(name, label, action, attributes = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", title: label, "aria-label": label, onclick: action, ...attributes },
    icon(name),
  );
}

/**
 * A button with text.
 * @param {string} words
 * @param {() => void} action
 * @param {Record<string, any>} [attributes]
 */
export function textButton(words, action, attributes = {}) {
  return el("button", { type: "button", onclick: action, ...attributes }, words);
}
