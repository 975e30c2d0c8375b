// A short message at the bottom of the editor, with an Undo button.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { iconButton, textButton } from "./icons.js";

const VISIBLE_MS = 10_000;

export class Snack {
  constructor() {
    this.timer = 0;
    this.node = el("div", { class: "snack", role: "status", hidden: true });
  }

  /**
   * @param {string} message
   * @param {() => void} undo
   */
  show(message, undo) {
    const close = () => {
      this.node.hidden = true;
    };
    const press = () => {
      close();
      undo();
    };
    clearTimeout(this.timer);
    this.node.replaceChildren(el("span", {}, message), textButton(t("Undo"), press), iconButton("close", t("Close"), close));
    this.node.hidden = false;
    this.timer = window.setTimeout(close, VISIBLE_MS);
  }
}
