// A run from a file: a feed whose questions are answered by what was stored with it, as a server would answer them. Pure: no DOM.

import { Feed } from "../run/feed.js";
import { decode } from "../run/msgpack.js";

/** What was shown of one moment: `body` packed, or `why` there is none.
 * @typedef {{ step: number, view?: string, body?: ArrayBuffer, why?: string, metrics?: Record<string, number> }} Shown */
/** By moment what the live view showed, and each view of the catalog. @typedef {{ moments: Shown[], views: Record<string, Shown[]> }} Shows */
/** @typedef {import("../run/feed.js").Command} Command */

/** A view completes its choice by what it draws first; what is chosen later is somebody's. */
const SETTLED_MS = 1000;

/**
 * A feed that needs no server.
 * @param {string} run its id
 * @param {ArrayBuffer[]} opening the messages that a server would begin with, packed
 * @param {Shows} shows
 * @param {{ onOther?: () => void, later?: (call: () => void) => void, now?: () => number }} [options] `onOther`: something else
 *   was chosen in a view, which the file does not hold; `now`: milliseconds
 */
export function recordedFeed(run, opening, shows, options = {}) {
  const { onOther = () => {}, later = queueMicrotask, now = () => performance.now() } = options;
  /** @type {Map<string, { since: number, choices: Set<string> }>} by view: when it was first asked about, and with which choices */
  const settled = new Map();
  const feed = new Feed(run);
  const messages = opening.map((packed) => /** @type {any} */ (decode(packed)));
  const listed = messages.find(({ type }) => type === "moments");
  /** @param {any} question */
  const isOther = ({ view, choice = {} }) => {
    const known = settled.get(view) ?? { since: now(), choices: new Set() };
    settled.set(view, known);
    const chosen = JSON.stringify(choice);
    if (now() < known.since + SETTLED_MS) known.choices.add(chosen);
    return !known.choices.has(chosen);
  };
  /** @param {any} question */
  const send = (question) => {
    if (question.command === "view" && isOther(question)) onOther();
    const answers = question.command === "moments" && listed ? [listed] : answersTo(question, shows);
    later(() => {
      for (const answer of answers) feed.receive(answer);
    });
    return true;
  };
  feed.connection = { send, release: () => {} };
  feed.isConnected = true;
  for (const message of messages) if (message !== listed) feed.receive(message);
  return feed;
}

/**
 * The messages that answer a question about moments.
 * @param {any} question
 * @param {Shows} shows
 */
function answersTo({ command, steps, view, step }, { moments, views }) {
  if (command === "moment") {
    const asked = new Set(steps);
    return moments.filter(({ step: one }) => asked.has(one)).map((moment) => ({ type: "moment", ...moment }));
  }
  const bodies = command === "view" && Object.hasOwn(views, view) ? views[view] : [];
  const one = step === undefined ? bodies.at(-1) : bodies.find((other) => other.step === step);
  return one ? [{ type: "view", ...one, view }] : [];
}
