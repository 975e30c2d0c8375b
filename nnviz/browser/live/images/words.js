// What the view of a picture says, in sentences with numbers. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { percent } from "../learned/sentences.js";

/**
 * A layer that keeps places; `size`: [height, width] of its maps.
 * @typedef {{ title: string, number: string, activation: string, copies?: number[][], is_convolution: boolean, size: number[], maps: number }} Layer
 */
/** @typedef {{ class: number, value: number }} Answer */
/** @typedef {import("../learned/pixels.js").Pixels} Pixels */
/** @typedef {{ layer: number, target: number, size: number[], heat: ArrayBuffer, peak: number }} Cam */
/** A feature map. @typedef {{ index: number, values: ArrayBuffer, strength: number, kernel?: ArrayBuffer }} FeatureMap */
/** @typedef {{ layer: number, in_all: number, reach: number, size: number[], kernel_size: number[], units: FeatureMap[] }} Maps */
/**
 * What one channel of a layer's input adds to a value; `weight`: of the sum, where each channel is summed by itself.
 * @typedef {{ channel: number, patch: ArrayBuffer, kernel: ArrayBuffer, sum: number, weight: number | null }} Term
 */
/**
 * How a value came about; `rows`, `columns`: of the input, -1 in padding.
 * @typedef {{ at: number[], value: number, kind: "convolution" | "largest" | "mean", size: number[], rows: number[],
 *   columns: number[], inside: number, terms: Term[], others: { count: number, sum: number }, bias: number | null,
 *   raw: number }} Arithmetic
 */
/** @typedef {{ row: number, truth: number, value: number, at: number[], picture: Pixels }} Liked */
/**
 * @typedef {{ index: number, values: ArrayBuffer, size: number[], places: number[], step: number, reach: number, low: number,
 *   high: number, kernels: { channel: number, values: ArrayBuffer }[], kernels_reach: number, kernels_in_all: number,
 *   liked: Liked[], searched: number, arithmetic: Arithmetic | null }} ChosenMap
 */
/**
 * The body of a frame.
 * @typedef {{ part: string, in_all: number, row: number, number: number, picture: Pixels, order: string, looked_at: number,
 *   place: number | null, previous: number, next: number, wrong: number | null, truth: number, answers: Answer[], answer: number,
 *   classes_in_all: number, is_share: boolean, unit?: string, layers: Layer[], cam: Cam | null, maps: Maps | null,
 *   map: ChosenMap | null }} ImagesBody
 */
/** The name of a class by number; null for a target that is a number. @typedef {((k: number) => string) | null} Name */

const count = (/** @type {number} */ n) => n.toLocaleString("en-US");

/** A number with a minus as long as a plus. @param {number} value */
export const plain = (value) => number(value).replace("-", "−");

/** @type {(value: number, body: ImagesBody) => string} */
export const answerValue = (value, { is_share, unit }) =>
  is_share ? percent(value) : `${plain(value)}${unit ? `\u00a0${unit}` : ""}`;

/**
 * The name of a class; of a target column where they are numbers.
 * @type {(k: number, name: Name) => string}
 */
export const outputName = (k, name) => name?.(k) ?? t("output {n}", { n: k + 1 });

/**
 * Which picture it is, what it shows and what the network answers.
 * @param {ImagesBody} body
 * @param {Name} name
 */
export function pictureWords(body, name) {
  const which = { n: count(body.row + 1), all: count(body.in_all) };
  const head = body.part === "train" ? t("Training picture {n} of {all}.", which) : t("Validation picture {n} of {all}.", which);
  return `${head} ${answerWords(body, name)}`;
}

/** @type {(body: ImagesBody, name: Name) => string} */
function answerWords(body, name) {
  const { truth, answers, answer } = body;
  const value = answers.find((one) => one.class === answer)?.value ?? Number.NaN;
  if (!Number.isFinite(value)) return t("The network's answer is not a number.");
  const values = { truth: name ? name(truth) : answerValue(truth, body), answer: answerValue(value, body) };
  if (!name) return t("The true value is {truth}, the network answers {answer}.", values);
  const right = { ...values, guess: name(answer), p: answerValue(value, body) };
  if (truth === answer) return t("It is “{truth}”, and the network says so: {p}.", right);
  return t("It is “{truth}”, but the network answers “{guess}”: {p}.", right);
}

