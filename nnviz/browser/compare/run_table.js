// A table with one column per run.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { runLook } from "../common/palette.js";

/** @typedef {import("../common/theme.js").Colour} Colour */
/** @typedef {import("./comparison.js").Act} Act */
/** @typedef {{ text: string, help?: string, reveal?: string, is_best?: boolean, is_odd?: boolean, so_far?: boolean }} Cell `reveal`: the run to ask for */
/** @typedef {{ label: string, help?: string, cells: Cell[] }} TableRow */
/** @typedef {{ kind: "table", runs: { name: string, help: string, colour: number }[], rows: TableRow[] }} TableData */

const LONG_WORD = 22;

/**
 * A path like optimizer.learning_rate may be broken after its dots and underscores, and nowhere else.
 * @param {string} text
 */
export const pathParts = (text) => text.split(/(?<=[._])/);

/**
 * Whether a word of it is too long for a line.
 * @param {string} text
 */
export const isLong = (text) => text.split(/\s+/).some((word) => word.length > LONG_WORD);

/** @param {string} path */
const breakable = (path) => pathParts(path).flatMap((part, i) => (i ? [el("wbr"), part] : [part]));

/**
 * A name may be broken between its words; within one only where it is too long for a line.
 * @param {string} name
 */
const words = (name) => name.split(/(\s+)/).map((part) => (/\S/.test(part) ? el("span", { class: "word" }, part) : part));

/** @type {(data: TableData, colours: Colour[], act: Act) => HTMLElement} */
export function runTable({ runs, rows }, colours, act) {
  const heads = runs.map(({ name, help, colour }) => {
    const look = runLook(colours, colour);
    const isFull = look.border === "solid";
    const style = isFull ? `background:rgb(${look.colour})` : `background:none;border:2px ${look.border} rgb(${look.colour})`;
    const dot = el("i", { class: "dot", style });
    const head = el("span", { class: "head" }, dot, el("span", {}, ...words(name)));
    return el("th", { scope: "col", title: help }, head);
  });
  const body = rows.map(({ label, help, cells }) => {
    const attributes = { scope: "row", title: help || null, class: help ? "helped" : null };
    const head = el("th", attributes, el("span", {}, ...breakable(label)));
    return el("tr", {}, head, ...cells.map((cell) => tableCell(cell, act)));
  });
  const table = el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), ...heads)), el("tbody", {}, ...body));
  return el("div", { class: "scroll", tabindex: "0" }, table);
}

/** @type {(cell: Cell, act: Act) => HTMLElement} */
function tableCell({ text, help, reveal, is_best, is_odd, so_far }, act) {
  if (reveal) {
    const title = t("Show the test result; that it was looked at is recorded");
    const attributes = { type: "button", class: "reveal", title, onclick: () => act("reveal", reveal) };
    return el("td", {}, el("button", attributes, text));
  }
  const names = [is_odd ? "odd" : "", isLong(text) ? "long" : ""].filter(Boolean).join(" ");
  const value = el(is_best ? "b" : "span", { class: names || null }, text);
  const best = is_best ? t("Better than each of the others, by the verdict.") : "";
  const title = [best, help].filter(Boolean).join("\n") || null;
  return el("td", { title }, value, so_far ? el("small", {}, ` ${t("so far")}`) : null);
}
