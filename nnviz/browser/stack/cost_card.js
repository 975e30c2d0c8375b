// The card of the cost: which one, its drawing, and the panel that opens under it.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { visible } from "../common/visible.js";
import { CardError } from "./card_error.js";
import { newCost } from "./catalog.js";
import { costFormula, costPlot } from "./cost_plot.js";
import { Exactly, plainCost } from "./expression/exactly.js";
import { textButton } from "./icons.js";
import { handleCardKey } from "./keyboard.js";
import { Panel } from "./panel.js";

export const COST = "cost";

export class CostCard {
  /** @param {import("./stack_editor.js").StackEditor} editor */
  constructor(editor) {
    this.editor = editor;
    /** @type {Panel | null} */
    this.panel = null;
    this.exactly = new Exactly();
    this.drawn = "";
    this.kinds = "";
    this.picture = el("div", { class: "picture cost-picture" });
    this.select = el("select", { "aria-label": t("Cost"), onchange: () => this.choose(this.select.value) });
    this.main = el("button", {
      type: "button",
      class: "main",
      "aria-expanded": "false",
      onclick: () => editor.toggle(COST),
      onfocus: () => {
        editor.selected = null;
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => handleCardKey(event, COST, editor),
    });
    const pick = el("label", { class: "pick" }, el("strong", {}, t("Cost:")), this.select);
    const face = el("div", { class: "card" }, pick, this.main);
    this.item = el("div", { class: "item cost", role: "group", "aria-label": t("Cost") }, face);
    this.error = new CardError(face);
  }

  /** @param {string} kind */
  choose(kind) {
    const { editor } = this;
    const before = editor.state();
    editor.setCost(newCost(kind, editor.cost, editor.catalog));
    editor.changed(t("Cost: {kind}", { kind }));
    if (Object.keys(before.cost).length > 1) editor.offerUndo(t("Cost is now {kind}", { kind }), before);
  }

  get entry() {
    return this.editor.catalog.costs[this.editor.cost.kind];
  }

  /** Drops the panel: its fields belong to the previous cost. */
  removePanel() {
    this.panel?.remove();
    this.panel = null;
  }

  update() {
    const { cost, catalog, answer, open } = this.editor;
    this.updatePanel(open === COST);
    const row = this.editor.costRow;
    const note = answer?.cost_note ? { what: answer.cost_note } : null;
    const kinds = Object.keys(catalog.costs);
    if (this.kinds !== kinds.join()) {
      this.kinds = kinds.join();
      this.select.replaceChildren(...kinds.map((kind) => el("option", { value: kind }, kind)));
    }
    this.select.value = cost.kind;
    const error = this.editor.troubles.on(COST, row.error) ?? note;
    this.drawFace(row, error);
    this.main.setAttribute("aria-expanded", String(open === COST));
    this.item.classList.toggle("wrong", this.editor.troubles.isOn(COST, row.error));
    this.item.classList.toggle("open", open === COST);
    this.error.show(error, { insert: (mend) => this.editor.operations.insertFix(mend) });
  }

  /**
   * @param {import("./stack_editor.js").Row} row
   * @param {import("./card_error.js").RowError | null} error
   */
  drawFace({ shape = "", params = "" }, error) {
    const { cost } = this.editor;
    const projection = cost.project === false ? "" : `Dense ${shape}`.trim();
    const words = [projection, cost.transform ?? this.entry.transform, t("then the loss")].filter(Boolean).join(" · ");
    this.main.replaceChildren(
      el("span", { class: "number" }, shape),
      el("span", { class: "row small" }, el("span", { class: "ellipsis" }, words), el("span", { class: "right" }, params)),
    );
    this.main.title = visible(words);
    const label = [t("Cost settings"), cost.kind, words, error?.what].filter(Boolean).join(", ");
    this.main.setAttribute("aria-label", label);
  }

  /** @param {boolean} isOpen */
  updatePanel(isOpen) {
    const { editor } = this;
    // A text that is no value waits in its closed panel.
    if (!isOpen && !this.panel?.wrong) this.removePanel();
    else if (!this.panel) {
      const done = textButton(t("Done"), () => editor.toggle(COST), { class: "done" });
      const actions = el("div", { class: "actions" }, done);
      this.panel = new Panel(this.entry, editor.cost, { times: 0, catalog: editor.catalog, owner: editor.owner, actions });
      this.picture = el("div", { class: "picture cost-picture" });
      this.drawn = "";
      this.panel.help.after(this.picture);
      this.panel.node.addEventListener("input", ({ target }) => {
        if (target instanceof HTMLInputElement && target.classList.contains("expression")) this.draw(target.value);
      });
      this.item.append(this.panel.node);
    }
    if (!this.panel) return;
    this.panel.node.hidden = !isOpen;
    this.panel.update();
    /** @type {HTMLInputElement | null} */
    const typed = this.panel.node.querySelector(".field-expression input");
    this.draw(typed?.value);
  }

  /**
   * Redraws the formula and its plot, also while an expression is being typed.
   * @param {string} [typed] what stands in the field of the expression
   */
  draw(typed) {
    const { task } = this.editor.data;
    const { cost } = this.editor;
    const what = costFormula(this.entry, cost, typed);
    const key = JSON.stringify([task, cost.kind, what]);
    if (this.drawn === key && !this.picture.classList.contains("stale")) return;
    this.drawn = key;
    try {
      const [drawing, note] = costPlot(task, this.entry, what);
      const plain = el("div", { class: "formula" }, plainCost(what.formula, this.entry.columns, what.numbers));
      const symbols = el("div", { class: "axes" }, symbolWords(task), " ", axisWords(task, what.transform));
      this.exactly.show(what.formula, [note], this.entry.reference);
      this.picture.replaceChildren(plain, drawing, symbols, this.exactly.node);
      this.picture.classList.remove("stale");
    } catch {
      // The field itself reports what is wrong with a half-typed expression; the last valid drawing stays, dimmed.
      this.picture.classList.add("stale");
    }
  }
}

/** @param {string} task */
function symbolWords(task) {
  return task === "classification"
    ? t("y: 1 for the true class, else 0; ŷ: the network's output for it.")
    : t("y: the target; ŷ: the network's answer.");
}

/**
 * What goes along which axis of the plot.
 * @param {string} task
 * @param {string} transform
 */
function axisWords(task, transform) {
  if (task !== "classification") return t("From left to right: the error ŷ − y; upwards: the loss.");
  const isChance = transform === "softmax" || transform === "sigmoid";
  return isChance
    ? t("From left to right: the predicted probability of a class; upwards: the loss.")
    : t("From left to right: the raw output for a class; upwards: the loss.");
}
