// The parts of the Compare page around its curves: cards of runs, and tables with one column per run; and the curves of very
// many runs.

import { el } from "../common/dom.js";
import { setMessages } from "../common/messages.js";
import { readTheme } from "../common/theme.js";
import { ManyCurves } from "./many_curves.js";
import { isHeld, picked, whenPicked } from "./picked.js";
import { runCard } from "./run_card.js";
import { runTable } from "./run_table.js";

/** @typedef {import("../common/theme.js").Colour} Colour */
/** @typedef {import("./run_card.js").CardRun} CardRun */
/** @typedef {import("./run_table.js").TableData} TableData */
/** @typedef {import("./many_curves.js").ManyData} ManyData */
/** @typedef {{ kind: "offer" | "cards", runs: CardRun[] }} CardsData */
/** What nnviz.ui.compare sends. @typedef {(CardsData | TableData | ManyData) & { messages: Record<string, string> }} ComparisonData */
/** @typedef {(what: string, run: string) => void} Act something was pressed for a run */

/** With more cards than this the list scrolls; with these or with groups the curves are those of many_curves.js. */
const MANY = 12;

/** @type {WeakMap<Element, string>} what each element shows */
const drawn = new WeakMap();
/** @type {WeakMap<Element, ManyCurves>} */
const pictures = new WeakMap();
/** @type {WeakMap<Element, () => void>} how each element with cards stops to listen */
const listening = new WeakMap();

/**
 * Redraws if anything has changed; focus and scroll position are kept.
 * @param {HTMLElement} root
 * @param {CardsData | TableData} data
 * @param {Colour[]} colours
 * @param {Act} act
 */
function draw(root, data, colours, act) {
  const key = JSON.stringify([data, colours]);
  if (drawn.get(root) === key && root.firstChild) return;
  drawn.set(root, key);
  const focused = root.querySelector(":focus")?.getAttribute("aria-label");
  const before = root.querySelector(".scroll");
  const { scrollLeft = 0, scrollTop = 0 } = before ?? {};
  root.replaceChildren(data.kind === "table" ? runTable(data, colours, act) : cards(data, colours, act));
  root.querySelector(".scroll")?.scrollTo(scrollLeft, scrollTop);
  markPicked(root);
  if (!focused) return;
  [...root.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
}

/** @type {(data: CardsData, colours: Colour[], act: Act) => HTMLElement} */
function cards({ kind, runs }, colours, act) {
  const isLong = runs.length > MANY;
  const isMany = isLong || runs.some((run) => run.isGroup);
  const items = runs.map((run) => runCard(run, { colours, act, isOffer: kind === "offer", isMany }));
  return el("ul", { class: [isLong ? "scroll" : "", isMany ? "many" : ""].join(" ").trim() || null }, ...items);
}

/**
 * Shows which card is that of the run picked out.
 * @param {HTMLElement} root
 */
function markPicked(root) {
  for (const card of root.querySelectorAll(".many > .card")) {
    const run = card.getAttribute("data-run") ?? "";
    card.classList.toggle("picked", run === picked());
    card.querySelector(".pick")?.setAttribute("aria-pressed", String(isHeld(run)));
  }
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
  if (data.kind === "many") {
    const picture = pictures.get(root) ?? new ManyCurves(root);
    pictures.set(root, picture);
    picture.update(data, theme);
    return () => {
      picture.destroy();
      root.remove();
    };
  }
  draw(root, data, theme.runs, (what, run) => setTriggerValue("act", { what, run }));
  const forget = listening.get(root) ?? whenPicked(() => markPicked(root));
  listening.set(root, forget);
  return forget;
}
