// The network as a list of cards. The browser owns the structure while it is edited and numbers its edits; Python answers with
// shapes, parameter counts and errors for a numbered edit. Answers to outdated edits are ignored.

import { el } from "../common/dom.js";
import { setMessages, t } from "../common/messages.js";
import { linkButton } from "../draft/copy_link.js";
import { Card } from "./card.js";
import { unpack } from "./catalog.js";
import { COST, CostCard } from "./cost_card.js";
import { focusAround } from "./fields/frame.js";
import { History } from "./history.js";
import { handleEditorKey } from "./keyboard.js";
import { menuButton, openAddMenu, openPresetMenu } from "./menus.js";
import { Operations } from "./operations.js";
import { Snack } from "./snack.js";
import { fromJson, Tree } from "./tree.js";
import { Troubles } from "./troubles.js";

/** @typedef {import("./tree.js").LayerJson} LayerJson */
/** @typedef {import("./tree.js").TreeNode} TreeNode */
/** @typedef {import("./tree.js").Gap} Gap */
/** @typedef {import("./card_error.js").RowError} RowError */
/** @typedef {{ layers: LayerJson[], cost: Record<string, any> }} StackState */
/** @typedef {{ shape?: string, params?: string, error?: RowError | null }} Row Python's answer for a layer */
/** @typedef {(name: string, value: any) => void} Send */

export class StackEditor {
  /** @param {Node} root */
  constructor(root) {
    /** @type {Map<string | undefined, Card>} */
    this.cards = new Map();
    /** @type {Record<string, Row>} */
    this.rows = {};
    /** @type {string | null} the id of the layer whose panel is open, or COST */
    this.open = null;
    /** @type {string | null} */
    this.selected = null;
    /** @type {number | null} */
    this.base = null;
    this.edit = 0;
    /** @type {import("./catalog.js").Catalog} */
    this.catalog = { groups: [], layers: {}, costs: {}, activations: {}, presets: [] };
    /** @type {any} */
    this.data = null;
    /** @type {Send} */
    this.send = () => {};
    this.tree = new Tree();
    /** @type {Record<string, any>} */
    this.cost = {};
    this.history = new History(this.state());
    this.operations = new Operations(this);
    /** @type {any} the last answer that counts */
    this.answer = null;
    this.list = el("div", { role: "list", class: "list", "aria-label": t("Layers") });
    this.inputCard = el("div", { class: "input-card" });
    this.costCard = new CostCard(this);
    this.troubles = new Troubles(this);
    /** @type {import("./panel.js").Owner} */
    this.owner = { changed: () => this.changed(), troubled: () => this.troubles.note() };
    this.snack = new Snack();
    this.line = el("div", { class: "drop-line", hidden: true });
    this.live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
    this.addButton = menuButton("plus", t("Add layer"), () => openAddMenu(this, this.addButton));
    this.presetButton = menuButton("presets", t("Presets"), () => openPresetMenu(this, this.presetButton));
    this.linkButton = linkButton(this.snack);
    this.node = el(
      "div",
      {
        class: "stack",
        onkeydown: (/** @type {KeyboardEvent} */ event) => handleEditorKey(event, this),
        // Ctrl+Enter elsewhere on the page starts training, which must use what is half typed.
        onfocusout: () => setTimeout(() => this.flush()),
      },
      this.inputCard,
      this.list,
      this.costCard.item,
      this.troubles.node,
      el("div", { class: "buttons" }, this.addButton, this.presetButton, this.linkButton),
      this.snack.node,
      this.line,
      this.live,
    );
    root.appendChild(this.node);
  }

  /**
   * Takes over what Python sends.
   * @param {any} data
   * @param {Send} send
   */
  receive(data, send) {
    this.data = data;
    this.send = send;
    this.catalog = unpack(data.catalog);
    const isNew = data.base !== this.base;
    if (isNew) this.reset(data);
    if (data.edit >= this.edit) {
      // A refused edit was not planned: these rows describe the stack before it.
      this.rows = data.refused ? {} : this.rowsById(data.rows);
      this.answer = data;
    }
    this.render();
    // What was wrong in a panel or an edit that is not here any more: Python does not know yet.
    if (isNew && (data.trouble || data.refused)) this.troubles.repost();
  }

  /** @param {any} data */
  reset({ base, edit, layers, cost }) {
    this.base = base;
    this.edit = edit;
    this.tree = new Tree(layers);
    this.setCost(cost);
    this.history = new History(this.state());
    this.open = null;
    this.cards.clear();
    this.list.replaceChildren();
  }

  /** Whether Python's last answer is for the current edit. */
  get isAnswered() {
    return this.answer?.edit >= this.edit;
  }

  /** @returns {Row} */
  get costRow() {
    return this.answer?.rows.cost ?? {};
  }

  /**
   * Rows by id instead of by path, so that a card that moves keeps its row until the next answer.
   * @param {Record<string, Row>} rows
   */
  rowsById(rows) {
    return Object.fromEntries(this.tree.places().map(({ node, path }) => [node.id, rows[path]]));
  }

  /** @returns {StackState} */
  state() {
    return { layers: this.tree.toJson(), cost: { ...this.cost } };
  }

