// What happened to a run, newest first.

import { el, t } from "./dom.js";
import { told } from "./marks.js";

const SHOWN = 30;
const TONE = { finished: "good", best: "good", finding: "note", failed: "bad", diverged: "bad", stopped: "quiet", started: "quiet",
  paused: "quiet", lost: "bad", damaged: "bad", refused: "bad" };

export class EventList {
  constructor(host) {
    this.list = el("ol", {});
    this.root = el("section", { class: "nv-events" }, el("h3", {}, t("What happened")), this.list);
    host.append(this.root);
  }

  // What came after `moment`, if one is looked back at, is paler.
  draw(feed, moment) {
    const events = feed?.events ?? [];
    const key = `${feed?.run}:${events.length}:${events.at(-1)?.id}:${feed?.status?.status}:${moment?.step}`;
    if (key === this.key) return;
    this.key = key;
    if (!events.length) {
      this.list.replaceChildren(el("li", { class: "nv-none" }, t("Nothing yet. Changes, findings and the end of the training appear here.")));
      return;
    }
    this.list.replaceChildren(...events.slice(-SHOWN).reverse().map((event) => el("li", {
      class: `nv-event nv-${TONE[event.kind] ?? "note"}${moment && event.step > moment.step ? " nv-later" : ""}`, title: new Date(event.time * 1000).toLocaleString(),
    }, el("i", { class: "nv-dot" }), el("div", {}, el("p", {}, told(event)),
      el("small", {}, t("epoch {n}", { n: Math.floor(event.epoch + 1e-6).toLocaleString("en-US") }))))));
  }
}
