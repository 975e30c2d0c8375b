// What is wrong with a run, why, and what mends it: pushed by the server while it trains, one line where nothing is.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { epochOf, isEnded } from "../run/run_status.js";
import { aboutPart } from "./about.js";
import { Bell } from "./bell.js";
import { alsoWords, calmWords, remedyWords, sinceWords, wholeWords } from "./doctor_words.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("./doctor_words.js").Finding} Finding */

export class DoctorPanel {
  /**
   * @param {HTMLElement} host
   * @param {{ onChoose: () => void, onMend: ((rule: string) => void) | null }} options `onChoose`: the evidence of another finding
   *   is to be drawn; `onMend`: null where a remedy cannot be started, as where nobody waits for the run
   */
  constructor(host, { onChoose, onMend }) {
    this.onChoose = onChoose;
    this.onMend = onMend;
    this.key = this.run = "";
    /** @type {string[]} */
    this.examples = [];
    /** @type {import("./doctor_words.js").Judgement | null} */
    this.drawn = null;
    /** The rule whose evidence is on the charts; null: none, undefined: the first one's. @type {string | null | undefined} */
    this.chosen = undefined;
    this.calm = el("p", { class: "nv-calm" });
    this.whole = el("p", { class: "nv-whole" });
    this.bell = onMend ? new Bell() : null;
    this.list = el("div", { class: "nv-findings", role: "status" });
    this.root = el(
      "section",
      { class: "nv-doctor", "aria-label": t("Doctor") },
      this.calm,
      this.bell?.root,
      this.whole,
      this.list,
    );
    host.append(this.root);
  }

  /**
   * @param {Feed | undefined} feed
   * @param {import("../history/scrubber.js").Moment | null} moment that the page shows
   * @param {string[]} [examples] rules of which the gallery has a case
   */
  draw(feed, moment, examples = []) {
    this.examples = examples;
    const { judgement = null, status = null } = feed ?? {};
    const findings = judgement?.findings ?? [];
    const calm = findings.length ? "" : calmWords(judgement, status);
    setText(this.calm, calm);
    this.calm.hidden = !calm;
    this.bell?.draw(feed);
    setText(this.whole, wholeWords(moment, judgement));
    this.whole.hidden = !this.whole.textContent;
    this.root.dataset.healthy = String(isEnded(status) && !findings.length);
    const outcomes = (feed?.events ?? []).filter(({ kind }) => kind === "remedy" || kind === "outcome");
    const key = [feed?.run, isEnded(status), ...outcomes.map(({ id }) => id)].join();
    if (!feed || (key === this.key && judgement === this.drawn)) return;
    if (feed.run !== this.run) this.chosen = undefined;
    Object.assign(this, { key, run: feed.run, drawn: judgement });
    const open = this.openRule(findings);
    const end = isEnded(status) && judgement ? judgement.step : Number.POSITIVE_INFINITY;
    this.list.replaceChildren(
      ...findings.map((finding) => this.card(feed, finding, { isOpen: finding.rule === open, outcomes, end })),
    );
  }

  /**
   * The rule whose finding is unfolded, and its evidence on the charts.
   * @param {Finding[]} findings
   * @returns {string | null}
   */
  openRule(findings) {
    const isThere = findings.some(({ rule }) => rule === this.chosen);
    return this.chosen === undefined || (this.chosen && !isThere) ? (findings[0]?.rule ?? null) : this.chosen;
  }

  /**
   * @param {Feed} feed
   * @param {Finding} finding
   * @param {{ isOpen: boolean, outcomes: import("../run/feed.js").RunEvent[], end: number }} options `end`: the step at which the
   *   run was judged
   */
  card(feed, finding, { isOpen, outcomes, end }) {
    const { rule, title, text, why, what_to_do: todo, remedy } = finding;
    const also = alsoWords(finding);
    const mine = remedies(outcomes.filter(({ data }) => data?.rule === rule));
    const node = el(
      "details",
      { class: "nv-finding", "data-rule": rule, open: isOpen },
      el("summary", {}, el("b", {}, title), el("span", {}, sinceWords(finding, end)), el("q", {}, text)),
      el("p", {}, text),
      el("p", { class: "nv-muted" }, also ? `${why} ${also}` : why),
      el("p", {}, el("b", {}, `${t("What to do")}: `), todo),
      this.onMend && remedy ? this.button(feed, rule, remedy) : null,
      ...mine.map(remedyLine),
      aboutPart(finding, this.examples),
    );
    node.addEventListener("toggle", (event) => {
      if (event.target === node) this.toggled(rule, node.open);
    });
    return node;
  }

  /** @param {Feed} feed @param {string} rule @param {NonNullable<Finding["remedy"]>} remedy */
  button(feed, rule, remedy) {
    const words = remedyWords(remedy, (step) => epochOf(feed.status, step));
    return el("button", { type: "button", class: "nv-button nv-mend", onclick: () => this.onMend?.(rule) }, words);
  }

  /**
   * One finding is open at a time: its evidence is the one on the charts.
   * @param {string} rule
   * @param {boolean} isOpen
   */
  toggled(rule, isOpen) {
    if (!isOpen && this.chosen !== rule && this.chosen !== undefined) return;
    this.chosen = isOpen ? rule : null;
    if (isOpen) {
      for (const node of this.list.children) {
        if (node instanceof HTMLDetailsElement && node.dataset.rule !== rule) node.open = false;
      }
    }
    this.onChoose();
  }

  /**
   * What is drawn on the charts.
   * @param {Feed | undefined} feed
   * @returns {import("./doctor_words.js").Mark[]}
   */
  marks(feed) {
    const findings = feed?.judgement?.findings ?? [];
    const open = this.openRule(findings);
    return findings.find(({ rule }) => rule === open)?.evidence ?? [];
  }
}

/** @typedef {import("../run/feed.js").RunEvent} RunEvent */

/**
 * Of each run that was started as a remedy, what came of it, or that it was begun.
 * @param {RunEvent[]} events
 */
function remedies(events) {
  /** @type {Map<string | undefined, RunEvent>} */
  const last = new Map();
  for (const event of events) last.set(event.data?.run, event);
  return [...last.values()];
}

/** @param {RunEvent} event */
function remedyLine({ kind, text, data }) {
  const words = kind === "outcome" ? text : t("The remedy is being trained.");
  const href = `?${new URLSearchParams({ run: data?.run ?? "" })}`;
  const link = el("a", { href, target: "_self" }, t("Open that run"));
  return el("p", { class: "nv-outcome", "data-kind": data?.kind ?? kind }, words, " · ", link);
}
