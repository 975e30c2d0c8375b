// The elements of the scrubber: play button, slider, the selected moment, and a button for the latest.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { momentWords } from "./moment_words.js";

/** @typedef {"back" | "branch" | "film" | "replay"} Question what can be asked of a moment */
/** @typedef {import("./moments.js").Moments} Moments */
/**
 * `place`: index among the moments, -1 for the latest; `note` replaces the description of the moment.
 * @typedef {{ moments: Moments, place: number, speed: number, isPlaying: boolean, isEnded: boolean, isReady: boolean,
 *   note: string }} ScrubberState
 */

/** @type {Record<Question, () => { words: string, title: string }>} */
const QUESTIONS = {
  back: () => ({
    words: t("What does the next step do?"),
    title: t("From the cost of each row of its batch back to one weight, and the optimizer's formula, in numbers"),
  }),
  branch: () => ({
    words: t("Branch from here"),
    title: t("A new run from this step on, with another learning rate, optimizer, layers or data"),
  }),
  film: () => ({
    words: t("Save film"),
    title: t("The history so far as an animated GIF"),
  }),
  replay: () => ({
    words: t("Save replay"),
    title: t("This page of the run as one file, with its slider, that opens without nnviz and offline"),
  }),
};

export class ScrubberView {
  /**
   * @param {HTMLElement} host
   * @param {Question[]} offers
   * @param {{ toggle: () => void, slide: (step: number) => void, key: (event: KeyboardEvent) => void, warm: () => void,
   *   faster: () => void, ask: (what: Question) => void, latest: () => void }} on handlers of the user's actions
   */
  constructor(host, offers, on) {
    const play = t("Play the history like a film");
    this.play = el("button", { type: "button", class: "nv-film", title: play, onclick: on.toggle });
    this.range = el("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 1,
      "aria-label": t("Recorded step"),
      oninput: () => on.slide(Number(this.range.value)),
      onkeydown: on.key,
      onpointerenter: on.warm,
      onfocus: on.warm,
    });
    this.words = el("span", { class: "nv-moment" });
    const speed = t("Playback speed");
    this.pace = el("button", { type: "button", class: "nv-tiny", title: speed, onclick: on.faster });
    const questions = offers.map((what) => {
      const { words, title } = QUESTIONS[what]();
      return el("button", { type: "button", class: `nv-offer nv-offer-${what}`, title, onclick: () => on.ask(what) }, words);
    });
    this.latest = el("button", { type: "button", class: "nv-button nv-latest", onclick: on.latest });
    this.root = el(
      "section",
      { class: "nv-scrubber", "aria-label": t("History") },
      this.play,
      this.range,
      el("div", { class: "nv-scrubber-row" }, this.words, this.pace, el("span", { class: "nv-offers" }, ...questions)),
      this.latest,
    );
    host.append(this.root);
  }

  /** @param {ScrubberState} state */
  draw(state) {
    const { moments, place, speed, isPlaying, isEnded, isReady, note } = state;
    this.root.style.display = moments.count ? "" : "none";
    if (!moments.count) return;
    const isLatest = place < 0;
    const words = this.drawRange(moments, isLatest ? moments.last : place);
    setText(this.words, note || (isLatest ? recordedWords(moments.count) : words));
    setText(this.pace, `${speed}×`);
    setText(this.latest, isEnded ? t("Latest") : t("Live"));
    this.latest.setAttribute("aria-pressed", String(isLatest));
    this.play.dataset.playing = String(isPlaying);
    this.play.setAttribute("aria-label", isPlaying ? t("Pause the film") : t("Play the history like a film"));
    this.root.dataset.step = String(isLatest ? -1 : moments.step[place]);
    this.root.dataset.moments = String(moments.count);
    this.root.dataset.ready = String(isReady);
  }

  /**
   * Updates the slider; returns its moment in words.
   * @param {Moments} moments
   * @param {number} at
   */
  drawRange({ step, epoch, last }, at) {
    const [first, final] = [step[0], step[last]];
    this.range.min = String(first);
    this.range.max = String(final);
    this.range.value = String(step[at]);
    const words = momentWords(epoch[at], step[at]);
    this.range.setAttribute("aria-valuetext", words);
    this.range.style.setProperty("--nv-share", String((step[at] - first) / Math.max(1, final - first)));
    return words;
  }
}

/** @param {number} count */
function recordedWords(count) {
  return count === 1 ? t("1 recorded step") : t("{n} recorded steps", { n: count.toLocaleString("en-US") });
}
