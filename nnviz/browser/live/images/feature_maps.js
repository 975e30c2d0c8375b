// The feature maps of a layer, each a button; the one that is chosen stands below with its kernel and the sums behind its values.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { ScaleBar } from "../learned/scale_bar.js";
import { ChosenMapPanel } from "./chosen_map.js";
import { offerLayers } from "./layer_list.js";
import { drawSigned } from "./pictures.js";
import { mapsWords, plain } from "./words.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./words.js").ImagesBody} ImagesBody */
/** @typedef {import("./words.js").Name} Name */
/** @typedef {import("./images_view.js").Choice} Choice */
/** @typedef {{ button: HTMLElement, map: HTMLCanvasElement, kernel: HTMLCanvasElement, label: HTMLElement, index: number }} Tile */

export class FeatureMaps {
  /** @param {(change: Choice) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    const onchange = () => onChoose({ layer: Number(this.layer.value), map: undefined, at: undefined });
    this.layer = el("select", { "aria-label": t("Layer of the feature maps"), onchange });
    this.note = el("p", { class: "nv-note" });
    this.grid = el("div", { class: "nv-maps", role: "group", "aria-label": t("Feature maps") });
    this.scaleBar = new ScaleBar();
    this.chosen = new ChosenMapPanel(onChoose);
    const heading = el("h4", {}, t("What layer"), " ", this.layer, " ", t("makes of it"));
    this.root = el("div", { class: "nv-feature-maps" }, heading, this.note, this.grid, this.scaleBar.root, this.chosen.root);
    /** @type {Tile[]} */
    this.tiles = [];
  }

  /**
   * @param {ImagesBody} body
   * @param {Name} name
   * @param {Theme} theme
   */
  draw(body, name, theme) {
    const { maps, map } = body;
    this.root.style.display = maps ? "" : "none";
    if (!maps) return;
    offerLayers(this.layer, body, maps.layer);
    const hint = map ? "" : ` ${t("Choose one for its kernel, its values and the pictures that it answers most.")}`;
    setText(this.note, mapsWords(maps) + hint);
    while (this.tiles.length < maps.units.length) this.tiles.push(this.tile());
    this.tiles.forEach((tile, place) => {
      const unit = maps.units[place];
      tile.button.style.display = unit ? "" : "none";
      if (!unit) return;
      tile.index = unit.index;
      drawSigned(tile.map, unit.values, maps.size, theme);
      tile.kernel.style.display = unit.kernel ? "" : "none";
      if (unit.kernel) drawSigned(tile.kernel, unit.kernel, maps.kernel_size, theme);
      setText(tile.label, unit.index + 1);
      const values = { n: unit.index + 1, size: plain(unit.strength) };
      tile.button.setAttribute("aria-label", t("Map {n}: on average {size} in size", values));
      tile.button.setAttribute("aria-pressed", String(unit.index === map?.index));
    });
    const reach = plain(maps.reach);
    this.scaleBar.draw({ low: t("−{reach}", { reach }), middle: "0", high: reach }, theme);
    this.chosen.draw(body, name, theme);
  }

  tile() {
    const [map, kernel, label] = [el("canvas"), el("canvas", { class: "nv-kernel" }), el("small")];
    const button = el("button", { type: "button" }, map, el("span", {}, label, kernel));
    const tile = { button, map, kernel, label, index: 0 };
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") === "true";
      this.onChoose({ map: isOn ? undefined : tile.index, at: undefined });
    });
    this.grid.append(button);
    return tile;
  }
}
