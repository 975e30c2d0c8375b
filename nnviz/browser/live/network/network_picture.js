// The network as a picture: its units with what they answer, its weights as lines; what is pointed at says its formula.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { clear, FONT, penOf } from "../learned/canvas.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { layoutOf } from "./layout.js";
import { keyOf, linkBetween, linksOf, placeOf, strongestLinks } from "./links.js";
import { networkOf } from "./network.js";
import { drawNetwork, drawnText } from "./painter.js";
import { curveOf, linkAt, unitAt } from "./pointing.js";
import { stepTo } from "./steps.js";
import { columnWords, networkSentence, noteWords } from "./summary.js";
import { UnitTip } from "./unit_tip.js";
import { Maps } from "./units.js";
import { shortName, spoken, wordsOf } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./links.js").Target} Target */
/** @typedef {import("./links.js").Link} Link */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./painter.js").Scene} Scene */
/**
 * `inputs`: their names by index, where the frame has none; `when`: of which moment the frame is, empty for the latest; `why`:
 * why there is no frame.
 * @typedef {{ inputs?: string[] | null, classes?: string[] | null, theme: Theme, when: string, why?: string }} Around
 */
/** What is pointed at in this frame. @typedef {{ unit: Place } | { source: Place, target: Place }} Places */

/** More lines than this take too long to draw, and say no more. */
const MOST_LINKS = 600;
const MOST_WIDTHS = 1000;
/** The place of what is pointed at among the inputs of a drawing. */
const TARGET = 0;

