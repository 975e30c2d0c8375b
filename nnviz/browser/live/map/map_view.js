// The view "map": what the network answers over two columns of a table, or along its rows' principal components.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { ClassLegend } from "../learned/class_legend.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { valueWords } from "../learned/sentences.js";
import { scaleOf, spanOf } from "../learned/shades.js";
import { rowsOf } from "./map.js";
import { MapPicture } from "./map_picture.js";
import { mapSentence } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./map.js").Body} Body */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string }} Around */
/** @typedef {{ across?: number, up?: number, rest?: string, row?: number }} Choice */

export class MapView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {Choice} */
    this.choice = {};
    this.onChoose = onChoose;
    /** @type {Body | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    this.across = el("select", { onchange: () => this.chooseColumn("across", this.across) });
    this.up = el("select", { onchange: () => this.chooseColumn("up", this.up) });
    const rests = [
      el("option", { value: "typical" }, t("others typical")),
      el("option", { value: "row" }, t("others as in a row")),
      el("option", { value: "components" }, t("principal components")),
    ];
    this.rest = el("select", { "aria-label": t("All else"), onchange: () => this.choose({ rest: this.rest.value }) }, ...rests);
    this.row = el("input", { type: "number", min: 1, step: 1, onchange: () => this.chooseRow() });
    this.discrete = el("input", { type: "checkbox", onchange: () => this.render() });
    this.discreteBox = el("label", { class: "nv-wrong-first" }, this.discrete, t("one colour a class"));
    this.columnBoxes = [t("across"), t("up")].map((name, i) =>
      el("label", { class: "nv-colouring" }, name, i ? this.up : this.across),
    );
    this.rowBox = el("label", { class: "nv-which-row" }, t("Row"), this.row);
    const bar = el("div", { class: "nv-picture-bar" }, this.rest, this.rowBox, ...this.columnBoxes, this.discreteBox);
    this.legend = new ClassLegend();
    this.content = el("div", {}, bar, this.legend.root);
    this.picture = new MapPicture(this.content);
    this.scale = new ScaleBar();
    this.content.append(this.scale.root);
    const heading = el("h3", {}, t("A map of two columns"), this.when);
    this.root = el("section", { class: "nv-columns nv-map" }, heading, this.note, this.content);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.content);
  }

  /** @param {Choice} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.onChoose();
  }

  /**
   * A column that is on the other axis already changes places with it.
   * @param {"across" | "up"} axis
   * @param {HTMLSelectElement} select
   */
  chooseColumn(axis, select) {
    const { body } = this;
    if (!body) return;
    const column = Number(select.value);
    const other = axis === "across" ? "up" : "across";
    this.choose({ [other]: column === body[other] ? body[axis] : body[other], [axis]: column });
  }

  chooseRow() {
    const last = this.body?.in_all ?? 1;
    const row = Math.min(last, Math.max(1, Math.round(Number(this.row.value)) || 1));
    this.row.value = String(row);
    this.choose({ row: row - 1 });
  }

  /**
   * @param {Body | undefined} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    // Another run has begun: its columns are others.
    if (!body && this.body && !around.why) this.choice = {};
    this.around = around;
    this.body = body ?? null;
    setText(this.when, around.when);
    this.content.style.display = body ? "" : "none";
    if (!body) {
      setText(this.note, around.why ?? t("Appears with the first epochs."));
      this.drawn = [];
      return;
    }
    // The columns that matter most now stay along the slider.
    if (this.choice.across === undefined) this.choice = { ...this.choice, across: body.across, up: body.up };
    this.render();
  }

  render() {
    const { body, around } = this;
    if (!body || !around) return;
    const { classes, theme } = around;
    const isDiscrete = this.discrete.checked;
    const drawn = [body, isDiscrete, theme.key, String(classes), this.content.clientWidth, window.devicePixelRatio];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const words = mapSentence(body, classes);
    setText(this.note, words);
    this.offer(body);
    const isOfClasses = body.plane.kind === "classes";
    const scale = isOfClasses ? null : scaleOf(rowsOf(body).label);
    this.legend.draw(isOfClasses ? body.plane.classes : 0, classes, theme);
    this.scale.draw(scale && valueWords(scale, body.unit), theme, undefined, scale ? spanOf(scale) : undefined);
    this.picture.draw({ body, classes, theme, isDiscrete, scale }, words);
  }

  /** @param {Body} body */
  offer({ columns, across, up, rest, row, in_all, plane }) {
    const key = columns.map(({ index, name }) => `${index}:${name}`).join("|");
    for (const [select, chosen] of /** @type {[HTMLSelectElement, number][]} */ ([
      [this.across, across],
      [this.up, up],
    ])) {
      if (select.dataset.columns !== key) {
        select.dataset.columns = key;
        select.replaceChildren(...columns.map(({ index, name }) => el("option", { value: index }, name)));
      }
      select.value = String(chosen);
    }
    for (const box of this.columnBoxes) box.hidden = rest === "components";
    this.rowBox.hidden = rest !== "row";
    this.rest.value = rest;
    this.row.max = String(in_all);
    if (document.activeElement !== this.row) this.row.value = String(row + 1);
    this.discreteBox.hidden = plane.kind !== "classes";
  }
}
