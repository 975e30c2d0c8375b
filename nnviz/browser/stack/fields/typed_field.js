// Text fields for numbers, pairs, shapes, text and expressions.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { iconButton } from "../icons.js";
import { asText, firstOf, inRange, isNumeric, readParam } from "../params.js";
import { focusAround } from "./frame.js";

/** @typedef {import("../params.js").Param} Param */

const TYPING_DELAY_MS = 250;

/** @type {import("./field.js").FieldMaker} */
export function typedField(param, value, { change, times }, frame) {
  const isNumber = isNumeric(param);
  let waiting = 0;
  const commit = () => {
    clearTimeout(waiting);
    waiting = 0;
    const reading = readParam(param, input.value, times);
    frame.showError(input, reading.error);
    const { mended, meant } = reading;
    if (mended !== undefined) frame.offer(t("Did you mean {name}?", { name: meant }), () => replaceBy(mended));
    if (reading.error === undefined) change(reading.value);
  };
  /** @param {string} text */
  const replaceBy = (text) => {
    input.value = text;
    commit();
    input.focus();
  };
  /** @param {1 | -1} direction */
  const nudge = (direction) => {
    const next = nudged(param, input.value, direction);
    if (next === null) return;
    input.value = asText(next);
    commit();
  };
  /** @param {KeyboardEvent} event */
  const onkeydown = (event) => {
    if (event.key === "Enter") commit();
    const direction = { ArrowUp: /** @type {const} */ (1), ArrowDown: /** @type {const} */ (-1) }[event.key];
    if (!isNumber || event.altKey || !direction) return;
    event.preventDefault();
    nudge(direction);
  };
  const oninput = () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(commit, TYPING_DELAY_MS);
  };
  const none = param.type === "shape" ? "4, 4, 1" : t("none");
  const input = el("input", {
    type: "text",
    id: frame.id,
    class: param.type === "expression" ? "expression" : null,
    autocomplete: "off",
    spellcheck: "false",
    inputmode: isNumber && !times ? "decimal" : null,
    "aria-describedby": frame.noteId,
    placeholder: param.default == null ? none : asText(param.default),
    oninput,
    onchange: commit,
    onkeydown,
  });
  const box = el("div", { class: "box" }, input);
  if (isNumber) {
    box.append(
      iconButton("minus", t("Less: {what}", { what: frame.label }), () => nudge(-1), { tabindex: "-1" }),
      iconButton("plus", t("More: {what}", { what: frame.label }), () => nudge(1), { tabindex: "-1" }),
    );
  }
  frame.node.append(box, frame.note);
  const vary = times && isNumber ? varyButton(input, frame.label, param, times, commit) : null;
  if (vary) frame.head.append(vary.button);
  /** @param {any} next */
  const show = (next) => {
    input.value = asText(next ?? param.default);
    vary?.show();
  };
  /** @param {any} next */
  const update = (next) => {
    // Never overwrite what is being typed or is still invalid.
    if (!waiting && !frame.isWrong && focusAround(input) !== input) show(next);
  };
  show(value);
  const flush = () => {
    if (waiting) commit();
  };
  return { node: frame.node, update, flush, wrong: () => frame.wrong };
}

/**
 * The typed number plus or minus one step; null if that is no number or out of range.
 * @param {Param} param
 * @param {string} typed
 * @param {1 | -1} direction
 */
export function nudged(param, typed, direction) {
  const now = Number(typed === "" ? (param.default ?? 0) : typed);
  const step = param.step ?? (param.type === "int" ? 1 : 0.05);
  const next = +(now + direction * step).toPrecision(10);
  return inRange(param, next) ? next : null;
}

/**
 * A button that switches between one value for all copies of the enclosing Repeat and one value for each.
 * @param {HTMLInputElement} input
 * @param {string} label
 * @param {Param} param
 * @param {number} times
 * @param {() => void} commit
 */
function varyButton(input, label, param, times, commit) {
  const varies = () => input.value.trim() !== "" && Number.isNaN(Number(input.value));
  const toOne = () => {
    const { value } = readParam(param, input.value, times);
    const first = value?.each && firstOf(value);
    return asText(inRange(param, Number(first)) ? first : param.default);
  };
  const toEach = () =>
    Array(times)
      .fill(input.value.trim() || asText(param.default))
      .join(", ");
  const onclick = () => {
    input.value = varies() ? toOne() : toEach();
    commit();
    show();
    input.focus();
    input.select();
  };
  const words = t("{what} varies over the copies", { what: label });
  const button = el("button", { type: "button", class: "link vary", "aria-label": words, onclick });
  const show = () => {
    button.setAttribute("aria-pressed", String(varies()));
    button.textContent = varies() ? t("same for all copies") : t("vary over copies");
  };
  input.addEventListener("input", show);
  return { button, show };
}
