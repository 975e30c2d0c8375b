// What the rivals of a race answered at the moment that the slider shows: asked for a few at a time, since a page may have only so
// many open questions.

import { FrameCache, Moments } from "../history/moments.js";
import { decode } from "../run/msgpack.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../history/moments.js").MomentFrame} MomentFrame */

const MOST_OPEN = 3;
const PATIENCE_MS = 10000;

/**
 * The index of the moment nearest to an epoch: rivals may take other numbers of steps for one. Of two, the earlier one; -1: none.
 * @param {ArrayLike<number>} epochs in order
 * @param {number} epoch
 */
export function nearestEpoch(epochs, epoch) {
  let best = -1;
  for (let i = 0; i < epochs.length; i += 1) {
    if (best < 0 || Math.abs(epochs[i] - epoch) < Math.abs(epochs[best] - epoch)) best = i;
  }
  return best;
}

class Rival {
  /**
   * @param {Feed} feed
   * @param {() => void} onChange
   */
  constructor(feed, onChange) {
    this.feed = feed;
    this.moments = new Moments();
    this.frames = new FrameCache();
    this.isListed = false;
    /** @type {{ step: number, until: number } | null} the step that was asked for */
    this.asked = null;
    /** @type {Set<string>} moments that cannot be shown */
    this.missing = new Set();
    /** @type {MomentFrame | null} */
    this.latest = null;
    this.onMoments = (/** @type {any} */ { detail }) => {
      this.moments = new Moments(detail);
      onChange();
    };
    this.onMoment = (/** @type {any} */ { detail }) => {
      this.store(detail);
      onChange();
    };
    feed.addEventListener("moments", this.onMoments);
    feed.addEventListener("moment", this.onMoment);
  }

  /** @param {any} message */
  store({ step, view, body, metrics, why }) {
    const at = this.moments.step.indexOf(step ?? this.asked?.step);
    if (step === null || step === this.asked?.step) this.asked = null;
    if (at < 0) return;
    if (body) this.frames.set(this.moments.frameKey(at), { view, step, metrics, body: decode(body) });
    else if (why) this.missing.add(this.moments.frameKey(at));
  }

  /** @param {number} epoch */
  keyAt(epoch) {
    const at = nearestEpoch(this.moments.epoch, epoch);
    return at < 0 ? null : { at, key: this.moments.frameKey(at) };
  }

  destroy() {
    this.feed.removeEventListener("moments", this.onMoments);
    this.feed.removeEventListener("moment", this.onMoment);
  }
}

export class PastFrames {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Map<string, Rival>} */
    this.rivals = new Map();
  }

  /** @param {Feed[]} feeds */
  follow(feeds) {
    const wanted = new Set(feeds.map((feed) => feed.run));
    for (const [run, rival] of this.rivals) {
      if (wanted.has(run)) continue;
      rival.destroy();
      this.rivals.delete(run);
    }
    for (const feed of feeds) if (!this.rivals.has(feed.run)) this.rivals.set(feed.run, new Rival(feed, this.onChange));
  }

  /** The page is at the latest moment: lists that a training has outgrown are asked for anew at the next look back. */
  leave() {
    for (const rival of this.rivals.values()) rival.isListed = false;
  }

  /**
   * The run's frame at an epoch, or the one before it as long as that has not come.
   * @param {string} run
   * @param {number} epoch
   * @returns {MomentFrame | null}
   */
  at(run, epoch) {
    const rival = this.rivals.get(run);
    if (!rival) return null;
    const place = rival.keyAt(epoch);
    const frame = place && rival.frames.get(place.key);
    if (frame) rival.latest = frame;
    return rival.latest;
  }

  /**
   * Asks for what is missing at an epoch.
   * @param {number} epoch
   */
  ask(epoch) {
    const now = performance.now();
    const rivals = [...this.rivals.values()];
    let open = rivals.filter(({ asked }) => asked && asked.until > now).length;
    for (const rival of rivals) {
      if (!rival.feed.isConnected) continue;
      if (!rival.isListed) {
        rival.isListed = true;
        rival.feed.send({ command: "moments" });
        continue;
      }
      if (open >= MOST_OPEN) return;
      if (this.askOne(rival, epoch, now)) open += 1;
    }
  }

  /** @type {(rival: Rival, epoch: number, now: number) => boolean} */
  askOne(rival, epoch, now) {
    const place = rival.keyAt(epoch);
    const isOpen = rival.asked !== null && rival.asked.until > now;
    if (!place || isOpen || rival.frames.has(place.key) || rival.missing.has(place.key)) return false;
    rival.asked = { step: rival.moments.step[place.at], until: now + PATIENCE_MS };
    rival.feed.send({ command: "moment", steps: [rival.asked.step] });
    return true;
  }

  destroy() {
    for (const rival of this.rivals.values()) rival.destroy();
    this.rivals.clear();
  }
}
