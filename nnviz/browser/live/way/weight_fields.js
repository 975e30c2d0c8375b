// Fields that choose weights: the array, and the place in it counted from 1.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { isThere } from "./way.js";
import { arrayTitle, axisNames } from "./weight_words.js";

/** @typedef {import("./way.js").Place} Place */
/** @typedef {import("./way.js").Variable} Variable */
/** `name` of what its weight is, `label` of its field for the array. @typedef {{ name: string, label: string }} Title */

export class WeightFields {
  /**
   * @param {Title[]} titles of each weight
   * @param {string} usual the weights that are taken where none is chosen, in words
   * @param {(places: Place[] | null) => void} onChoose null: those
   */
  constructor(titles, usual, onChoose) {
    this.titles = titles;
    this.onChoose = onChoose;
    /** @type {Variable[]} */
    this.variables = [];
    this.key = "";
    /** @type {Place[]} as they stand in the fields */
    this.places = [];
    this.rows = titles.map(() => el("div", { class: "nv-way-weight" }));
    this.trouble = el("p", { class: "nv-way-trouble", role: "alert" });
    const reset = el("button", { type: "button", class: "nv-tiny", onclick: () => this.onChoose(null) }, usual);
    this.root = el("div", { class: "nv-way-fields" }, ...this.rows, reset, this.trouble);
  }

  /**
   * Shows what is chosen; a field that is being filled in stays.
   * @param {Variable[]} variables
   * @param {Place[]} places
   */
  show(variables, places) {
    const key = JSON.stringify([variables, places.map(({ variable, index }) => [variable, index])]);
    if (key === this.key) return;
    const hasFocus = this.root.contains(document.activeElement) && document.activeElement?.tagName === "INPUT";
    if (hasFocus && this.key) return;
    this.key = key;
    this.variables = variables;
    this.places = places.map(({ variable, index }) => ({ variable, index: [...index] }));
    this.draw();
  }

  draw() {
    setText(this.trouble, "");
    for (const [i, row] of this.rows.entries()) {
      const { variable, index } = this.places[i];
      const { name, label } = this.titles[i];
      const options = this.variables.map((one, number) =>
        el("option", { value: number, selected: number === variable }, arrayTitle(one)),
      );
      const onchange = (/** @type {any} */ event) => this.take(i, { variable: Number(event.target.value), index: null });
      const array = el("select", { "aria-label": label, onchange }, ...options);
      row.replaceChildren(el("b", {}, name), array, ...this.numbers(i, variable, index));
    }
  }

  /**
   * @param {number} i
   * @param {number} variable
   * @param {number[]} index
   */
  numbers(i, variable, index) {
    const { shape } = this.variables[variable];
    return axisNames(this.variables[variable]).map((name, axis) => {
      const onchange = (/** @type {any} */ event) => {
        const next = index.map((at, k) => (k === axis ? Number(event.target.value || Number.NaN) - 1 : at));
        this.take(i, { variable, index: next });
      };
      const field = el("input", { type: "number", min: 1, max: shape[axis], step: 1, value: index[axis] + 1, onchange });
      return el("label", {}, `${name} `, field);
    });
  }

  /**
   * @param {number} i
   * @param {{ variable: number, index: number[] | null }} place without an index: the first one that is not the other weight
   */
  take(i, { variable, index }) {
    const one = this.variables[variable];
    const other = this.places[1 - i];
    const first = one.shape.map(() => 0);
    const isOther = (/** @type {number[]} */ at) => other?.variable === variable && String(other.index) === String(at);
    const free = index ?? (isOther(first) ? first.map((_, axis) => (axis === first.length - 1 ? 1 : 0)) : first);
    if (!isThere(one, free)) {
      const size = one.shape.map((most, axis) => t("{name} 1 to {most}", { name: axisNames(one)[axis], most })).join(", ");
      setText(this.trouble, t("There is no such weight: {array} has {size}.", { array: arrayTitle(one), size }));
      return;
    }
    if (isOther(free)) {
      setText(this.trouble, t("Both would be the same weight: choose another one."));
      return;
    }
    this.places[i] = { variable, index: free };
    this.key = "";
    this.draw();
    this.onChoose(this.places);
  }
}
