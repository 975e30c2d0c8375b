// The lists of a block, one lane each. The lanes of a Parallel have a heading with buttons.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { iconButton, textButton } from "./icons.js";
import { openAddMenu } from "./menus.js";

/** @typedef {import("./tree.js").TreeNode} TreeNode */

/** How the branches of a Parallel are joined: a sign and words. */
const JOINS = {
  add: () => ["+", t("adds the branches")],
  average: () => ["∅", t("averages the branches")],
  concatenate: () => ["⧺", t("concatenates the branches")],
};

export class Lanes {
  /**
   * @param {HTMLElement} item the card's element
   * @param {TreeNode} block
   * @param {import("./stack_editor.js").StackEditor} editor
   */
  constructor(item, block, editor) {
    this.id = block.id;
    this.editor = editor;
    this.kind = block.spec.kind;
    /** @type {HTMLElement[]} */
    this.lists = [];
    this.node = el("div", { class: "lanes" });
    item.append(this.node);
    if (this.kind === "Repeat") return;
    this.sign = el("span", { class: "node", "aria-hidden": "true" });
    this.words = el("span", { class: "small" });
    const add = () => editor.operations.addBranch(this.id);
    const plus = this.isParallel ? textButton(t("Add branch"), add, { class: "link small" }) : null;
    item.append(el("div", { class: "joint" }, this.sign, this.words, plus));
  }

  get isParallel() {
    return this.kind === "Parallel";
  }

  /** @param {TreeNode} block as it is now */
  update({ spec, lists }) {
    const count = lists?.length ?? 0;
    while (this.lists.length > count) this.lists.pop()?.parentElement?.remove();
    while (this.lists.length < count) this.addLane(this.lists.length);
    this.node.classList.toggle("fewest", count <= 2);
    if (!this.sign || !this.words) return;
    [this.sign.textContent, this.words.textContent] = this.joint(spec);
  }

  /** @param {import("./tree.js").LayerJson} spec */
  joint({ join, project }) {
    if (this.isParallel) return JOINS[/** @type {keyof typeof JOINS} */ (join ?? "concatenate")]();
    return ["+", project ? t("adds the input, projected where sizes differ") : t("adds the input")];
  }

  /** @param {number} slot */
  addLane(slot) {
    const { id, isParallel } = this;
    const n = slot + 1;
    const name = isParallel ? t("Branch {n}", { n }) : t("Layers of the {kind}", { kind: this.kind });
    const list = el("div", {
      role: "list",
      class: "list",
      "aria-label": name,
      "data-list": `${id}/${slot}`,
      "data-empty": t("passes its input on"),
    });
    this.lists.push(list);
    this.node.append(el("div", { class: "lane" }, isParallel ? this.head(name, slot) : null, list));
  }

  /**
   * @param {string} name
   * @param {number} slot
   */
  head(name, slot) {
    const { id, editor } = this;
    const n = slot + 1;
    const end = () => {
      const list = editor.tree.list(`${id}/${slot}`);
      return { list, index: list.length };
    };
    const remove = () => editor.operations.removeBranch(id, slot);
    const plus = iconButton("plus", t("Add a layer to branch {n}", { n }), () => openAddMenu(editor, plus, end), {
      "aria-haspopup": "menu",
    });
    const close = iconButton("close", t("Remove branch {n}", { n }), remove, { class: "icon-button less" });
    return el("div", { class: "lane-head small" }, el("span", {}, name), plus, close);
  }

  /**
   * Focuses the first button of a lane.
   * @param {number} slot
   */
  focus(slot) {
    /** @type {HTMLElement | null | undefined} */ (this.lists[slot]?.parentElement?.querySelector(".icon-button"))?.focus();
  }
}
