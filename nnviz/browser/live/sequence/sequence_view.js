// The view "sequence": one row, read step by step: what recurrent units hold, or which step attention looks at.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { mix } from "../../common/theme.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { percent } from "../learned/sentences.js";
import { diverging, level } from "../learned/shades.js";
import { FramedView } from "../views/framed_view.js";
import { pin, RowBar } from "../views/row_bar.js";
import { CellTable } from "./cell_table.js";
import { isAttention, tableOf } from "./sequence.js";
import { cellWords, rowSentence, stepHead, tableSentence, titleOf } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./sequence.js").Body} Body */
/** @typedef {import("../views/framed_view.js").Around} Around */
/** @typedef {{ row?: number, order?: string, layer?: number, direction?: number, state?: number, head?: number }} Choice */

/** @extends {FramedView<Body, Choice>} */
export class SequenceView extends FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    super(host, onChoose, t("Step by step"), { kind: "nv-columns nv-sequence" });
    this.rows = new RowBar((change) => this.choose(change));
    this.layers = this.list(t("Layer"), (layer) => ({ layer, direction: undefined, state: undefined, head: undefined }));
    this.heads = this.list(t("Head"), (head) => ({ head }));
    this.directions = this.list(t("Direction"), (direction) => ({ direction }));
    this.states = this.list(t("State"), (state) => ({ state }));
    const lists = [this.layers, this.heads, this.directions, this.states];
    const choices = el("div", { class: "nv-picture-bar" }, ...lists.map(({ root }) => root));
    this.seen = el("p", { class: "nv-note", "aria-live": "polite" });
    this.content.append(this.rows.root, choices, this.seen);
    this.table = new CellTable(this.content);
    this.scale = new ScaleBar();
    this.content.append(this.scale.root);
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

  /** @param {Body} body */
  accept(body) {
    pin(this.choice, body);
  }

  /**
   * @param {Body} body
   * @param {Around} around
   */
  paint(body, { classes, theme }) {
    const table = tableOf(body);
    const [row, words] = [rowSentence(body, classes), tableSentence(body, table)];
    setText(this.note, row);
    setText(this.seen, words);
    this.rows.draw(body, Boolean(classes?.length));
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
      const words = { low: "0\u00a0%", middle: percent(reach / 2), high: t("{n}, the largest here", { n: percent(reach) }) };
      this.scale.draw(words, theme, (at) => attentionShade((at + 1) / 2, theme));
    } else this.scale.draw({ low: `−${number(reach)}`, middle: "0", high: number(reach) }, theme);
  }
}

/**
 * Nearly equal weights differ little from 0 to 1: the largest weight has the full colour.
 * @param {number} share of the largest, 0 to 1
 * @param {Theme} theme
 */
const attentionShade = (share, theme) => mix(theme.middle, theme.high, share);

/** @type {(body: Body, reach: number, theme: Theme) => (value: number) => import("../../common/theme.js").Colour} */
function shadeOf(body, reach, theme) {
  if (isAttention(body)) return (weight) => attentionShade(weight / (reach || 1), theme);
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
