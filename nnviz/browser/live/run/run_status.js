// The status of a run as the hub sends it, and what follows from it. Pure: no DOM.

import { t } from "../../common/messages.js";

const MOST_LOADED = 0.96;

/** @typedef {"step" | "watch" | "full"} Pace */
/**
 * A run's status. `epoch` includes fractions; times are Unix timestamps in seconds.
 * @typedef {object} Status
 * @property {string} status queued, running, paused, finished, stopped, failed or diverged
 * @property {boolean} [ended] whether it is over
 * @property {string} [sample] sample of the training rows that is evaluated after each epoch, in words; empty for all rows
 * @property {number} step
 * @property {number} epoch
 * @property {number} epochs planned
 * @property {number} created
 * @property {number} [started]
 * @property {string} [phase] of one that runs: reading data, building, compiling, training or scoring
 * @property {number} [place] in the queue
 * @property {boolean} [stopping]
 * @property {boolean} [kept] whether its weights are stored, so that it can continue
 * @property {string} [state] the name of the newest state that was kept
 * @property {Pace} [pace]
 * @property {Pace} [play] the pace to resume with
 * @property {number} [allowed] the step up to which a waiting run may go
 * @property {number} [number] of the last command
 * @property {number} [per_epoch] steps
 * @property {[step: number, epoch: number, steps: number][]} [calendar] of each part of the training: its first step, the epoch
 *   there, steps an epoch
 * @property {Record<string, number>} [live] settings that were changed
 * @property {number} [speed] epochs a second
 * @property {number} [left] seconds
 * @property {number} [seconds] that it took
 * @property {string} [ending] why it is over, a sentence
 * @property {string} [weights] in words
 * @property {string} [name]
 * @property {{ what?: string }} [error]
 */

/**
 * Of a run that waits until TensorFlow is loaded: how many seconds that is expected to take, and when it began (Unix time; null:
 * when the run was made).
 * @typedef {{ expected: number, since: number | null }} Loading
 */

/** @param {Status | null | undefined} status */
export const isEnded = (status) => Boolean(status?.ended);

/**
 * Why a run that has ended did so, and what else is to be said of that; both empty for others.
 * @param {Status | null | undefined} status
 * @returns {[reason: string, more: string]}
 */
export function endParts(status) {
  const [reason, more = ""] = (isEnded(status) && status?.ending ? status.ending : "").split(/; (.*)/s);
  return [reason, more];
}

/**
 * Whether the run is waiting for a command to go on.
 * @param {Status} status
 */
export const isWaiting = ({ pace, allowed, step }) => pace === "step" && !((allowed ?? 0) > step);

/**
 * Whether a run that has ended can continue with planned epochs that are left.
 * @param {Status} status
 */
export const hasEpochsLeft = ({ status, epoch, epochs }) => status !== "finished" && epoch < epochs - 1e-9;

/**
 * The epoch of a step, by the status's calendar; NaN where it is unknown.
 * @param {Status | null} status
 * @param {number} step
 */
export function epochOf(status, step) {
  const part = (status?.calendar ?? []).findLast(([first]) => first <= step);
  return part ? part[1] + (step - part[0]) / part[2] : Number.NaN;
}

/**
 * @param {Status | null} status
 * @param {number} epoch
 */
export function stepOf(status, epoch) {
  const part = (status?.calendar ?? []).findLast(([, first]) => first <= epoch);
  return part ? part[0] + (epoch - part[1]) * part[2] : Number.NaN;
}

/**
 * The status in a few words.
 * @param {Status | null | undefined} status
 * @param {{ now?: number, loading?: Loading | null }} [options]
 * @returns {string}
 */
export function statusWords(status, { now = Date.now() / 1000, loading } = {}) {
  if (!status) return "";
  switch (status.status) {
    case "queued":
      return queuedWords(status, now, loading);
    case "running":
      return runningWords(status, now);
    case "paused":
      if (status.stopping) return t("stopping");
      return isWaiting(status) ? t("paused") : t("going on");
    case "finished":
      return t("finished");
    case "stopped":
      return t("stopped by hand");
    case "failed":
      return t("failed");
    case "diverged":
      return t("diverged");
    default:
      return status.status;
  }
}

/**
 * @param {Status} status
 * @param {number} now
 * @param {Loading | null} [loading]
 */
function queuedWords(status, now, loading) {
  const { place, step, created } = status;
  if (place) return t("waiting: {place} in the queue", { place: ordinal(place) });
  if (step > 0) return t("waiting for a worker");
  const start = loadingOf(status, loading, now);
  if (!start) return t("starting worker ({n} s)", { n: Math.max(0, Math.round(now - created)) });
  if (start.left <= 0) return t("TensorFlow is loading, longer than usual");
  return t("TensorFlow is loading, about {n} s", { n: Math.ceil(start.left) });
}

/**
 * How much of the loading is done, by what it is expected to take, and how many seconds are left; null where the run does not
 * wait for it. It is never all done: then the run would not wait.
 * @param {Status | null} status
 * @param {Loading | null | undefined} loading
 * @param {number} [now]
 */
export function loadingOf(status, loading, now = Date.now() / 1000) {
  if (!loading || status?.status !== "queued" || status.place || status.step > 0) return null;
  const elapsed = Math.max(0, now - (loading.since ?? status.created));
  return { share: Math.min(MOST_LOADED, elapsed / loading.expected), left: loading.expected - elapsed };
}

/**
 * @param {Status} status
 * @param {number} now
 */
function runningWords(status, now) {
  const { phase, stopping, step } = status;
  if (phase === "scoring") return stopping ? t("stopped, measuring the result") : t("trained, measuring the result");
  if (stopping) return t("stopping");
  if (!(step > 0) || (phase && phase !== "training")) return phaseWords(status, now);
  return isWaiting(status) ? t("pausing") : t("training");
}

/** @param {number} n */
function ordinal(n) {
  const endings = { one: "st", two: "nd", few: "rd", other: "th", zero: "th", many: "th" };
  return `${n}${endings[new Intl.PluralRules("en", { type: "ordinal" }).select(n)]}`;
}

/**
 * @param {Status} status
 * @param {number} now
 */
function phaseWords({ phase, started, created }, now) {
  const n = Math.max(0, Math.round(now - (started ?? created)));
  switch (phase) {
    case "ready":
      return t("ready, waits for the others");
    case "reading data":
      return t("reading data ({n} s)", { n });
    case "building":
      return t("building the network ({n} s)", { n });
    case "compiling":
      return t("compiling ({n} s)", { n });
    case "training":
      return t("first steps");
    default:
      return phase ? `${phase} (${n} s)` : t("starting ({n} s)", { n });
  }
}

/**
 * The text in place of curves that do not exist yet.
 * @param {{ isGone: boolean, status: Status | null } | undefined} feed
 * @param {Loading | null} [loading]
 */
export function waitingWords(feed, loading) {
  if (!feed) return t("Press Train: the curves appear here.");
  if (feed.isGone) return t("This run is gone.");
  return feed.status ? statusWords(feed.status, { loading }) : t("connecting");
}
