// Fields that change settings of a run while it trains.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { currentSettings, labelFor, RATE, short } from "../run/setting_labels.js";

/** @typedef {import("../run/feed.js").Feed} Feed */

const INTEGERS = new Set(["training.batch_size"]);

export class Settings {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.root = el("div", { class: "nv-settings", role: "group", "aria-label": t("Change while it trains") });
    this.root.style.display = "none";
    /** @type {Map<string, HTMLInputElement>} */
    this.fields = new Map();
    this.key = "";
    host.append(this.root);
  }

  get isOpen() {
    return this.root.style.display !== "none";
  }

  toggle() {
    this.root.style.display = this.isOpen ? "none" : "";
  }

  /**
   * @param {Feed | undefined} feed
   * @param {boolean} canChange
   */
  draw(feed, canChange) {
    const names = feed ? Object.keys(feed.settings) : [];
    const key = `${feed?.run}:${names}`;
    if (key !== this.key) {
      this.key = key;
      this.fields.clear();
      this.root.replaceChildren(...(feed ? names.map((name) => this.makeField(feed, name)) : []));
    }
    if (!this.isOpen) return;
    if (feed) this.update(feed);
    for (const node of this.root.querySelectorAll("input, button")) {
      /** @type {HTMLInputElement | HTMLButtonElement} */ (node).disabled = !canChange;
    }
  }

  /** @param {Feed} feed */
  update(feed) {
    const values = currentSettings(feed);
    for (const [name, input] of this.fields) {
      // Never overwrite what is being typed.
      if (document.activeElement !== input) this.show(name, feed);
      input.classList.toggle("nv-changed", values[name] !== feed.settings[name]);
    }
  }

  /**
   * @param {string} name
   * @param {Feed} feed
   */
  show(name, feed) {
    const text = short(currentSettings(feed)[name]);
    const input = this.fields.get(name);
    if (input && input.value !== text) input.value = text;
  }

  /**
   * @param {Feed} feed
   * @param {string} name
   * @param {number} value
   */
  set(feed, name, value) {
    const wanted = INTEGERS.has(name) ? Math.round(value) : Number(value.toPrecision(6));
    if (!Number.isFinite(wanted) || wanted === currentSettings(feed)[name]) this.show(name, feed);
    else feed.steer({ command: "set", name, value: wanted }, { live: { ...feed.expected?.live, [name]: wanted } });
  }

  /**
   * @param {Feed} feed
   * @param {string} name
   */
  makeField(feed, name) {
    const input = el("input", {
      type: "number",
      step: INTEGERS.has(name) ? "1" : "any",
      min: "0",
      "aria-label": labelFor(name),
      "data-name": name,
      onchange: () => this.set(feed, name, input.valueAsNumber),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return;
        this.show(name, feed);
        input.blur();
      },
    });
    this.fields.set(name, input);
    /** @type {(factor: number, sign: string, title: string) => HTMLElement} */
    const step = (factor, sign, title) => {
      const onclick = () => this.set(feed, name, currentSettings(feed)[name] * factor);
      return el("button", { type: "button", class: "nv-step", title, onclick }, sign);
    };
    const around =
      name === RATE
        ? [step(0.5, "÷2", t("Halve the learning rate")), input, step(2, "×2", t("Double the learning rate"))]
        : [input];
    return el("div", { class: "nv-setting" }, el("span", {}, labelFor(name)), el("span", { class: "nv-number" }, ...around));
  }
}
