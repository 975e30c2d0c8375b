// What happened to a run, newest first.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { describeEvent } from "../curves/marks.js";

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
   */
  draw(feed, moment) {
    const events = feed?.events ?? [];
    const key = `${feed?.run}:${events.length}:${events.at(-1)?.id}:${feed?.status?.status}:${moment?.step}`;
    if (key === this.key) return;
    this.key = key;
    const none = t("Nothing yet. Changes, findings and the end of the training appear here.");
    const items = events.slice(-MAX_EVENTS).map((event) => eventItem(event, moment));
    this.list.replaceChildren(...(items.length ? items.reverse() : [el("li", { class: "nv-none" }, none)]));
  }
}

/**
 * @param {import("../run/feed.js").RunEvent} event
 * @param {{ step: number } | null} moment
 */
function eventItem(event, moment) {
  const tone = `nv-event nv-${TONES[event.kind] ?? "note"}`;
  const epoch = t("epoch {n}", { n: Math.floor(event.epoch + 1e-6).toLocaleString("en-US") });
  return el(
    "li",
    {
      class: moment && event.step > moment.step ? `${tone} nv-later` : tone,
      title: new Date(event.time * 1000).toLocaleString(),
    },
    el("i", { class: "nv-dot" }),
    el("div", {}, el("p", {}, describeEvent(event)), el("small", {}, epoch)),
  );
}
