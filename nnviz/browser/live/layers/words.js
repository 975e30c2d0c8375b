// How each layer learns, in words with its numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";
import { HEALTHY } from "./layers.js";

/** @typedef {import("./layers.js").Layer} Layer */
/** @typedef {import("./layers.js").Learning} Learning */

/** So many times smaller than the largest gradient is worth a word. */
const MUCH_SMALLER = 100;
/** Larger factors say no more than that hardly anything is left. */
const MOST_TIMES = 1e6;
/** A smaller share of its weights is no change at all: 32 bits do not hold it. */
const STILL = 6e-8;
/** A mean cost below this leaves nothing to learn on the rows that it is of. */
const NO_LOSS = 0.01;
/** Costs that can be negative, or reach 0 on their way down. */
const WITHOUT_FLOOR = ["Poisson", "CosineSimilarity", "Expression"];
/** A share of saturated outputs that lets little gradient through. */
const MANY = 0.5;
const MOST_SENTENCES = 3;

/**
 * A small share with two digits: 0.12 %, 0.0031 %.
 * @param {number} value
 */
export function share(value) {
  const hundredths = 100 * value;
  if (hundredths === 0) return "0\u00a0%";
  if (hundredths < 1e-6) return "< 0.000001\u00a0%";
  if (hundredths >= 10) return `${Math.round(hundredths).toLocaleString("en-US")}\u00a0%`;
  return `${Number(hundredths.toPrecision(2)).toFixed(Math.max(0, 1 - Math.floor(Math.log10(hundredths))))}\u00a0%`;
}

/** Two digits of how many times: 3.4, 600, 12,000. @param {number} value */
function times(value) {
  if (value > MOST_TIMES) return t("more than a million");
  const rounded = Number(value.toPrecision(2));
  return rounded >= 10 ? Math.round(rounded).toLocaleString("en-US") : String(rounded);
}

/** @param {Layer} layer */
export function layerName({ number: place, copy, title }) {
  if (!place) return t("the last layer");
  if (title === "projection") return t("the projection of layer {n}", { n: place });
  return copy ? t("layer {n}, copy {copy}", { n: place, copy }) : t("layer {n}", { n: place });
}

