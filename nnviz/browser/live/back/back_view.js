// The view `back`: the rows of the next step's batch, one of them followed back to a weight, and what the optimizer makes of it.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { isEnded } from "../run/run_status.js";
import { WeightFields } from "../way/weight_fields.js";
import { longWeight } from "../way/weight_words.js";
import { backOf } from "./back.js";
import { optimizerLines, wayList } from "./back_parts.js";
import { backSentence, boxesOf, rowName, sumWords, waySentence } from "./back_words.js";
import { RowTable } from "./row_table.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../way/way.js").Place} Place */
/** @typedef {import("./back.js").Back} Back */

export class BackView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {{ weight?: Place, row?: number } | undefined} */
    this.choice = undefined;
    /** @type {Int32Array | null} numbers of the batch's rows */
    this.ringed = null;
    this.onChoose = onChoose;
    this.note = el("p", { class: "nv-note" });
    this.when = el("span", { class: "nv-then" });
    const titles = [{ name: t("weight"), label: t("array of weights") }];
    this.fields = new WeightFields(titles, t("the one with the largest gradient"), (places) =>
      this.choose({ weight: places ? places[0] : undefined }),
    );
    this.table = new RowTable((row) => this.choose({ row }));
    this.heads = [0, 1, 2, 3].map(() => el("h4"));
    this.way = el("div");
    this.sum = el("p", { class: "nv-back-sum" });
    this.steps = el("div");
    const [rows, way, sum, step] = this.heads;
    const parts = [
      [rows, this.table.root],
      [way, this.way],
      [sum, this.sum],
      [step, this.steps],
    ].map((children) => el("div", { class: "nv-back-part" }, ...children));
    this.picture = el("div", { class: "nv-back-parts" }, ...parts);
    const heading = el("h3", {}, t("One step, all the way back"), this.when);
    this.root = el("section", { class: "nv-back" }, heading, this.note, this.fields.root, this.picture);
    host.append(this.root);
    /** @type {unknown[]} what is on the page */
    this.drawn = [];
  }

  /** @param {{ weight?: Place, row?: number }} choice */
  choose(choice) {
    this.choice = { ...this.choice, ...choice };
    this.onChoose();
  }

  /**
   * @param {any} body of a frame
   * @param {{ classes?: string[] | null, theme: Theme, when: string, why?: string, isNow: boolean,
   *   feed: import("../run/feed.js").Feed }} around
   */
  draw(body, { classes, theme, when, why, isNow, feed }) {
    setText(this.when, when);
    const isOver = isNow && isEnded(feed.status);
    const drawn = [body, theme.key, why, String(classes), isOver];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const back = backOf(body);
    this.ringed = back?.ringed ?? null;
    this.fields.root.hidden = !back && !this.fields.variables.length;
    this.picture.hidden = !back;
    if (!back) {
      setText(this.note, why ?? t("Appears with the first epochs."));
      return;
    }
    this.root.style.setProperty("--nv-minus", css(theme.low));
    this.root.style.setProperty("--nv-plus", css(theme.high));
    const words = backSentence(back);
    setText(this.note, isOver ? `${words} ${t("The run has ended: this is the step that it would do next.")}` : words);
    this.fields.show(back.variables, [back.weight]);
    this.drawParts(back, classes);
  }

  /**
   * @param {Back} back
   * @param {string[] | null} [classes]
   */
  drawParts(back, classes) {
    const row = rowName(back.rows[back.chosen].number);
    const words = [
      t("1. What each row costs, and its share"),
      t("2. From the cost of {row} back to the weight", { row }),
      t("3. All rows together: the gradient"),
      t("4. What {optimizer} makes of it", { optimizer: back.story.optimizer }),
    ];
    this.heads.forEach((head, i) => {
      setText(head, words[i]);
    });
    this.table.draw(back, classes);
    const way = wayList(boxesOf(back, classes));
    way.setAttribute("aria-label", `${longWeight(back, back.weight)}. ${waySentence(back, classes)}`);
    this.way.replaceChildren(way);
    setText(this.sum, sumWords(back));
    this.steps.replaceChildren(optimizerLines(back.story, back.gradient));
  }
}