  /** @param {Record<string, any>} cost */
  setCost(cost) {
    this.cost = cost;
    this.costCard?.removePanel();
  }

  /** Renders a change and sends it with its number. `words`: announced to screen readers. */
  changed(words = "", isRecorded = true) {
    if (isRecorded) this.history.record(this.state());
    this.edit += 1;
    if (words) this.live.textContent = words;
    this.render();
    this.post();
  }

  post() {
    const trouble = this.troubles.typed;
    this.troubles.reported = trouble?.at ?? "";
    this.send("edit", { base: this.base, edit: this.edit, layers: this.tree.toJson(), cost: this.cost, trouble });
  }

  flush() {
    for (const card of this.cards.values()) card.panel?.flush();
    this.costCard.panel?.flush();
    this.troubles.flush();
  }

  /**
   * @param {string} message
   * @param {StackState} before
   */
  offerUndo(message, before) {
    this.snack.show(message, { undo: () => this.restore(before) });
  }

  /** @param {StackState} state */
  restore({ layers, cost }, isRecorded = true) {
    this.tree.layers = layers.map(fromJson);
    this.setCost({ ...cost });
    this.open = null;
    this.changed(t("Undone"), isRecorded);
  }

  get canUndo() {
    return this.history.canUndo || this.troubles.typed !== null;
  }

  /** The last thing that was done may be a text that is no value: it goes first. */
  undo() {
    const before = this.troubles.drop() ? null : this.history.undo();
    if (before) this.restore(before, false);
    this.focus(this.tree.layers[0]?.id, { preventScroll: true });
  }

  /**
   * The input shape, in words, at a place in a list; empty where it is unknown.
   * @param {TreeNode[]} list
   * @param {number} index
   * @returns {string}
   */
  shapeBefore(list, index) {
    if (index > 0) return this.rows[list[index - 1].id]?.shape ?? "";
    const around = this.tree.around(list);
    return around ? this.shapeBefore(around.list, around.index) : this.data.input.shape;
  }

  /**
   * Where a new layer goes: after the open or selected one, else at the end.
   * @returns {Gap & { after?: TreeNode }}
   */
  insertion() {
    const chosen = this.tree.find(this.open ?? this.selected);
    return chosen ? { list: chosen.list, index: chosen.index + 1, after: chosen.node } : this.tree.end;
  }

  /**
   * The main button of a card.
   * @param {string | null | undefined} id or COST
   */
  mainOf(id) {
    return id === COST ? this.costCard.main : this.cards.get(id ?? undefined)?.main;
  }

  /** The panel of a card that is open, or holds a text that is no value. @param {string} id or COST */
  panelOf(id) {
    return id === COST ? this.costCard.panel : this.cards.get(id)?.panel;
  }

  /**
   * Focuses a card, or the "Add layer" button where there is none.
   * @param {string | undefined} id
   * @param {FocusOptions} [options]
   */
  focus(id, options) {
    (this.mainOf(id) ?? this.addButton).focus(options);
  }

  /**
   * Opens or closes a card's panel; one at a time is open.
   * @param {string} id or COST
   */
  toggle(id) {
    this.flush();
    const before = this.open;
    this.open = before === id ? null : id;
    this.render();
    if (!this.open) {
      this.mainOf(before)?.focus();
      return;
    }
    this.panelOf(this.open)?.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  render() {
    const { label, shape } = this.data.input;
    this.inputCard.replaceChildren(
      el("span", { class: "ellipsis", title: label }, `${t("input")} · ${label}`),
      el("span", { class: "number" }, shape),
    );
    this.troubles.look();
    const alive = new Set();
    this.reconcile(this.list, this.tree.layers, 0, alive);
    for (const id of this.cards.keys()) if (!alive.has(id)) this.cards.delete(id);
    this.costCard.update();
    this.troubles.render();
  }

  /**
   * Reuses the elements of cards, so that what is being typed in one survives a render.
   * @param {HTMLElement} container
   * @param {TreeNode[]} nodes
   * @param {number} times
   * @param {Set<string>} alive
   */
  reconcile(container, nodes, times, alive) {
    const focused = /** @type {HTMLElement | null} */ (focusAround(this.node));
    nodes.forEach((node, index) => {
      alive.add(node.id);
      const card = this.cards.get(node.id) ?? new Card(node, this);
      this.cards.set(node.id, card);
      const there = container.children[index];
      if (there !== card.item) container.insertBefore(card.item, there ?? null);
      card.update(node, times);
      node.lists?.forEach((list, slot) => {
        this.reconcile(/** @type {any} */ (card.lanes).lists[slot], list, node.spec.times ?? times, alive);
      });
    });
    while (container.children.length > nodes.length) container.lastChild?.remove();
    if (focused?.isConnected && focusAround(this.node) !== focused) focused.focus({ preventScroll: true });
  }
}

/** @param {{ data: any, parentElement: any, setStateValue: Send }} component */
export default function stackEditor({ data, parentElement, setStateValue }) {
  setMessages(data.messages);
  if (!parentElement.stackEditor?.node.isConnected) parentElement.stackEditor = new StackEditor(parentElement);
  parentElement.stackEditor.receive(data, setStateValue);
}
