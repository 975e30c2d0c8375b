// The history of a run under its curves: drag to any recorded moment, play it like a film, come back to the latest.

import { addressed, setAddressed } from "../../common/address.js";
import { decode } from "../run/msgpack.js";
import { isEnded } from "../run/run_status.js";
import { FrameCache, keyTarget, Moments } from "./moments.js";
import { ScrubberView } from "./scrubber_view.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("./moments.js").MomentFrame} MomentFrame */
/** @typedef {import("./scrubber_view.js").Question} Question */
/**
 * The moment that is looked at: `frame` once it is there, `before` the one that is drawn until then.
 * @typedef {{ step: number, epoch: number, time: number, frame: MomentFrame | null, before: MomentFrame | null }} Moment
 */
/** @typedef {{ at?: number | null, speed?: number }} ScrubberMemory `at`: the step that is looked at, or null for the latest */

const LOOK_AGAIN = 2500;
const FRAME_MS = 66;
const AHEAD = 24;
const BATCH = 12;
const REST = 90;
const ADDRESS_REST = 150;
const SPEEDS = [0.5, 1, 2, 4];

/** The moment that the page's address names (`&moment=`: a step), or null. */
export function addressedMoment() {
  const step = Number.parseInt(addressed("moment"), 10);
  return Number.isNaN(step) ? null : step;
}

export class Scrubber {
  /**
   * @param {HTMLElement} host
   * @param {{ memory: ScrubberMemory, offers: Question[], onMove: () => void, onAsk: (what: Question, step: number) => void }}
   *   options `memory` outlives the element
   */
  constructor(host, { memory, onMove, offers, onAsk }) {
    this.memory = memory;
    this.onMove = onMove;
    this.frames = new FrameCache();
    this.moments = new Moments();
    /** @type {Feed | null} */
    this.feed = null;
    /** @type {number | null} the step whose frame is on its way */
    this.asked = null;
    /** @type {Set<number>} steps whose frames are on their way, for what may come next */
    this.ahead = new Set();
    /** @type {MomentFrame | null} */
    this.last = null;
    /** @type {string | null} why the last question had no answer */
    this.why = null;
    /** @type {string | undefined} */
    this.status = undefined;
    this.isWarmed = false;
    this.isPlaying = false;
    this.film = 0;
    this.resting = 0;
    this.naming = 0;
    this.view = new ScrubberView(host, offers, {
      toggle: () => this.toggle(),
      slide: (step) => this.jump(this.moments.nearest(step)),
      key: (event) => this.key(event),
      warm: () => this.warm(),
      faster: () => {
        memory.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
        this.draw();
      },
      ask: (what) => onAsk(what, memory.at ?? this.moments.step[this.moments.last]),
      latest: () => this.jump(null),
    });
    this.onFeed = (/** @type {any} */ event) => this.heard(event.detail);
    this.onMoments = (/** @type {any} */ event) => this.list(event.detail);
    this.onMoment = (/** @type {any} */ event) => this.receive(event.detail);
    this.timer = setInterval(() => {
      if (!isEnded(this.feed?.status) && !document.hidden) this.look();
    }, LOOK_AGAIN);
    this.draw();
  }

  get speed() {
    return this.memory.speed ?? 1;
  }

  /** @param {Feed | undefined} feed */
  follow(feed) {
    if (this.feed === (feed ?? null)) return;
    clearTimeout(this.naming);
    this.leave();
    this.pause();
    this.feed = feed ?? null;
    this.moments = new Moments();
    this.asked = this.last = this.why = null;
    this.isWarmed = false;
    this.frames.clear();
    this.ahead.clear();
    feed?.addEventListener("change", this.onFeed);
    feed?.addEventListener("moments", this.onMoments);
    feed?.addEventListener("moment", this.onMoment);
    if (feed?.isConnected) this.look();
    this.draw();
  }

  leave() {
    this.feed?.removeEventListener("change", this.onFeed);
    this.feed?.removeEventListener("moments", this.onMoments);
    this.feed?.removeEventListener("moment", this.onMoment);
    this.feed = null;
  }

  /** What the views of the page show: null for the latest. @returns {Moment | null} */
  get moment() {
    const at = this.place;
    if (at < 0) return null;
    const { step, epoch, time } = this.moments;
    const frame = this.frames.get(this.moments.name(at));
    if (frame?.body) this.last = frame;
    // The frame before stays until the next one is there: nothing flickers.
    return { step: step[at], epoch: epoch[at], time: time[at], frame, before: this.last };
  }

