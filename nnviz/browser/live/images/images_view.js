// What the network sees in one picture: the picture, the answer, what speaks for it, and feature maps to look into.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { FramedView } from "../views/framed_view.js";
import { pin, RowBar } from "../views/row_bar.js";
import { AnswerList } from "./answer_list.js";
import { FeatureMaps } from "./feature_maps.js";
import { offerLayers } from "./layer_list.js";
import { drawPicture } from "./pictures.js";
import { camWords, pictureWords } from "./words.js";

/** @typedef {import("./words.js").ImagesBody} ImagesBody */
/** @typedef {import("../views/framed_view.js").Around} Around */
/** `target`, `cam`: class and layer of Grad-CAM; `layer`, `map`, `at`: whose maps, which one, which of its values.
 * @typedef {{ row?: number, order?: string, target?: number, cam?: number, layer?: number, map?: number, at?: number[] }} Choice */

/** @extends {FramedView<ImagesBody, Choice>} */
export class ImagesView extends FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose
   */
  constructor(host, onChoose) {
    super(host, onChoose, t("Pictures"), { kind: "nv-images-view" });
    this.rows = new RowBar((change) => this.choose({ ...change, target: undefined }));
    this.camLayer = el("select", { "aria-label": t("Layer of Grad-CAM"), onchange: () => this.chooseCam() });
    this.camChoice = el("label", { class: "nv-cam-layer" }, t("of layer"), " ", this.camLayer);
    this.picture = el("canvas", { role: "img" });
    this.overlay = el("canvas", { role: "img" });
    this.answers = new AnswerList((target) => this.choose({ target }));
    this.camNote = el("p", { class: "nv-note" });
    /** @type {(caption: (Node | string)[], ...content: Node[]) => HTMLElement} */
    const figure = (caption, ...content) => el("figure", {}, ...content, el("figcaption", {}, ...caption));
    this.overlayFigure = figure([t("what speaks for it, "), this.camChoice], this.overlay);
    const figures = el(
      "div",
      { class: "nv-picture-row" },
      figure([t("the picture")], this.picture),
      this.overlayFigure,
      this.answers.root,
    );
    this.maps = new FeatureMaps((change) => this.choose(change));
    this.content.append(this.rows.root, figures, this.camNote, this.maps.root);
  }

  chooseCam() {
    this.choose({ cam: Number(this.camLayer.value) });
  }

  /** @param {ImagesBody} body */
  accept(body) {
    pin(this.choice, body);
  }

  /**
   * @param {ImagesBody} body
   * @param {Around} around
   */
  paint(body, { classes, theme }) {
    const name = body.unit === undefined ? (/** @type {number} */ k) => classes?.[k] ?? String(k) : null;
    const words = pictureWords(body, name);
    setText(this.note, words);
    this.rows.draw(body, body.unit === undefined);
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
