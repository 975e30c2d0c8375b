// The history of a run under its curves: drag to any recorded moment, play it like a film, come back to the latest.

import { addressed, el, epochs, setAddressed, setText, t } from "./dom.js";
import { decode } from "./msgpack.js";

const KEPT = 500;
const LOOK_AGAIN = 2500;
const FILM_FRAMES = 300;
const FRAME_MS = 66;
const AHEAD = 24;
const BATCH = 12;
const REST = 90;
const ADDRESS_REST = 150;
const SPEEDS = [0.5, 1, 2, 4];

// The moment that the page's address names (`&moment=`: a step), or null.
export function addressedMoment() {
  const step = Number.parseInt(addressed("moment"), 10);
  return Number.isNaN(step) ? null : step;
}

// `view` outlives the element: {at: the step that is looked at, or null for the latest; speed of the film}.
export class Scrubber {
  constructor(host, { view, onMove, offers, onAsk }) {
    this.view = view;
    this.onMove = onMove;
    view.speed ??= 1;
    this.frames = new Map();
    this.moments = null;
    this.asked = null;
    this.ahead = new Set();
    this.play = el("button", { type: "button", class: "nv-film", title: t("Play the history like a film"), onclick: () => this.toggle() });
    this.range = el("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": t("Moment of the training"),
      oninput: () => { this.pause(); this.move(this.nearest(Number(this.range.value))); },
      onkeydown: (event) => this.key(event), onpointerenter: () => this.warm(), onfocus: () => this.warm() });
    this.words = el("span", { class: "nv-moment" });
    this.pace = el("button", { type: "button", class: "nv-tiny", title: t("How fast the film is played"), onclick: () => {
      this.view.speed = SPEEDS[(SPEEDS.indexOf(this.view.speed) + 1) % SPEEDS.length];
      this.label();
    } });
    const asks = {
      explain: { words: t("What did this step do?"), title: t("The batch, its costs, and the optimizer's formula with one weight's numbers") },
      branch: { words: t("Branch from here"), title: t("Go on from this moment, but with another learning rate, optimizer, layers or data") },
    };
    this.asks = offers.map((what) => el("button", { type: "button", class: `nv-tiny nv-${what}`, title: asks[what].title,
      onclick: () => onAsk(what, this.view.at ?? this.moments.step.at(-1)) }, asks[what].words));
    this.latest = el("button", { type: "button", class: "nv-button nv-latest", onclick: () => { this.pause(); this.move(null); } });
    this.root = el("section", { class: "nv-scrubber", "aria-label": t("History") }, this.play, this.range,
      el("div", { class: "nv-told" }, this.words, this.pace, ...this.asks), this.latest);
    host.append(this.root);
    this.onFeed = (event) => this.heard(event.detail);
    this.onMoments = (event) => this.list(event.detail);
    this.onMoment = (event) => this.receive(event.detail);
    this.timer = setInterval(() => { if (!this.isEnded && !document.hidden) this.look(); }, LOOK_AGAIN);
    this.label();
  }

  follow(feed) {
    if (this.feed === feed) return;
    clearTimeout(this.naming);
    this.leave();
    this.pause();
    this.feed = feed;
    this.moments = this.asked = this.warmed = this.last = this.trouble = null;
    this.frames.clear();
    this.ahead.clear();
    feed?.addEventListener("change", this.onFeed);
    feed?.addEventListener("moments", this.onMoments);
    feed?.addEventListener("moment", this.onMoment);
    if (feed?.isConnected) this.look();
    this.label();
  }

  leave() {
    this.feed?.removeEventListener("change", this.onFeed);
    this.feed?.removeEventListener("moments", this.onMoments);
    this.feed?.removeEventListener("moment", this.onMoment);
    this.feed = null;
  }

  get isEnded() {
    return ["finished", "stopped", "failed", "diverged"].includes(this.feed?.status?.status);
  }

  // What the views of the page show: null for the latest, else a moment with its frame once that is there.
  get shown() {
    const at = this.place;
    if (at < 0) return null;
    const { step, epoch, time } = this.moments;
    const found = this.frames.get(this.name(at));
    if (found?.body) this.last = found;
    // The frame before stays until the next one is there: nothing flickers.
    return { step: step[at], epoch: epoch[at], time: time[at], frame: found ?? null, before: this.last ?? null };
  }

  get place() {
    if (this.view.at === null || this.view.at === undefined || !this.moments?.step.length) return -1;
    return this.nearest(this.view.at);
  }

  name(at) {
    return `${this.moments.attempt[at]}:${this.moments.step[at]}`;
  }

  heard(what) {
    const status = this.feed?.status?.status;
    if (what === "connection") {
      // What was on its way went with the socket.
      this.asked = null;
      this.ahead.clear();
    }
    if (what === "hello" || status !== this.status) this.look();
    this.status = status;
  }

  look() {
    if (this.feed?.isConnected) this.feed.send({ command: "moments" });
  }

  warm() {
    if (this.warmed || !this.moments?.step.length) return;
    this.warmed = true;
    this.feed?.send({ command: "warm" });
  }

  list(message) {
    this.moments = { step: Array.from(new Uint32Array(message.step)), epoch: Array.from(new Float32Array(message.epoch)),
      time: Array.from(new Float32Array(message.time)), attempt: Array.from(new Uint32Array(message.attempt)) };
    this.label();
    if (this.view.at != null) this.request();
    this.onMove();
  }

  nearest(step) {
    const { step: steps } = this.moments;
    let [low, high] = [0, steps.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle] < step) low = middle + 1;
      else high = middle;
    }
    return low > 0 && step - steps[low - 1] < steps[low] - step ? low - 1 : low;
  }

  // `at`: a place among the moments, or null for the latest.
  move(at) {
    this.view.at = at === null ? null : this.moments.step[at];
    this.moved = performance.now();
    this.request();
    this.label();
    this.onMove();
  }

  // One question at a time, the newest wins; at rest the neighbours are fetched.
  request() {
    clearTimeout(this.resting);
    const at = this.place;
    if (at < 0) return;
    if (this.frames.has(this.name(at))) {
      if (!this.isPlaying) this.resting = setTimeout(() => this.fetch([at + 1, at - 1, at + 2, at - 2]), REST);
      return;
    }
    if (this.asked !== null || this.ahead.has(this.moments.step[at])) return;
    this.asked = this.moments.step[at];
    this.feed?.send({ command: "moment", steps: [this.asked] });
  }

  fetch(places) {
    if (this.ahead.size) return;
    const steps = places.filter((at) => at >= 0 && at < this.moments.step.length && !this.frames.has(this.name(at)))
      .map((at) => this.moments.step[at]);
    if (!steps.length) return;
    this.ahead = new Set(steps);
    this.feed?.send({ command: "moment", steps });
  }

  receive(message) {
    if (message.step === null) {
      // Asked again only when the user moves: what went wrong once would go wrong at once.
      this.asked = null;
      this.ahead.clear();
      this.trouble = message.why;
      this.pause();
      this.label();
      return;
    }
    const at = this.nearest(message.step);
    if (message.step === this.asked) this.asked = null;
    this.ahead.delete(message.step);
    if (this.moments.step[at] === message.step) this.keep(this.name(at), message);
    this.trouble = null;
    this.request();
    if (message.step !== this.moments.step[this.place]) return;
    this.label();
    this.onMove();
  }

  keep(name, { view, body, metrics, why, step }) {
    this.frames.set(name, { view, step, metrics, why, body: body ? decode(body) : null });
    if (this.frames.size > KEPT) this.frames.delete(this.frames.keys().next().value);
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    const last = (this.moments?.step.length ?? 0) - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.place < 0 ? last : this.place;
    let to;
    if (by) to = Math.min(Math.max(at + by, 0), last);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = last;
    else if (event.key === "Escape") to = null;
    else return;
    event.preventDefault();
    this.pause();
    this.move(to);
  }

  toggle() {
    if (this.isPlaying) {
      this.pause();
      return;
    }
    if (!this.moments?.step.length) return;
    this.isPlaying = true;
    const last = this.moments.step.length - 1;
    this.stride = Math.max(1, Math.ceil(this.moments.step.length / FILM_FRAMES));
    if (this.place < 0 || this.place >= last) this.move(0);
    this.label();
    this.roll();
  }

  roll() {
    clearTimeout(this.film);
    if (!this.isPlaying) return;
    const last = this.moments.step.length - 1;
    const at = this.place;
    const places = Array.from({ length: AHEAD }, (_, i) => Math.min(at + i * this.stride, last));
    const missing = [...new Set(places)].filter((place) => !this.frames.has(this.name(place)));
    if (missing.length && this.asked === null) this.fetch(missing.slice(0, BATCH));
    const next = Math.min(at + this.stride, last);
    if (at >= last) {
      this.pause();
      this.move(null);
      return;
    }
    if (this.frames.has(this.name(next))) this.move(next);
    this.film = setTimeout(() => this.roll(), FRAME_MS / this.view.speed);
  }

  pause() {
    clearTimeout(this.film);
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.label();
  }

  label() {
    const count = this.moments?.step.length ?? 0;
    this.root.style.display = count ? "" : "none";
    if (!count) return;
    const { step, epoch } = this.moments;
    const at = this.place;
    const here = at < 0 ? count - 1 : at;
    this.range.min = step[0];
    this.range.max = step[count - 1];
    this.range.value = step[here];
    const found = at < 0 ? null : this.frames.get(this.name(at));
    const said = t("epoch {epoch} · step {step}", { epoch: epochs(epoch[here]), step: step[here].toLocaleString("en-US") });
    this.range.setAttribute("aria-valuetext", said);
    this.range.style.setProperty("--nv-share", (step[here] - step[0]) / Math.max(1, step[count - 1] - step[0]));
    const trouble = at < 0 ? "" : found?.why ?? this.trouble ?? "";
    const recorded = count === 1 ? t("1 moment recorded") : t("{n} moments recorded", { n: count.toLocaleString("en-US") });
    setText(this.words, trouble || (at < 0 ? recorded : said));
    setText(this.pace, `${this.view.speed}×`);
    setText(this.latest, this.isEnded ? t("Latest") : t("Live"));
    this.latest.setAttribute("aria-pressed", String(at < 0));
    this.play.dataset.playing = String(Boolean(this.isPlaying));
    this.play.setAttribute("aria-label", this.isPlaying ? t("Pause the film") : t("Play the history like a film"));
    this.root.dataset.step = at < 0 ? -1 : step[at];
    this.root.dataset.moments = count;
    this.root.dataset.ready = String(Boolean(found?.body));
    clearTimeout(this.naming);
    if (!this.isPlaying) this.naming = setTimeout(() => setAddressed("moment", at < 0 ? "" : step[at]), ADDRESS_REST);
  }

  destroy() {
    this.pause();
    clearTimeout(this.resting);
    clearTimeout(this.naming);
    clearInterval(this.timer);
    this.leave();
  }
}
