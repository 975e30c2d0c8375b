// What views of the catalog show of a run's network: asked for one at a time and view, for the moment that is on the page. Pure:
// no DOM.

import { decode } from "../run/msgpack.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {{ step: number | null, body?: any, why?: string }} Shown `why`: in words, why there is no body */
/** `at`: when it was asked; `isAhead`: of a moment that is not the one on the page.
 * @typedef {{ key: string, chosen: string, at: number, isOpen: boolean, isAhead: boolean }} Question */

const CACHE_LIMIT = 60;
/** Between two questions about the newest moment of a run that trains; longer where the answers take long, so that the training keeps
 * most of the processor. */
const LIVE_MS = 200;
const LIVE_SHARE = 2;
const RETRY_MS = 1500;
/** A question that is open for longer is spoken of. */
const SLOW_MS = 3000;
/** At the same time, of all views: the server refuses more than a few, and each answer has the next one asked. */
const MOST_OPEN = 4;
/** A worker that was lost answers no more. */
const PATIENCE_MS = 60_000;

export class ViewSource {
  /**
   * @param {() => void} onArrive
   * @param {() => number} [now] milliseconds
   * @param {(call: () => void, ms: number) => unknown} [later]
   */
  constructor(onArrive, now = () => performance.now(), later = (call, ms) => setTimeout(call, ms)) {
    this.onArrive = onArrive;
    this.now = now;
    this.later = later;
    this.isWaiting = false;
    /** @type {Feed | null} */
    this.feed = null;
    /** @type {Map<string, Shown>} by view and place, oldest first */
    this.cache = new Map();
    /** @type {Map<string, Shown>} by view: the newest that came, of whichever moment */
    this.last = new Map();
    /** @type {Map<string, Question>} by view: the last one */
    this.asked = new Map();
    /** @type {Map<string, { state: string, chosen: string, answer: Shown }>} by view: what it showed of the newest state */
    this.newest = new Map();
    /** @type {Map<string, number>} by view: how long its last answer took, in milliseconds */
    this.took = new Map();
    this.onView = (/** @type {any} */ event) => this.receive(event.detail);
    this.onChange = (/** @type {any} */ event) => {
      if (event.detail === "connection" || event.detail === "hello") this.asked.clear();
    };
  }

  /** @param {Feed | undefined} feed */
  follow(feed) {
    if (this.feed === (feed ?? null)) return;
    this.unfollow();
    this.feed = feed ?? null;
    feed?.addEventListener("view", this.onView);
    feed?.addEventListener("change", this.onChange);
  }

  unfollow() {
    this.feed?.removeEventListener("view", this.onView);
    this.feed?.removeEventListener("change", this.onChange);
    this.feed = null;
    for (const known of [this.cache, this.last, this.asked, this.newest, this.took]) known.clear();
  }

  /**
   * What `view` shows after `step`, or of the newest moment; until that has come, what it showed last.
   * @param {string} view
   * @param {number | null} step
   * @param {object} [choice] what was chosen in the view
   * @returns {Shown | null}
   */
  show(view, step, choice) {
    const { feed } = this;
    if (!feed?.status || feed.isGone) return null;
    const chosen = choice ? JSON.stringify(choice) : "";
    const latest = this.newest.get(view);
    if (step === null && latest?.chosen === chosen && latest.state === feed.status.state) return latest.answer;
    // A run that has just ended or paused keeps its last state: the newest is another one then, at the same step.
    const newest = `newest ${feed.status.state || feed.status.step} ${feed.status.status}`;
    const edits = feed.edits(step ?? feed.status.step);
    const place = `${step === null ? newest : `${feed.attempt}:${step}`}:${edits}`;
    const key = `${view} ${place} ${chosen}`;
    const known = this.cache.get(key);
    if (!known || known.why) this.ask(view, step, { key, chosen, choice });
    return known ?? this.last.get(view) ?? null;
  }

  /**
   * What `view` shows after a step that is not the one on the page, asked for while nothing else is.
   * @param {string} view
   * @param {number} step
   * @returns {Shown | null} null: it has not come yet
   */
  ahead(view, step) {
    const { feed } = this;
    if (!feed?.status || feed.isGone) return null;
    const key = `${view} ${feed.attempt}:${step}:${feed.edits(step)} `;
    const known = this.cache.get(key);
    const before = this.asked.get(view);
    if (known || before?.isOpen) return known ?? null;
    this.ask(view, step, { key, chosen: before?.chosen ?? "" });
    const question = this.asked.get(view);
    if (question?.key === key) question.isAhead = true;
    return null;
  }

  /**
   * Whether the answer about a view is late: no worker is free, or a large network takes its time.
   * @param {string} view
   */
  isSlow(view) {
    const question = this.asked.get(view);
    return Boolean(question?.isOpen && this.now() > question.at + SLOW_MS);
  }

  /**
   * @param {string} view
   * @param {number | null} step
   * @param {{ key: string, chosen: string, choice?: object }} what
   */
  ask(view, step, { key, chosen, choice }) {
    const { feed, asked } = this;
    const before = asked.get(view);
    const isSame = before?.key === key || (step === null && before?.chosen === chosen);
    const pause = step === null ? Math.max(LIVE_MS, LIVE_SHARE * (this.took.get(view) ?? 0)) : 0;
    if (before && (before.isOpen || isSame) && this.hasToWait(view, before, pause)) return;
    if (!feed?.connection || this.openQuestions(view) >= MOST_OPEN) return;
    this.cache.delete(key);
    asked.set(view, { key, chosen, at: this.now(), isOpen: true, isAhead: false });
    const newest = this.newest.get(view);
    const seen = newest?.chosen === chosen ? { state: newest.state } : {};
    feed.send({ command: "view", view, ...(step === null ? seen : { step }), ...(choice ? { choice } : {}) });
  }

  /** How many questions about other views have no answer yet. @param {string} view */
  openQuestions(view) {
    const since = this.now() - PATIENCE_MS;
    return [...this.asked].filter(([name, { isOpen, at }]) => name !== view && isOpen && at > since).length;
  }

  /**
   * Whether it is too early for another question; where none is open, the view is drawn again once it is not.
   * @param {string} view
   * @param {Question} before
   * @param {number} pause between two questions
   */
  hasToWait(view, before, pause) {
    const isRefused = Boolean(this.last.get(view)?.why);
    const wait = before.isOpen ? PATIENCE_MS : Math.max(pause, isRefused ? RETRY_MS : 0);
    const rest = before.at + wait - this.now();
    if (rest > 0 && !before.isOpen && !isRefused) this.comeBack(rest);
    return rest > 0;
  }

  /** Draws again once the pause is over, also where the run sends no more. @param {number} ms */
  comeBack(ms) {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.later(() => {
      this.isWaiting = false;
      if (this.feed) this.onArrive();
    }, ms);
  }

  /** @param {any} message of the newest state: `state` names it, and without body and reason it is the one of before */
  receive({ view, step, body, why, state }) {
    const question = this.asked.get(view);
    if (!question) return;
    question.isOpen = false;
    const before = state && !body && why === undefined ? this.newest.get(view) : undefined;
    const answer = before?.answer ?? (body ? { step, body: decode(body) } : { step, why: why ?? "" });
    if (body) this.took.set(view, this.now() - question.at);
    if (body && state) this.newest.set(view, { state, chosen: question.chosen, answer });
    this.cache.set(question.key, answer);
    if (!question.isAhead) this.last.set(view, answer);
    const [oldest] = this.cache.keys();
    if (this.cache.size > CACHE_LIMIT) this.cache.delete(oldest);
    this.onArrive();
  }
}
