// Whether every layer learns: a row for each with the sizes of its weights, gradient and next update, and how one of these went
// over time.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { css } from "../../common/theme.js";
import { clear } from "../learned/canvas.js";
import { withTip } from "../learned/tip.js";
import { learningOf, usedDecades } from "./layers.js";
import { boxesOf, drawLayer } from "./painter.js";
import { Past } from "./past.js";
import { layerName, layerWords, noteWords, share, stateWords, unitWords, verdict } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./layers.js").Learning} Learning */
/** @typedef {import("./past.js").Quantity} Quantity */
/** @typedef {{ theme: Theme, when: string, why?: string, run?: string }} Around */
/** @typedef {{ root: HTMLElement, name: HTMLElement, canvas: HTMLCanvasElement, state: HTMLElement, tip: HTMLElement }} Row */

/** The axis of the ratio: the healthy band in its middle, wider only where values lie beyond. */
const RATIO_DECADES = /** @type {[number, number]} */ ([-5, -1]);

export class LayersView {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.when = el("span", { class: "nv-then" });
    this.verdict = el("p", { class: "nv-verdict" });
    this.note = el("p", { class: "nv-note" });
    this.list = el("div", {
      class: "nv-layer-rows",
      role: "list",
      onkeydown: (/** @type {any} */ event) => this.key(event),
    });
    this.heads = el("div", { class: "nv-layer-heads", "aria-hidden": "true" });
    this.choices = el("div", { class: "nv-layer-choices", role: "group", "aria-label": t("Over time") });
    const sign = (/** @type {string} */ kind, /** @type {string} */ words) => el("span", {}, el("i", { class: kind }), words);
    this.signs = el("span", { class: "nv-layer-signs" }, sign("nv-positive", t("positive")), sign("nv-negative", t("negative")));
    this.body = el("div", {}, this.choices, this.heads, this.list);
    const heading = el("h3", {}, t("Weights and gradients"), this.when);
    this.root = el("section", { class: "nv-layers" }, heading, this.verdict, this.body, this.note);
    host.append(this.root);
    this.past = new Past();
    /** @type {Set<number>} steps of which there is no frame */
    this.refused = new Set();
    this.run = "";
    /** @type {Quantity} */
    this.quantity = "ratio";
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {Learning | null} */
    this.learning = null;
    /** @type {unknown} */
    this.source = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    /** @type {[low: number, high: number]} of all frames of this run so far */
    this.decades = [0, 0];
    this.drawChoices();
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.list);
  }

  drawChoices() {
    const quantities = /** @type {[Quantity, string][]} */ ([
      ["ratio", t("update ÷ weights")],
      ["weights", t("weights")],
      ["gradient", t("gradient")],
      ["update", t("update")],
    ]);
    const buttons = quantities.map(([quantity, words]) => {
      const onclick = () => {
        this.quantity = quantity;
        this.drawChoices();
        this.render();
      };
      const isChosen = this.quantity === quantity;
      return el("button", { type: "button", class: "nv-tiny", "aria-pressed": String(isChosen), onclick }, words);
    });
    const hadFocus = this.choices.contains(this.choices.ownerDocument.activeElement);
    this.choices.replaceChildren(el("span", {}, t("Over time:")), ...buttons, this.signs);
    if (hadFocus) buttons[quantities.findIndex(([quantity]) => quantity === this.quantity)].focus();
  }

  /**
   * @param {any} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    this.around = around;
    if (around.run !== this.run) this.forget(around.run ?? "");
    if (body !== this.source) {
      this.source = body;
      this.learning = learningOf(body);
      if (this.learning) this.accept(this.learning);
    }
    const { learning } = this;
    setText(this.when, around.when);
    const broken = body && !learning ? t("This network has no layer with weights.") : t("Appears with the first epochs.");
    setText(this.verdict, learning ? verdict(learning).join(" ") : (around.why ?? broken));
    this.body.style.display = learning ? "" : "none";
    if (learning) this.describeFrame(learning);
    else setText(this.note, "");
    if (learning) this.render();
  }

  /** @param {string} run */
  forget(run) {
    this.run = run;
    this.past.clear();
    this.refused.clear();
    this.decades = [0, 0];
  }

  /** A recorded step whose numbers would be drawn over time, see `OpenViews`. @param {number[]} steps */
  missing = (steps) => this.past.missing(steps, this.refused);

  /**
   * @param {number} step
   * @param {any} body of a frame, none where there is none
   */
  take = (step, body) => {
    const learning = learningOf(body);
    if (learning?.step === step) this.past.add(learning);
    else this.refused.add(step);
    this.render();
    if (this.learning) this.describeFrame(this.learning);
  };

  /** @param {Learning} learning */
  describeFrame(learning) {
    setText(this.note, noteWords(learning, this.past.moments.length));
  }

  /** @param {Learning} learning */
  accept(learning) {
    this.past.add(learning);
    const [low, high] = usedDecades(learning);
    const isFirst = this.decades[0] === this.decades[1];
    this.decades = isFirst ? [low, high] : [Math.min(low, this.decades[0]), Math.max(high, this.decades[1])];
    const keys = learning.layers.map(({ key }) => key);
    if (keys.join("|") !== [...this.rows.keys()].join("|")) this.build(learning.layers);
  }

  /** @param {Layer[]} layers */
  build(layers) {
    this.rows.clear();
    for (const [place, { key }] of layers.entries()) {
      const [name, state] = [el("div", { class: "nv-layer-name" }), el("div", { class: "nv-layer-state" })];
      const canvas = el("canvas", { "aria-hidden": "true" });
      const tip = el("div");
      const root = el("div", { class: "nv-layer", role: "listitem" }, name, state, canvas);
      withTip(root, () => [tip]);
      root.tabIndex = place ? -1 : 0;
      this.rows.set(key, { root, name, canvas, state, tip });
    }
    this.list.replaceChildren(...[...this.rows.values()].map(({ root }) => root));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const roots = [...this.rows.values()].map(({ root }) => root);
    const at = roots.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: roots.length - 1 }[event.key];
    if (at < 0 || next === undefined || !roots[next]) return;
    event.preventDefault();
    roots[at].tabIndex = -1;
    roots[next].tabIndex = 0;
    roots[next].focus();
  }

  /** Draws what has changed since the last drawing. */
  render() {
    const { learning, around } = this;
    const first = this.rows.values().next().value;
    const width = first?.canvas.clientWidth ?? 0;
    if (!learning || !around || width < 40) return;
    const { theme } = around;
    const drawn = [learning, theme.key, width, window.devicePixelRatio, this.quantity, this.past.moments.length];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    this.root.style.setProperty("--nv-high", css(theme.high));
    this.root.style.setProperty("--nv-low", css(theme.low));
    this.drawHeads(width);
    const end = Math.max(...this.past.moments.map(({ epoch }) => epoch));
    const hasBand = this.quantity === "ratio";
    const over = this.past.decades(this.quantity, hasBand ? RATIO_DECADES : undefined);
    for (const layer of learning.layers) {
      const row = this.rows.get(layer.key);
      if (!row) continue;
      const points = this.past.series(layer.key, this.quantity);
      const line = over && { points, now: learning.step, decades: over, end, hasBand };
      const pen = clear(row.canvas, boxesOf(width).height);
      drawLayer(pen, layer, line, { width, axis: learning.axis, decades: this.decades, theme });
      describe(row, layer);
    }
  }

  /** @param {number} width */
  drawHeads(width) {
    const { bars, line } = boxesOf(width);
    const words = [t("weights"), t("gradient"), t("next update"), line.y ? "" : t("over epochs")];
    const boxes = [...bars, line];
    const heads = words.map((text, i) => el("span", { style: `left:${boxes[i].x}px;width:${boxes[i].w}px` }, text));
    this.heads.replaceChildren(...heads);
  }
}

/**
 * @param {Row} row
 * @param {Layer} layer
 */
function describe({ root, name, state, tip }, layer) {
  const { title, facts } = layerWords(layer);
  const kind = [layer.title, layer.activation].filter(Boolean).join(" · ");
  fill(name, el("b", {}, layerName(layer)), el("span", {}, kind));
  const ratio = layer.ratio === null ? "" : share(layer.ratio);
  fill(state, el("b", {}, ratio), el("span", {}, stateWords(layer)), el("span", {}, unitWords(layer)));
  fill(tip, el("b", {}, title), ...facts.map((fact) => el("p", {}, fact)));
  root.setAttribute("aria-label", [`${title}.`, ...facts].join(" "));
}

/**
 * Replaces the children where their texts differ.
 * @param {HTMLElement} host
 * @param {...HTMLElement} children
 */
function fill(host, ...children) {
  const isSame =
    host.children.length === children.length && children.every((child, i) => child.textContent === host.children[i].textContent);
  if (!isSame) host.replaceChildren(...children);
}
