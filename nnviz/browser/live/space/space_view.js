// The view "space": the layers with how well rows stand apart in each, and the rows in the space of one of them.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { ClassLegend } from "../learned/class_legend.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { valueWords } from "../learned/sentences.js";
import { scaleOf, spanOf } from "../learned/shades.js";
import { LayerBars } from "./layer_bars.js";
import { costReach, isOfClasses, pointsOf } from "./space.js";
import { costShade, SpacePlot } from "./space_plot.js";
import { planeWords, spaceName, spaceSentence } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/shades.js").EndedScale} Scale */
/** @typedef {import("./space.js").Body} Body */
/** @typedef {import("./space.js").Colouring} Colouring */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string, run?: string }} Around */

export class SpaceView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    /** @type {{ layer?: number, axes?: number }} */
    this.choice = {};
    this.onChoose = onChoose;
    /** The newest moment whose axes were seen, and of which run. */
    this.newest = { run: "", axes: 0 };
    /** @type {Colouring} */
    this.colouring = "truth";
    /** @type {Body | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    const [layers, picture] = [el("div"), el("div")];
    this.bars = new LayerBars(layers, (layer) => this.choose({ layer }));
    this.name = el("b");
    this.colours = el("select", { onchange: () => this.colour() });
    const colours = el("label", { class: "nv-colouring" }, t("colour"), this.colours);
    this.plane = el("p", { class: "nv-note" });
    this.legend = new ClassLegend();
    picture.append(el("div", { class: "nv-curve-head" }, this.name, colours), this.plane, this.legend.root);
    this.plot = new SpacePlot(picture);
    this.scale = new ScaleBar();
    picture.append(this.scale.root);
    this.content = el("div", { class: "nv-columns-pair" }, layers, picture);
    this.root = el(
      "section",
      { class: "nv-columns nv-space" },
      el("h3", {}, t("A layer’s space"), this.when),
      this.note,
      this.content,
    );
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.content);
  }

  /** @param {{ layer?: number, axes?: number }} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.onChoose();
  }

  colour() {
    this.colouring = /** @type {Colouring} */ (this.colours.value);
    this.render();
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
    this.keepAxes(body, around);
    this.render();
  }

  /**
   * An earlier moment is looked at on the axes of the newest one: what was drawn of it while the run still trained had others.
   * @param {Body} body
   * @param {Around} around
   */
  keepAxes({ axes }, { when, run = "" }) {
    if (this.newest.run !== run) this.newest = { run, axes };
    this.newest.axes = Math.max(this.newest.axes, axes);
    const wanted = when && axes < this.newest.axes ? this.newest.axes : this.choice.axes;
    const next = when ? wanted : undefined;
    if (next !== this.choice.axes) this.choose({ axes: next });
  }

  render() {
    const { body, around, colouring } = this;
    if (!body || !around) return;
    const { classes, theme } = around;
    const drawn = [body, colouring, theme.key, String(classes), this.content.clientWidth, window.devicePixelRatio];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const [words, plane] = [spaceSentence(body), planeWords(body)];
    setText(this.note, words);
    setText(this.name, spaceName(body.layers[body.layer]));
    setText(this.plane, plane);
    this.bars.draw(body);
    this.offerColours(body);
    const scale = this.scaleFor(body);
    const count = isOfClasses(body) && !scale ? (classes?.length ?? 0) : 0;
    this.legend.draw(count, classes, theme);
    this.drawScale(body, scale, theme);
    this.plot.draw({ body, classes, theme, colouring, scale }, `${words} ${plane}`);
  }

  /** @param {Body} body */
  offerColours(body) {
    const first = isOfClasses(body) ? t("by class") : t("by {target}", { target: body.names?.[0] ?? t("target") });
    if (this.colours.dataset.first === first) return;
    this.colours.dataset.first = first;
    this.colours.replaceChildren(el("option", { value: "truth" }, first), el("option", { value: "cost" }, t("by cost")));
    this.colours.value = this.colouring;
  }

  /**
   * @param {Body} body
   * @returns {Scale | null} null for classes
   */
  scaleFor(body) {
    const points = pointsOf(body);
    if (this.colouring === "cost") {
      const reach = costReach(points) / 2;
      return { middle: reach, reach, low: 0, high: 2 * reach };
    }
    return isOfClasses(body) ? null : scaleOf(points.map(({ truth }) => truth));
  }

  /**
   * @param {Body} body
   * @param {Scale | null} scale
   * @param {Theme} theme
   */
  drawScale(body, scale, theme) {
    if (!scale) return this.scale.draw(null, theme);
    if (this.colouring !== "cost") return this.scale.draw(valueWords(scale, body.unit), theme, undefined, spanOf(scale));
    const [low, middle, high] = [scale.low, scale.middle, scale.high].map(number);
    const words = { low: t("cost {n}", { n: low }), middle, high: t("{n} and more", { n: high }) };
    return this.scale.draw(words, theme, (at) => costShade(at, theme));
  }
}
