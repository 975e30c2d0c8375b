// The parts of the Compare page around its curves: cards of runs, and tables with one column per run.

import { el } from "../common/dom.js";
import { setMessages } from "../common/messages.js";
import { readTheme } from "../common/theme.js";
import { runCard } from "./run_card.js";
import { runTable } from "./run_table.js";

/** @typedef {import("../common/theme.js").Colour} Colour */
/** @typedef {import("./run_card.js").CardRun} CardRun */
/** @typedef {import("./run_table.js").TableData} TableData */
/** @typedef {{ kind: "offer" | "cards", runs: CardRun[] }} CardsData */
/** @typedef {(CardsData | TableData) & { messages: Record<string, string> }} ComparisonData what nnviz.ui.compare.cards sends */
/** @typedef {(what: string, run: string) => void} Act something was pressed for a run */

/** @type {WeakMap<Element, string>} what each element shows */
const drawn = new WeakMap();

/**
 * Redraws if anything has changed; focus and scroll position are kept.
 * @param {HTMLElement} root
 * @param {ComparisonData} data
 * @param {Colour[]} colours
 * @param {Act} act
 */
function draw(root, data, colours, act) {
  const key = JSON.stringify([data, colours]);
  if (drawn.get(root) === key && root.firstChild) return;
  drawn.set(root, key);
  const focused = root.querySelector(":focus")?.getAttribute("aria-label");
  const scrolled = root.querySelector(".scroll")?.scrollLeft;
  root.replaceChildren(data.kind === "table" ? runTable(data, colours, act) : cards(data, colours, act));
  const scroller = root.querySelector(".scroll");
  if (scroller && scrolled) scroller.scrollLeft = scrolled;
  if (!focused) return;
  [...root.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
}

/** @type {(data: CardsData, colours: Colour[], act: Act) => HTMLElement} */
function cards({ kind, runs }, colours, act) {
  return el("ul", {}, ...runs.map((run) => runCard(run, { colours, act, isOffer: kind === "offer" })));
}

/**
 * @param {{ data: ComparisonData, parentElement: HTMLElement, setTriggerValue: (name: string, value: object) => void }} component
 */
export default function comparison({ data, parentElement, setTriggerValue }) {
  /** @type {HTMLElement} */
  const root = parentElement.querySelector(".comparison") ?? el("div", { class: "comparison" });
  if (!root.isConnected) parentElement.append(root);
  setMessages(data.messages);
  const theme = readTheme(root);
  root.dataset.theme = theme.isDark ? "dark" : "light";
  draw(root, data, theme.runs, (what, run) => setTriggerValue("act", { what, run }));
}
