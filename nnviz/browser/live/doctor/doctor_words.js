// What the doctor says of a run, in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { epochs } from "../../common/numbers.js";
import { momentWords } from "../history/moment_words.js";
import { isEnded } from "../run/run_status.js";
import { labelFor, short } from "../run/setting_labels.js";

/** A stretch of a chart from the step `first` to `last`; `level`: a value at which a line is drawn.
 * @typedef {{ series: string, first: number, last: number, level: number | null, text: string }} Mark */
/**
 * See `nnviz.doctor.finding`; `remedy`: from which recorded step a branch begins (null: a new run), and what is set.
 * @typedef {{ rule: string, title: string, since: { step: number, epoch: number }, confidence: number, where: string | null,
 *   text: string, why: string, what_is_this: string, what_to_do: string, evidence: Mark[],
 *   also?: string[], also_titles?: string[], remedy: { from_step: number | null, set: Record<string, any> } | null }} Finding
 */
/** `step`: how far the run was. @typedef {{ step: number, findings: Finding[] }} Judgement */

const SURE = 0.9;
const LIKELY = 0.7;

/** @param {number} confidence from 0 to 1 */
export function sureness(confidence) {
  if (confidence >= SURE) return t("almost certain");
  return confidence >= LIKELY ? t("likely") : t("possible");
}

/**
 * Since when, and how sure. What is seen in the layers is seen at recorded moments only: it may have begun before the first of
 * them.
 * @param {Finding} finding
 * @param {number} end the last step of a run that has ended
 */
export function sinceWords({ since, confidence, evidence }, end) {
  return `${beginning(
    since,
    end,
    evidence.some(({ series }) => series === "layers"),
  )} · ${sureness(confidence)}`;
}

/** @type {(since: Finding["since"], end: number, isOfMoments: boolean) => string} */
function beginning({ step, epoch }, end, isOfMoments) {
  if (step <= 0) return t("from the start");
  if (!isOfMoments) return t("since epoch {epoch}", { epoch: epochs(epoch) });
  if (step >= end) return t("seen at the end");
  return t("first seen at epoch {epoch}", { epoch: epochs(epoch) });
}

/**
 * That all of it is about the whole run, while the page shows a moment of it; empty where it shows the newest one.
 * @param {{ epoch: number, step: number } | null} moment
 * @param {Judgement | null} judgement
 */
export function wholeWords(moment, judgement) {
  if (!moment || !judgement) return "";
  return t("This is about the whole run, not about {moment}.", { moment: momentWords(moment.epoch, moment.step) });
}

/**
 * What else is wrong as its consequence; empty for nothing.
 * @param {Pick<Finding, "also" | "also_titles">} finding
 */
export function alsoWords({ also, also_titles: titles }) {
  const named = Array.isArray(titles) && titles.length ? titles : also;
  const names = (Array.isArray(named) ? named : []).map((name) => String(name).replaceAll("_", " "));
  return names.length ? t("It explains, too: {names}.", { names: names.join(", ") }) : "";
}

/**
 * What stands where nothing is wrong, or nothing is known yet.
 * @param {Judgement | null} judgement
 * @param {import("../run/run_status.js").Status | null} status
 */
export function calmWords(judgement, status) {
  if (!status || status.status === "queued") return "";
  if (isEnded(status)) return judgement ? t("Healthy: nothing is wrong with this run.") : "";
  return judgement && judgement.step > 0 ? t("Nothing is wrong so far.") : t("Watching this run.");
}

/**
 * What the button of a remedy does.
 * @param {NonNullable<Finding["remedy"]>} remedy
 * @param {(step: number) => number} epochOf
 */
export function remedyWords({ from_step: step, set }, epochOf) {
  const changes = Object.entries(set).map(([path, value]) => changeWords(path, value));
  const where = step === null ? t("in a new run") : t("on a branch from epoch {epoch}", { epoch: epochs(epochOf(step)) });
  return t("Mend it {where}: {changes}", { where, changes: changes.join(", ") });
}

/**
 * @param {string} path of a setting
 * @param {any} value
 */
function changeWords(path, value) {
  if (value === null || value === false) return t("without {name}", { name: labelFor(path) });
  if (value && typeof value === "object") return labelFor(path);
  return `${labelFor(path)} ${typeof value === "number" ? short(value) : String(value).replaceAll("_", " ")}`;
}
