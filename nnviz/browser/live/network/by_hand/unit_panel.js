// Beside the picture of the network: the unit that was chosen, with its formula, a switch, and its weights as fields. They can be
// changed while the run is paused.

import { el, setText } from "../../../common/dom.js";
import { t } from "../../../common/messages.js";
import { placeOf } from "../links.js";
import { withoutWords } from "../unit/facts.js";
import { pieceOf } from "../unit_tip.js";
import { unitWords } from "../words.js";
import {
  accessOf,
  fieldsOf,
  headOf,
  lastEdit,
  noSwitchWords,
  restWords,
  switchOf,
  undoing,
  weightOf,
  written,
} from "./changes.js";

/** @typedef {import("../network.js").Network} Network */
/** @typedef {import("../links.js").Target} Target */
/** @typedef {import("../links.js").Place} Place */
/** @typedef {import("./changes.js").Access} Access */
/** @typedef {import("./changes.js").Field} Field */
/** @typedef {import("../../run/feed.js").Feed} Feed */
/**
 * `feed`: of the run, `isNow`: whether the page shows its latest moment.
 * @typedef {{ classes?: string[] | null, theme: import("../../../common/theme.js").Theme, feed?: Feed, isNow?: boolean }} Around
 */

export class UnitPanel {
  /** @param {(unit: import("../links.js").UnitKey | null) => void} onChoose another unit is looked at, or none any more */
  constructor(onChoose) {
    this.onChoose = onChoose;
    /** @type {{ unit: import("../links.js").UnitKey } | null} */
    this.target = null;
    /** @type {Feed | undefined} */
    this.feed = undefined;
    this.isOpening = false;
    this.name = "";
    this.key = "";
    /** @type {Map<string, { input: HTMLInputElement, trouble: HTMLElement, shown: string }>} by name */
    this.fields = new Map();
    this.title = el("b");
    const close = t("Close the unit");
    const closing = { type: "button", class: "nv-tiny", "aria-label": close, title: close, onclick: () => this.close() };
    this.formula = el("div", { class: "nv-formula" });
    this.facts = el("div", { class: "nv-unit-facts" });
    this.switch = el("input", { type: "checkbox", role: "switch", onchange: () => this.turn() });
    this.switchRow = el("label", { class: "nv-unit-switch" }, this.switch, el("span", {}, t("Switched off")));
    this.why = el("p", { class: "nv-note" });
    const pause = () => this.feed?.steer({ command: "pause" }, { pace: "step", allowed: 0 });
    this.pause = el("button", { type: "button", class: "nv-button", onclick: pause }, t("Pause"));
    this.list = el("div", { class: "nv-unit-weights" });
    this.rest = el("p", { class: "nv-note" });
    this.edit = el("span");
    this.undo = el("button", { type: "button", class: "nv-button", onclick: () => this.takeBack() }, t("Undo"));
    this.editRow = el("p", { class: "nv-unit-edit", role: "status" }, this.edit, this.undo);
    this.refusal = el("p", { class: "nv-unit-trouble", role: "alert" });
    this.root = el(
      "aside",
      {
        class: "nv-unit-panel",
        hidden: true,
        "aria-label": t("The chosen unit"),
        onkeydown: (/** @type {any} */ e) => this.keyed(e),
      },
      el("div", { class: "nv-unit-head" }, this.title, el("button", closing, "×")),
      this.formula,
      this.facts,
      this.switchRow,
      this.why,
      this.pause,
      this.editRow,
      this.refusal,
      this.list,
      this.rest,
    );
  }

  /** Chooses a unit; anything else leaves what is chosen. @param {Target | null} target */
  pin(target) {
    if (!target || !("unit" in target)) return;
    this.isOpening = this.target === null;
    this.target = target;
    this.key = "";
    this.onChoose(target.unit);
  }

  /**
   * Whether it is about this unit.
   * @param {Network | null} network
   * @param {Place} place
   */
  isOf(network, place) {
    const own = network && this.target && placeOf(network, this.target.unit);
    return own?.column === place.column && own.unit === place.unit;
  }

  close() {
    this.target = null;
    this.root.hidden = true;
    this.onChoose(null);
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    this.close();
  }

