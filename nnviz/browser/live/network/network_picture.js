// The network as a picture: its units with what they answer, its weights as lines; what is pointed at says its formula.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { clear, FONT, penOf } from "../learned/canvas.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { UnitPanel } from "./by_hand/unit_panel.js";
import { linksOf } from "./links.js";
import { networkOf } from "./network.js";
import { Pagers } from "./pagers.js";
import { drawNetwork } from "./painter.js";
import { PictureRow } from "./picture_row.js";
import { boxOf, isLit, placesOf, stopOf, targetAt, targetOf } from "./pointed.js";
import { sceneOf, Widths } from "./scene.js";
import { scrolledTo, stepTo, stopsOf } from "./steps.js";
import { networkSentence, noteWords, pagesOf } from "./summary.js";
import { UnitTip } from "./unit_tip.js";
import { Maps } from "./units.js";
import { spoken, wordsOf } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./links.js").Target} Target */
/** @typedef {import("./links.js").Place} Place */
/** @typedef {import("./painter.js").Scene} Scene */
/**
 * `inputs`: their names by index, where the frame has none; `when`: of which moment the frame is, empty for the latest; `why`:
 * why there is no frame; `feed` and `isNow`: of the run, and whether the page shows its latest moment.
 * @typedef {{ inputs?: string[] | null, classes?: string[] | null, theme: Theme, when: string, why?: string,
 *   feed?: import("../run/feed.js").Feed, isNow?: boolean }} Around
 */
/** @typedef {import("./network.js").Choice} Choice */

const DESCRIBE_MS = 1000;
/** The place of what is pointed at among the inputs of a drawing. */
const TARGET = 0;

