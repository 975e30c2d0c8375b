// The view "sequence": one row, read step by step: what recurrent units hold, or which step attention looks at.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { mix } from "../../common/theme.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { diverging, level } from "../learned/shades.js";
import { CellTable } from "./cell_table.js";
import { isAttention, tableOf } from "./sequence.js";
import { cellWords, rowSentence, stepHead, tableSentence, titleOf } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./sequence.js").Body} Body */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string }} Around */
/** @typedef {{ row?: number, order?: string, layer?: number, direction?: number, state?: number, head?: number }} Choice */

export class SequenceView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {Choice} */
    this.choice = {};
    /** @type {Body | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    /** @type {(words: string, step: "previous" | "next") => HTMLElement} */
    const button = (words, step) => el("button", { type: "button", class: "nv-offer", onclick: () => this.go(step) }, words);
    this.wrongFirst = el("input", { type: "checkbox", onchange: () => this.sort() });
    this.wrongWords = el("span");
    const wrong = el("label", { class: "nv-wrong-first" }, this.wrongFirst, this.wrongWords);
    this.layers = this.list(t("Layer"), (layer) => ({ layer, direction: undefined, state: undefined, head: undefined }));
    this.heads = this.list(t("Head"), (head) => ({ head }));
    this.directions = this.list(t("Direction"), (direction) => ({ direction }));
    this.states = this.list(t("State"), (state) => ({ state }));
    const lists = [this.layers, this.heads, this.directions, this.states];
    const bar = el("div", { class: "nv-picture-bar" }, button(t("‹ Previous"), "previous"), button(t("Next ›"), "next"), wrong);
    const choices = el("div", { class: "nv-picture-bar" }, ...lists.map(({ root }) => root));
    this.seen = el("p", { class: "nv-note", "aria-live": "polite" });
    this.content = el("div", {}, bar, choices, this.seen);
    this.table = new CellTable(this.content);
    this.scale = new ScaleBar();
    this.content.append(this.scale.root);
    const heading = el("h3", {}, t("Step by step"), this.when);
    this.root = el("section", { class: "nv-columns nv-sequence" }, heading, this.note, this.content);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.content);
  }

  /**
   * A list to choose from, absent where there is but one.
   * @param {string} name
   * @param {(value: number) => Choice} change
   */
  list(name, change) {
    const select = el("select", { onchange: () => this.choose(change(Number(select.value))) });
    return { root: el("label", { class: "nv-colouring" }, name, select), select };
  }

  /** @param {Choice} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.onChoose();
  }

  /** @param {"previous" | "next"} step */
  go(step) {
    if (this.body) this.choose({ row: this.body[step] });
  }

  sort() {
    this.choose({ order: this.wrongFirst.checked ? "wrong" : "rows", row: undefined });
  }

  /**
   * @param {Body | undefined} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    this.around = around;
    this.body = body ?? null;
    setText(this.when, around.when);
    this.content.style.display = body ? "" : "none";
    if (!body) {
      setText(this.note, around.why ?? t("Appears with the first epochs."));
      this.drawn = [];
      return;
    }
    // the first of the wrong ones stays chosen: at another moment others are wrong
    if (this.choice.order === "wrong" && body.order === "wrong" && this.choice.row === undefined) this.choice.row = body.row;
    this.render();
  }

  render() {
    const { body, around } = this;
    if (!body || !around) return;
    const { classes, theme } = around;
    const drawn = [body, theme.key, String(classes), this.content.clientWidth, window.devicePixelRatio];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const table = tableOf(body);
    const [row, words] = [rowSentence(body, classes), tableSentence(body, table)];
    setText(this.note, row);
    setText(this.seen, words);
    setText(this.wrongWords, wrongWords(body, Boolean(classes?.length)));
    fill(this.layers, body.layers.map(titleOf), body.layer, 1);
    fill(this.heads, numbered(body.heads), body.head);
    fill(this.directions, body.directions === 2 ? [t("ahead"), t("back")] : [], body.direction);
    fill(this.states, (body.states ?? []).map(stateName), body.state);
    const shade = shadeOf(body, table.reach, theme);
    this.drawScale(body, table.reach, theme);
    const heads = body.steps.map((_, step) => stepHead(body, step));
    const names = isAttention(body) ? heads : (body.units ?? []).map((unit) => String(unit + 1));
    const content = {
      lines: table.lines,
      heads,
      names,
      across: isAttention(body) ? t("the step that is looked at") : t("steps"),
      up: isAttention(body) ? t("looks") : t("unit"),
      shade,
      words: (/** @type {import("./cell_table.js").Cell} */ at) => cellWords(body, table, at),
      hint: t("Point at a cell, or use the arrow keys, to read its value."),
      theme,
    };
    this.table.draw(content, `${row} ${words}`);
  }

  /**
   * @param {Body} body
   * @param {number} reach
   * @param {Theme} theme
   */
  drawScale(body, reach, theme) {
    if (isAttention(body)) {
      const words = { low: "0\u00a0%", middle: "50\u00a0%", high: "100\u00a0%" };
      this.scale.draw(words, theme, (at) => attentionShade((at + 1) / 2, theme));
    } else this.scale.draw({ low: `−${number(reach)}`, middle: "0", high: number(reach) }, theme);
  }
}

/**
 * @param {number} weight 0 to 1
 * @param {Theme} theme
 */
const attentionShade = (weight, theme) => mix(theme.middle, theme.high, weight);

/** @type {(body: Body, reach: number, theme: Theme) => (value: number) => import("../../common/theme.js").Colour} */
function shadeOf(body, reach, theme) {
  if (isAttention(body)) return (weight) => attentionShade(weight, theme);
  return (value) => diverging(level(value, { middle: 0, reach }), theme);
}

/** @param {number | undefined} n */
const numbered = (n = 0) => Array.from({ length: n }, (_, i) => t("{n} of {all}", { n: i + 1, all: n }));

/** @param {string} state */
const stateName = (state) => (state === "memory" ? t("memory") : t("output"));

/**
 * @param {{ root: HTMLElement, select: HTMLSelectElement }} list
 * @param {string[]} names
 * @param {number} [chosen]
 * @param {number} [least] with fewer to choose from the list is absent
 */
function fill({ root, select }, names, chosen = 0, least = 2) {
  root.hidden = names.length < least;
  if (select.dataset.names !== names.join("|")) {
    select.dataset.names = names.join("|");
    select.replaceChildren(...names.map((name, value) => el("option", { value }, name)));
  }
  if (document.activeElement !== select) select.value = String(chosen);
}

/** @type {(body: Body, isOfClasses: boolean) => string} */
function wrongWords({ wrong, looked_at: all, order }, isOfClasses) {
  if (!isOfClasses) return t("Largest errors first");
  if (order !== "wrong" || wrong === null) return t("Wrong ones first");
  return t("Wrong ones first ({n} of {all} are wrong)", { n: wrong, all: all.toLocaleString("en-US") });
}
