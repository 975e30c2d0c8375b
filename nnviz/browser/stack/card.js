// The card of a layer or block: its face with words and tools, its lanes, and the panel that opens under it.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { visible } from "../common/visible.js";
import { CardError } from "./card_error.js";
import { describe } from "./catalog.js";
import { startDrag } from "./drag.js";
import { iconButton, textButton } from "./icons.js";
import { handleCardKey } from "./keyboard.js";
import { Lanes } from "./lanes.js";
import { Panel } from "./panel.js";
import { setParam } from "./params.js";
import { isBlock } from "./tree.js";

/** @typedef {import("./tree.js").TreeNode} TreeNode */
/** @typedef {import("./stack_editor.js").StackEditor} StackEditor */

const MAX_COPIES = 100;

export class Card {
  /**
   * @param {TreeNode} node
   * @param {StackEditor} editor
   */
  constructor(node, editor) {
    const { kind } = node.spec;
    this.id = node.id;
    this.node = node;
    this.editor = editor;
    /** @type {Panel | null} */
    this.panel = null;
    this.main = el("button", {
      type: "button",
      class: "main",
      "aria-expanded": "false",
      onclick: () => editor.toggle(this.id),
      onfocus: () => {
        editor.selected = this.id;
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => handleCardKey(event, this.id, editor),
    });
    this.handle = el(
      "span",
      {
        class: "handle",
        "aria-hidden": "true",
        title: t("Drag to move (Alt+Up, Alt+Down)"),
        onpointerdown: (/** @type {PointerEvent} */ event) => startDrag(event, this, editor),
      },
      el("span"),
    );
    this.count = kind === "Repeat" ? el("span", { class: "count" }) : null;
    this.face = el("div", { class: "card" }, this.handle, this.main, this.stepper(), this.tools());
    const className = isBlock(node) ? `item block ${kind.toLowerCase()}` : "item";
    const group = editor.catalog.layers[kind]?.group ?? "";
    this.item = el(
      "div",
      { role: "listitem", class: className, "data-id": this.id, "data-kind": kind, "data-group": group },
      this.face,
    );
    this.lanes = isBlock(node) ? new Lanes(this.item, node, editor) : null;
    this.error = new CardError(this.face);
  }

  /** Of a Repeat: how many copies, with buttons for one more or less. */
  stepper() {
    if (!this.count) return null;
    /** @param {1 | -1} by */
    const step = (by) => {
      const { spec } = this.editor.tree.at(this.id).node;
      const times = Math.min(MAX_COPIES, Math.max(1, spec.times + by));
      if (setParam(spec, { name: "times" }, times)) this.editor.changed();
    };
    const less = iconButton("minus", t("Fewer copies"), () => step(-1));
    const more = iconButton("plus", t("More copies"), () => step(1));
    return el("div", { class: "stepper" }, less, this.count, more);
  }

  tools() {
    const { id } = this;
    const { operations } = this.editor;
    const untabbed = { tabindex: "-1" };
    const wrap = isBlock(this.node)
      ? iconButton("unwrap", t("Unwrap"), () => operations.unwrap(id), untabbed)
      : iconButton("wrap", t("Wrap in Repeat (R)"), () => operations.wrap(id), untabbed);
    return el(
      "div",
      { class: "tools", "aria-hidden": "true" },
      iconButton("copy", t("Duplicate (D)"), () => operations.duplicate(id), untabbed),
      wrap,
      iconButton("trash", t("Remove (Delete)"), () => operations.remove(id), untabbed),
    );
  }

  actions() {
    const { id } = this;
    const { operations } = this.editor;
    return el(
      "div",
      { class: "actions" },
      iconButton("up", t("Move up (Alt+Up)"), () => operations.shift(id, -1)),
      iconButton("down", t("Move down (Alt+Down)"), () => operations.shift(id, 1)),
      iconButton("copy", t("Duplicate (D)"), () => operations.duplicate(id)),
      iconButton("wrap", t("Wrap in Repeat (R)"), () => operations.wrap(id)),
      iconButton("skip", t("Wrap in Residual (S)"), () => operations.wrap(id, "Residual")),
      iconButton("fork", t("Wrap in Parallel (P)"), () => operations.wrap(id, "Parallel")),
      isBlock(this.node) ? iconButton("unwrap", t("Unwrap"), () => operations.unwrap(id)) : null,
      iconButton("trash", t("Remove (Delete)"), () => operations.remove(id)),
      textButton(t("Done"), () => this.editor.toggle(id), { class: "done" }),
    );
  }

  /**
   * Shows the node as it is now.
   * @param {TreeNode} node
   * @param {number} times the copies of the Repeat around it, or 0
   */
  update(node, times) {
    const { editor, item } = this;
    this.node = node;
    const row = editor.rows[this.id] ?? {};
    const isOpen = editor.open === this.id;
    this.updatePanel(isOpen, isBlock(node) ? 0 : times);
    const error = editor.troubles.on(this.id, row.error);
    const words = isBlock(node) ? "" : describe(node.spec, editor.catalog);
    this.drawFace(row, words);
    this.lanes?.update(node);
    this.main.setAttribute("aria-expanded", String(isOpen));
    this.main.setAttribute("aria-label", this.label(row, words, error?.what));
    item.classList.toggle("wrong", editor.troubles.isOn(this.id, row.error));
    item.classList.toggle("stale", !editor.isAnswered);
    item.classList.toggle("open", isOpen);
    const canProject = node.spec.kind === "Residual" && !node.spec.project && row.error?.remedy?.includes("project");
    this.error.show(error, {
      insert: (mend) => editor.operations.insertFix(mend),
      project: canProject ? () => editor.operations.project(this.id) : null,
    });
  }

  /**
   * @param {import("./stack_editor.js").Row} row
   * @param {string} words
   */
  drawFace({ shape = "", params = "" }, words) {
    const { name, kind, times } = this.node.spec;
    if (!isBlock(this.node)) {
      this.main.replaceChildren(
        el("span", { class: "row" }, el("strong", {}, name ? `${name} · ${kind}` : kind), el("span", { class: "number" }, shape)),
        el("span", { class: "row small" }, el("span", { class: "ellipsis" }, words), el("span", { class: "right" }, params)),
      );
      this.main.title = visible(words);
      return;
    }
    if (this.count) this.count.textContent = `× ${times}`;
    const facts = [this.count ? "" : shape, params].filter(Boolean).join(" · ");
    this.main.replaceChildren(el("strong", {}, name ?? kind), el("span", { class: "right small" }, facts));
  }

  /**
   * The card in words.
   * @param {import("./stack_editor.js").Row} row
   * @param {string} words
   * @param {string} [trouble] what is wrong with it
   */
  label({ shape, params }, words, trouble) {
    const { spec, lists } = this.node;
    const facts = [spec.kind, words];
    if (spec.kind === "Repeat") facts.push(t("{n} times", { n: spec.times }));
    if (spec.kind === "Parallel") facts.push(t("{n} branches", { n: lists?.length }));
    if (shape) facts.push(t("output {shape}", { shape }));
    return [...facts, params, trouble].filter(Boolean).join(", ");
  }

  /**
   * @param {boolean} isOpen
   * @param {number} times
   */
  updatePanel(isOpen, times) {
    const { editor } = this;
    const { spec } = this.node;
    // A text that is no value waits in its closed panel.
    if (this.panel && (this.panel.times !== times || !(isOpen || this.panel.wrong))) this.removePanel();
    if (isOpen && !this.panel) {
      const options = { times, catalog: editor.catalog, owner: editor.owner, actions: this.actions() };
      this.panel = new Panel(editor.catalog.layers[spec.kind], spec, options);
      (this.error.node ?? this.face).after(this.panel.node);
    }
    if (!this.panel) return;
    this.panel.node.hidden = !isOpen;
    this.panel.update();
  }

  removePanel() {
    this.panel?.remove();
    this.panel = null;
  }
}
