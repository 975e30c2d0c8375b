// What the view "space" says in sentences. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number, oneFormat } from "../../common/numbers.js";
import { tenths } from "../answers/result_words.js";
import { layerName } from "../images/words.js";
import { rangeOf } from "../learned/scales.js";
import { nameOf, percent } from "../learned/sentences.js";
import { isOfClasses } from "./space.js";

/** @typedef {import("./space.js").Body} Body */
/** @typedef {import("./space.js").Layer} Layer */
/** @typedef {import("./space.js").Point} Point */

const count = (/** @type {number} */ n) => n.toLocaleString("en-US");
const minus = (/** @type {string} */ text) => text.replace("-", "−");

/** @param {Layer} layer */
export function spaceName(layer) {
  if (layer.number) return layerName(layer);
  return layer.title === "inputs" ? t("the inputs") : t("the raw outputs");
}

/**
 * How well rows can be told in a space: a share of them, or R².
 * @param {Layer} layer
 * @param {Body["measure"]} measure
 */
export function apartWords({ apart }, measure) {
  if (apart === null) return "–";
  return measure === "accuracy" ? tenths(apart) : minus(apart.toFixed(2));
}

/** What the numbers beside the layers are. @param {Body} body */
export function measureWords(body) {
  return isOfClasses(body)
    ? t("Rows that lie nearest to the middle of their own class")
    : t("R² of a guess: the mean of the 5 nearest rows");
}

/**
 * How well the rows stand apart at this layer and where they do best; and how much of it the plane shows.
 * @param {Body} body
 */
export function spaceSentence(body) {
  const { layers, layer, measure } = body;
  const known = layers.filter(({ apart }) => apart !== null);
  const best = known.reduce((one, other) => ((other.apart ?? 0) > (one.apart ?? 0) ? other : one), known[0]);
  const values = {
    name: spaceName(layers[layer]),
    here: apartWords(layers[layer], measure),
    inputs: apartWords(layers[0], measure),
    best: best ? spaceName(best) : "",
    most: best ? apartWords(best, measure) : "",
    rows: rowsWords(body),
  };
  if (!best || layers[layer].apart === null) return t("{rows} in the space of {name}.", values);
  const head = isOfClasses(body)
    ? t("In the space of {name}, {here} of the rows lie nearest to the middle of their own class", values)
    : t("In the space of {name}, the 5 nearest rows guess a row’s value with R² {here}", values);
  if (layer === 0) return t("{head} ({rows}). Best at {best}: {most}.", { ...values, head });
  if (best === layers[layer])
    return t("{head}, more than at any other layer; of the inputs {inputs} ({rows}).", { ...values, head });
  return t("{head}, of the inputs {inputs}; best at {best}: {most} ({rows}).", { ...values, head });
}

/** @param {Body} body */
function rowsWords({ rows, in_all, part }) {
  const values = { rows: count(rows), all: count(in_all) };
  if (rows < in_all)
    return part === "train" ? t("{rows} of {all} training rows", values) : t("{rows} of {all} validation rows", values);
  return part === "train" ? t("all {rows} training rows", values) : t("all {rows} validation rows", values);
}

/**
 * How much the plane holds, now and at the moment that its axes are of.
 * @param {Body} body
 */
export function planeWords({ share, axes, axes_share, layers, layer }) {
  const values = {
    n: count(layers[layer].values),
    share: percent(share ?? 0),
    before: percent(axes_share ?? 0),
    step: count(axes),
  };
  if (share === null) return t("All rows are one point: this layer gives the same for each of them.");
  if (layers[layer].values <= 2) return t("This layer gives {n} values for a row, so the plane shows all there is.", values);
  if (axes_share === null || values.before === values.share)
    return t("The plane holds {share} of the variance of the {n} values that a row has here.", values);
  return t(
    "The plane holds {share} of the variance of the {n} values that a row has here ({before} at step {step}, whose axes these are).",
    values,
  );
}

/**
 * A row: its number, what it is, what the network takes it for, and what that costs.
 * @param {Body} body
 * @param {Point} point
 * @param {string[] | null | undefined} classes
 */
export function pointWords(body, { row, truth, answer, cost }, classes) {
  const values = { row: count(row + 1), cost: number(cost) };
  if (isOfClasses(body)) {
    const named = { ...values, truth: nameOf(classes, truth), answer: nameOf(classes, answer) };
    return truth === answer
      ? t("Row {row}: {truth}, and taken for it; cost {cost}.", named)
      : t("Row {row}: {truth}, but taken for {answer}; cost {cost}.", named);
  }
  const format = oneFormat(...(rangeOf([new Float32Array(body.truth)]) ?? [0, 1]));
  const unit = body.unit ? `\u00a0${body.unit}` : "";
  return t("Row {row}: {truth}, predicted {answer}; cost {cost}.", {
    ...values,
    truth: minus(format(truth)) + unit,
    answer: minus(format(answer)) + unit,
  });
}
