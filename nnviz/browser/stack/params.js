// Parameters of layers and costs: formatting their values, and parsing typed text. Pure: no DOM.

import { t } from "../common/messages.js";
import { mended, parseExpression } from "./expression/parse.js";

/**
 * A parameter as the catalog describes it (nnviz.catalog.param); empty properties are left out.
 * @typedef {object} Param
 * @property {string} name
 * @property {string} type int, float, bool, choice, text, expression, activation, pair, shape or part
 * @property {any} [default]
 * @property {string} [label]
 * @property {string} [help]
 * @property {string} [allowed] what is allowed, in words
 * @property {boolean} [optional]
 * @property {boolean} [required]
 * @property {boolean} [rare]
 * @property {boolean} [shown] whether a card shows the value even if it is the default
 * @property {number} [minimum]
 * @property {number} [above]
 * @property {number} [maximum]
 * @property {number} [below]
 * @property {number} [step]
 * @property {string[]} [choices]
 * @property {string[]} [names] what an expression may use
 * @property {Record<string, Param[]>} [parts] the parameters of each kind of part
 */
/**
 * A value, or why there is none; where a name was almost right, the one that was `meant`, and the text with it.
 * @typedef {{ value: any, error?: undefined, mended?: undefined, meant?: undefined }
 *   | { value?: undefined, error: string, mended?: string, meant?: string }} Reading
 */

/** @param {any} value */
export function asText(value) {
  if (value == null) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && "each" in value) return Array.isArray(value.each) ? value.each.join(", ") : value.each;
  return typeof value === "number" ? String(+value.toPrecision(12)) : String(value);
}

/**
 * Whether a value is a part: one of several kinds, with its own parameters.
 * @param {any} value
 */
export const isPart = (value) => value != null && typeof value === "object" && "kind" in value;

/**
 * Whether an activation is a custom expression.
 * @param {any} value
 */
export const isTyped = (value) => value != null && typeof value === "object" && "expression" in value;

/** @param {Param} param */
export const isNumeric = (param) => param.type === "int" || param.type === "float";

/** @param {Param} param */
export const labelOf = (param) => param.label || (param.name[0].toUpperCase() + param.name.slice(1)).replaceAll("_", " ");

/**
 * @param {Param} param
 * @param {number} number
 */
export function inRange({ type, minimum, above, maximum, below }, number) {
  if (!Number.isFinite(number) || (type !== "float" && !Number.isInteger(number))) return false;
  if (number < (minimum ?? -Infinity) || number > (maximum ?? Infinity)) return false;
  return !(above != null && number <= above) && !(below != null && number >= below);
}

/**
 * Parses typed text as the parameter's value.
 * @param {Param} param
 * @param {string} text
 * @param {number} times the copies of the Repeat around it, or 0
 * @returns {Reading}
 */
export function readParam(param, text, times) {
  const typed = text.trim();
  if (typed === "") {
    return param.optional ? { value: null } : { error: t("is needed: {allowed}", { allowed: param.allowed }) };
  }
  if (param.type === "text") return { value: typed };
  if (param.type === "expression") return readExpression(param, typed);
  return readNumbers(param, typed, times);
}

/**
 * One number, several, or a rule for each copy.
 * @param {Param} param
 * @param {string} typed
 * @param {number} times
 * @returns {Reading}
 */
function readNumbers(param, typed, times) {
  const numbers = typed
    .split(/\s*[,x×;]\s*|\s+/)
    .filter(Boolean)
    .map(Number);
  const isList = numbers.length > 1 && !numbers.some(Number.isNaN);
  if (param.type === "shape" || (param.type === "pair" && isList)) return readSizes(param, numbers);
  const number = Number(typed);
  if (!Number.isNaN(number)) return inRange(param, number) ? { value: number } : refusal(param);
  if (!times) return refusal(param);
  return isList ? readEach(param, numbers, times) : readRule(param, typed, times);
}

/**
 * The sizes of a shape (up to four) or of a pair.
 * @param {Param} param
 * @param {number[]} numbers
 * @returns {Reading}
 */
function readSizes(param, numbers) {
  const fits = param.type === "shape" ? numbers.length <= 4 : numbers.length === 2;
  return fits && numbers.every((number) => inRange(param, number)) ? { value: numbers } : refusal(param);
}

/**
 * @param {Param} param
 * @returns {Reading}
 */
function refusal(param) {
  return { error: t("must be {allowed}", { allowed: param.allowed }) };
}

/**
 * @param {Param} param
 * @param {string} typed
 * @returns {Reading}
 */
function readExpression(param, typed) {
  try {
    parseExpression(typed, param.names ?? []);
    return { value: typed };
  } catch (error) {
    return wrongExpression(typed, error, t("at position {n}: {what}", { n: (error.position ?? 0) + 1, what: error.message }));
  }
}

/**
 * @param {string} typed
 * @param {any} error
 * @param {string} words
 * @returns {Reading}
 */
function wrongExpression(typed, error, words) {
  return error.meant ? { error: words, meant: error.meant, mended: mended(typed, error) } : { error: words };
}

/**
 * One value for each copy.
 * @param {Param} param
 * @param {number[]} numbers
 * @param {number} times
 * @returns {Reading}
 */
function readEach(param, numbers, times) {
  if (numbers.length !== times) return { error: t("{n} values for {times} copies", { n: numbers.length, times }) };
  return numbers.every((number) => inRange(param, number)) ? { value: { each: numbers } } : refusal(param);
}

/**
 * An expression of the copy's number i.
 * @param {Param} param
 * @param {string} typed
 * @param {number} times
 * @returns {Reading}
 */
function readRule(param, typed, times) {
  try {
    const { run } = parseExpression(typed, ["i"]);
    const values = Array.from({ length: times }, (_, i) => run({ i: [i] })[0]);
    const i = values.findIndex((value) => !inRange(param, value));
    if (i < 0) return { value: { each: typed } };
    const value = +values[i].toPrecision(6);
    return { error: t("copy {i} gets {value}; it must be {allowed}", { i, value, allowed: param.allowed }) };
  } catch (error) {
    return wrongExpression(typed, error, error.message);
  }
}

/**
 * The value of the first copy, where a field holds one value for each.
 * @param {{ each: number[] | string }} value
 */
export function firstOf({ each }) {
  return Array.isArray(each) ? each[0] : parseExpression(each, ["i"]).run({ i: [0] })[0];
}

/**
 * Sets a parameter of a layer or cost; null removes one whose default is null. Returns whether anything changed.
 * @param {Record<string, any>} spec
 * @param {{ name: string, default?: any }} param
 * @param {any} value
 */
export function setParam(spec, param, value) {
  const now = param.name in spec ? spec[param.name] : param.default;
  if (JSON.stringify(now) === JSON.stringify(value)) return false;
  if (value === null && param.default == null) delete spec[param.name];
  else spec[param.name] = value;
  return true;
}
