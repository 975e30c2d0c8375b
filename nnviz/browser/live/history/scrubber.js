// The history of a run under its curves: drag to any recorded moment, play it like a film, return to the latest.

import { queryParam, setQueryParam } from "../../common/query_params.js";
import { decode } from "../run/msgpack.js";
import { isEnded } from "../run/run_status.js";
import { FrameCache, keyTarget, Moments } from "./moments.js";
import { ScrubberView } from "./scrubber_view.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("./moments.js").MomentFrame} MomentFrame */
/** @typedef {import("./scrubber_view.js").Question} Question */
/**
 * The selected moment: `frame` once it has arrived, `before` the frame that is drawn until then.
 * @typedef {{ step: number, epoch: number, time: number, frame: MomentFrame | null, before: MomentFrame | null }} Moment
 */
/** @typedef {{ at?: number | null, speed?: number }} ScrubberMemory `at`: the selected step, or null for the latest */

const POLL_MS = 2500;
const FRAME_MS = 66;
const PREFETCH_FRAMES = 24;
const FRAMES_PER_REQUEST = 12;
const PREFETCH_DELAY_MS = 90;
const ADDRESS_DELAY_MS = 150;
const SPEEDS = [0.5, 1, 2, 4];

/** The moment that the page's address names (`&moment=`: a step), or null. */
export function momentFromUrl() {
  const step = Number.parseInt(queryParam("moment"), 10);
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
    /** @type {number | null} the step whose frame was requested */
    this.requestedStep = null;
    /** @type {Set<number>} steps whose frames were requested ahead */
    this.prefetching = new Set();
    /** @type {MomentFrame | null} */
    this.lastFrame = null;
    /** @type {string | null} why the last request failed */
    this.failure = null;
    /** @type {string | undefined} */
    this.status = undefined;
    this.edits = 0;
    this.isWarmed = false;
    this.isPlaying = false;
    this.filmTimer = 0;
    this.prefetchTimer = 0;
    this.addressTimer = 0;
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
    this.onFeed = (/** @type {any} */ event) => this.feedChanged(event.detail);
    this.onMoments = (/** @type {any} */ event) => this.setMoments(event.detail);
    this.onMoment = (/** @type {any} */ event) => this.receiveFrame(event.detail);
    this.timer = setInterval(() => {
      if (!isEnded(this.feed?.status) && !document.hidden) this.requestMoments();
    }, POLL_MS);
    this.draw();
  }

  get speed() {
    return this.memory.speed ?? 1;
  }

  /** @param {Feed | undefined} feed */
  follow(feed) {
    if (this.feed === (feed ?? null)) return;
    clearTimeout(this.addressTimer);
    this.unfollow();
    this.pause();
    this.feed = feed ?? null;
    this.moments = new Moments();
    this.requestedStep = this.lastFrame = this.failure = null;
    this.isWarmed = false;
    this.frames.clear();
    this.prefetching.clear();
    feed?.addEventListener("change", this.onFeed);
    feed?.addEventListener("moments", this.onMoments);
    feed?.addEventListener("moment", this.onMoment);
    if (feed?.isConnected) this.requestMoments();
    this.draw();
  }

  unfollow() {
    this.feed?.removeEventListener("change", this.onFeed);
    this.feed?.removeEventListener("moments", this.onMoments);
    this.feed?.removeEventListener("moment", this.onMoment);
    this.feed = null;
  }

  /** The moment that the page's views show: null for the latest. @returns {Moment | null} */
  get moment() {
    const at = this.place;
    if (at < 0) return null;
    const { step, epoch, time } = this.moments;
    const frame = this.frames.get(this.moments.frameKey(at));
    if (frame?.body) this.lastFrame = frame;
    // The previous frame stays until the next one has arrived: no flicker.
    return { step: step[at], epoch: epoch[at], time: time[at], frame, before: this.lastFrame };
  }

  /** Index of the selected moment; -1 for the latest. */
  get place() {
    const { at } = this.memory;
    return at == null || !this.moments.count ? -1 : this.moments.nearest(at);
  }

  /** @param {string} what */
  feedChanged(what) {
    const status = this.feed?.status?.status;
    if (what === "connection") {
      // Pending requests were lost with the socket.
      this.requestedStep = null;
      this.prefetching.clear();
    }
    if (what === "hello" || status !== this.status) this.requestMoments();
    this.status = status;
    const edits = this.feed?.events.filter(({ kind }) => kind === "edited").length ?? 0;
    // a moment at which the network was changed by hand is another one now
    if (edits !== this.edits) this.frames.clear();
    this.edits = edits;
  }

  requestMoments() {
    if (this.feed?.isConnected) this.feed.send({ command: "moments" });
  }

  warm() {
    if (this.isWarmed || !this.moments.count) return;
    this.isWarmed = true;
    this.feed?.send({ command: "warm" });
  }

  /** @param {any} message */
  setMoments(message) {
    this.moments = new Moments(message);
    this.draw();
    if (this.memory.at != null) this.request();
    this.onMove();
  }

  /** @param {number | null} at an index among the moments, or null for the latest */
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

  /** Requests one frame at a time, the newest wins; when idle the neighbours are prefetched. */
  request() {
    clearTimeout(this.prefetchTimer);
    const at = this.place;
    if (at < 0) return;
    if (this.frames.has(this.moments.frameKey(at))) {
      const neighbours = [at + 1, at - 1, at + 2, at - 2];
      if (!this.isPlaying) this.prefetchTimer = window.setTimeout(() => this.prefetch(neighbours), PREFETCH_DELAY_MS);
      return;
    }
    const step = this.moments.step[at];
    if (this.requestedStep !== null || this.prefetching.has(step)) return;
    this.requestedStep = step;
    this.feed?.send({ command: "moment", steps: [step] });
  }

  /** @param {number[]} places */
  prefetch(places) {
    if (this.prefetching.size) return;
    const { moments, frames } = this;
    const missing = places.filter((at) => at >= 0 && at <= moments.last && !frames.has(moments.frameKey(at)));
    if (!missing.length) return;
    const steps = missing.map((at) => moments.step[at]);
    this.prefetching = new Set(steps);
    this.feed?.send({ command: "moment", steps });
  }

  /** @param {any} message */
  receiveFrame(message) {
    if (message.step === null) {
      // Retried only when the user moves: an immediate retry would fail again.
      this.requestedStep = null;
      this.prefetching.clear();
      this.failure = message.why;
      this.pause();
      this.draw();
      return;
    }
    const { moments } = this;
    const at = moments.nearest(message.step);
    if (message.step === this.requestedStep) this.requestedStep = null;
    this.prefetching.delete(message.step);
    if (moments.step[at] === message.step) this.storeFrame(moments.frameKey(at), message);
    this.failure = null;
    this.request();
    if (message.step !== moments.step[this.place]) return;
    this.draw();
    this.onMove();
  }

  /**
   * @param {string} key
   * @param {any} message
   */
  storeFrame(key, { view, body, metrics, why, step }) {
    this.frames.set(key, { view, step, metrics, why, body: body ? decode(body) : null });
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
    this.playNext();
  }

  playNext() {
    clearTimeout(this.filmTimer);
    if (!this.isPlaying) return;
    const { moments, place: at } = this;
    const missing = moments.upcoming(at, PREFETCH_FRAMES).filter((place) => !this.frames.has(moments.frameKey(place)));
    if (missing.length && this.requestedStep === null) this.prefetch(missing.slice(0, FRAMES_PER_REQUEST));
    if (at >= moments.last) {
      this.jump(null);
      return;
    }
    const next = Math.min(at + moments.stride, moments.last);
    if (this.frames.has(moments.frameKey(next))) this.move(next);
    this.filmTimer = window.setTimeout(() => this.playNext(), FRAME_MS / this.speed);
  }

  pause() {
    clearTimeout(this.filmTimer);
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.draw();
  }

  draw() {
    const { moments, place, speed, isPlaying } = this;
    const frame = place < 0 ? null : this.frames.get(moments.frameKey(place));
    const note = place < 0 ? "" : (frame?.why ?? this.failure ?? "");
    const isReady = Boolean(frame?.body);
    this.view.draw({ moments, place, speed, isPlaying, isEnded: isEnded(this.feed?.status), isReady, note });
    clearTimeout(this.addressTimer);
    if (!moments.count || isPlaying) return;
    const updateAddress = () => setQueryParam("moment", place < 0 ? "" : moments.step[place]);
    this.addressTimer = window.setTimeout(updateAddress, ADDRESS_DELAY_MS);
  }

  destroy() {
    this.pause();
    clearTimeout(this.prefetchTimer);
    clearTimeout(this.addressTimer);
    clearInterval(this.timer);
    this.unfollow();
  }
}
