// The frame "mistakes" in sentences: how many rows are wrong, the surest of them, and what the moments before say. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { wrongWords } from "../learned/wrong_rows.js";
import { caveats, count } from "./result_words.js";

/**
 * A row; `near`: [class, how many] of its nearest training rows, the most frequent first; `missed`: of the moments, so many had it wrong; `since`: the step from which on it is right, null where it is wrong.
 * @typedef {import("../learned/worst.js").Worst & { row: number, near?: number[][], missed?: number, since?: number | null }} Mistake
 */
/**
 * `firm` of the wrong rows are said with 90 % or more; `moments`: how many were asked.
 * @typedef {{ part: string, rows: number, in_all: number, unanswered: number, wrong: number, firm: number, names: string[],
 *   scores: string, moments: number, sure: Mistake[], counts?: number[][], in_cell?: Mistake[],
 *   cell?: { truth: number, guess: number, rows: number }, never?: Mistake[], forgotten?: Mistake[], late?: Mistake[],
 *   columns?: string[], columns_in_all?: number }} MistakeBody
 */
/** `note`: of one row, empty for none. @typedef {{ key: string, title: string, items: Mistake[], note: (item: Mistake) => string }} MistakeList */

/** @param {MistakeBody} body */
export function verdict({ wrong, rows, in_all, part, sure }) {
  return wrongWords(wrong, { rows, in_all, part, isImages: Boolean(sure[0]?.image) });
}

/**
 * The surest mistake, how many are as good as certain, and which rows were looked at.
 * @param {MistakeBody} body
 */
export function meaning(body) {
  const { sure, wrong, firm, names, scores } = body;
  const words = [];
  if (sure.length) {
    const [{ row, truth, guess, probability = 0 }] = sure;
    const chance = scores === "probability" ? percent(probability) : number(probability);
    const values = { n: count(row + 1), truth: nameOf(names, truth), guess: nameOf(names, guess), chance };
    words.push(t("The surest one: row {n} is {truth}, and it says {guess} with {chance}.", values), whyWords(sure[0], names));
  }
  if (scores === "probability" && wrong) {
    const values = { n: count(firm), all: count(wrong) };
    words.push(
      firm
        ? t("{n} of {all} are said with 90 % or more: look whether their labels are right.", values)
        : t("None is said with 90 % or more."),
    );
  }
  return [...words.filter(Boolean), ...caveats(body)].join(" ");
}

/**
 * What the nearest training rows say of why a row is wrong; empty where they were not asked.
 * @param {Pick<Mistake, "near" | "truth" | "guess">} item
 * @param {string[]} names
 */
export function whyWords({ near = [], truth, guess }, names) {
  const all = near.reduce((sum, [, n]) => sum + n, 0);
  if (!all) return "";
  const [most, n] = near[0];
  const values = { n, all, kind: nameOf(names, most) };
  if (2 * n <= all) return t("Its {all} nearest training rows are of several classes: it stands where these meet.", values);
  if (most === guess) return t("{n} of its {all} nearest training rows are {kind}: it stands among these.", values);
  if (most === truth) {
    return t("{n} of its {all} nearest training rows are {kind}, as it is: the network has not learned this place.", values);
  }
  return t("{n} of its {all} nearest training rows are {kind}: it stands far from its own class.", values);
}

/**
 * The classes of the nearest training rows in short.
 * @param {Mistake} item
 * @param {string[]} names
 */
export const nearWords = ({ near = [] }, names) => near.map(([kind, n]) => `${n} × ${nameOf(names, kind)}`).join(", ");

/** @type {(names: string[], number: number) => string} */
export const nameOf = (names, number) => names[number] ?? String(number);

/** @type {(cell: { truth: number, guess: number, rows: number }, listed: number, names: string[]) => string} */
function cellWords({ truth, guess, rows }, listed, names) {
  const values = { n: count(rows), truth: nameOf(names, truth), guess: nameOf(names, guess) };
  const what = truth === guess ? t("{truth}, recognised", values) : t("{truth}, taken for {guess}", values);
  const words = `${what}: ${rows === 1 ? t("1 row") : t("{n} rows", values)}`;
  return listed < rows ? `${words}, ${t("the {n} surest", { n: listed })}` : words;
}

/**
 * What is listed; lists without rows are left out.
 * @param {MistakeBody} body
 * @returns {MistakeList[]}
 */
export function listsOf({ sure, never = [], forgotten = [], late = [], wrong, moments, cell, in_cell = [], names }) {
  const all = wrong > sure.length ? t("the {n} surest of {all}", { n: sure.length, all: count(wrong) }) : "";
  /** @param {Mistake} item */
  const missed = ({ missed: n = 0 }) => t("wrong at {n} of {all} moments", { n, all: moments });
  /** @param {Mistake} item */
  const since = ({ since: step = 0 }) => t("right since step {n}", { n: count(step ?? 0) });
  const lists = [
    { key: "cell", title: cell ? cellWords(cell, in_cell.length, names) : "", items: in_cell, note: () => "" },
    {
      key: "sure",
      title: all ? `${t("Wrong, the surest first")}: ${all}` : t("Wrong, the surest first"),
      items: sure,
      note: () => "",
    },
    {
      key: "forgotten",
      title: t("Forgotten: wrong now, and right at most of {n} recorded moments", { n: moments }),
      items: forgotten,
      note: missed,
    },
    { key: "never", title: t("Right at none of {n} recorded moments", { n: moments }), items: never, note: () => "" },
    { key: "late", title: t("Learned last: right now, and wrong until late"), items: late, note: since },
  ];
  return lists.filter(({ items }) => items.length);
}
