// The catalog of layers and costs: summaries of their parameters, and new layers with initial values. Pure: no DOM.

import { t } from "../common/messages.js";
import { readable } from "./expression/slope.js";
import { asText, isPart, labelOf } from "./params.js";
import { BLOCKS, fromJson, newNode } from "./tree.js";

/** @typedef {import("./params.js").Param} Param */
/** @typedef {import("./tree.js").LayerJson} LayerJson */
/** @typedef {import("./tree.js").TreeNode} TreeNode */
/** @typedef {{ help: string, start: Record<string, any>, params: Param[] }} Entry */
/** @typedef {Entry & { group: string }} LayerEntry */
/**
 * `columns`: how the losses of the output's columns are reduced; `least_outputs`: the smallest number of outputs.
 * @typedef {Entry & { formula: string, sigmoid_formula?: string, reference?: string, columns: string, target_scaling: boolean,
 *   least_outputs: number, transform: string }} CostEntry
 */
/** @typedef {{ title: string, help: string, layers: LayerJson[] }} Preset */
/**
 * @typedef {object} Catalog
 * @property {[group: string, title: string][]} groups
 * @property {Record<string, LayerEntry>} layers
 * @property {Record<string, CostEntry>} costs
 * @property {Record<string, { formula: string, help: string }>} activations
 * @property {Preset[]} presets
 */

const MAX_START_WIDTH = 4096;

/**
 * Unpacks the catalog as Python sends it: `shared` holds each parameter once, and entries refer to it by index.
 * @param {any} packed
 * @returns {Catalog}
 */
export function unpack({ shared, layers, costs, ...rest }) {
  /** @param {any} entry */
  const withParams = (entry) => ({ ...entry, params: entry.params.map((/** @type {number} */ number) => shared[number]) });
  /** @param {Record<string, any>} kinds */
  const full = (kinds) => Object.fromEntries(Object.entries(kinds).map(([kind, entry]) => [kind, withParams(entry)]));
  return { ...rest, layers: full(layers), costs: full(costs) };
}

/**
 * A summary of a layer's parameters: those that differ from their defaults, and those that are always shown.
 * @param {LayerJson} spec
 * @param {Catalog} catalog
 */
export function describe(spec, catalog) {
  const entry = catalog.layers[spec.kind];
  const params = (entry?.params ?? []).filter((param) => !param.rare || (param.type === "part" && isPart(spec[param.name])));
  const words = params.map((param) => paramWords(param, param.name in spec ? spec[param.name] : param.default)).filter(Boolean);
  return words.join(" · ") || (entry?.help ?? "");
}

/**
 * Formats of values on a card by the type of their parameter; other types have the label before the value.
 * @type {Record<string, (value: any, label: string) => string>}
 */
const WORDS = {
  part: (value) => (isPart(value) ? Object.values(value).map(asText).join(" ") : ""),
  activation: (value) => (typeof value === "string" ? value : readable(value.expression)),
  bool: (value, label) => (value ? label : t("no {what}", { what: label })),
  choice: (value) => value,
  text: (value) => value,
  pair: (value) => (Array.isArray(value) ? value.join("×") : `${asText(value)}×${asText(value)}`),
  shape: (value) => `→ ${value.join("×")}`,
};

/**
 * @param {Param} param
 * @param {any} value
 */
function paramWords(param, value) {
  if (value == null || value === "linear") return "";
  if (!param.shown && JSON.stringify(value) === JSON.stringify(param.default)) return "";
  const label = labelOf(param).toLowerCase();
  if (WORDS[param.type]) return WORDS[param.type](value, label);
  return ["units", "filters"].includes(param.name) ? `${asText(value)} ${label}` : `${label} ${asText(value)}`;
}

/**
 * A new layer; its parameters are copied from `like`, an earlier layer of the same kind.
 * @param {string} kind
 * @param {Catalog} catalog
 * @param {{ params?: Record<string, any>, like?: TreeNode, shape: string }} place `shape`: its input, as "28×28×1", or empty
 */
export function newLayer(kind, catalog, { params = {}, like, shape }) {
  const spec = { kind, ...catalog.layers[kind].start, ...params };
  if (BLOCKS.includes(kind)) return newNode(spec, initialLists(kind, shape, catalog));
  const { name, ...same } = /** @type {LayerJson} */ (like?.spec ?? spec);
  return newNode({ ...spec, ...same });
}

/**
 * The initial contents of a block: a layer that fits its input; in a Residual one of the same width.
 * @param {string} kind
 * @param {string} shape
 * @param {Catalog} catalog
 * @returns {TreeNode[][]}
 */
function initialLists(kind, shape, catalog) {
  const sizes = shape.split("×").map(Number);
  const inner = sizes.length === 3 ? "Conv2D" : "Dense";
  const layer = fromJson({ kind: inner, ...catalog.layers[inner].start });
  const width = sizes.at(-1) ?? 0;
  if (kind === "Residual" && width >= 1 && width <= MAX_START_WIDTH) layer.spec[inner === "Dense" ? "units" : "filters"] = width;
  return kind === "Parallel" ? [[layer], []] : [[layer]];
}

/** Parameters common to all costs: they survive a change of the cost's kind. */
const COMMON_COST_PARAMS = [
  "project",
  "use_bias",
  "kernel_initializer",
  "bias_initializer",
  "kernel_regularizer",
  "bias_regularizer",
  "class_weight",
];

/**
 * A cost of another kind.
 * @param {string} kind
 * @param {Record<string, any>} before
 * @param {Catalog} catalog
 */
export function newCost(kind, before, catalog) {
  const same = Object.entries(before).filter(([name]) => COMMON_COST_PARAMS.includes(name));
  return { kind, ...catalog.costs[kind].start, ...Object.fromEntries(same) };
}
