// The menu "Add view": which other views there are, by the question that each answers.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/** @typedef {import("./open_views.js").ViewEntry} ViewEntry */

export class AddMenu {
  /** @param {(name: string) => void} onAdd */
  constructor(onAdd) {
    this.onAdd = onAdd;
    this.menu = el("div", { class: "nv-add-menu", role: "menu", hidden: true, onkeydown: (/** @type {any} */ e) => this.key(e) });
    this.button = el(
      "button",
      {
        type: "button",
        class: "nv-button nv-add",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => this.toggle(),
      },
      t("Add view"),
    );
    this.root = el("div", { class: "nv-add-box" }, this.button, this.menu);
    this.onOutside = (/** @type {Event} */ event) => {
      if (!this.menu.hidden && !event.composedPath().includes(this.root)) this.close();
    };
    document.addEventListener("pointerdown", this.onOutside);
    this.menu.addEventListener("focusout", ({ relatedTarget }) => {
      // Without another element the window lost the focus, or the pointer closes the menu by itself.
      if (relatedTarget instanceof Node && !this.root.contains(relatedTarget)) this.close();
    });
  }

  /** @param {ViewEntry[]} entries that are not open */
  draw(entries) {
    const items = entries.map(({ name, title, question }) => {
      const onclick = () => {
        this.close();
        this.onAdd(name);
      };
      return el("button", { type: "button", role: "menuitem", onclick }, el("strong", {}, question), el("span", {}, title));
    });
    this.menu.replaceChildren(...items);
    this.button.hidden = !entries.length;
  }

  toggle() {
    const isOpening = this.menu.hidden;
    this.menu.hidden = !isOpening;
    this.button.setAttribute("aria-expanded", String(isOpening));
    if (isOpening) /** @type {HTMLElement | null} */ (this.menu.firstElementChild)?.focus();
  }

  close() {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && items.length) {
      event.preventDefault();
      items[(at + by + items.length) % items.length].focus();
    } else if (event.key === "Escape") {
      this.close();
      this.button.focus();
    }
  }

  destroy() {
    document.removeEventListener("pointerdown", this.onOutside);
  }
}
