// One rival of a race: its name, how good it is, and a picture of what it has learned.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { measure } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { Agreement } from "../learned/agreement.js";
import { matrix } from "../learned/confusion.js";
import { rowsOf } from "../learned/learned.js";
import { Plane } from "../learned/plane.js";
import { around, scaleOf } from "../learned/shades.js";
import { statusWords } from "../run/run_status.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../run/feed.js").Frame} Frame */
/** @typedef {import("../learned/learned.js").Rows} Rows */
/** @typedef {import("../curves/traces.js").DrawnRun} DrawnRun */
/** `metric`: the main one; `epoch`: that of the moment, null: the latest; `isCurrent`: the page shows this run below.
 * @typedef {{ metric: string, epoch: number | null, isCurrent: boolean, rows: Rows, theme: Theme }} Look */

export class Tile {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onPick
   */
  constructor(host, onPick) {
    this.swatch = el("i", {});
    this.name = el("b", {});
    this.head = el("button", { type: "button", class: "nv-tile-head", onclick: onPick }, this.swatch, this.name);
    this.value = el("span", { class: "nv-tile-value" });
    this.canvas = el("canvas", { role: "img" });
    this.table = el("div", {});
    this.wait = el("p", { class: "nv-tile-wait" });
    const body = el("div", { class: "nv-tile-body" }, this.canvas, this.table, this.wait);
    this.root = el("figure", { class: "nv-tile" }, el("figcaption", {}, this.head, this.value), body);
    host.append(this.root);
    this.plane = new Plane(this.canvas);
    this.agreement = new Agreement(this.canvas);
    /** @type {unknown[]} what the table was made of */
    this.drawn = [];
    /** @type {{ body: unknown, rows: Rows | null }} the run's own rows, and what they were made of */
    this.own = { body: null, rows: null };
    this.pictures = 0;
    /** @type {unknown} the frame that was drawn last */
    this.seen = null;
  }

  /**
   * @param {DrawnRun} run
   * @param {Feed} feed
   * @param {Frame | null} frame
   * @param {Look} look
   */
  draw({ name, colour, border }, feed, frame, { metric, epoch, isCurrent, rows, theme }) {
    setText(this.name, name);
    this.swatch.style.borderTop = `3px ${border ?? "solid"} ${css(/** @type {any} */ (colour))}`;
    this.head.setAttribute("aria-pressed", String(isCurrent));
    this.head.title = t("{name}: show this run below", { name });
    setText(this.value, valueWords(feed, frame, metric, epoch));
    this.root.dataset.view = frame?.view ?? "none";
    this.root.dataset.frameStep = String(frame?.step ?? -1);
    if (frame && frame.body !== this.seen) this.pictures += 1;
    this.seen = frame?.body;
    this.root.dataset.pictures = String(this.pictures);
    this.drawBody(feed, frame, rows, theme);
    const words = frame ? "" : statusWords(feed.expected, {});
    setText(this.wait, words);
    this.canvas.setAttribute("aria-label", `${name}. ${this.value.textContent}`);
  }

  /** @type {(feed: Feed, frame: Frame | null, rows: Rows, theme: Theme) => void} */
  drawBody(feed, frame, rows, theme) {
    const isTable = frame?.view === "confusion";
    this.canvas.style.display = isTable || !frame ? "none" : "";
    this.table.style.display = isTable ? "" : "none";
    if (!frame) return;
    if (frame.view === "plane") this.drawPlane(frame.body, this.rowsOf(feed) ?? rows, theme);
    else if (frame.view === "agreement") this.agreement.draw(frame.body, theme);
    else if (isTable) this.drawTable(frame.body, rows.classes ?? frame.body.classes, theme);
  }

  /** @type {(body: any, rows: Rows, theme: Theme) => void} */
  drawPlane(body, { points, extent, axes }, theme) {
    const [low, high] = body.range ?? [-1, 1];
    const values = points ? scaleOf(points.label) : around((low + high) / 2, [low, high]);
    const scale = body.kind === "values" ? values : null;
    this.plane.draw({ body, points, extent, axes: body.axes ?? axes, scale, theme });
  }

  /** @type {(body: any, names: import("../learned/confusion.js").Names, theme: Theme) => void} */
  drawTable(body, names, theme) {
    const drawn = [body, theme.key];
    if (drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    this.table.replaceChildren(matrix(body.counts, names, theme));
  }

  /**
   * The rows that the run itself trains on, once they are known.
   * @param {Feed} feed
   */
  rowsOf(feed) {
    const body = feed.frames.get("points")?.body ?? null;
    if (body !== this.own.body) this.own = { body, rows: body && rowsOf(body) };
    return this.own.rows;
  }
}

/**
 * @param {Feed} feed
 * @param {Frame | null} frame
 * @param {string} metric
 * @param {number | null} epoch
 */
function valueWords(feed, frame, metric, epoch) {
  const past = /** @type {any} */ (frame)?.metrics;
  for (const name of [`val_${metric}`, metric]) {
    const value = epoch === null ? feed.epochs.get(name)?.valueAt() : past?.[name];
    if (value !== undefined && value !== null) return measure(metric, value);
  }
  return "";
}