/** @param {Pick<Layer, "number" | "title" | "copies">} layer */
export function layerName({ number: place, title, copies = [] }) {
  const [copy, times] = copies.at(-1) ?? [0, 1];
  if (times === 1) return t("{n} {title}", { n: place, title });
  return t("{n} {title}, copy {copy} of {times}", { n: place, title, copy: copy + 1, times });
}

/**
 * What Grad-CAM says here, and what it does not.
 * @param {ImagesBody} body
 * @param {Name} name
 */
export function camWords({ cam, layers }, name) {
  if (!cam)
    return t("This network has no convolution or pooling, so no layer keeps places: there is nothing to lay over the picture.");
  const values = { target: outputName(cam.target, name), layer: layerName(layers[cam.layer]), h: cam.size[0], w: cam.size[1] };
  if (!Number.isFinite(cam.peak)) return t("The network's numbers are not finite, so nothing can be laid over the picture.");
  if (cam.peak === 0) return t("No place of layer {layer} speaks for “{target}” in this picture.", values);
  const where = t("Colour (Grad-CAM): where layer {layer} speaks for “{target}”, the fuller the more.", values);
  return `${where} ${t("It is coarse, {h} × {w} places, and says where, not why; what speaks against is left out.", values)}`;
}

/** @param {Maps} maps */
export function mapsWords({ units, in_all: all, size, reach }) {
  const values = { n: units.length, all: count(all), h: size[0], w: size[1], reach: plain(reach) };
  const which = units.length < all ? t("{n} of {all} maps, the strongest for this picture", values) : t("All {all} maps", values);
  return t("{which}, from −{reach} to {reach}.", { which, ...values });
}

/**
 * How a value came about, in a line.
 * @param {Arithmetic} arithmetic
 * @param {string} activation
 */
export function sumWords({ kind, terms, others, bias, raw, value, inside }, activation) {
  const all = { n: inside, value: plain(value) };
  if (kind === "largest") return t("The largest of these {n}: {value}.", all);
  if (kind === "mean") return t("The mean of these {n}: {sum} / {n} = {value}.", { ...all, sum: plain(terms[0].sum) });
  const parts = terms.map(({ sum, weight }) => (weight === null ? sum : sum * weight));
  const sums = parts.map((part, i) => (i ? signed(part) : plain(part)));
  if (others.count === 1) sums.push(t("{sum} (1 channel more)", { sum: signed(others.sum) }));
  else if (others.count) sums.push(t("{sum} ({n} channels more)", { sum: signed(others.sum), n: count(others.count) }));
  if (bias !== null) sums.push(t("{bias} (bias)", { bias: signed(bias) }));
  const line = `${sums.join(" ")} = ${plain(raw)}`;
  return activation ? `${line};  ${activation}(${plain(raw)}) = ${plain(value)}` : line;
}

/** @param {number} value */
const signed = (value) => (value < 0 ? `− ${number(-value)}` : `+ ${number(value)}`);

/**
 * Where a value is, and what it is.
 * @param {ChosenMap} map
 */
export function valueWords({ index, arithmetic, low, high }) {
  const values = { map: index + 1, low: plain(low), high: plain(high) };
  if (!arithmetic) return t("Map {map}: from {low} to {high}. Point at a value for the sum behind it.", values);
  const [row, column] = arithmetic.at;
  return t("Map {map}, row {row}, column {column}: {value}.", {
    ...values,
    row: row + 1,
    column: column + 1,
    value: plain(arithmetic.value),
  });
}

/** The numbers of a small table with the same decimals. @param {ArrayLike<number>} values */
export function tableNumbers(values) {
  const list = Array.from(values);
  const largest = Math.max(...list.map(Math.abs), 0);
  if (!(largest >= 1e-4 && largest < 1e6)) return list.map(plain);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(largest)));
  return list.map((value) => (value === 0 ? "0" : value.toFixed(decimals).replace("-", "−")));
}