export class NetworkPicture {
  /**
   * @param {HTMLElement} host
   * @param {() => void} [onChoose] asks for a frame of another `choice`
   */
  constructor(host, onChoose = () => {}) {
    this.onChoose = onChoose;
    /** @type {Choice | undefined} none at first */
    this.choice = undefined;
    this.note = el("p", { class: "nv-note" });
    this.when = el("span", { class: "nv-then" });
    this.canvas = el("canvas", { role: "img", tabindex: 0 });
    this.stage = el("div", { class: "nv-stage" }, this.canvas);
    this.scaleBar = new ScaleBar();
    this.aloud = el("div", { class: "nv-aloud", "aria-live": "polite" });
    const heading = el("h3", {}, t("The network"), this.when);
    this.picture = new PictureRow((row) => this.choose({ picture: row }));
    const { root: picture } = this.picture;
    this.panel = new UnitPanel((unit) => {
      if (!unit) this.canvas.focus();
      this.choose({ unit: unit ?? undefined });
    });
    const beside = el("div", { class: "nv-network-beside" }, this.stage, this.panel.root);
    this.root = el("section", { class: "nv-network" }, heading, this.note, picture, beside, this.scaleBar.root, this.aloud);
    host.append(this.root);
    this.tip = new UnitTip(this.root);
    this.maps = new Maps();
    this.pagers = new Pagers(this.stage, (key, page) => this.turn(key, page));
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
    this.widths = new Widths();
    /** @type {Target | null} under the pointer */
    this.hovered = null;
    /** @type {Target | null} by key or click; stays until Escape */
    this.selected = null;
    /** The height at which the arrow keys go on past a layer without units. @type {number | undefined} */
    this.height = undefined;
    /** The place in its column of the unit that was selected when the page was turned. @type {Place | null} */
    this.turned = null;
    /** When the sentence for screen readers was last made. */
    this.described = Number.NEGATIVE_INFINITY;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.describing = undefined;
    this.listen();
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.stage);
  }

  listen() {
    const { canvas, stage } = this;
    canvas.addEventListener("pointermove", (event) => this.hover(this.under(event)));
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (event) => this.pin(this.under(event)));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.describe(0));
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
      this.selectTurned();
    }
    const { network } = this;
    const broken = body && !network ? t("This frame has no units to draw.") : t("Appears with the first epochs.");
    setText(this.when, around.when);
    setText(this.note, network ? noteWords(network) : (around.why ?? broken));
    this.stage.style.display = network ? "" : "none";
    const words = network && { low: t("negative"), middle: "0", high: t("positive") };
    this.scaleBar.draw(words, around.theme);
    this.picture.draw(network?.picture ?? null, network?.part ?? "", around.classes);
    this.panel.draw(network, around);
    if (network) this.render();
    else this.tip.hide();
  }

  /** Draws what has changed since the last drawing. */
  render() {
    const { network, around, canvas, stage } = this;
    const width = stage.clientWidth;
    if (!network || !around || width < 40) return;
    const { theme, classes } = around;
    const target = this.hovered ?? this.selected ?? this.panel.target;
    const drawn = [target, network, theme.key, width, window.devicePixelRatio, String(classes)];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    const isSame = this.scene !== null && drawn.every((part, i) => i === TARGET || part === this.drawn[i]);
    this.drawn = drawn;
    if (!isSame) this.describe(DESCRIBE_MS);
    const places = this.places();
    const pen = penOf(canvas);
    const measure = (/** @type {string} */ text) => this.widths.of(text, pen);
    pen.font = `${FONT}px ${theme.font}`;
    const base = isSame && this.scene ? this.scene : sceneOf(network, around, width, measure);
    const lit = places && linksOf(network, (link) => isLit(link, places));
    const scene = { ...base, lit, place: places && "unit" in places ? places.unit : null };
    this.scene = scene;
    canvas.style.width = scene.layout.width > width ? `${scene.layout.width}px` : "";
    drawNetwork(clear(canvas, scene.layout.height), scene, this.maps);
    if (!isSame) this.pagers.draw(network, scene.layout, measure);
    this.pointOut();
  }

  /**
   * Says the picture in a sentence for screen readers, not more often than once in so many milliseconds.
   * @param {number} pause
   */
  describe(pause) {
    clearTimeout(this.describing);
    const wait = this.described + pause - performance.now();
    if (wait > 0) {
      this.describing = setTimeout(() => this.describe(0), wait);
      return;
    }
    this.described = performance.now();
    if (this.network) this.canvas.setAttribute("aria-label", networkSentence(this.network, this.around?.classes));
  }

  /** @param {Choice} choice what changes of it */
  choose(choice) {
    this.choice = { ...this.choice, ...choice };
    this.onChoose();
  }

  /**
   * Other units of a column.
   * @param {string} key
   * @param {number} page
   */
  turn(key, page) {
    const places = this.places();
    const isOfColumn = places && "unit" in places && this.network?.columns[places.unit.column].key === key;
    this.turned = isOfColumn ? places.unit : null;
    this.choose({ pages: { ...this.choice?.pages, [key]: page } });
  }

  /** After the page was turned under a selected unit, the one at its place is. */
  selectTurned() {
    const { network, turned, selected } = this;
    if (!turned || !network || !selected || placesOf(network, selected)) return;
    const last = (network.columns[turned.column]?.units.length ?? 0) - 1;
    this.turned = null;
    if (last >= 0) this.select(targetOf(network, { ...turned, unit: Math.min(turned.unit, last) }));
  }

  /** Where this frame has what is pointed at. */
  places() {
    return this.network && placesOf(this.network, this.hovered ?? this.selected ?? this.panel.target);
  }

  /** @param {MouseEvent} event */
  under({ offsetX, offsetY }) {
    return this.scene && targetAt(this.scene, offsetX, offsetY);
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

  /** Chooses what is under the pointer; a unit stands in the panel from then on. @param {Target | null} target */
  pin(target) {
    this.panel.pin(target);
    this.select(target);
    if (this.around) this.draw(this.source[0], this.around);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.selected) {
      event.stopPropagation();
      this.select(null);
    }
    const { scene, network } = this;
    if (!scene || !network || event.altKey || event.ctrlKey || event.metaKey) return;
    const places = placesOf(network, this.selected);
    const before = places && stopOf(places);
    if ((event.key === "Enter" || event.key === " ") && this.selected) {
      event.preventDefault();
      this.pin(this.selected);
    }
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (by && before) this.turnBy(event, before, by);
    const next = stepTo(scene.layout, before, event.key, this.height);
    if (!next) return;
    event.preventDefault();
    const { bar } = scene.layout.columns[next.column];
    const box = before && stopsOf(scene.layout.columns[before.column])[before.unit];
    this.height = bar && box ? (this.height ?? box.y + box.h / 2) : undefined;
    this.hovered = null;
    this.select(targetOf(network, next));
    this.stage.scrollLeft = scrolledTo(scene.layout, next, this.stage);
  }

  /**
   * The pages of the column that something is selected in.
   * @param {KeyboardEvent} event
   * @param {Place} place
   * @param {number} by
   */
  turnBy(event, { column }, by) {
    const one = this.network?.columns[column];
    if (!one || pagesOf(one) < 2) return;
    event.preventDefault();
    const page = one.page + by;
    if (page >= 0 && page < pagesOf(one)) this.turn(one.key, page);
  }

  words() {
    const places = this.places();
    return places && this.network && wordsOf(this.network, places, this.around?.classes);
  }

  /** Puts the tip beside what is pointed at, or away. */
  pointOut() {
    const { scene, around, tip, network } = this;
    const [places, words] = [this.places(), this.words()];
    const isInPanel = places && "unit" in places && this.panel.isOf(network, places.unit);
    if (!places || !words || !scene || !around || isInPanel) {
      tip.hide();
      return;
    }
    const { left, top } = this.canvas.getBoundingClientRect();
    const box = boxOf(scene, places);
    const at = { left: left + box.x, right: left + box.x + box.w, top: top + box.y, bottom: top + box.y + box.h };
    const unit = "unit" in places ? scene.network.columns[places.unit.column].units[places.unit.unit] : null;
    tip.show(words, unit, at, this.maps, around.theme);
  }
}
