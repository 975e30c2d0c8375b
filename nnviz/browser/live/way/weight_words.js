// What a weight is called, and what each optimizer would do with it, in words. Pure: no DOM.

import { t } from "../../common/messages.js";
import { number } from "../../common/numbers.js";
import { close, digits, number3, small } from "./weight_numbers.js";

/** @typedef {import("./way.js").Way} Way */
/** @typedef {import("./way.js").Place} Place */
/** @typedef {import("./way.js").Variable} Variable */
/** @typedef {import("./way.js").Ghost} Ghost */
/** `values`: of both weights, or one that holds for both. @typedef {{ label: string, values: string[] }} Line */
/** `kind`: whose arrow it is; null: the run's own, which is none of the three. `step`: of both weights; `cost`: its change, if only
 * these two moved.
 * @typedef {{ kind: import("./way.js").GhostKind | null, isRun: boolean, title: string, note: string, lines: Line[], step: string[],
 *   cost: string }} Block */

/** Mean by usual size: above the first a weight moves by more than the learning rate, above the second by nearly all of it. */
const GROWING = 1.2;
const STEADY = 0.7;
/** Larger ones make Adam's steps look wild beside those of SGD. */
const USUAL_ADAM_RATE = 0.02;
/** A factor below this is no difference worth a sentence. */
const LEAST_FACTOR = 1.5;

/** What a part of attention makes. @param {string} part */
function partName(part) {
  const names = /** @type {Record<string, string>} */ ({
    query: t("queries"),
    key: t("keys"),
    value: t("values"),
    attention_output: t("result"),
  });
  return names[part] ?? part;
}

/** @param {Variable} variable */
export function arrayTitle({ layer, array, part, copy, copies = 1 }) {
  const words = /** @type {Record<string, string>} */ ({
    kernel: t("weights"),
    bias: t("biases"),
    recurrent_kernel: t("recurrent weights"),
    embeddings: t("embeddings"),
    gamma: t("scales"),
    beta: t("shifts"),
  });
  const what = words[array] ?? array.replaceAll("_", " ");
  const name = part ? t("{what} of the {part}", { what, part: partName(part) }) : what;
  if (!layer) return t("outputs: {name}", { name });
  return copies > 1
    ? t("layer {n}, copy {copy}: {name}", { n: layer, copy: copy ?? 1, name })
    : t("layer {n}: {name}", { n: layer, name });
}

/**
 * What each number of a place counts.
 * @param {Variable} variable
 * @returns {string[]}
 */
export function axisNames({ array, shape, layer, part }) {
  const unit = layer ? t("unit") : t("output");
  if (part) return attentionAxes({ array, shape, part });
  if (array === "embeddings") return [t("entry"), unit];
  if (array === "recurrent_kernel" && shape.length === 2) return [t("from unit"), unit];
  if (array === "kernel" && shape.length === 2) return [t("input"), unit];
  if (array === "kernel" && shape.length === 4) return [t("row"), t("column"), t("channel"), t("filter")];
  if (array === "kernel" && shape.length === 3) return [t("place"), t("channel"), t("filter")];
  if (shape.length === 1) return [unit];
  return shape.map((_, axis) => (shape.length > 1 ? t("number {n}", { n: axis + 1 }) : t("number")));
}

/**
 * Of the arrays of attention: each head has so many numbers.
 * @param {{ array: string, shape: number[], part: string }} variable
 */
function attentionAxes({ array, shape, part }) {
  const ofHeads = [t("head"), t("number")];
  if (part === "attention_output") return array === "kernel" ? [...ofHeads, t("output")] : [t("output")];
  return array === "kernel" && shape.length === 3 ? [t("input"), ...ofHeads] : ofHeads;
}

/**
 * The short name of a weight: `input 2 → unit 5`, `bias of unit 3`.
 * @param {Pick<Way, "variables" | "inputs">} way
 * @param {Place} place
 */
export function shortWeight({ variables, inputs }, { variable, index }) {
  const one = variables[variable];
  const names = axisNames(one);
  if (["kernel", "embeddings"].includes(one.array) && one.shape.length === 2) {
    const isFirst = variable === 0 && one.array === "kernel" && inputs.length === one.shape[0];
    const source = isFirst ? inputs[index[0]] : `${names[0]} ${index[0] + 1}`;
    return `${source} → ${names[1]} ${index[1] + 1}`;
  }
  const place = index.map((at, axis) => `${names[axis]} ${at + 1}`).join(", ");
  if (one.part) return t("{place} of the {part}", { place, part: partName(one.part) });
  return one.array === "bias" ? t("bias of {unit}", { unit: place }) : place;
}

