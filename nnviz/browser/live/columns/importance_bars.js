// The columns as bars, each a button that chooses its column: how much worse the answers become when it is shuffled.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { barsOf, reachOf } from "./columns.js";
import { changeFormat, changeWords, measureWords } from "./words.js";

/** @typedef {import("./columns.js").Body} Body */
/** @typedef {import("./columns.js").Measure} Measure */

const FIRST = 12;

export class ImportanceBars {
  /**
   * @param {HTMLElement} host
   * @param {(measure: Measure) => void} onMeasure
   * @param {(column: number) => void} onColumn
   */
  constructor(host, onMeasure, onColumn) {
    this.onColumn = onColumn;
    this.isWhole = false;
    /** @type {{ body: Body, measure: Measure } | null} */
    this.latest = null;
    this.measures = /** @type {Measure[]} */ (["loss", "score"]).map((measure) =>
      el("button", { type: "button", class: "nv-tiny", onclick: () => onMeasure(measure) }),
    );
    this.list = el("ul", { class: "nv-importance" });
    this.more = el("button", { type: "button", class: "nv-tiny", onclick: () => this.toggle() });
    const heading = el("div", { class: "nv-measures", role: "group", "aria-label": t("Measure") }, ...this.measures);
    this.root = el("div", {}, heading, this.list, this.more);
    host.append(this.root);
  }

  toggle() {
    this.isWhole = !this.isWhole;
    if (this.latest) this.draw(this.latest.body, this.latest.measure);
  }

  /**
   * @param {Body} body
   * @param {Measure} measure
   */
  draw(body, measure) {
    this.latest = { body, measure };
    this.measures.forEach((button, i) => {
      const own = i === 0 ? "loss" : "score";
      setText(button, measureWords(body, own));
      button.setAttribute("aria-pressed", String(own === measure));
      button.hidden = own === "score" && body.score === null;
    });
    const bars = barsOf(body, measure);
    const drawn = bars.slice(0, this.isWhole ? bars.length : FIRST);
    const chosen = bars.find(({ index }) => index === body.column);
    if (chosen && !drawn.includes(chosen)) drawn.push(chosen);
    this.fill(drawn.length);
    const [format, reach] = [changeFormat(body, measure), reachOf(bars)];
    // One width for all numbers: the bars begin in one line.
    const longest = Math.max(0, ...drawn.map((bar) => changeWords(bar, format).length));
    this.list.style.setProperty("--nv-number", `${longest}ch`);
    drawn.forEach((bar, i) => {
      this.drawBar(/** @type {HTMLElement} */ (this.list.children[i]), bar, { format, reach, isChosen: bar === chosen });
    });
    this.more.hidden = bars.length <= FIRST;
    setText(this.more, this.isWhole ? t("Show fewer") : t("Show all {n}", { n: bars.length }));
  }

  /** Has as many items as there are bars; those that stay keep the focus. @param {number} size */
  fill(size) {
    while (this.list.children.length > size) this.list.lastElementChild?.remove();
    while (this.list.children.length < size) {
      const button = el(
        "button",
        { type: "button", onclick: () => this.onColumn(Number(button.dataset.column)) },
        el("span", { class: "nv-bar-name" }),
        el("span", { class: "nv-bar-track", "aria-hidden": "true" }, el("i"), el("b"), el("u")),
        el("span", { class: "nv-bar-value" }),
      );
      this.list.append(el("li", {}, button));
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {import("./columns.js").Bar} bar
   * @param {{ format: (value: number) => string, reach: [number, number], isChosen: boolean }} scale
   */
  drawBar(item, bar, { format, reach: [low, high], isChosen }) {
    const button = /** @type {HTMLElement} */ (item.firstElementChild);
    const [name, track, value] = /** @type {HTMLElement[]} */ ([...button.children]);
    const [length, spread, zero] = /** @type {HTMLElement[]} */ ([...track.children]);
    const place = (/** @type {number} */ at) => (100 * (at - low)) / (high - low);
    button.dataset.column = String(bar.index);
    button.dataset.nothing = String(bar.isNothing);
    button.setAttribute("aria-pressed", String(isChosen));
    button.title = bar.isNothing ? t("{name}: not to be told from 0", { name: bar.name }) : bar.name;
    setText(name, bar.name);
    setText(value, changeWords(bar, format));
    between(length, place(Math.min(0, bar.mean)), place(Math.max(0, bar.mean)));
    between(spread, place(bar.mean - bar.spread), place(bar.mean + bar.spread));
    between(zero, place(0), place(0));
  }
}

/**
 * @param {HTMLElement} node
 * @param {number} from in percent
 * @param {number} to
 */
function between(node, from, to) {
  node.style.left = `${from}%`;
  node.style.width = `${Math.max(0, to - from)}%`;
}
