// The strip above the page: what the run is doing, how far it is, and the buttons that steer it.

import { duration, el, rate, setText, t } from "./dom.js";
import { ENDED, Steering, isWaiting } from "./steering.js";
import { visible } from "./visible.js";

const NOTICE = 12000;

export function words(status, now = Date.now() / 1000) {
  if (!status) return "";
  switch (status.status) {
    case "queued":
      if (status.place) return t("waiting: {place} in the queue", { place: ordinal(status.place) });
      if (status.step > 0) return t("waiting for a worker");
      return t("starting worker ({n} s)", { n: Math.max(0, Math.round(now - status.created)) });
    case "running":
      if (status.phase === "scoring") return status.stopping ? t("stopped, measuring the result") : t("trained, measuring the result");
      if (status.stopping) return t("stopping");
      if (!(status.step > 0) || (status.phase && status.phase !== "training")) return phase(status, now);
      return isWaiting(status) ? t("pausing") : t("training");
    case "paused":
      if (status.stopping) return t("stopping");
      return isWaiting(status) ? t("paused") : t("going on");
    case "finished": return t("finished");
    case "stopped": return status.step > 0 ? t("stopped") : t("stopped before the first step");
    case "failed": return t("failed");
    case "diverged": return t("diverged");
    default: return status.status;
  }
}

function ordinal(n) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(n)];
  return `${n}${ending}`;
}

function phase(status, now) {
  const n = Math.max(0, Math.round(now - (status.started ?? status.created)));
  switch (status.phase) {
    case "reading data": return t("reading data ({n} s)", { n });
    case "building": return t("building the network ({n} s)", { n });
    case "compiling": return t("compiling ({n} s)", { n });
    case "training": return t("first steps");
    default: return status.phase ? `${status.phase} (${n} s)` : t("starting ({n} s)", { n });
  }
}

export class StatusBar {
  constructor(host, { feed, controls }) {
    this.feed = feed;
    this.dot = el("i", { class: "nv-dot" });
    this.words = el("strong", { class: "nv-words", role: "status" });
    this.epoch = el("span", { class: "nv-epoch" });
    this.fill = el("i", {});
    this.bar = el("div", { class: "nv-progress", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": t("Progress") }, this.fill);
    this.speed = el("span", { class: "nv-speed" });
    this.left = el("span", { class: "nv-left" });
    this.link = el("span", { class: "nv-link" });
    this.ending = el("div", { class: "nv-ending" });
    this.notice = el("div", { class: "nv-notice", role: "alert" });
    this.root = el("div", { class: "nv-status" });
    this.steering = controls ? new Steering(this.root) : null;
    this.root.prepend(...[this.steering?.root, el("div", { class: "nv-state" }, this.dot, this.words, this.epoch, this.bar, this.speed, this.left, this.link),
      this.steering?.pace, this.ending, this.notice].filter(Boolean));
    host.append(this.root);
    this.timer = setInterval(() => this.draw(), 500);
  }

  draw() {
    const { feed } = this;
    const status = feed?.shown;
    const isEnded = !status || ENDED.includes(status.status);
    this.root.dataset.status = feed?.isGone ? "gone" : status?.status ?? "none";
    setText(this.words, feed?.isGone ? t("this run is gone") : words(status) || (feed ? t("connecting") : t("ready")));
    this.words.title = visible(status?.error?.what ?? "");
    const isTraining = status && status.step > 0;
    setText(this.epoch, isTraining ? t("epoch {n} / {all}", { n: Math.floor(status.epoch + 1e-6).toLocaleString("en-US"), all: status.epochs.toLocaleString("en-US") }) : "");
    const share = status ? Math.min(1, status.epoch / status.epochs) : 0;
    this.bar.style.visibility = isTraining ? "" : "hidden";
    this.fill.style.width = `${(share * 100).toFixed(2)}%`;
    this.bar.setAttribute("aria-valuenow", Math.round(share * 100));
    const steady = isTraining && status.speed && !(status.pace === "step" && !isEnded);
    setText(this.speed, steady ? t("{n} epochs/s", { n: rate(status.speed) }) : "");
    setText(this.left, !steady ? "" : isEnded ? t("in {time}", { time: duration(status.seconds) })
      : status.left != null ? t("{time} left", { time: duration(status.left) }) : "");
    setText(this.ending, isEnded ? status?.ending || status?.weights || "" : "");
    setText(this.link, feed && !feed.isConnected && feed.messages > 0 ? t("reconnecting") : "");
    this.steering?.draw(feed);
    this.drawNotice(feed);
  }

  // Why something was refused; it goes by itself.
  drawNotice(feed) {
    if (feed?.refusal !== this.refusal) {
      this.refusal = feed?.refusal;
      this.noticed = Date.now();
    }
    setText(this.notice, this.refusal && Date.now() - this.noticed < NOTICE ? this.refusal : "");
  }

  destroy() {
    clearInterval(this.timer);
    this.steering?.destroy();
  }
}