  /** Among the moments; -1 for the latest. */
  get place() {
    const { at } = this.memory;
    return at == null || !this.moments.count ? -1 : this.moments.nearest(at);
  }

  /** @param {string} what */
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
    if (this.isWarmed || !this.moments.count) return;
    this.isWarmed = true;
    this.feed?.send({ command: "warm" });
  }

  /** @param {any} message */
  list(message) {
    this.moments = new Moments(message);
    this.draw();
    if (this.memory.at != null) this.request();
    this.onMove();
  }

  /** @param {number | null} at a place among the moments, or null for the latest */
  move(at) {
    this.memory.at = at === null ? null : this.moments.step[at];
    this.request();
    this.draw();
    this.onMove();
  }

  /** @param {number | null} at */
  jump(at) {
    this.pause();
    this.move(at);
  }

  /** One question at a time, the newest wins; at rest the neighbours are fetched. */
  request() {
    clearTimeout(this.resting);
    const at = this.place;
    if (at < 0) return;
    if (this.frames.has(this.moments.name(at))) {
      const neighbours = [at + 1, at - 1, at + 2, at - 2];
      if (!this.isPlaying) this.resting = window.setTimeout(() => this.fetch(neighbours), REST);
      return;
    }
    const step = this.moments.step[at];
    if (this.asked !== null || this.ahead.has(step)) return;
    this.asked = step;
    this.feed?.send({ command: "moment", steps: [step] });
  }

  /** @param {number[]} places */
  fetch(places) {
    if (this.ahead.size) return;
    const { moments, frames } = this;
    const missing = places.filter((at) => at >= 0 && at <= moments.last && !frames.has(moments.name(at)));
    if (!missing.length) return;
    const steps = missing.map((at) => moments.step[at]);
    this.ahead = new Set(steps);
    this.feed?.send({ command: "moment", steps });
  }

  /** @param {any} message */
  receive(message) {
    if (message.step === null) {
      // Asked again only when the user moves: what went wrong once would go wrong at once.
      this.asked = null;
      this.ahead.clear();
      this.why = message.why;
      this.pause();
      this.draw();
      return;
    }
    const { moments } = this;
    const at = moments.nearest(message.step);
    if (message.step === this.asked) this.asked = null;
    this.ahead.delete(message.step);
    if (moments.step[at] === message.step) this.keep(moments.name(at), message);
    this.why = null;
    this.request();
    if (message.step !== moments.step[this.place]) return;
    this.draw();
    this.onMove();
  }

  /**
   * @param {string} name
   * @param {any} message
   */
  keep(name, { view, body, metrics, why, step }) {
    this.frames.set(name, { view, step, metrics, why, body: body ? decode(body) : null });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { last } = this.moments;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = keyTarget(event.key, this.place < 0 ? last : this.place, last);
    if (to === undefined) return;
    event.preventDefault();
    this.jump(to);
  }

  toggle() {
    if (this.isPlaying) {
      this.pause();
      return;
    }
    if (!this.moments.count) return;
    this.isPlaying = true;
    if (this.place < 0 || this.place >= this.moments.last) this.move(0);
    this.draw();
    this.roll();
  }

  roll() {
    clearTimeout(this.film);
    if (!this.isPlaying) return;
    const { moments, place: at } = this;
    const missing = moments.ahead(at, AHEAD).filter((place) => !this.frames.has(moments.name(place)));
    if (missing.length && this.asked === null) this.fetch(missing.slice(0, BATCH));
    if (at >= moments.last) {
      this.jump(null);
      return;
    }
    const next = Math.min(at + moments.stride, moments.last);
    if (this.frames.has(moments.name(next))) this.move(next);
    this.film = window.setTimeout(() => this.roll(), FRAME_MS / this.speed);
  }

  pause() {
    clearTimeout(this.film);
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.draw();
  }

  draw() {
    const { moments, place, speed, isPlaying } = this;
    const frame = place < 0 ? null : this.frames.get(moments.name(place));
    const note = place < 0 ? "" : (frame?.why ?? this.why ?? "");
    const isReady = Boolean(frame?.body);
    this.view.draw({ moments, place, speed, isPlaying, isEnded: isEnded(this.feed?.status), isReady, note });
    clearTimeout(this.naming);
    if (!moments.count || isPlaying) return;
    const name = () => setAddressed("moment", place < 0 ? "" : moments.step[place]);
    this.naming = window.setTimeout(name, ADDRESS_REST);
  }

  destroy() {
    this.pause();
    clearTimeout(this.resting);
    clearTimeout(this.naming);
    clearInterval(this.timer);
    this.leave();
  }
}
