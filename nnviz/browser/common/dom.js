// Helpers that make elements. Text is always set as text, never as markup, and escaped for display.

import { visible } from "./visible.js";

/** @typedef {Node | string | number | null | undefined} Child */

/**
 * An element. Attributes: `onclick` and the like are listeners, `true` sets an empty attribute, `false` and null none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children null is left out
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  for (const child of children) if (child != null) node.append(child instanceof Node ? child : visible(child));
  return node;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {any} value
 */
function setAttribute(node, name, value) {
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (value === true) node.setAttribute(name, "");
  else if (value !== false && value != null) {
    node.setAttribute(name, name === "title" || name === "aria-label" ? visible(value) : value);
  }
}

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * An icon of one stroked path in a viewBox of 24 by 24.
 * @param {string} path
 * @param {Record<string, string>} [attributes]
 */
export function lineIcon(path, attributes = {}) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", ...attributes }, svg("path", { d: path }));
}

/**
 * Sets an element's text unless it is the same already, which keeps a selection in it.
 * @param {Element} node
 * @param {unknown} text
 */
export function setText(node, text) {
  const next = visible(text);
  if (node.textContent !== next) node.textContent = next;
}

/**
 * Sets the name of a layer, unless it is the same already; a name like BatchNormalization may break between its words.
 * @param {HTMLElement} node
 * @param {string} text
 */
export function setLayerName(node, text) {
  if (node.textContent !== visible(text)) node.replaceChildren(...el("span", {}, ...layerNameParts(text)).childNodes);
}

/**
 * A layer's name as children of an element.
 * @param {string} text
 * @returns {Child[]}
 */
export function layerNameParts(text) {
  return text.split(/(?<=[a-z])(?=[A-Z])/).flatMap((word, i) => (i ? [el("wbr"), word] : [word]));
}
