// The card of a run: its name, status and metric, with buttons.

import { el, lineIcon } from "../common/dom.js";
import { t } from "../common/messages.js";
import { runLook } from "../common/palette.js";
import { hold, point } from "./picked.js";

/**
 * A run to show; `help` and `valueHelp`: tooltips of name and value; `colour`: its index in the colour scale; `exact`: when it was
 * made; `soFar`: the value may still change.
 * @typedef {{ id: string, name: string, help: string, status: string, exact: string, value: string, valueHelp: string,
 *   about: string, soFar: boolean, colour: number, isHidden: boolean, isGroup: boolean, isUnfolded: boolean }} CardRun
 */

const EYE = "M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5S2.5 12 2.5 12z M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";
const EYE_OFF = [
  "M4 4l16 16 M9.5 5.9a9 9 0 0 1 2.5-.4c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7",
  "M6.3 7.6A16 16 0 0 0 2.5 12s3.5 6.5 9.5 6.5a9 9 0 0 0 4.3-1.1",
].join(" ");
const CROSS = "M6 6l12 12 M18 6L6 18";
const LINES = "M4 17c4-9 6-10 8-6s4 2 8-7 M4 20c5-4 7-6 9-4s4 0 7-6";
const PLUS = "M12 5v14 M5 12h14";

/**
 * @param {CardRun} run
 * @param {{ colours: import("../common/theme.js").Colour[], act: import("./comparison.js").Act, isOffer: boolean,
 *   isMany?: boolean }} options `isOffer`: whether the run can be added; else it is selected, and can be hidden or removed;
 *   `isMany`: it can be picked out of the curves
 */
export function runCard(run, { colours, act, isOffer, isMany = false }) {
  const { id, name } = run;
  if (isOffer) {
    const label = `${t("Add")}: ${name}`;
    const attributes = { type: "button", class: "whole", onclick: () => act("add", id), "aria-label": label };
    return el("li", { class: "card offer" }, el("button", attributes, summary(run), lineIcon(PLUS)));
  }
  /** @type {(what: string, path: string, title: string, pressed?: string) => HTMLElement} */
  const button = (what, path, title, pressed) => {
    const label = { "aria-label": `${title}: ${name}`, "aria-pressed": pressed };
    return el("button", { type: "button", class: "tiny", title, ...label, onclick: () => act(what, id) }, lineIcon(path));
  };
  const [eye, words] = run.isHidden ? [EYE_OFF, t("Show the curves")] : [EYE, t("Hide the curves")];
  const toggle = button("toggle", eye, words, String(!run.isHidden));
  const single = run.isUnfolded ? t("Show the mean alone") : t("Show its single runs, too");
  const unfold = run.isGroup ? button("unfold", LINES, single, String(run.isUnfolded)) : null;
  const tools = el("span", { class: "tools" }, unfold, toggle, button("remove", CROSS, t("Remove from the comparison")));
  const { colour, border } = runLook(colours, run.colour);
  const style = `--run:rgb(${colour});--run-line:${border}`;
  const card = { class: run.isHidden ? "card away" : "card", style };
  if (!isMany) return el("li", card, summary(run), tools);
  const label = `${t("Pick out")}: ${name}`;
  const pick = { type: "button", class: "pick", "aria-label": label, "aria-pressed": "false", onclick: () => hold(id) };
  const pointing = { onpointerenter: () => point(id), onpointerleave: () => point("") };
  return el("li", { ...card, ...pointing, "data-run": id }, el("button", pick, summary(run)), tools);
}

/** @param {CardRun} run */
function summary({ name, help, value, valueHelp, exact, status, about, soFar }) {
  const dot = el("i", { class: `dot ${status}` });
  return el(
    "span",
    { class: "who" },
    el(
      "span",
      { class: "top" },
      el("strong", { title: help }, name),
      el("span", { class: "value", title: valueHelp }, el("b", {}, value)),
    ),
    el(
      "span",
      { class: "top" },
      el("span", { class: "about", title: `${about} (${exact})` }, dot, about),
      soFar ? el("small", {}, t("so far")) : null,
    ),
  );
}