  /**
   * @param {Network | null} network
   * @param {Around} around
   */
  draw(network, around) {
    const place = network && this.target && placeOf(network, this.target.unit);
    this.root.hidden = !place;
    if (!network || !place) return;
    const { classes, theme, feed } = around;
    this.feed = feed;
    const words = unitWords(network, place, classes);
    const status = feed?.isGone ? null : feed?.expected;
    const access = accessOf(status, around.isNow === true);
    setText(this.title, headOf(network, place, classes));
    this.formula.replaceChildren(...words.formula.map((piece) => pieceOf(piece, theme)));
    const facts = [...words.facts, withoutWords(network, this.target?.unit ?? { key: "", index: -1 })].filter(Boolean);
    this.facts.replaceChildren(...facts.map((fact) => el("p", {}, fact)));
    this.drawSwitch(network, place, access);
    this.drawFields(fieldsOf(network, place, classes), access);
    setText(this.rest, restWords(network, place));
    const edit = access.isOpen && feed ? lastEdit(feed.events, status) : null;
    setText(this.edit, edit?.text ?? "");
    this.editRow.hidden = !edit;
    setText(this.refusal, access.isOpen ? (feed?.refusal ?? "") : "");
    if (this.isOpening) this.root.scrollIntoView({ block: "nearest" });
    this.isOpening = false;
  }

  /**
   * @param {Network} network
   * @param {Place} place
   * @param {Access} access
   */
  drawSwitch(network, place, access) {
    this.name = switchOf(network, place);
    this.switchRow.hidden = !this.name;
    this.switch.disabled = !access.isOpen;
    if (!this.feed?.pending) this.switch.checked = network.columns[place.column].units[place.unit].isOff;
    const parts = [this.name ? "" : noSwitchWords(network, place), access.why];
    setText(this.why, parts.filter(Boolean).join(" "));
    this.why.hidden = !this.why.textContent;
    this.pause.hidden = !access.canPause;
  }

  /**
   * @param {Field[]} fields
   * @param {Access} access
   */
  drawFields(fields, access) {
    const key = fields.map(({ name, label }) => `${name} ${label}`).join();
    if (key !== this.key) {
      this.key = key;
      this.fields.clear();
      this.list.replaceChildren(...fields.map((field) => this.fieldFor(field)));
    }
    for (const { name, value } of fields) {
      const field = this.fields.get(name);
      if (!field) continue;
      const { input, trouble } = field;
      input.disabled = !access.isOpen;
      input.title = String(value);
      // what is being typed, or was refused, stays
      if (document.activeElement === input || trouble.textContent || field.shown === written(value)) continue;
      field.shown = written(value);
      input.value = field.shown;
    }
  }

  /** @param {Field} field */
  fieldFor({ name, label, value }) {
    const input = el("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      value: written(value),
      "data-name": name,
      onchange: () => this.take(name),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        this.restore(name);
      },
    });
    const trouble = el("p", { class: "nv-unit-trouble", role: "alert" });
    this.fields.set(name, { input, trouble, shown: input.value });
    return el("div", {}, el("label", {}, el("span", {}, label), input), trouble);
  }

  /** Sets the weight of a field, or says what is wrong with it. @param {string} name */
  take(name) {
    const field = this.fields.get(name);
    if (!field || field.input.value.trim() === field.shown) {
      this.restore(name);
      return;
    }
    const { value, why } = weightOf(field.input.value);
    setText(field.trouble, why);
    field.input.setAttribute("aria-invalid", String(Boolean(why)));
    if (value === null) return;
    field.shown = field.input.value;
    this.feed?.steer({ command: "weight", name, value });
  }

  /** The weight as it is, in its field. @param {string} name */
  restore(name) {
    const field = this.fields.get(name);
    if (!field) return;
    field.input.value = field.shown;
    setText(field.trouble, "");
    field.input.removeAttribute("aria-invalid");
  }

  turn() {
    if (this.name) this.feed?.steer({ command: "unit", name: this.name, on: !this.switch.checked });
  }

  takeBack() {
    const edit = this.feed && lastEdit(this.feed.events, this.feed.status);
    if (edit) this.feed?.steer(undoing(edit));
  }
}
