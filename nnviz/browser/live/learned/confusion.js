// The confusion matrix, and the rows or images with the highest loss.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number, oneFormat } from "../../common/numbers.js";
import { css, mix } from "../../common/theme.js";
import { penOf } from "./canvas.js";
import { rangeOf } from "./scales.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {string[] | null | undefined} Names of classes by number */
/**
 * A row with a high loss; for images also the bytes and the shape [height, width, channels].
 * @typedef {{ row: number, loss: number, truth: number, guess: number, image?: ArrayBuffer, shape?: number[] }} Worst
 */
/** @typedef {(target: number) => string} Show a target in words */

const MAX_NAMED_CLASSES = 14;

export class Confusion {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    /** @type {unknown} */
    this.drawn = null;
    this.themeKey = "";
  }

  clear() {
    if (this.drawn) this.host.replaceChildren();
    this.drawn = null;
  }

  /**
   * @param {{ counts: number[][], classes?: string[] } | null} body null for a target that is a number
   * @param {Worst[] | undefined} worst
   * @param {{ classes?: Names }} data
   * @param {Theme} theme
   */
  draw(body, worst, data, theme) {
    if (this.drawn === (body ?? worst) && this.themeKey === theme.key) return;
    this.drawn = body ?? worst;
    this.themeKey = theme.key;
    const names = data.classes ?? body?.classes ?? null;
    const parts = body ? [matrix(body.counts, names, theme)] : [];
    if (worst?.length) parts.push(worstList(worst, body ? (target) => nameOf(names, target) : commonFormat(worst), theme));
    this.host.replaceChildren(...parts);
  }
}

/** @type {(names: Names, k: number) => string} */
const nameOf = (names, k) => names?.[k] ?? String(k);

/**
 * @param {number[][]} counts rows by true class, columns by predicted class
 * @param {Names} names
 * @param {Theme} theme
 */
function matrix(counts, names, theme) {
  const size = counts.length;
  const isTight = size > MAX_NAMED_CLASSES;
  /** @type {(k: number, attributes: object) => HTMLElement} */
  const head = (k, attributes) => {
    const name = nameOf(names, k);
    return el("th", { title: name, ...attributes }, isTight ? "" : name);
  };
  const style = `max-width:${Math.max(30, Math.floor(250 / size))}px`;
  const heads = counts.map((_, k) => head(k, { scope: "col", style }));
  const rows = counts.map((row, truth) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((n, guess) => countCell({ n, all, truth, guess }, names, isTight, theme));
    return el("tr", {}, head(truth, { scope: "row" }), ...cells);
  });
  const width = `max-width:${90 + size * 52}px`;
  const attributes = isTight ? { class: "nv-tight" } : { style: width };
  const table = el("table", attributes, el("thead", {}, el("tr", {}, el("th", {}), ...heads)), el("tbody", {}, ...rows));
  return el("div", { class: "nv-matrix" }, table);
}

/**
 * @param {{ n: number, all: number, truth: number, guess: number }} count of so many rows of a class
 * @param {Names} names
 * @param {boolean} isTight
 * @param {Theme} theme
 */
function countCell({ n, all, truth, guess }, names, isTight, theme) {
  const share = all ? n / all : 0;
  const colour = truth === guess ? theme.classes[0] : theme.classes[1];
  const back = mix(theme.paper, colour, share ? 0.12 + 0.68 * share : 0);
  const ink = share > 0.55 && !theme.isDark ? [255, 255, 255] : theme.ink;
  const values = { n, all, truth: nameOf(names, truth), guess: nameOf(names, guess) };
  const title = t("{n} of {all} rows of {truth} were taken for {guess}", values);
  return el("td", { style: `background:${css(back)};color:${css(ink)}`, title }, isTight || !n ? "" : String(n));
}

/**
 * A format for targets and predictions, with the same decimals for all.
 * @param {Worst[]} worst
 * @returns {Show}
 */
function commonFormat(worst) {
  const [low, high] = rangeOf([worst.flatMap(({ truth, guess }) => [truth, guess])]) ?? [Number.NaN, Number.NaN];
  return oneFormat(low, high);
}

/**
 * @param {Worst[]} worst
 * @param {Show} show
 * @param {Theme} theme
 */
function worstList(worst, show, theme) {
  const hasImages = Boolean(worst[0].image);
  const cases = worst.map((item) => (hasImages ? imageCase(item, show, theme) : rowCase(item, show, theme)));
  return el(
    "div",
    { class: "nv-worst" },
    el("h4", {}, hasImages ? t("Images with the highest loss") : t("Rows with the highest loss")),
    el("div", { class: hasImages ? "nv-cases nv-images" : "nv-cases" }, ...cases),
  );
}

/** @type {(item: Worst, show: Show, theme: Theme) => HTMLElement} */
function imageCase(item, show, theme) {
  return figure(item, show, picture(item), el("figcaption", {}, ...verdict(item, show, theme)));
}

/** @type {(item: Worst, show: Show, theme: Theme) => HTMLElement} */
function rowCase(item, show, theme) {
  const row = el("small", {}, t("row {n}", { n: item.row + 1 }));
  return figure(item, show, el("figcaption", {}, row, ...verdict(item, show, theme)));
}

/** @type {(item: Worst, show: Show, ...children: Node[]) => HTMLElement} */
function figure({ row, truth, guess, loss }, show, ...children) {
  const values = { n: row + 1, truth: show(truth), guess: show(guess), loss: number(loss) };
  const title = t("row {n}: {truth} taken for {guess}, loss {loss}", values);
  return el("figure", { class: "nv-case", title }, ...children);
}

/** @type {(item: Worst, show: Show, theme: Theme) => Node[]} */
function verdict({ truth, guess, loss }, show, theme) {
  const style = truth === guess ? null : `color:${css(theme.classes[1])}`;
  return [
    el("span", {}, el("b", {}, show(truth)), " → ", el("b", { style }, show(guess))),
    el("small", {}, t("loss {n}", { n: number(loss) })),
  ];
}

/** @param {Worst} item */
function picture({ image, shape }) {
  const [height, width, channels = 1] = shape ?? [1, 1];
  const canvas = el("canvas", { width, height });
  const pixels = new Uint8Array(image ?? new ArrayBuffer(0));
  const pen = penOf(canvas);
  const target = pen.createImageData(width, height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) target.data[i * 4 + c] = pixels[i * channels + (channels >= 3 ? c : 0)];
    target.data[i * 4 + 3] = 255;
  }
  pen.putImageData(target, 0, 0);
  return canvas;
}
