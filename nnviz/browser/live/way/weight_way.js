// A weight's way: two maps of the cost over two weights, and what each optimizer would do next, in numbers.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { visible } from "../../common/visible.js";
import { CostCanvas } from "./cost_canvas.js";
import { arrowLook } from "./cost_painter.js";
import { NextSteps } from "./next_steps.js";
import { arrowsOf, wayOf } from "./way.js";
import { WeightFields } from "./weight_fields.js";
import { blocksOf, longWeight, shortWeight, waySentence } from "./weight_words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./way.js").Way} Way */
/** @typedef {import("./way.js").Place} Place */

export class WeightWay {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {{ first: Place, second: Place } | undefined} */
    this.choice = undefined;
    /** Whether the choice is what the engine took at first: it then stays the same along the slider. */
    this.isPinned = false;
    this.onChoose = onChoose;
    this.note = el("p", { class: "nv-note" });
    this.when = el("span", { class: "nv-then" });
    const titles = [t("across"), t("up")].map((name) => ({ name, label: t("weights drawn {axis}", { axis: name }) }));
    this.fields = new WeightFields(titles, t("the two that moved most"), (places) => {
      this.choice = places ? { first: places[0], second: places[1] } : undefined;
      this.isPinned = false;
      onChoose();
    });
    this.maps = [new CostCanvas(t("The way so far")), new CostCanvas(t("The next step"))];
    this.steps = new NextSteps();
    const maps = el("div", { class: "nv-way-maps" }, ...this.maps.map(({ root }) => root));
    this.picture = el("div", {}, maps, this.steps.root);
    const heading = el("h3", {}, t("A weight’s way"), this.when);
    this.root = el("section", { class: "nv-way" }, heading, this.note, this.fields.root, this.picture);
    host.append(this.root);
    /** @type {unknown[]} what is on the page */
    this.drawn = [];
  }

  /**
   * @param {any} body of a frame
   * @param {{ theme: Theme, when: string, why?: string }} around
   */
  draw(body, { theme, when, why }) {
    setText(this.when, when);
    const drawn = [body, theme.key, why];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const way = wayOf(body);
    this.fields.root.hidden = !way && !this.fields.variables.length;
    this.picture.hidden = !way;
    if (!way) {
      const broken = body ? t("The cost around these weights is not a number anywhere.") : t("Appears with the first epochs.");
      setText(this.note, why ?? broken);
      if (this.isPinned && why && !body) this.unpin();
      return;
    }
    if (!this.choice) this.pin(way);
    const words = waySentence(way);
    setText(this.note, words);
    this.fields.show(way.variables, way.weights);
    this.drawMaps(way, words, theme);
    const names = way.weights.map((weight) => visible(shortWeight(way, weight), 40));
    this.steps.draw(blocksOf(way), names, theme);
  }

  /** @param {Way} way */
  pin({ weights }) {
    const [first, second] = weights.map(({ variable, index }) => ({ variable, index }));
    this.choice = { first, second };
    this.isPinned = true;
  }

  /** Another network lacks the weights that were taken at first. */
  unpin() {
    this.choice = undefined;
    this.isPinned = false;
    this.onChoose();
  }

  /**
   * @param {Way} way
   * @param {string} words
   * @param {Theme} theme
   */
  drawMaps(way, words, theme) {
    const now = way.weights.map(({ value }) => value);
    const axes = way.weights.map((weight) => longWeight(way, weight));
    const arrows = arrowsOf(way).map(({ kinds, isRun, step }) => {
      const names = kinds.map((kind) => (kind === "momentum" ? t("momentum") : kind));
      const label = isRun ? t("this run") : names.join(", ");
      return { step, look: arrowLook(isRun ? null : kinds[0], theme), label };
    });
    const [whole, near] = this.maps;
    const common = { path: way.path, now, axes, theme };
    const bare = arrows.filter((_, i) => i === 0).map((arrow) => ({ ...arrow, label: "" }));
    whole.draw({ ...common, map: way.way, arrows: bare }, words);
    near.draw({ ...common, map: way.next, arrows }, words);
  }
}
