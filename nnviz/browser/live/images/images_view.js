// What the network sees in one picture: the picture, the answer, what speaks for it, and feature maps to look into.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { AnswerList } from "./answer_list.js";
import { FeatureMaps } from "./feature_maps.js";
import { offerLayers } from "./layer_list.js";
import { drawPicture } from "./pictures.js";
import { camWords, pictureWords } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./words.js").ImagesBody} ImagesBody */
/** @typedef {{ classes?: string[] | null, theme: Theme, when: string, why?: string }} Around */
/** `target`, `cam`: class and layer of Grad-CAM; `layer`, `map`, `at`: whose maps, which one, which of its values.
 * @typedef {{ row?: number, order?: string, target?: number, cam?: number, layer?: number, map?: number, at?: number[] }} Choice */

export class ImagesView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    /** @type {Choice} */
    this.choice = {};
    /** @type {ImagesBody | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    /** @type {(words: string, step: "previous" | "next") => HTMLElement} */
    const button = (words, step) => el("button", { type: "button", class: "nv-offer", onclick: () => this.go(step) }, words);
    this.wrongFirst = el("input", { type: "checkbox", onchange: () => this.sort() });
    this.wrongWords = el("span");
    const wrong = el("label", { class: "nv-wrong-first" }, this.wrongFirst, this.wrongWords);
    this.camLayer = el("select", { "aria-label": t("Layer of Grad-CAM"), onchange: () => this.chooseCam() });
    this.camChoice = el("label", { class: "nv-cam-layer" }, t("of layer"), " ", this.camLayer);
    this.bar = el("div", { class: "nv-picture-bar" }, button(t("‹ Previous"), "previous"), button(t("Next ›"), "next"), wrong);
    this.picture = el("canvas", { role: "img" });
    this.overlay = el("canvas", { role: "img" });
    this.answers = new AnswerList((target) => this.choose({ target }));
    this.camNote = el("p", { class: "nv-note" });
    /** @type {(caption: (Node | string)[], ...content: Node[]) => HTMLElement} */
    const figure = (caption, ...content) => el("figure", {}, ...content, el("figcaption", {}, ...caption));
    this.overlayFigure = figure([t("what speaks for it, "), this.camChoice], this.overlay);
    this.figures = el(
      "div",
      { class: "nv-picture-row" },
      figure([t("the picture")], this.picture),
      this.overlayFigure,
      this.answers.root,
    );
    this.maps = new FeatureMaps((change) => this.choose(change));
    this.content = el("div", {}, this.bar, this.figures, this.camNote, this.maps.root);
    const heading = el("h3", {}, t("Pictures"), this.when);
    this.root = el("section", { class: "nv-images-view" }, heading, this.note, this.content);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.figures);
  }

  /** @param {Choice} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.onChoose();
  }

  /** @param {"previous" | "next"} step */
  go(step) {
    if (this.body) this.choose({ row: this.body[step], target: undefined });
  }

  sort() {
    this.choose({ order: this.wrongFirst.checked ? "wrong" : "rows", row: undefined, target: undefined });
  }

  chooseCam() {
    this.choose({ cam: Number(this.camLayer.value) });
  }

  /**
   * @param {ImagesBody | undefined} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    this.around = around;
    this.body = body?.picture ? body : null;
    setText(this.when, around.when);
    this.content.style.display = this.body ? "" : "none";
    if (!this.body) setText(this.note, around.why ?? t("Appears with the first epochs."));
    else this.pin(this.body);
    this.render();
  }

  /**
   * The first of the wrong ones stays chosen: at another moment others are wrong.
   * @param {ImagesBody} body
   */
  pin({ order, row }) {
    if (this.choice.order === "wrong" && order === "wrong" && this.choice.row === undefined)
      this.choice = { ...this.choice, row };
  }

  /** Draws what has changed since the last drawing. */
  render() {
    const { body, around } = this;
    const width = this.figures.clientWidth;
    if (!body || !around || !width) return;
    const { theme, classes } = around;
    const drawn = [body, theme.key, width, window.devicePixelRatio, String(classes)];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    const name = body.unit === undefined ? (/** @type {number} */ k) => classes?.[k] ?? String(k) : null;
    const words = pictureWords(body, name);
    setText(this.note, words);
    setText(this.wrongWords, wrongWords(body));
    this.picture.setAttribute("aria-label", words);
    drawPicture(this.picture, body.picture, null, theme);
    const says = camWords(body, name);
    setText(this.camNote, says);
    this.overlay.setAttribute("aria-label", says);
    this.overlayFigure.style.display = body.cam ? "" : "none";
    this.answers.draw(body, name, theme);
    if (body.cam) {
      drawPicture(this.overlay, body.picture, body.cam, theme);
      offerLayers(this.camLayer, body, body.cam.layer);
    }
    this.maps.draw(body, name, theme);
  }
}

/** @param {ImagesBody} body */
function wrongWords({ wrong, looked_at: all, order, unit }) {
  if (unit !== undefined) return t("Largest errors first");
  if (order !== "wrong" || wrong === null) return t("Wrong ones first");
  return t("Wrong ones first ({n} of {all} are wrong)", { n: wrong, all: all.toLocaleString("en-US") });
}