/**
 * @param {Pick<Way, "variables" | "inputs">} way
 * @param {Place} place
 */
export function longWeight(way, place) {
  return `${arrayTitle(way.variables[place.variable])}, ${shortWeight(way, place)}`;
}

/** @param {{ rows: number, rows_in_all: number }} body */
export function rowsWords({ rows, rows_in_all }) {
  const all = rows_in_all.toLocaleString("en-US");
  if (rows === rows_in_all) return t("over all {n} training rows", { n: all });
  return t("over {n} of the {all} training rows", { n: rows.toLocaleString("en-US"), all });
}

/**
 * What is seen, in a sentence with numbers.
 * @param {Way} way
 */
export function waySentence(way) {
  const [first, second] = way.weights.map((weight) => shortWeight(way, weight));
  const [by, other] = way.own.step.map(small);
  const here = t("The cost {rows} is {cost}.", { rows: rowsWords(way), cost: close(way.cost, way.own.cost) });
  const step = t("The next step, by {optimizer}, changes {first} by {by} and {second} by {other}", {
    optimizer: way.optimizer,
    first,
    second,
    by,
    other,
  });
  const then = t("if no other weight moved, the cost would then be {cost}", { cost: close(way.own.cost, way.cost) });
  const still = way.weights.filter(({ gradient }) => gradient === 0).map((weight) => shortWeight(way, weight));
  const why = still.length ? ` ${stillWords(still)}` : "";
  return `${here} ${step}; ${then}.${why}`;
}

/** @param {string[]} names of weights that no row of the batch pulls at */
function stillWords(names) {
  if (names.length > 1)
    return t(
      "Both gradients are 0 for this batch: nothing pulls at these weights, as where their units are dead. Choose others.",
    );
  return t("The gradient of {name} is 0 for this batch: nothing pulls at it, as where its unit is dead. Choose another one.", {
    name: names[0],
  });
}

/**
 * What each optimizer would do, the run's own first.
 * @param {Way} way
 * @returns {Block[]}
 */
export function blocksOf(way) {
  const ghosts = way.ghosts.map((ghost) => ghostBlock(way, ghost));
  const own = ghosts.filter(({ isRun }) => isRun);
  return [...(own.length ? own : [ownBlock(way)]), ...ghosts.filter(({ isRun }) => !isRun)];
}

/**
 * @param {Way} way
 * @returns {Block}
 */
function ownBlock(way) {
  const { own, optimizer } = way;
  const lines = own.lines.map(({ sense, values }) => ({ label: sense, values: values.map(small) }));
  return {
    kind: null,
    isRun: true,
    title: t("This run: {optimizer}", { optimizer }),
    note: "",
    lines: [...gradientLines(way), ...lines, stepLine(own)],
    ...endOf(way, own),
  };
}

/**
 * @param {Way} way
 * @param {Ghost} ghost
 * @returns {Block}
 */
function ghostBlock(way, ghost) {
  const { kind, is_own } = ghost;
  const name = { SGD: t("plain SGD"), momentum: t("SGD with momentum"), Adam: t("Adam") }[kind];
  const title = is_own ? t("This run: {optimizer}", { optimizer: name }) : name[0].toUpperCase() + name.slice(1);
  const [note, lines] = { SGD: sgdWords, momentum: momentumWords, Adam: adamWords }[kind](way, ghost);
  return { kind, isRun: is_own, title, note, lines: [...gradientLines(way), ...lines, stepLine(ghost)], ...endOf(way, ghost) };
}

/** @param {Way} way @returns {Line[]} */
function gradientLines({ weights }) {
  return [{ label: t("gradient of the next batch"), values: weights.map(({ gradient }) => small(gradient)) }];
}

/** @param {{ step: number[] }} arrow @returns {Line} */
const stepLine = ({ step }) => ({ label: t("= step"), values: step.map(small) });

/**
 * @param {Way} way
 * @param {{ step: number[], cost: number }} arrow
 */
function endOf(way, { step, cost }) {
  return { step: step.map(small), cost: small(cost - way.cost) };
}

