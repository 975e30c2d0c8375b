// Parts of the view of a step: the boxes of a row's way, and the optimizer's formula.

import { el, layerNameParts } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { digitsOf, formula, symbol, tens } from "./formula.js";

/** @typedef {import("./back.js").Line} Line */
/** @typedef {import("./back.js").Story} Story */
/** @typedef {import("./back_words.js").Box} Box */
/** @typedef {import("./formula.js").Piece} Piece */

/**
 * @param {Box[]} boxes
 * @returns {HTMLElement}
 */
export function wayList(boxes) {
  const items = boxes.map(({ title, note, lines, bars, chosen }) => {
    const drawn = bars.map((height, i) => {
      const style = `--nv-size:${(50 * Math.abs(height)).toFixed(1)}%`;
      return el("i", { "data-sign": height < 0 ? "minus" : "plus", "data-chosen": String(i === chosen), style });
    });
    return el(
      "li",
      {},
      el("b", {}, ...layerNameParts(title)),
      el("span", { class: "nv-back-note" }, note),
      drawn.length > 1 ? el("span", { class: "nv-back-bars", "aria-hidden": "true" }, ...drawn) : null,
      ...lines.map((line) => el("span", { class: "nv-back-line" }, line)),
    );
  });
  return el("ol", { class: "nv-back-way" }, ...items);
}

/**
 * What the optimizer makes of the gradient, line by line, with this step's numbers.
 * @param {Story} story
 * @param {number} gradient
 * @returns {HTMLElement}
 */
export function optimizerLines(story, gradient) {
  const quantities = [
    ["g", gradient, t("the gradient: how the loss changes with this weight")],
    ...Object.entries(story.given).map(([name, { value, sense }]) => [name, value, t(sense)]),
    ...Object.entries(story.slots).map(([name, [before]]) => [name, before, t("from the step before")]),
  ].map(([name, value, title]) =>
    el("span", { title }, ...nodes(symbol(String(name))), " = ", ...nodes(numberPieces(/** @type {number} */ (value), 4))),
  );
  const lines = story.lines.map(formulaLine);
  if (story.average.length) {
    lines.push(el("p", { class: "nv-back-note" }, t("Moving average of the weight")), ...story.average.map(formulaLine));
  }
  return el("div", { class: "nv-back-formula" }, el("p", { class: "nv-back-known" }, ...quantities), ...lines);
}

/** @param {Line} line */
function formulaLine({ symbol: name, formula: text, numbers, value, sense }) {
  const result = el("strong", {}, "= ", ...nodes(numberPieces(value, name === "w" ? 6 : 4)));
  // A line that only hands on another quantity needs no numbers of its own.
  const put = numbers && numbers !== text ? [el("span", {}, "= ", ...nodes(formula(numbers))), " "] : [];
  return el(
    "div",
    {},
    el("p", {}, ...nodes(symbol(name)), " = ", ...nodes(formula(text)), el("span", { class: "nv-back-note" }, t(sense))),
    el("p", { class: "nv-back-numbers" }, ...put, result),
  );
}

/**
 * @param {number | null} value
 * @param {number} digits
 */
function numberPieces(value, digits) {
  const text = digitsOf(value, digits);
  return text === null ? [{ text: t("not finite"), place: /** @type {const} */ ("line"), isName: false }] : tens(text);
}

const TAGS = /** @type {const} */ ({ line: "span", above: "sup", below: "sub" });

/**
 * @param {Piece[]} pieces
 * @returns {HTMLElement[]}
 */
function nodes(pieces) {
  return pieces.map(({ text, place, isName }) => {
    const inner = isName ? el("em", {}, text) : text;
    return el(TAGS[place], {}, inner);
  });
}
