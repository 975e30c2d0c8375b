// The view "map": what the network answers over two columns of a table, or along its rows' principal components.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { ClassLegend } from "../learned/class_legend.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { valueWords } from "../learned/sentences.js";
import { scaleOf, spanOf } from "../learned/shades.js";
import { FramedView } from "../views/framed_view.js";
import { rowsOf } from "./map.js";
import { MapPicture } from "./map_picture.js";
import { mapSentence } from "./words.js";

/** @typedef {import("./map.js").Body} Body */
/** @typedef {import("../views/framed_view.js").Around} Around */
/** @typedef {{ across?: number, up?: number, rest?: string, row?: number }} Choice */

/** @extends {FramedView<Body, Choice>} */
export class MapView extends FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    super(host, onChoose, t("A map of two columns"), { kind: "nv-columns nv-map" });
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
    this.content.append(bar, this.legend.root);
    this.picture = new MapPicture(this.content);
    this.scale = new ScaleBar();
    this.content.append(this.scale.root);
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

  /** Its columns are others. */
  forget() {
    this.choice = {};
  }

  /** The columns that matter most now stay along the slider. @param {Body} body */
  accept({ across, up }) {
    if (this.choice.across === undefined) this.choice = { ...this.choice, across, up };
  }

  settings() {
    return [this.discrete.checked];
  }

  /**
   * @param {Body} body
   * @param {Around} around
   */
  paint(body, { classes, theme }) {
    const words = mapSentence(body, classes);
    setText(this.note, words);
    this.offer(body);
    const isOfClasses = body.plane.kind === "classes";
    const scale = isOfClasses ? null : scaleOf(rowsOf(body).label);
    this.legend.draw(isOfClasses ? body.plane.classes : 0, classes, theme);
    this.scale.draw(scale && valueWords(scale, body.unit), theme, undefined, scale ? spanOf(scale) : undefined);
    this.picture.draw({ body, classes, theme, isDiscrete: this.discrete.checked, scale }, words);
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
