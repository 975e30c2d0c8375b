// A short message at the bottom of the editor, most with an Undo button.

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
   * @param {{ undo?: () => void, content?: HTMLElement }} [options] `undo`: what the Undo button does, `content`: beside the words
   */
  show(message, { undo, content } = {}) {
    const close = () => {
      this.node.hidden = true;
    };
    const press = () => {
      close();
      undo?.();
    };
    clearTimeout(this.timer);
    const words = el("span", {}, message);
    const undoButton = undo ? [textButton(t("Undo"), press)] : [];
    this.node.replaceChildren(words, ...(content ? [content] : []), ...undoButton, iconButton("close", t("Close"), close));
    this.node.hidden = false;
    this.timer = window.setTimeout(close, VISIBLE_MS);
  }
}
