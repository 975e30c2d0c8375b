// The view "space": the layers with how well rows stand apart in each, and the rows in the space of one of them.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { ClassLegend } from "../learned/class_legend.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { valueWords } from "../learned/sentences.js";
import { scaleOf, spanOf } from "../learned/shades.js";
import { FramedView } from "../views/framed_view.js";
import { LayerBars } from "./layer_bars.js";
import { costReach, isOfClasses, pointsOf } from "./space.js";
import { costShade, SpacePlot } from "./space_plot.js";
import { planeWords, spaceName, spaceSentence } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../learned/shades.js").EndedScale} Scale */
/** @typedef {import("./space.js").Body} Body */
/** @typedef {import("./space.js").Colouring} Colouring */
/** @typedef {import("../views/framed_view.js").Around} Around */
/** @typedef {{ layer?: number, axes?: number }} Choice */

/** @extends {FramedView<Body, Choice>} */
export class SpaceView extends FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    super(host, onChoose, t("A layer’s space"), { kind: "nv-columns nv-space", content: "nv-columns-pair" });
    /** The newest moment whose axes were seen, and of which run. */
    this.newest = { run: "", axes: 0 };
    /** @type {Colouring} */
    this.colouring = "truth";
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
    this.content.append(layers, picture);
  }

  colour() {
    this.colouring = /** @type {Colouring} */ (this.colours.value);
    this.render();
  }

  /**
   * An earlier moment is looked at on the axes of the newest one: what was drawn of it while the run still trained had others.
   * @param {Body} body
   * @param {Around} around
   */
  accept({ axes }, { when, run = "" }) {
    if (this.newest.run !== run) this.newest = { run, axes };
    this.newest.axes = Math.max(this.newest.axes, axes);
    const wanted = when && axes < this.newest.axes ? this.newest.axes : this.choice.axes;
    const next = when ? wanted : undefined;
    if (next !== this.choice.axes) this.choose({ axes: next });
  }

  settings() {
    return [this.colouring];
  }

  /**
   * @param {Body} body
   * @param {Around} around
   */
  paint(body, { classes, theme }) {
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
    this.plot.draw({ body, classes, theme, colouring: this.colouring, scale }, `${words} ${plane}`);
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
