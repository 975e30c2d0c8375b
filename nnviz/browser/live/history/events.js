// What happened to a run, newest first.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { describeEvent } from "../curves/marks.js";
import { momentWords } from "./moment_words.js";

const MAX_EVENTS = 30;
/** @type {Record<string, string>} */
const TONES = {
  finished: "good",
  best: "good",
  finding: "note",
  failed: "bad",
  diverged: "bad",
  stopped: "quiet",
  started: "quiet",
  paused: "quiet",
  lost: "bad",
  damaged: "bad",
  refused: "bad",
};

export class EventList {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.key = "";
    this.list = el("ol", {});
    this.root = el("section", { class: "nv-events" }, el("h3", {}, t("What happened")), this.list);
    host.append(this.root);
  }

  /**
   * @param {import("../run/feed.js").Feed | undefined} feed
   * @param {{ step: number } | null} moment the selected one: later events are paler
   * @param {boolean} [isGuessed] what the doctor sees stays hidden
   */
  draw(feed, moment, isGuessed = false) {
    const events = isGuessed ? (feed?.events ?? []) : withFindings(feed);
    const key = `${feed?.run}:${events.map(({ id }) => id).join()}:${feed?.status?.status}:${moment?.step}`;
    if (key === this.key) return;
    this.key = key;
    const none = t("Nothing yet. Changes, findings and the end of the training appear here.");
    const items = events.slice(-MAX_EVENTS).map((event) => eventItem(event, moment));
    this.list.replaceChildren(...(items.length ? items.reverse() : [el("li", { class: "nv-none" }, none)]));
  }
}

/** @typedef {import("../run/feed.js").RunEvent} RunEvent */

/**
 * What happened, and what the doctor sees in it, when that began.
 * @param {import("../run/feed.js").Feed | undefined} feed
 * @returns {RunEvent[]}
 */
function withFindings(feed) {
  const findings = (feed?.judgement?.findings ?? []).map(({ rule, title, since }) => ({
    id: `finding ${rule}`,
    kind: "finding",
    text: title,
    step: since.step,
    epoch: since.epoch,
    time: null,
  }));
  const events = [...(feed?.events ?? [])];
  for (const finding of findings) {
    const later = events.findIndex(({ step }) => step > finding.step);
    events.splice(later < 0 ? events.length : later, 0, /** @type {any} */ (finding));
  }
  return events;
}

/**
 * The event in words; the step at which it stands is named by its epoch, too.
 * @param {RunEvent} event
 */
export function eventWords(event) {
  const step = event.step.toLocaleString("en-US");
  return describeEvent(event).replace(new RegExp(`\\bstep ${step}(?![\\d,])`), momentWords(event.epoch, event.step));
}

/**
 * @param {RunEvent} event
 * @param {{ step: number } | null} selected
 */
function eventItem(event, selected) {
  const tone = `nv-event nv-${TONES[event.kind] ?? "note"}`;
  const moment = momentWords(event.epoch, event.step);
  return el(
    "li",
    {
      class: selected && event.step > selected.step ? `${tone} nv-later` : tone,
      title: event.time === null ? null : new Date(event.time * 1000).toLocaleString(),
    },
    el("i", { class: "nv-dot" }),
    el("div", {}, el("p", {}, eventWords(event)), el("small", {}, moment)),
  );
}