/** @typedef {[note: string, lines: Line[]]} Words */

/** @type {(way: Way, ghost: Ghost) => Words} */
function sgdWords({ rate }) {
  const note = t("Straight against the gradient: the steeper, the farther.");
  return [note, [{ label: t("× learning rate, downhill"), values: [`× −${number(rate)}`] }]];
}

/** @type {(way: Way, ghost: Ghost) => Words} */
function momentumWords({ rate, weights }, { starts, numbers, step }) {
  const [momentum] = numbers.momentum;
  const straight = Math.hypot(...weights.map(({ gradient }) => rate * gradient));
  const values = {
    share: digits(momentum),
    times: digits(1 / (1 - momentum)),
    here: digits(Math.hypot(...step) / straight),
    n: (numbers.over?.[0] ?? 0).toLocaleString("en-US"),
  };
  const start = {
    own: t("Goes on with this run’s velocity: {share} of the last step, and the gradient.", values),
    path: t("This run keeps no velocity, so it starts with the mean of the last {n} steps of the run.", values),
    fresh: t("No step is recorded before this one: it has no velocity yet, so its first step is that of plain SGD.", values),
  }[starts];
  const sense = t(
    "Steps that agree add up, to {times} times those of plain SGD after many; those that go to and fro cancel.",
    values,
  );
  const isTold = starts !== "fresh" && straight > 0 && Number.isFinite(straight);
  const here = isTold ? t("Here its step is {here} times as long as that of plain SGD.", values) : "";
  return [
    [start, momentum < 1 ? sense : "", here].filter(Boolean).join(" "),
    [
      {
        label: starts === "path" ? t("{share} × mean of the last steps", values) : t("{share} × last step", values),
        values: numbers.kept.map(small),
      },
      { label: t("− learning rate × gradient"), values: weights.map(({ gradient }) => small(-rate * gradient)) },
    ],
  ];
}

/** @type {(way: Way, ghost: Ghost) => Words} */
function adamWords(way, { starts, numbers, step }) {
  const count = Math.round(numbers.update[0]);
  const start =
    starts === "own" && count > 1
      ? t("With this run’s means over {n} updates.", { n: count.toLocaleString("en-US") })
      : t("A first update: of a single gradient, mean and usual size are the same, so each weight moves by the learning rate.");
  const isUnusual = starts !== "own" && way.rate > USUAL_ADAM_RATE;
  const rate = isUnusual
    ? t("At this run’s learning rate of {rate}: Adam usually has one near 0.001.", { rate: number(way.rate) })
    : "";
  const why = starts === "own" && count > 1 ? adamWhy(way, numbers.ratio, step) : rate;
  return [
    `${start} ${why}`.trim(),
    [
      { label: t("mean of the gradients"), values: numbers.mean.map(small) },
      { label: t("÷ their usual size"), values: numbers.size.map((value) => number3(value)) },
      { label: t("= how well they agree"), values: numbers.ratio.map(small) },
      { label: t("× learning rate, downhill"), values: [`× −${number(way.rate)}`] },
    ],
  ];
}

/**
 * Why both weights move differently, or alike.
 * @param {Way} way
 * @param {number[]} ratios
 * @param {number[]} step
 */
function adamWhy(way, ratios, step) {
  const parts = way.weights.map((weight, i) => {
    const name = shortWeight(way, weight);
    const share = Math.abs(ratios[i]);
    const values = { name, share: share.toFixed(2) };
    if (share > GROWING)
      return t("{name}: its gradient has just grown ({share}), so it moves more than a learning rate.", values);
    if (share >= STEADY) return t("{name}: its gradients agree ({share}), so it moves nearly a whole learning rate.", values);
    return t("{name}: its gradients in part cancel one another, so it moves {share} of a learning rate.", values);
  });
  const [steep, far] = [way.weights.map(({ gradient }) => gradient), step].map(([a, b]) => Math.abs(a) / Math.abs(b));
  const factors = [steep, far].map((factor) => Math.max(factor, 1 / factor));
  if (!factors.every(Number.isFinite) || Math.max(...factors) < LEAST_FACTOR) return parts.join(" ");
  const compared = t("The gradients differ by a factor of {steep}, the steps by {far}: each is measured by its own usual size.", {
    steep: factors[0].toFixed(1),
    far: factors[1].toFixed(1),
  });
  return [...parts, compared].join(" ");
}