/** @param {string} words */
const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}`;

/** @param {Layer[]} layers */
function listed(layers) {
  const names = layers.map(layerName);
  if (names.length > 3) return t("{n} layers", { n: names.length });
  if (names.length < 2) return names.join("");
  return t("{list} and {last}", { list: names.slice(0, -1).join(", "), last: names[names.length - 1] });
}

/** @param {Layer[]} layers */
const ratios = (layers) => layers.map(({ ratio }) => ratio ?? 0);

/** @param {Layer[]} layers */
function range(layers) {
  const [low, high] = [Math.min(...ratios(layers)), Math.max(...ratios(layers))].map(share);
  return low === high ? low : t("{low} to {high}", { low, high });
}

/**
 * Where the gradient of a layer is far smaller than that of another one.
 * @param {Layer[]} trained
 */
function gradientWords(trained) {
  const size = (/** @type {Layer} */ layer) => layer.gradient?.typical ?? 0;
  const least = trained.reduce((best, one) => (size(one) < size(best) ? one : best));
  const most = trained.reduce((best, one) => (size(one) > size(best) ? one : best));
  if (size(most) === 0) return t("The gradient is 0 everywhere: no layer learns");
  if (size(least) === 0) return t("The gradient of {layer} is 0: it does not learn", { layer: layerName(least) });
  const factor = size(most) / size(least);
  if (factor < MUCH_SMALLER) return "";
  const values = { layer: layerName(least), other: layerName(most), n: times(factor), share: share(least.ratio ?? 0) };
  if (isStill(least))
    return t("The gradient of {layer} is {n} times smaller than that of {other}: {layer} does not learn", values);
  return (least.ratio ?? 0) < HEALTHY.low
    ? t("The gradient of {layer} is {n} times smaller than that of {other}: {layer} learns slowly", values)
    : t("The gradient of {layer} is {n} times smaller than that of {other}, yet one update changes {share} of it", values);
}

/** @param {Layer} layer */
const isStill = ({ ratio }) => (ratio ?? 0) < STILL;

/**
 * @param {Layer[]} trained
 * @param {Learning} learning
 */
function ratioWords(trained, { loss, cost }) {
  const small = trained.filter(({ ratio }) => (ratio ?? 0) < HEALTHY.low);
  const large = trained.filter(({ ratio }) => (ratio ?? 0) > HEALTHY.high);
  const words = [];
  if (large.length) {
    const values = { layers: listed(large), share: range(large) };
    words.push(t("One update changes {layers} by {share} of the weights, which is much: the rate may be too high", values));
  }
  const isLearned = loss >= 0 && loss < NO_LOSS && !WITHOUT_FLOOR.includes(cost);
  const values = { layers: listed(small), share: range(small), loss: number(loss) };
  if (small.length && small.every(isStill)) {
    words.push(
      isLearned
        ? t("One update does not change {layers} at all: the loss of its training rows is {loss}, already near 0", values)
        : t("One update does not change {layers} at all", values),
    );
  } else if (small.length) {
    words.push(
      isLearned
        ? t(
            "One update changes {layers} by only {share} of the weights: at rest, the loss of its training rows is {loss}, already near 0",
            values,
          )
        : t("One update changes {layers} by only {share} of the weights: at rest, or the rate is too low", values),
    );
  }
  if (words.length) return words;
  if (trained.length === 1)
    return [t("The layer is learning: one update changes {share} of its weights", { share: range(trained) })];
  return [t("Every layer is learning: one update changes its weights by {share}", { share: range(trained) })];
}

/** @param {Layer[]} layers */
function deadWords(layers) {
  const dead = layers.filter((layer) => (layer.dead ?? 0) > 0);
  if (!dead.length) return "";
  const shut = dead.find((layer) => layer.dead === layer.units);
  if (shut) {
    const all = { all: shut.units, layer: layerName(shut) };
    return t("All {all} units of {layer} give 0 for every row: nothing gets through it", all);
  }
  const asked = layers.filter((layer) => layer.dead !== null);
  const sum = (/** @type {number[]} */ counts) => counts.reduce((a, b) => a + b, 0);
  const n = sum(dead.map((layer) => layer.dead ?? 0));
  const where =
    dead.length > 1 && dead.length < 4 ? ` (${dead.map((layer) => `${layerName(layer)}: ${layer.dead}`).join(", ")})` : "";
  const of =
    dead.length === 1 && asked.length === 1 ? t("{n} units of {layer}", { n: dead[0].units, layer: layerName(dead[0]) }) : "";
  const values = { n, all: of || t("{n} units", { n: sum(asked.map(({ units }) => units)) }), where };
  const isRelu = dead.every(({ activation }) => activation === "relu");
  const count =
    n === 1
      ? t("1 of {all}{where} is dead: it gives 0 for every row", values)
      : t("{n} of {all}{where} are dead: they give 0 for every row", values);
  if (!isRelu) return count;
  const why = t("A ReLU dies when its sum is above 0 for no row: its gradient is then 0 too, so it rarely comes back");
  return `${count}. ${why}`;
}

/** @param {Layer[]} layers */
function saturatedWords(layers) {
  const inner = layers.filter(({ number: place, saturated }) => place && (saturated ?? 0) > MANY);
  if (!inner.length) return "";
  const worst = inner.reduce((best, one) => ((one.saturated ?? 0) > (best.saturated ?? 0) ? one : best));
  const values = { share: percent(worst.saturated ?? 0), layer: layerName(worst), activation: worst.activation };
  return t("{share} of the outputs of {layer} are at the ends of {activation}: little gradient gets through", values);
}

/**
 * What is seen, and what it means: up to three sentences, the most important first.
 * @param {Learning} learning
 */
export function verdict(learning) {
  const { layers } = learning;
  const trained = layers.filter(({ isTrained, ratio }) => isTrained && ratio !== null);
  if (!trained.length) return [t("No layer here is trained.")];
  const gradient = gradientWords(trained);
  const words = [gradient, deadWords(layers), ...ratioWords(trained, learning), saturatedWords(layers)];
  return words
    .filter(Boolean)
    .slice(0, MOST_SENTENCES)
    .map((one) => `${one}.`);
}

/**
 * How the numbers came about.
 * @param {Learning} learning
 * @param {number} moments that the lines go through
 */
export function noteWords({ rows, rowsInAll, optimizer, rate, layers, inAll }, moments) {
  const values = {
    rows: rows.toLocaleString("en-US"),
    all: rowsInAll.toLocaleString("en-US"),
    optimizer,
    rate: number(rate),
    n: layers.length,
    layers: inAll.toLocaleString("en-US"),
  };
  const over =
    rows < rowsInAll
      ? t("Gradient: of loss and penalty over {rows} of {all} training rows, dropout off.", values)
      : t("Gradient: of loss and penalty over all {all} training rows, dropout off.", values);
  const update = t("Update: what {optimizer} would do with it next, at rate {rate}.", values);
  const left = layers.length < inAll ? t("The first {n} of {layers} layers are shown.", values) : "";
  const lines = moments > 1 ? t("Lines go through {n} of the recorded moments.", { n: moments }) : "";
  return [over, update, lines, left].filter(Boolean).join(" ");
}

/** Whether a layer changes as much as is good for it, in a word. @param {Layer} layer */
export function stateWords({ isTrained, ratio }) {
  if (!isTrained) return t("not trained");
  if (ratio === null) return "";
  if (ratio < HEALTHY.low) return t("small");
  return ratio > HEALTHY.high ? t("large") : t("healthy");
}

/** Its units, briefly; empty where nothing can be said. @param {Layer} layer */
export function unitWords({ dead, saturated, units }) {
  if (dead !== null) return t("{n} of {all} dead", { n: dead, all: units });
  return saturated === null ? "" : t("{share} saturated", { share: percent(saturated) });
}

/**
 * @param {Layer} layer
 * @returns {{ title: string, facts: string[] }}
 */
export function layerWords(layer) {
  const { title, activation, count, weights, gradient, update, ratio, dead, saturated, units, after } = layer;
  const kind = [title, activation].filter(Boolean).join(", ");
  const facts = [];
  if (weights) {
    const values = { n: count.toLocaleString("en-US"), size: number(weights.typical), norm: number(weights.norm) };
    facts.push(t("{n} weights, typically {size} in size; their norm is {norm}.", values));
  }
  if (!layer.isTrained) facts.push(t("It is not trained: no gradient, no update."));
  if (gradient) {
    const values = { size: number(gradient.typical), norm: number(gradient.norm), share: percent(gradient.zeros) };
    facts.push(t("Gradient: typically {size}, norm {norm}; 0 for {share} of the weights.", values));
  }
  if (update) {
    const values = { size: number(update.typical), norm: number(update.norm), share: ratio === null ? "–" : share(ratio) };
    facts.push(t("Next update: typically {size}, norm {norm}: {share} of the weights; 0.01 % to 1 % is healthy.", values));
  }
  const where = after ? t("After the activation of layer {n}: ", { n: after }) : "";
  if (dead !== null) facts.push(where + t("{n} of {all} units give 0 for every row.", { n: dead, all: units }));
  if (saturated !== null) {
    facts.push(
      where + t("{share} of the outputs are within 1 % of the ends of {activation}.", { share: percent(saturated), activation }),
    );
  }
  return { title: `${sentence(layerName(layer))}: ${kind}`, facts };
}
