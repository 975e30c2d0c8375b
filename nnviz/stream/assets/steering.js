// The buttons that steer a run, and the keys that press them.

import { el, setText, t } from "./dom.js";
import { Settings } from "./settings.js";

export const ENDED = ["finished", "stopped", "failed", "diverged"];

// Nothing more is to be done until somebody allows it.
export function isWaiting(status) {
  return status.pace === "step" && !((status.allowed ?? 0) > status.step);
}

function icon(name) {
  return el("i", { class: `nv-icon nv-icon-${name}`, "aria-hidden": "true" });
}

export class Steering {
  constructor(bar) {
    this.bar = bar;
    const button = (name, title, words, onclick) => el("button", { type: "button", class: `nv-button nv-do-${name}`, title, onclick }, icon(name), words);
    this.playWords = el("span", {});
    this.play = el("button", { type: "button", class: "nv-button nv-play", onclick: () => this.toggle() }, icon("play"), this.playWords);
    this.step = button("step", t("One batch (key .)"), t("Step"), () => this.doSteps({ steps: 1 }));
    this.epoch = button("epoch", t("On to the end of the epoch (key E)"), t("Epoch"), () => this.doSteps({ epochs: 1 }));
    this.stop = button("stop", t("Stop training; what was learned is kept (key S)"), t("Stop"), () => {
      if (!this.stop.disabled) this.feed.steer({ command: "stop" }, { stopping: true });
    });
    this.more = el("input", { type: "number", min: "1", step: "1", class: "nv-more", "aria-label": t("More epochs") });
    this.more.addEventListener("input", () => { this.hasTyped = true; });
    this.goOn = el("button", { type: "button", class: "nv-button nv-on", onclick: () => this.goFurther() }, icon("play"), t("Go on"));
    this.moreBox = el("label", { class: "nv-morebox" }, this.more, el("span", {}, t("more epochs")));
    this.change = el("button", { type: "button", class: "nv-button nv-change", "aria-expanded": "false", title: t("Change numbers while it trains"),
      onclick: () => this.openSettings() }, t("Change"));
    this.paces = ["watch", "full"].map((pace) => el("button", { type: "button", "data-pace": pace, onclick: () => this.go(pace) },
      { watch: t("Watch"), full: t("Full speed") }[pace]));
    this.pace = el("div", { class: "nv-segmented", role: "group", "aria-label": t("Pace") }, ...this.paces);
    this.root = el("div", { class: "nv-buttons" }, this.play, this.goOn, this.moreBox, this.step, this.epoch, this.stop, this.change);
    this.settings = new Settings(bar);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  get status() {
    return this.feed?.isGone ? null : this.feed?.shown;
  }

  get isEnded() {
    return !this.status || ENDED.includes(this.status.status);
  }

  toggle() {
    const { status } = this;
    if (!status || this.play.disabled) return;
    if (isWaiting(status)) this.feed.steer({ command: "play" }, { pace: status.play });
    else this.feed.steer({ command: "pause" }, { pace: "step", allowed: 0, play: status.pace === "step" ? status.play : status.pace });
  }

  go(pace) {
    this.feed?.steer({ command: "pace", pace }, { pace, play: pace });
  }

  doSteps(count) {
    if (!this.step.disabled) this.feed.steer({ command: "step", ...count });
  }

  // Whether its planned epochs are not done, so that it goes on with those.
  get hasLeft() {
    return this.status.status !== "finished" && this.status.epoch < this.status.epochs - 1e-9;
  }

  goFurther() {
    if (this.goOn.disabled) return;
    const epochs = Math.round(this.more.valueAsNumber);
    if (this.hasLeft) this.feed.steer({ command: "play" });
    else if (epochs >= 1) this.feed.steer({ command: "more", epochs });
    this.hasTyped = false;
  }

  openSettings() {
    this.settings.toggle();
    this.change.setAttribute("aria-expanded", String(this.settings.isOpen));
    this.draw(this.feed);
  }

  draw(feed) {
    if (feed !== this.feed) this.hasTyped = false;
    this.feed = feed;
    const { status, isEnded } = this;
    const isTraining = !isEnded && (status.step > 0 || status.status === "paused");
    const canGoOn = Boolean(status) && isEnded && status.kept;
    const waits = isTraining && isWaiting(status);
    const show = (node, isShown) => { node.style.display = isShown ? "" : "none"; };
    show(this.play, !canGoOn);
    show(this.goOn, canGoOn);
    show(this.moreBox, canGoOn && !this.hasLeft);
    for (const node of [this.step, this.epoch, this.stop, this.pace]) show(node, !canGoOn);
    if (canGoOn && !this.hasTyped) this.more.value = Math.max(1, Math.round(status.epochs * 0.2));
    this.goOn.title = canGoOn && this.hasLeft ? t("Go on where it ended (Space)") : t("Train so many epochs more (Space)");
    this.play.dataset.shows = waits ? "play" : "pause";
    setText(this.playWords, waits ? t("Play") : t("Pause"));
    this.play.title = waits ? t("Go on (Space)") : t("Wait after the present step (Space)");
    this.play.disabled = !isTraining || status.stopping;
    this.step.disabled = this.epoch.disabled = !waits || status.stopping;
    this.stop.disabled = isEnded || status.stopping;
    this.change.disabled = !status || (isEnded && !canGoOn);
    for (const button of this.paces) {
      button.disabled = isEnded;
      button.setAttribute("aria-pressed", String(button.dataset.pace === (!status ? "watch" : status.pace === "step" ? status.play : status.pace)));
    }
    this.settings.draw(feed, !this.change.disabled);
  }

  // Only where no field, no menu and no card of the stack has the focus; these have keys of their own.
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const held = document.activeElement;
    const isOnButton = held?.matches("button, a");
    const isInside = !held || held === document.body || this.bar.contains(held);
    if (!isInside && !isOnButton) return;
    if (held?.matches("input, select, textarea, [contenteditable]") || held?.closest("[role=dialog], [role=menu], [role=listbox]")) return;
    const act = { " ": () => (this.goOn.style.display ? this.toggle() : this.goFurther()), ".": () => this.step.click(),
      e: () => this.epoch.click(), s: () => this.stop.click() }[event.key.toLowerCase()];
    if (!act || !this.feed || (event.key === " " && isOnButton)) return;
    event.preventDefault();
    act();
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
  }
}
