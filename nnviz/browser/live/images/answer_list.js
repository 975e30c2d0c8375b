// What the network answers to a picture: its most likely classes, each of them a button that asks what speaks for it.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { answerValue, outputName } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./words.js").ImagesBody} ImagesBody */
/** @typedef {import("./words.js").Name} Name */

export class AnswerList {
  /** @param {(target: number) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.title = el("p");
    this.list = el("div", { role: "group", "aria-label": t("Answers") });
    this.more = el("p");
    this.root = el("div", { class: "nv-answers" }, this.title, this.list, this.more);
    /** @type {{ button: HTMLElement, name: HTMLElement, value: HTMLElement, bar: HTMLElement, target: number }[]} */
    this.rows = [];
  }

  /**
   * @param {ImagesBody} body
   * @param {Name} name
   * @param {Theme} theme
   */
  draw(body, name, theme) {
    const { answers, cam, truth, classes_in_all: all } = body;
    setText(this.title, cam ? t("The answer. Choose one to see what speaks for it.") : t("The answer"));
    while (this.rows.length < answers.length) this.rows.push(this.row());
    this.rows.forEach((row, place) => {
      const answer = answers[place];
      row.button.style.display = answer ? "" : "none";
      if (!answer) return;
      row.target = answer.class;
      const isTrue = name !== null && answer.class === truth;
      setText(row.name, isTrue ? t("{name} (true)", { name: outputName(answer.class, name) }) : outputName(answer.class, name));
      setText(row.value, answerValue(answer.value, body));
      row.button.setAttribute("aria-pressed", String(cam?.target === answer.class));
      row.bar.style.cssText = `width:${body.is_share ? 100 * answer.value : 0}%;background:${css(theme.ink, 0.45)}`;
    });
    const rest = all - answers.length;
    setText(this.more, rest > 0 ? t("and {n} less likely ones", { n: rest.toLocaleString("en-US") }) : "");
  }

  row() {
    const [name, value, bar] = [el("span"), el("span"), el("i")];
    const row = { button: el("button", { type: "button" }, name, value, bar), name, value, bar, target: 0 };
    row.button.addEventListener("click", () => this.onChoose(row.target));
    this.list.append(row.button);
    return row;
  }
}