export class NetworkPicture {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.note = el("p", { class: "nv-note" });
    this.when = el("span", { class: "nv-then" });
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.stage = el("div", { class: "nv-stage" }, this.canvas);
    this.scaleBar = new ScaleBar();
    this.aloud = el("div", { class: "nv-aloud", "aria-live": "polite" });
    const heading = el("h3", {}, t("The network"), this.when);
    this.root = el("section", { class: "nv-network" }, heading, this.note, this.stage, this.scaleBar.root, this.aloud);
    host.append(this.root);
    this.tip = new UnitTip(this.root);
    this.maps = new Maps();
    /** @type {Network | null} */
    this.network = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {Scene | null} what is on the canvas */
    this.scene = null;
    /** @type {unknown[]} what `network` was made of */
    this.source = [];
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    /** @type {Map<string, number>} of texts */
    this.widths = new Map();
    /** @type {Target | null} under the pointer */
    this.hovered = null;
    /** @type {Target | null} by key or click; stays until Escape */
    this.selected = null;
    this.listen();
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.stage);
  }

  listen() {
    const { canvas, stage } = this;
    canvas.addEventListener("pointermove", (event) => this.hover(this.targetAt(event)));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (event) => this.select(this.targetAt(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.select(null));
    stage.addEventListener("scroll", () => this.pointOut());
    window.addEventListener("scroll", this.onscroll, { capture: true, passive: true });
  }

  /** The tip follows its unit when the page scrolls. */
  onscroll = () => {
    if (!this.root.isConnected) window.removeEventListener("scroll", this.onscroll, { capture: true });
    else if (this.hovered || this.selected) this.pointOut();
  };

  /**
   * @param {any} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    this.around = around;
    const source = [body, String(around.inputs)];
    if (source.some((part, i) => part !== this.source[i])) {
      this.source = source;
      this.network = networkOf(body, around.inputs);
    }
    const { network } = this;
    const broken = body && !network ? t("This frame has no units to draw.") : t("Appears with the first epochs.");
    setText(this.when, around.when);
    setText(this.note, network ? noteWords(network) : (around.why ?? broken));
    this.stage.style.display = network ? "" : "none";
    const words = network && { low: t("negative"), middle: "0", high: t("positive") };
    this.scaleBar.draw(words, around.theme);
    if (network) this.render();
    else this.tip.hide();
  }

  /** Draws what has changed since the last drawing. */
  render() {
    const { network, around, canvas, stage } = this;
    const width = stage.clientWidth;
    if (!network || !around || width < 40) return;
    const { theme, classes } = around;
    const target = this.hovered ?? this.selected;
    const drawn = [target, network, theme.key, width, window.devicePixelRatio, String(classes)];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    const isSame = this.scene !== null && drawn.every((part, i) => i === TARGET || part === this.drawn[i]);
    this.drawn = drawn;
    if (!isSame) canvas.setAttribute("aria-label", networkSentence(network, classes));
    const places = this.places();
    const base = isSame && this.scene ? this.scene : this.sceneOf(network, around, width);
    const lit = places && linksOf(network, (link) => isLit(link, places));
    const scene = { ...base, lit, place: places && "unit" in places ? places.unit : null };
    this.scene = scene;
    canvas.style.width = scene.layout.width > width ? `${scene.layout.width}px` : "";
    drawNetwork(clear(canvas, scene.layout.height), scene, this.maps);
    this.pointOut();
  }

  /**
   * All but what is pointed at.
   * @param {Network} network
   * @param {Around} around
   * @param {number} width
   * @returns {Scene}
   */
  sceneOf(network, { theme, classes }, width) {
    const pen = penOf(this.canvas);
    pen.font = `${FONT}px ${theme.font}`;
    const { columns } = network;
    const last = columns[columns.length - 1];
    const names = (/** @type {typeof last} */ column) => column.units.map((_, i) => drawnText(shortName(column, i, classes)));
    const labels = { left: names(columns[0]), right: last.kind === "cost" ? names(last) : [] };
    const words = columns.map(columnWords).map(({ head, title, more }) => ({ head, title: drawnText(title), more }));
    const layout = layoutOf(network, words, labels, width, (text) => this.widthOf(text, pen));
    const links = strongestLinks(network, MOST_LINKS);
    return { network, layout, links, words, labels, lit: null, place: null, theme };
  }

  /**
   * The width of a text, which is measured once: most texts are the same in every frame.
   * @param {string} text
   * @param {CanvasRenderingContext2D} pen
   */
  widthOf(text, pen) {
    const key = `${pen.font}|${text}`;
    const width = this.widths.get(key) ?? pen.measureText(text).width;
    if (this.widths.size > MOST_WIDTHS) this.widths.clear();
    this.widths.set(key, width);
    return width;
  }

  /** @returns {Places | null} where this frame has what is pointed at */
  places() {
    const { network } = this;
    const target = this.hovered ?? this.selected;
    if (!network || !target) return null;
    if ("unit" in target) {
      const unit = placeOf(network, target.unit);
      return unit && { unit };
    }
    const [source, end] = [placeOf(network, target.source), placeOf(network, target.target)];
    return source && end && linkBetween(network, source, end) ? { source, target: end } : null;
  }

  /**
   * @param {MouseEvent} event
   * @returns {Target | null}
   */
  targetAt({ offsetX, offsetY }) {
    const { scene, network } = this;
    if (!scene || !network) return null;
    const unit = unitAt(scene.layout, offsetX, offsetY);
    if (unit) return { unit: keyOf(network, unit) };
    const link = linkAt(scene.layout, scene.links, offsetX, offsetY);
    if (!link) return null;
    const source = keyOf(network, { column: link.from, unit: link.source });
    return { source, target: keyOf(network, { column: link.to, unit: link.target }) };
  }

  /** @param {Target | null} target */
  hover(target) {
    this.canvas.style.cursor = target ? "pointer" : "";
    if (JSON.stringify(target) === JSON.stringify(this.hovered)) return;
    this.hovered = target;
    this.render();
  }

  /** @param {Target | null} target */
  select(target) {
    if (target === this.selected) return;
    this.selected = target;
    this.render();
    const words = this.words();
    setText(this.aloud, target && words ? spoken(words) : "");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.selected) {
      event.stopPropagation();
      this.select(null);
    }
    const { scene, network } = this;
    const before = this.selected && network && "unit" in this.selected ? placeOf(network, this.selected.unit) : null;
    const next = scene && !event.altKey && !event.ctrlKey && !event.metaKey ? stepTo(scene.layout, before, event.key) : null;
    if (!next || !network) return;
    event.preventDefault();
    this.hovered = null;
    this.select({ unit: keyOf(network, next) });
    this.reveal(next);
  }

  /** Scrolls sideways to a unit. @param {Place} place */
  reveal({ column, unit }) {
    const { stage, scene } = this;
    const box = scene?.layout.columns[column].boxes[unit];
    if (!box) return;
    const [least, most] = [box.x + box.w + 40 - stage.clientWidth, box.x - 40];
    stage.scrollLeft = Math.min(most, Math.max(least, stage.scrollLeft));
  }

  words() {
    const places = this.places();
    return places && this.network && wordsOf(this.network, places, this.around?.classes);
  }

  /** Puts the tip beside what is pointed at, or away. */
  pointOut() {
    const { scene, around, tip } = this;
    const [places, words] = [this.places(), this.words()];
    if (!places || !words || !scene || !around) {
      tip.hide();
      return;
    }
    const { left, top } = this.canvas.getBoundingClientRect();
    const box = "unit" in places ? scene.layout.columns[places.unit.column].boxes[places.unit.unit] : middleOf(scene, places);
    const at = { left: left + box.x, right: left + box.x + box.w, top: top + box.y, bottom: top + box.y + box.h };
    const unit = "unit" in places ? scene.network.columns[places.unit.column].units[places.unit.unit] : null;
    tip.show(words, unit, at, this.maps, around.theme);
  }
}

/**
 * @param {Link} link
 * @param {Places} places
 */
function isLit({ from, source, to, target }, places) {
  if ("unit" in places) {
    const { column, unit } = places.unit;
    return (from === column && source === unit) || (to === column && target === unit);
  }
  const [a, b] = [places.source, places.target];
  return from === a.column && source === a.unit && to === b.column && target === b.unit;
}

/**
 * The middle of a link.
 * @param {Scene} scene
 * @param {{ source: Place, target: Place }} places
 */
function middleOf({ layout }, { source, target }) {
  const ends = { from: source.column, source: source.unit, to: target.column, target: target.unit, weight: 0, strength: 0 };
  const { x0, y0, x1, y1 } = curveOf(layout, ends);
  return { x: (x0 + x1) / 2 - 2, y: (y0 + y1) / 2 - 2, w: 4, h: 4 };
}
