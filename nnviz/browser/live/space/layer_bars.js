// The layers of a network in their order, each a button that chooses its space, with how well rows stand apart there as a bar.

import { el, setLayerName, setText } from "../../common/dom.js";
import { apartWords, measureWords, spaceName } from "./words.js";

/** @typedef {import("./space.js").Body} Body */

export class LayerBars {
  /**
   * @param {HTMLElement} host
   * @param {(layer: number) => void} onChoose
   */
  constructor(host, onChoose) {
    this.onChoose = onChoose;
    this.heading = el("p", { class: "nv-note" });
    this.list = el("ol", { class: "nv-importance" });
    host.append(this.heading, this.list);
  }

  /** @param {Body} body */
  draw(body) {
    const { layers, layer: chosen, measure } = body;
    setText(this.heading, measureWords(body));
    while (this.list.children.length > layers.length) this.list.lastElementChild?.remove();
    while (this.list.children.length < layers.length) this.list.append(this.item(this.list.children.length));
    this.list.style.setProperty("--nv-number", "8ch");
    layers.forEach((layer, i) => {
      const button = /** @type {HTMLElement} */ (this.list.children[i].firstElementChild);
      const [name, track, value] = /** @type {HTMLElement[]} */ ([...button.children]);
      button.title = spaceName(layer);
      button.setAttribute("aria-pressed", String(i === chosen));
      setLayerName(name, spaceName(layer));
      setText(value, apartWords(layer, measure));
      const [bar] = /** @type {HTMLElement[]} */ ([...track.children]);
      bar.style.cssText = `left:0;width:${100 * Math.max(0, Math.min(1, layer.apart ?? 0))}%`;
    });
  }

  /** @param {number} layer */
  item(layer) {
    const bar = el("span", { class: "nv-bar-track", "aria-hidden": "true" }, el("i"));
    const parts = [el("span", { class: "nv-bar-name" }), bar, el("span", { class: "nv-bar-value" })];
    return el("li", {}, el("button", { type: "button", onclick: () => this.onChoose(layer) }, ...parts));
  }
}
