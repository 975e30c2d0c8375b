// The status strip above the page: state and progress of the run, and its controls.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { duration, guess, rate } from "../../common/numbers.js";
import { visible } from "../../common/visible.js";
import { momentWords } from "../history/moment_words.js";
import { endParts, isEnded, loadingOf, statusWords } from "../run/run_status.js";
import { withoutPaths } from "../run/setting_labels.js";
import { Steering } from "./steering.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../run/run_status.js").Status} Status */
/**
 * What the page says of the run: `changed`: its draft is another one; `ended`: it was over when the page was drawn; `changes`: how
 * many changes of its settings the page knows of; `start`: what its button Train does; `loading`:
 * of a run that waits for TensorFlow.
 * @typedef {{ changed?: boolean, ended?: boolean, changes?: number, start?: string, loading?: import("../run/run_status.js").Loading | null }} Page
 */

const NOTICE_MS = 12000;
const REDRAW_MS = 500;

export class StatusBar {
  /**
   * @param {HTMLElement} host
   * @param {{ feed: Feed | undefined, controls: boolean, page: Page }} options
   */
  constructor(host, { feed, controls, page }) {
    this.feed = feed;
    this.page = page;
    /** @type {string | null | undefined} */
    this.refusal = null;
    this.noticeTime = 0;
    this.words = el("strong", { class: "nv-words", role: "status" });
    this.epoch = el("span", { class: "nv-epoch" });
    this.fill = el("i", {});
    this.bar = el(
      "div",
      { class: "nv-progress", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": t("Progress") },
      this.fill,
    );
    this.speed = el("span", { class: "nv-speed" });
    this.left = el("span", { class: "nv-left" });
    this.link = el("span", { class: "nv-link" });
    this.ending = el("span", { class: "nv-ending" });
    this.look = el("span", { class: "nv-look", role: "status" });
    this.notice = el("div", { class: "nv-notice", role: "alert" });
    this.root = el("div", { class: "nv-status" });
    this.steering = controls ? new Steering(this.root) : null;
    const dot = el("i", { class: "nv-dot" });
    const progress = [this.words, this.ending, this.epoch, this.bar, this.look, this.speed, this.left, this.link];
    const state = el("div", { class: "nv-state" }, dot, ...progress);
    const steering = this.steering ? [this.steering.root, state, this.steering.pace] : [state];
    this.root.prepend(...steering, this.notice);
    host.append(this.root);
    this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  draw() {
    const { feed } = this;
    const status = feed?.expected ?? null;
    this.root.dataset.status = feed?.isGone ? "gone" : (status?.status ?? "none");
    setText(this.words, this.statusText(status));
    this.words.title = (isEnded(status) && status?.weights) || "";
    this.drawProgress(status);
    this.drawTimes(status);
    this.root.dataset.ended = String(isEnded(status));
    setText(this.ending, visible(withoutPaths(endParts(status)[1])));
    this.drawLook();
    setText(this.link, feed && !feed.isConnected && feed.messages > 0 ? t("reconnecting") : "");
    this.steering?.draw(feed, this.page);
    this.drawNotice();
  }

  /** @param {Status | null} status */
  statusText(status) {
    if (this.feed?.isGone) return t("this run is gone");
    const reason = visible(withoutPaths(endParts(status)[0]));
    return reason || statusWords(status, { loading: this.page.loading }) || (this.feed ? t("connecting") : t("ready"));
  }

  /** @param {Status | null} status */
  drawProgress(status) {
    const hasBegun = status !== null && status.step > 0 && !isEnded(status);
    const start = loadingOf(status, this.page.loading);
    this.bar.style.visibility = hasBegun || start ? "" : "hidden";
    this.bar.style.display = isEnded(status) ? "none" : "";
    setText(this.epoch, status && hasBegun ? epochWords(status) : "");
    if (status && hasBegun) this.fillBar(Math.min(1, status.epoch / status.epochs));
    else if (start) this.fillBar(start.share);
  }

  /** Which recorded step the page shows, where that is not the latest: beside how far the run is, and in place of its speed. */
  drawLook() {
    const look = this.feed?.look;
    setText(this.look, look ? t("looking back at {moment}", { moment: momentWords(look.epoch, look.step) }) : "");
  }

  /** @param {number} share */
  fillBar(share) {
    this.fill.style.width = `${(share * 100).toFixed(2)}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  }

  /** @param {Status | null} status */
  drawTimes(status) {
    const speed = (status && status.step > 0 && status.speed) || 0;
    const isSteady = speed > 0 && !this.feed?.look && (isEnded(status) || status?.pace !== "step");
    setText(this.speed, isSteady ? t("{n} epochs/s", { n: rate(speed) }) : "");
    setText(this.left, status && isSteady ? timeWords(status) : "");
  }

  /** Why a command was refused; hidden after a while. */
  drawNotice() {
    const refusal = this.feed?.refusal;
    if (refusal !== this.refusal) {
      this.refusal = refusal;
      this.noticeTime = Date.now();
    }
    setText(this.notice, refusal && Date.now() - this.noticeTime < NOTICE_MS ? withoutPaths(refusal) : "");
  }

  destroy() {
    clearInterval(this.timer);
    this.steering?.destroy();
  }
}

/**
 * How far it is; where it is taken step by step, to the step.
 * @param {Status} status
 */
function epochWords(status) {
  const n = Math.floor(status.epoch + 1e-6).toLocaleString("en-US");
  const words = t("epoch {n} / {all}", { n, all: status.epochs.toLocaleString("en-US") });
  return status.pace !== "step" ? words : `${words} · ${t("step {n}", { n: status.step.toLocaleString("en-US") })}`;
}

/** @param {Status} status */
function timeWords(status) {
  if (isEnded(status)) return t("in {time}", { time: duration(status.seconds) });
  return status.left == null ? "" : t("{time} left", { time: guess(status.left) });
}
