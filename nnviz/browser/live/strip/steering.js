// The buttons that control a run, and their keyboard shortcuts.

import { el, setText } from "../../common/dom.js";
import { withKey } from "../../common/keys.js";
import { t } from "../../common/messages.js";
import { hasEpochsLeft, isEnded, isWaiting } from "../run/run_status.js";
import { placeOf } from "./one_button.js";
import { Settings } from "./settings.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../run/run_status.js").Status} Status */

const MORE_EPOCHS_SHARE = 0.2;

/** @param {string} name */
const icon = (name) => el("i", { class: `nv-icon nv-icon-${name}`, "aria-hidden": "true" });

/** @type {(node: HTMLElement, isVisible: boolean) => void} */
const setVisible = (node, isVisible) => {
  node.style.display = isVisible ? "" : "none";
};

export class Steering {
  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.bar = bar;
    /** @type {Feed | undefined} */
    this.feed = undefined;
    this.hasTyped = false;
    /** @type {(name: string, title: string, words: string, onclick: () => void) => HTMLButtonElement} */
    const button = (name, title, words, onclick) =>
      el("button", { type: "button", class: `nv-button nv-do-${name}`, title, onclick }, icon(name), words);
    this.playWords = el("span", {});
    this.play = el(
      "button",
      { type: "button", class: "nv-button nv-play", onclick: () => this.toggle() },
      icon("play"),
      this.playWords,
    );
    this.step = button("step", withKey(t("One batch"), "."), t("Step"), () => this.doSteps({ steps: 1 }));
    this.epoch = button("epoch", withKey(t("Run to the end of the epoch"), "E"), t("Epoch"), () => this.doSteps({ epochs: 1 }));
    this.stop = button("stop", withKey(t("Stop training; what was learned is kept"), "S"), t("Stop"), () => {
      if (!this.stop.disabled) this.feed?.steer({ command: "stop" }, { stopping: true });
    });
    const oninput = () => {
      this.hasTyped = true;
    };
    this.moreInput = el("input", {
      type: "number",
      min: "1",
      step: "1",
      class: "nv-more",
      "aria-label": t("More epochs"),
      oninput,
    });
    this.continueButton = el(
      "button",
      { type: "button", class: "nv-button nv-on", onclick: () => this.continueTraining() },
      icon("play"),
      t("Go on"),
    );
    this.moreBox = el("label", { class: "nv-morebox" }, this.moreInput, el("span", {}, t("more epochs")));
    this.change = el(
      "button",
      {
        type: "button",
        class: "nv-button nv-change",
        "aria-expanded": "false",
        title: t("Change settings while it trains"),
        onclick: () => this.openSettings(),
      },
      t("Change"),
    );
    /** @type {(pace: "watch" | "full", words: string) => HTMLButtonElement} */
    const pace = (name, words) => el("button", { type: "button", "data-pace": name, onclick: () => this.go(name) }, words);
    this.paces = [pace("watch", t("Watch")), pace("full", t("Full speed"))];
    this.pace = el("div", { class: "nv-segmented", role: "group", "aria-label": t("Pace") }, ...this.paces);
    this.root = el(
      "div",
      { class: "nv-buttons" },
      this.play,
      this.continueButton,
      this.moreBox,
      this.step,
      this.epoch,
      this.stop,
      this.change,
    );
    this.page = {};
    this.settings = new Settings(bar);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  /** @returns {Status | null} */
  get status() {
    return (!this.feed?.isGone && this.feed?.expected) || null;
  }

  toggle() {
    const { status, feed } = this;
    if (!status || this.play.disabled) return;
    if (isWaiting(status)) feed?.steer({ command: "play" }, { pace: status.play });
    else feed?.steer({ command: "pause" }, { pace: "step", allowed: 0, play: chosenPace(status) });
  }

  /** @param {"watch" | "full"} pace */
  go(pace) {
    this.feed?.steer({ command: "pace", pace }, { pace, play: pace });
  }

  /** @param {{ steps: number } | { epochs: number }} count */
  doSteps(count) {
    if (!this.step.disabled) this.feed?.steer({ command: "step", ...count });
  }

  continueTraining() {
    if (this.continueButton.disabled) return;
    const epochs = Math.round(this.moreInput.valueAsNumber);
    if (this.status && hasEpochsLeft(this.status)) this.feed?.steer({ command: "play" });
    else if (epochs >= 1) this.feed?.steer({ command: "more", epochs });
    this.hasTyped = false;
  }

  openSettings() {
    this.settings.toggle();
    this.change.setAttribute("aria-expanded", String(this.settings.isOpen));
    this.draw(this.feed, this.page);
  }

