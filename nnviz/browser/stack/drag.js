// Dragging a card: a copy follows the pointer, a line marks the drop target.

import { walk } from "./tree.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./stack_editor.js").StackEditor} StackEditor */
/** @typedef {import("./tree.js").TreeNode} TreeNode */
/**
 * A gap between cards: the list's name (Tree.list) and a place in it; the position of its line, and
 * the line's distance from the pointer.
 * @typedef {{ list: string, index: number, distance: number, y: number, left: number, width: number }} DropGap
 */

const THRESHOLD = 4;
const EDGE = 60;
const SCROLL = 8;

/**
 * @param {PointerEvent} event
 * @param {Card} card
 * @param {StackEditor} editor
 */
export function startDrag(event, card, editor) {
  if (event.button !== 0) return;
  event.preventDefault();
  const { item, handle, id } = card;
  const box = item.getBoundingClientRect();
  /** @type {HTMLElement | null} */
  let ghost = null;
  /** @type {DropGap | null} */
  let target = null;
  let scrolling = 0;
  const scroller = scrollParent(editor.node);
  handle.setPointerCapture(event.pointerId);
  /** @param {PointerEvent} at */
  const move = (at) => {
    const [dx, dy] = [at.clientX - event.clientX, at.clientY - event.clientY];
    if (!ghost && Math.hypot(dx, dy) < THRESHOLD) return;
    ghost ??= lift(card, box, editor);
    ghost.style.top = `${box.top + dy}px`;
    ghost.style.left = `${box.left + 12 + dx * 0.25}px`;
    scrolling = scrollAt(at.clientY);
    target = nearestGap(at.clientY, id, editor);
    showLine(target, editor);
  };
  const timer = setInterval(() => {
    if (ghost && scrolling) scroller?.scrollBy(0, scrolling);
  }, 16);
  /** @param {boolean} isDropped */
  const stop = (isDropped) => {
    clearInterval(timer);
    ghost?.remove();
    item.classList.remove("lifted");
    editor.node.classList.remove("dragging");
    showLine(null, editor);
    listening.abort();
    if (isDropped && ghost && target) editor.operations.moveTo(id, target.list, target.index);
    else if (isDropped && !ghost) card.main.focus();
  };
  const listening = new AbortController();
  const { signal } = listening;
  handle.addEventListener("pointermove", move, { signal });
  handle.addEventListener("pointerup", () => stop(true), { signal });
  handle.addEventListener("pointercancel", () => stop(false), { signal });
  /** @param {KeyboardEvent} key */
  const cancel = (key) => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    stop(false);
  };
  document.addEventListener("keydown", cancel, { signal, capture: true });
}

/**
 * The copy that follows the pointer.
 * @param {Card} card
 * @param {DOMRect} box
 * @param {StackEditor} editor
 */
function lift({ item }, box, editor) {
  const ghost = /** @type {HTMLElement} */ (item.cloneNode(true));
  ghost.classList.add("ghost");
  Object.assign(ghost.style, { width: `${box.width}px`, left: `${box.left}px` });
  editor.node.append(ghost);
  item.classList.add("lifted");
  editor.node.classList.add("dragging");
  return ghost;
}

/**
 * Pixels to scroll per tick while the pointer is near an edge of the window.
 * @param {number} y
 */
function scrollAt(y) {
  if (y < EDGE) return -SCROLL;
  return y > innerHeight - EDGE ? SCROLL : 0;
}

/**
 * The y positions of the gaps before, between and after boxes.
 * @param {{ top: number, bottom: number }[]} boxes
 * @param {number} top of the list, for one that is empty
 */
export function gapHeights(boxes, top) {
  const first = (boxes[0]?.top ?? top) - 4;
  return [
    first,
    ...boxes.slice(1).map((box, i) => (boxes[i].bottom + box.top) / 2),
    ...boxes.slice(-1).map((box) => box.bottom + 3),
  ];
}

/**
 * The gap nearest to a y position, except those inside of the dragged card.
 * @param {number} y
 * @param {string} id
 * @param {StackEditor} editor
 * @returns {DropGap | null}
 */
function nearestGap(y, id, { tree, cards, list: top }) {
  const inside = new Set();
  walk([tree.at(id).node], ({ node }) => inside.add(node.id));
  /** @type {DropGap[]} */
  const gaps = [];
  /** @type {(list: string, nodes: TreeNode[], element: HTMLElement) => void} */
  const consider = (list, nodes, element) => {
    const outer = element.getBoundingClientRect();
    const boxes = nodes.map((node) => /** @type {Card} */ (cards.get(node.id)).item.getBoundingClientRect());
    gapHeights(boxes, outer.top).forEach((gap, index) => {
      gaps.push({ list, index, distance: Math.abs(gap - y), y: gap, left: outer.left, width: outer.width });
    });
    for (const node of nodes) if (!inside.has(node.id)) enter(node);
  };
  /** @param {TreeNode} node */
  const enter = ({ id: block, lists }) => {
    const elements = cards.get(block)?.lanes?.lists ?? [];
    lists?.forEach((nodes, slot) => {
      consider(`${block}/${slot}`, nodes, elements[slot]);
    });
  };
  consider("", tree.layers, top);
  return gaps.reduce((best, gap) => (gap.distance < best.distance ? gap : best));
}

/**
 * @param {DropGap | null} target
 * @param {StackEditor} editor
 */
function showLine(target, { node, line }) {
  line.hidden = !target;
  if (!target) return;
  const origin = node.getBoundingClientRect();
  const [top, left] = [target.y - origin.top - 1, target.left - origin.left];
  Object.assign(line.style, { top: `${top}px`, left: `${left}px`, width: `${target.width}px` });
}

/**
 * The nearest scrollable ancestor, across shadow roots.
 * @param {HTMLElement} node
 */
function scrollParent(node) {
  /** @param {Element} at */
  const around = (at) => at.parentElement ?? /** @type {ShadowRoot} */ (at.getRootNode()).host;
  for (let at = /** @type {Element} */ (node); at; at = around(at)) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}
