// The user's operations on the stack: each changes the tree, announces it, and moves the focus.

import { t } from "../common/messages.js";
import { newLayer } from "./catalog.js";
import { BLOCKS, fromJson } from "./tree.js";

/** @typedef {import("./tree.js").Gap} Gap */

export class Operations {
  /** @param {import("./stack_editor.js").StackEditor} editor */
  constructor(editor) {
    this.editor = editor;
  }

  get tree() {
    return this.editor.tree;
  }

  /** @param {string} id */
  remove(id) {
    const { editor } = this;
    const before = editor.state();
    const { node, neighbour } = this.tree.remove(id);
    if (editor.open === id) editor.open = null;
    editor.changed();
    editor.offerUndo(t("Removed {kind}", { kind: node.spec.kind }), before);
    editor.focus(neighbour?.id);
  }

  /** @param {string} id */
  duplicate(id) {
    const copy = this.tree.duplicate(id);
    this.editor.changed(t("Duplicated {kind}", { kind: copy.spec.kind }));
    this.editor.focus(copy.id);
  }

  /**
   * @param {string} id
   * @param {string} [kind]
   */
  wrap(id, kind = "Repeat") {
    const { editor } = this;
    const { node, list, index } = this.tree.at(id);
    /** @type {import("./tree.js").LayerJson} */
    const spec = { kind, ...editor.catalog.layers[kind].start };
    const shape = editor.rows[id]?.shape;
    if (kind === "Residual" && shape && shape !== editor.shapeBefore(list, index)) spec.project = true;
    const block = this.tree.wrap(id, spec);
    editor.changed(t("Wrapped {kind} in a {block}", { kind: node.spec.kind, block: kind }));
    editor.focus(block.id);
  }

  /** @param {string} id */
  unwrap(id) {
    const { editor } = this;
    const before = editor.state();
    const { node } = this.tree.at(id);
    const [first] = this.tree.unwrap(id);
    editor.changed();
    editor.offerUndo(t("Unwrapped the {kind}", { kind: node.spec.kind }), before);
    editor.cards.get(first?.id)?.main.focus();
  }

  /** @param {string} id */
  addBranch(id) {
    const lists = this.tree.at(id).node.lists ?? [];
    lists.push([]);
    this.editor.changed(t("Added branch {n}", { n: lists.length }));
    this.editor.cards.get(id)?.lanes?.focus(lists.length - 1);
  }

  /**
   * @param {string} id
   * @param {number} slot
   */
  removeBranch(id, slot) {
    const { editor } = this;
    const before = editor.state();
    this.tree.at(id).node.lists?.splice(slot, 1);
    editor.changed();
    editor.offerUndo(t("Removed branch {n}", { n: slot + 1 }), before);
    editor.focus(id);
  }

  /**
   * @param {string} id
   * @param {1 | -1} by
   */
  shift(id, by) {
    if (!this.tree.shift(id, by)) return;
    const { node, list, index } = this.tree.at(id);
    const values = { kind: node.spec.kind, n: index + 1, count: list.length };
    this.editor.changed(t("{kind} is now at place {n} of {count}", values));
    this.editor.focus(id);
  }

  /**
   * @param {string} id
   * @param {string} listName
   * @param {number} to
   */
  moveTo(id, listName, to) {
    const { editor } = this;
    const before = editor.state();
    const moved = this.tree.moveTo(id, listName, to);
    if (!moved) return;
    const { node, emptied } = moved;
    editor.changed(t("Moved {kind}", { kind: node.spec.kind }));
    if (emptied) editor.offerUndo(t("Removed the empty {kind}", { kind: emptied.spec.kind }), before);
    editor.focus(id, { preventScroll: true });
  }

  /**
   * Adds a layer after the selected one, or in a gap; its parameters are those of the last layer of its kind before it.
   * @param {string} kind
   * @param {Gap | null} [gap]
   * @param {Record<string, any>} [params]
   */
  add(kind, gap = null, params = {}) {
    const { editor } = this;
    const place = gap ?? editor.insertion();
    const like = gap || BLOCKS.includes(kind) ? undefined : lastOf(kind, place);
    const node = newLayer(kind, editor.catalog, { params, like, shape: editor.shapeBefore(place.list, place.index) });
    this.tree.insert(place, node);
    editor.changed(t("Added {kind}", { kind }));
    editor.focus(node.id, { preventScroll: true });
    const item = editor.cards.get(node.id)?.item;
    item?.classList.add("new");
    item?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** @param {import("./card_error.js").RowError} error that names the layer that fixes it */
  insertFix({ fix, at, with: params }) {
    this.add(fix ?? "", this.tree.gapBefore(at ?? ""), params);
  }

  /** @param {string} id of a Residual */
  project(id) {
    this.tree.at(id).node.spec.project = true;
    this.editor.changed(t("The skip is projected"));
  }

  /** @param {import("./catalog.js").Preset} preset */
  replace({ title, layers }) {
    const { editor } = this;
    const before = editor.state();
    editor.tree.layers = layers.map(fromJson);
    editor.open = editor.selected = null;
    editor.changed();
    editor.offerUndo(t("Replaced by {name}", { name: title }), before);
  }
}

/**
 * The last layer of a kind before a gap of its list.
 * @param {string} kind
 * @param {Gap} gap
 */
function lastOf(kind, { list, index }) {
  return list.slice(0, index).findLast((node) => node.spec.kind === kind);
}