  /**
   * @param {Feed | undefined} feed
   * @param {import("./status_bar.js").Page} page
   */
  draw(feed, page) {
    if (feed !== this.feed) this.hasTyped = false;
    this.feed = feed;
    this.page = page;
    const { status } = this;
    const isOver = !status || isEnded(status);
    const canContinue = isOver && Boolean(status?.kept);
    this.drawContinue(canContinue ? status : null);
    this.drawButtons(isOver ? null : status);
    this.drawPaces(status);
    this.drawPlace(page, canContinue);
    for (const node of [this.pace, this.change]) setVisible(node, !isOver);
    if (canContinue) setVisible(this.change, true);
    this.change.title = isOver ? t("Settings of the epochs that Go on trains") : t("Change settings while it trains");
    this.change.disabled = !status || (isOver && !canContinue);
    this.settings.draw(feed, !this.change.disabled);
  }

  /**
   * Pause takes the place of the page's Train button, or leaves it; the strip says which of them is there, and whether the run
   * can go on.
   * @param {import("./status_bar.js").Page} page
   * @param {boolean} canContinue
   */
  drawPlace(page, canContinue) {
    const place = placeOf(this.feed, page);
    this.bar.dataset.place = place;
    if (place === "pause") setVisible(this.play, true);
    const strip = /** @type {HTMLElement | null} */ (this.bar.closest(".st-key-strip"));
    if (!strip) return;
    strip.dataset.shows = place;
    strip.dataset.goes = place === "train" && canContinue ? "on" : "";
    const train = strip.querySelector(".st-key-train button");
    const title = withKey(page.start ?? "", t("Ctrl+Enter"));
    if (train instanceof HTMLElement && train.title !== title) train.title = title;
  }

  /** @param {Status | null} status of a run that has ended and can go on */
  drawContinue(status) {
    const hasLeft = Boolean(status && hasEpochsLeft(status));
    setVisible(this.continueButton, Boolean(status));
    setVisible(this.moreBox, Boolean(status) && !hasLeft);
    if (status && !this.hasTyped) this.moreInput.value = String(Math.max(1, Math.round(status.epochs * MORE_EPOCHS_SHARE)));
    const more = hasLeft
      ? t("Train these weights further, to the planned end")
      : t("Train these weights for this many more epochs");
    this.continueButton.title = withKey(more, t("Space"));
  }

  /** @param {Status | null} status of a run that has not ended */
  drawButtons(status) {
    const isTraining = Boolean(status && (status.step > 0 || status.status === "paused"));
    const waits = Boolean(status && isTraining && isWaiting(status));
    const isStopping = Boolean(status?.stopping);
    this.play.dataset.shows = waits ? "play" : "pause";
    setText(this.playWords, waits ? t("Play") : t("Pause"));
    this.play.title = withKey(waits ? t("Go on") : t("Pause after the current step"), t("Space"));
    this.play.disabled = !isTraining || isStopping;
    setVisible(this.play, Boolean(status));
    setVisible(this.stop, Boolean(status));
    const isStepped = isTraining && status?.pace === "step";
    for (const node of [this.step, this.epoch]) setVisible(node, isStepped);
    this.step.disabled = !waits || isStopping;
    this.epoch.disabled = this.step.disabled;
    this.stop.disabled = !status || isStopping;
  }

  /** @param {Status | null} status */
  drawPaces(status) {
    const pressed = status ? chosenPace(status) : "watch";
    for (const button of this.paces) {
      button.disabled = !status || isEnded(status);
      button.setAttribute("aria-pressed", String(button.dataset.pace === pressed));
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const focused = document.activeElement;
    if (this.hasOwnKeys(focused)) return;
    const act = {
      " ": () => (this.continueButton.style.display ? this.toggle() : this.continueTraining()),
      ".": () => this.step.click(),
      e: () => this.epoch.click(),
      s: () => this.stop.click(),
    }[event.key.toLowerCase()];
    if (!act || !this.feed || (event.key === " " && focused?.matches("button, a"))) return;
    event.preventDefault();
    act();
  }

  /**
   * Whether the focused element handles keys itself: a field, a menu, a card of the stack.
   * @param {Element | null} focused
   */
  hasOwnKeys(focused) {
    if (!focused || focused === document.body) return false;
    if (!this.bar.contains(focused) && !focused.matches("button, a")) return true;
    return (
      focused.matches("input, select, textarea, [contenteditable]") ||
      focused.closest("[role=dialog], [role=menu], [role=listbox]") !== null
    );
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
  }
}

/**
 * The pace of a run, or the one it will resume with.
 * @param {Status} status
 */
const chosenPace = ({ pace, play }) => (pace === "step" ? play : pace);
