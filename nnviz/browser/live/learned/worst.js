// Wrong rows or images, and right ones with the highest loss: what each is, what it was taken for, and what stands in it.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { css } from "../../common/theme.js";
import { paintPixels } from "./pixels.js";
import { inParts, numberWords, probabilities } from "./sentences.js";
import { withTip } from "./tip.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("./pixels.js").Pixels} Pixels */
/**
 * A row that is wrong or has a high loss. `probability` of what it was taken for, `right` of what it is; `values`: its first
 * columns, as people write them. Frames of before have less; rows on a plane have no loss.
 * @typedef {{ row?: number, loss?: number, truth: number, guess: number, probability?: number, right?: number,
 *   values?: string[] } & Pixels} Worst
 */
/**
 * `columns`: the names of `values`, of `columns_in_all`; `examples`: one training image of each class that something was taken
 * for; `unit`: of a target that is a number; `wrong`: how many are.
 * @typedef {{ worst?: Worst[], columns?: string[], columns_in_all?: number, examples?: (Pixels & { class: number })[],
 *   unit?: string, wrong?: number }} WorstBody
 */
/** @typedef {(k: number) => string} Name of a class by number */

/** Beside the words, and the first of them on a plane. */
export const SIGNS = { wrong: "✕", right: "✓" };

/**
 * Lists of wrong rows and of right ones, or of those with the largest errors.
 * @param {WorstBody} body
 * @param {Name | null} name null for a target that is a number
 * @param {Theme} theme
 */
export function worstLists(body, name, theme) {
  const { worst = [] } = body;
  if (!name) return worst.length ? [listOf(worst, t("Rows with the largest errors"), body, null, theme)] : [];
  const wrong = worst.filter(({ truth, guess }) => truth !== guess);
  const right = worst.filter(({ truth, guess }) => truth === guess);
  const lists = [];
  if (wrong.length) lists.push(listOf(wrong, wrongTitle(wrong, body), body, name, theme));
  if (right.length) lists.push(listOf(right, rightTitle(right), body, name, theme));
  return lists;
}

/**
 * @param {Worst[]} wrong
 * @param {WorstBody} body
 */
function wrongTitle(wrong, { wrong: all = wrong.length }) {
  const title = wrong[0].image ? t("Wrong images") : t("Wrong rows");
  if (all <= wrong.length) return title;
  const counts = { n: wrong.length, all: all.toLocaleString("en-US") };
  const hasLoss = wrong[0].loss !== undefined;
  return `${title}: ${hasLoss ? t("the {n} with the highest loss, of {all}", counts) : t("the {n} most mistaken, of {all}", counts)}`;
}

/** @param {Worst[]} right */
function rightTitle([{ loss }]) {
  return loss === undefined ? t("Right, but least sure") : t("Right, but with the highest loss");
}

/** @type {(items: Worst[], title: string, body: WorstBody, name: Name | null, theme: Theme) => HTMLElement} */
function listOf(items, title, body, name, theme) {
  return el("div", { class: "nv-worst" }, el("h4", {}, title), casesOf(items, body, name, theme));
}

/**
 * Rows or images side by side; `note`: what else is to be said of one.
 * @template {Worst} Item
 * @param {Item[]} items
 * @param {WorstBody} body
 * @param {Name | null} name
 * @param {Theme} theme
 * @param {(item: Item) => string} [note]
 */
export function casesOf(items, body, name, theme, note) {
  const hasImages = Boolean(items[0].image);
  const answer = name ? classAnswer(name, theme) : numberAnswer(items, body.unit);
  const cases = items.map((item) => {
    const pictures = hasImages ? [pictureRow(item, body, name)] : [];
    const caption = el("figcaption", {}, headOf(item, name, theme), ...answer(item), lossOf(item), small(note?.(item)));
    return valuesOnHover(el("figure", { class: "nv-case" }, ...pictures, caption), item, body);
  });
  return el("div", { class: hasImages ? "nv-cases nv-images" : "nv-cases" }, ...cases);
}

/**
 * Which row it is, and of classes whether it is wrong: a sign and a word.
 * @type {(item: Worst, name: Name | null, theme: Theme) => HTMLElement}
 */
function headOf({ row, truth, guess }, name, theme) {
  const which = row === undefined ? "" : t("row {n}", { n: (row + 1).toLocaleString("en-US") });
  if (!name) return el("small", {}, which);
  const isWrong = truth !== guess;
  const mark = isWrong ? `${SIGNS.wrong} ${t("wrong")}` : `${SIGNS.right} ${t("right")}`;
  const style = isWrong ? `color:${css(theme.wrong)}` : null;
  return el("span", { class: "nv-pair" }, el("small", {}, which), el("small", { class: "nv-mark", style }, mark));
}

/** @param {string} [text] */
const small = (text) => (text ? el("small", {}, text) : null);

/** @param {Worst} item */
const lossOf = ({ loss }) => (loss === undefined ? null : el("small", {}, t("loss {n}", { n: number(loss) })));

/** @type {(name: Name, theme: Theme) => (item: Worst) => HTMLElement[]} */
function classAnswer(name, theme) {
  return (item) => {
    const { truth, guess } = item;
    const isWrong = truth !== guess;
    const parts = {
      truth: el("b", {}, name(truth)),
      guess: el("b", { style: isWrong ? `color:${css(theme.wrong)}` : null }, name(guess)),
    };
    const words = isWrong
      ? inParts(t("is {truth}, taken for {guess}"), parts)
      : inParts(t("is {truth}, and taken for it"), parts);
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
  const label = name ? t("an image of {name}", { name: name(item.truth) }) : t("row {n}", { n: (item.row ?? 0) + 1 });
  const pictures = [picture(item, label)];
  if (example && name) {
    const words = t("a training image of {name}", { name: name(item.guess) });
    pictures.push(
      el("span", { class: "nv-example" }, picture(example, words), el("small", { title: name(item.guess) }, name(item.guess))),
    );
  }
  const own = el(
    "span",
    { class: "nv-example" },
    pictures[0],
    name ? el("small", { title: name(item.truth) }, name(item.truth)) : null,
  );
  return el("div", { class: "nv-pictures" }, own, ...pictures.slice(1));
}

/** @type {(pixels: Pixels, label: string) => HTMLElement} */
function picture(pixels, label) {
  const [height, width] = pixels.shape ?? [1, 1];
  const canvas = el("canvas", { width, height, role: "img", "aria-label": label, title: label });
  paintPixels(canvas, pixels);
  return canvas;
}
