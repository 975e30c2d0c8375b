// The rows or images with the highest loss: what each is, what it was taken for, and what stands in it.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { penOf } from "./canvas.js";
import { inParts, numberWords, probabilities } from "./sentences.js";
import { withTip } from "./tip.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** An image: its bytes, and its shape [height, width, channels]. @typedef {{ image?: ArrayBuffer, shape?: number[] }} Pixels */
/**
 * A row with a high loss. `probability` of what it was taken for, `right` of what it is; `values`: its first columns, as people
 * write them. Frames of before have less.
 * @typedef {{ row: number, loss: number, truth: number, guess: number, probability?: number, right?: number,
 *   values?: string[] } & Pixels} Worst
 */
/**
 * `columns`: the names of `values`, of `columns_in_all`; `examples`: one training image of each class that something was taken
 * for; `unit`: of a target that is a number.
 * @typedef {{ worst?: Worst[], columns?: string[], columns_in_all?: number, examples?: (Pixels & { class: number })[],
 *   unit?: string }} WorstBody
 */
/** @typedef {(k: number) => string} Name of a class by number */

/**
 * @param {WorstBody} body
 * @param {Name | null} name null for a target that is a number
 * @param {Theme} theme
 */
export function worstList(body, name, theme) {
  const { worst = [] } = body;
  const hasImages = Boolean(worst[0].image);
  const answer = name ? classAnswer(name, theme) : numberAnswer(worst, body.unit);
  const cases = worst.map((item) => {
    const row = el("small", {}, t("row {n}", { n: (item.row + 1).toLocaleString("en-US") }));
    const loss = el("small", {}, t("loss {n}", { n: number(item.loss) }));
    const pictures = hasImages ? [pictureRow(item, body, name)] : [];
    return valuesOnHover(
      el("figure", { class: "nv-case" }, ...pictures, el("figcaption", {}, row, ...answer(item), loss)),
      item,
      body,
    );
  });
  const title = hasImages ? t("Images with the highest loss") : t("Rows with the highest loss");
  const list = el("div", { class: hasImages ? "nv-cases nv-images" : "nv-cases" }, ...cases);
  return el("div", { class: "nv-worst" }, el("h4", {}, title), list);
}

/** @type {(name: Name, theme: Theme) => (item: Worst) => HTMLElement[]} */
function classAnswer(name, theme) {
  return (item) => {
    const { truth, guess } = item;
    const isWrong = truth !== guess;
    const parts = {
      truth: el("b", {}, name(truth)),
      guess: el("b", { style: isWrong ? `color:${css(theme.wrong)}` : null }, name(guess)),
    };
    const words = isWrong ? inParts("is {truth}, taken for {guess}", parts) : inParts("is {truth}, and taken for it", parts);
    const chances = probabilities(item);
    return [el("span", {}, ...words), ...(chances ? [el("small", {}, chances)] : [])];
  };
}

/** @type {(worst: Worst[], unit?: string) => (item: Worst) => HTMLElement[]} */
function numberAnswer(worst, unit) {
  const words = numberWords(worst, unit);
  return (item) => {
    const { truth, guess, error } = words(item);
    /** @type {(label: string, value: string) => HTMLElement} */
    const line = (label, value) => el("span", { class: "nv-pair" }, el("small", {}, label), el("b", {}, value));
    return [line(t("true"), truth), line(t("predicted"), guess), line(t("error"), error)];
  };
}

/**
 * What stands in the row, while the pointer is on it or the keyboard's focus.
 * @param {HTMLElement} node
 * @param {Worst} item
 * @param {WorstBody} body
 */
function valuesOnHover(node, { values }, { columns, columns_in_all: all = 0 }) {
  if (!values?.length || !columns?.length) return node;
  const rows = values.map((value, i) => el("tr", {}, el("th", { scope: "row" }, columns[i]), el("td", {}, value)));
  const rest = all - columns.length;
  const more = rest > 0 ? el("p", {}, rest === 1 ? t("and 1 column more") : t("and {n} columns more", { n: rest })) : null;
  return withTip(node, () => [el("table", {}, el("tbody", {}, ...rows)), ...(more ? [more] : [])]);
}

/**
 * The image, and beside it an example of what it was taken for.
 * @param {Worst} item
 * @param {WorstBody} body
 * @param {Name | null} name
 */
function pictureRow(item, { examples }, name) {
  const example = name && item.guess !== item.truth ? examples?.find((one) => one.class === item.guess) : null;
  const label = name ? t("an image of {name}", { name: name(item.truth) }) : t("row {n}", { n: item.row + 1 });
  const pictures = [picture(item, label)];
  if (example && name) {
    const words = t("a training image of {name}", { name: name(item.guess) });
    pictures.push(el("span", { class: "nv-example" }, picture(example, words), el("small", {}, name(item.guess))));
  }
  const own = el("span", { class: "nv-example" }, pictures[0], name ? el("small", {}, name(item.truth)) : null);
  return el("div", { class: "nv-pictures" }, own, ...pictures.slice(1));
}

/** @type {(pixels: Pixels, label: string) => HTMLElement} */
function picture({ image, shape }, label) {
  const [height, width, channels = 1] = shape ?? [1, 1];
  const canvas = el("canvas", { width, height, role: "img", "aria-label": label, title: label });
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
