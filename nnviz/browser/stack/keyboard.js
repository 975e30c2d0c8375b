// Keyboard shortcuts of the editor: on a card, and anywhere inside.

import { COST } from "./cost_card.js";
import { isBlock } from "./tree.js";

/** @typedef {import("./stack_editor.js").StackEditor} StackEditor */

/**
 * @param {KeyboardEvent} event
 * @param {string} id of the card, or COST
 * @param {StackEditor} editor
 */
export function handleCardKey(event, id, editor) {
  if (event.ctrlKey || event.metaKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = moves(event, id, editor)[key] ?? (id === COST ? undefined : edits(event, id, editor)[key]);
  if (!action) return;
  event.preventDefault();
  action();
}

/**
 * @param {KeyboardEvent} event
 * @param {string} id
 * @param {StackEditor} editor
 * @returns {Record<string, () => void>}
 */
function moves(event, id, editor) {
  const order = [...editor.tree.places().map(({ node }) => node.id), COST];
  /** @param {number} at */
  const focus = (at) => editor.mainOf(order[at])?.focus();
  /** @param {1 | -1} by */
  const step = (by) => {
    if (!event.altKey) focus(order.indexOf(id) + by);
    else if (id !== COST) editor.operations.shift(id, by);
  };
  return { ArrowUp: () => step(-1), ArrowDown: () => step(1), Home: () => focus(0), End: () => focus(order.length - 1) };
}

/**
 * @param {KeyboardEvent} event
 * @param {string} id
 * @param {StackEditor} editor
 * @returns {Record<string, () => void>}
 */
function edits(event, id, { operations, tree }) {
  const isUnwrapping = event.shiftKey && isBlock(tree.at(id).node);
  return {
    Delete: () => operations.remove(id),
    Backspace: () => operations.remove(id),
    d: () => operations.duplicate(id),
    r: () => (isUnwrapping ? operations.unwrap(id) : operations.wrap(id)),
    s: () => operations.wrap(id, "Residual"),
    p: () => operations.wrap(id, "Parallel"),
  };
}

/**
 * @param {KeyboardEvent} event
 * @param {StackEditor} editor
 */
export function handleEditorKey(event, editor) {
  if (event.ctrlKey || event.metaKey) {
    editor.flush();
    const isInInput = event.target instanceof HTMLInputElement;
    if (event.key !== "z" || event.shiftKey || isInInput || !editor.canUndo) return;
    event.preventDefault();
    editor.undo();
    return;
  }
  // The page has one-letter shortcuts of its own (R runs the script again).
  event.stopPropagation();
  if (event.key === "Escape" && editor.open && !editor.node.querySelector(".bubble")) editor.toggle(editor.open);
}
