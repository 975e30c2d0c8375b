// What somebody who does not look at the page wants to hear of its run: findings, its end, its failure. Pure: no DOM.

import { endParts, isEnded, statusWords } from "../run/run_status.js";

/** @typedef {Pick<import("../run/feed.js").Feed, "run" | "status" | "judgement">} SeenRun */
/** @typedef {{ kind: "finding" | "ended" | "failed", name: string, words: string }} News */

const FAILURES = ["failed", "diverged"];

/** Knows what was there when the run was first seen, which is no news, and what it gave out since. */
export class RunNews {
  constructor() {
    this.restart("");
  }

  /** @param {string} run */
  restart(run) {
    this.run = run;
    /** @type {Set<string>} rules of findings */
    this.known = new Set();
    this.isOpening = true;
    this.isGoing = this.hasGone = false;
  }

  /**
   * What is new, each time once.
   * @param {SeenRun} feed
   * @param {string} what the message that came
   * @returns {News[]}
   */
  look(feed, what) {
    if (feed.run !== this.run) {
      this.restart(feed.run);
      this.findings(feed);
    }
    // all that the server knows of the run comes before its first new points
    if (what === "append") this.isOpening = false;
    return [...this.end(feed), ...this.findings(feed)];
  }

  /** @param {SeenRun} feed @returns {News[]} */
  end({ status }) {
    if (!status) return [];
    const hasEnded = this.isGoing && isEnded(status);
    this.isGoing = !isEnded(status);
    this.hasGone ||= this.isGoing;
    if (!hasEnded) return [];
    const kind = FAILURES.includes(status.status) ? "failed" : "ended";
    return [{ kind, name: status.name ?? "", words: endParts(status)[0] || statusWords(status) }];
  }

  /** @param {SeenRun} feed @returns {News[]} */
  findings({ status, judgement }) {
    const fresh = (judgement?.findings ?? []).filter(({ rule }) => !this.known.has(rule));
    for (const { rule } of fresh) this.known.add(rule);
    if (this.isOpening || !this.hasGone) return [];
    return fresh.map(({ title, text }) => ({ kind: "finding", name: status?.name ?? "", words: `${title}: ${text}` }));
  }
}
