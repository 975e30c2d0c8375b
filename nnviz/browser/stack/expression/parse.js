// The expression language in the browser: what nnviz.catalog.expression parses, parsed and evaluated here so that a formula is
// drawn while it is typed. No eval: a recursive descent over an allow-list. A value is a row of numbers: functions work on
// each element, sum, max and mean over the row, as in Python.

import { t } from "../../common/messages.js";
import { ARITHMETIC, COMPARISONS, CONSTANTS, FUNCTIONS, MULTI_ARGUMENT, NEGATION, REDUCTIONS, UNARY } from "./functions.js";
import { nearest } from "./nearest.js";

/** @typedef {import("./functions.js").Dual} Dual */
/** @typedef {import("./functions.js").Rule} Rule */
/** @typedef {Record<string, Dual[]>} Env rows by name */
/** @typedef {(env: Env) => Dual[]} Step */
/** @typedef {{ type: "number" | "name" | "sign" | "end", text: string, position: number }} Token */
/**
 * `run`: evaluates a row; `dual`: with derivatives; `names`: those that occur; `mixes`: whether it reduces over a row.
 * @typedef {{ run: (env: Record<string, number[]>) => number[], dual: Step, names: Set<string>, mixes: boolean }} Expression
 */

const MAX_LENGTH = 500;
const MAX_DEPTH = 50;
const MAX_NUMBER = 1e30;

export class ExpressionError extends Error {
  /**
   * @param {string} message
   * @param {number} position of the character that is wrong, from 0
   * @param {string} [unknown] the name at it that is not known
   * @param {string} [meant] the known name that was meant, if any is near
   */
  constructor(message, position, unknown = "", meant = "") {
    super(message);
    this.position = position;
    this.unknown = unknown;
    this.meant = meant;
  }
}

/**
 * @param {string} text
 * @returns {Token[]}
 */
function tokenize(text) {
  const pattern = /\s+|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|<=|>=|==|!=|[-+*/<>(),])/y;
  /** @type {Token[]} */
  const tokens = [];
  while (pattern.lastIndex < text.length) {
    const position = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new ExpressionError(t("{what} is not part of the language", { what: text[position] }), position);
    const [, number, name, sign] = match;
    if (Number(number) > MAX_NUMBER) throw new ExpressionError(t("{what} is too large", { what: number }), position);
    if (number !== undefined) tokens.push({ type: "number", text: number, position });
    else if (name !== undefined) tokens.push({ type: "name", text: name, position });
    else if (sign !== undefined) tokens.push({ type: "sign", text: sign, position });
  }
  tokens.push({ type: "end", text: "", position: text.length });
  return tokens;
}

/**
 * Lifts a rule for numbers to rows; a row of one element is broadcast.
 * @param {Rule} rule
 * @param {...Step} parts
 * @returns {Step}
 */
function lift([f, slopes], ...parts) {
  return (env) => {
    const rows = parts.map((part) => part(env));
    const size = Math.max(...rows.map((row) => row.length));
    return Array.from({ length: size }, (_, i) => {
      const duals = rows.map((row) => (row.length === 1 ? row[0] : row[i]));
      const values = duals.map(({ v }) => v);
      if (duals.every(({ d }) => d === 0)) return { v: f(...values), d: 0 };
      // Arguments that do not vary are left out of the chain rule: 0 times an infinite derivative would be NaN.
      const each = [slopes(...values)].flat();
      return { v: f(...values), d: duals.reduce((d, x, k) => (x.d === 0 || each[k] === 0 ? d : d + each[k] * x.d), 0) };
    });
  };
}

class Parser {
  /**
   * @param {string} text
   * @param {string[]} names
   */
  constructor(text, names) {
    this.tokens = tokenize(text);
    this.names = names;
    /** @type {Set<string>} */
    this.used = new Set();
    this.mixes = false;
    this.at = 0;
    this.depth = 0;
  }

  /** Parses the whole text. */
  parse() {
    const step = this.comparison();
    const token = this.tokens[this.at];
    if (token.type !== "end") throw new ExpressionError(t("{what} can't stand here", { what: token.text }), token.position);
    return step;
  }

  /**
   * Consumes the next token if it is one of these signs; else null.
   * @param {...string} signs
   */
  take(...signs) {
    const token = this.tokens[this.at];
    if (token.type !== "sign" || !signs.includes(token.text)) return null;
    this.at += 1;
    return token.text;
  }

  /** @param {string} sign */
  expect(sign) {
    if (this.take(sign)) return;
    const { type, position } = this.tokens[this.at];
    const isEnd = type === "end";
    throw new ExpressionError(
      isEnd ? t("{what} is missing at the end", { what: sign }) : t("expected {what} here", { what: sign }),
      position,
    );
  }

  /** @returns {Step} */
  comparison() {
    let left = this.sum();
    /** @type {Step | null} */
    let result = null;
    for (let sign = this.take(...Object.keys(COMPARISONS)); sign; sign = this.take(...Object.keys(COMPARISONS))) {
      const right = this.sum();
      const holds = lift(COMPARISONS[sign], left, right);
      result = result ? lift(ARITHMETIC["*"], result, holds) : holds;
      left = right;
    }
    return result ?? left;
  }

  sum() {
    let left = this.product();
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) left = lift(ARITHMETIC[sign], left, this.product());
    return left;
  }

  product() {
    let left = this.unary();
    for (let sign = this.take("*", "/"); sign; sign = this.take("*", "/")) left = lift(ARITHMETIC[sign], left, this.unary());
    return left;
  }

  /** @returns {Step} */
  unary() {
    const sign = this.take("-", "+");
    if (!sign) return this.power();
    const inner = this.unary();
    return sign === "-" ? lift(NEGATION, inner) : inner;
  }

  power() {
    const base = this.atom();
    return this.take("**") ? lift(ARITHMETIC["**"], base, this.unary()) : base;
  }

  /** @returns {Step} */
  atom() {
    const token = this.tokens[this.at];
    this.at += 1;
    if (token.type === "number") {
      const value = [{ v: Number(token.text), d: 0 }];
      return () => value;
    }
    if (token.type === "name") return this.tokens[this.at].text === "(" ? this.call(token) : this.name(token);
    if (token.text === "(") return this.inside(token);
    this.at -= 1;
    const isEnd = token.type === "end";
    throw new ExpressionError(
      isEnd ? t("something is missing at the end") : t("{what} can't stand here", { what: token.text }),
      token.position,
    );
  }

  /** @param {Token} token the opening bracket */
  inside(token) {
    this.deepen(token);
    const inner = this.comparison();
    this.depth -= 1;
    this.expect(")");
    return inner;
  }

  /** @param {Token} token */
  deepen(token) {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ExpressionError(t("too deeply nested"), token.position);
  }

  /**
   * @param {Token} token
   * @returns {Step}
   */
  name({ text, position }) {
    if (Object.hasOwn(CONSTANTS, text) && !this.names.includes(text)) return () => [{ v: CONSTANTS[text], d: 0 }];
    if (this.names.includes(text)) {
      this.used.add(text);
      return (env) => env[text];
    }
    if (FUNCTIONS.includes(text)) {
      throw new ExpressionError(t("{what} is a function: write {what}(...)", { what: text }), position);
    }
    const known = [...this.names, "pi", "e"];
    const message = t("unknown name {what}; there is {names}", { what: text, names: known.join(", ") });
    throw new ExpressionError(message, position, text, nearest(text, known));
  }

  /**
   * @param {Token} token the function's name
   * @returns {Step}
   */
  call(token) {
    const { text, position } = token;
    if (!FUNCTIONS.includes(text)) {
      const meant = nearest(text, FUNCTIONS);
      const message = meant
        ? t("unknown function {what}", { what: text })
        : t("unknown function {what}; there is {names}", { what: text, names: FUNCTIONS.join(", ") });
      throw new ExpressionError(message, position, text, meant);
    }
    this.deepen(token);
    this.expect("(");
    const parts = [this.comparison()];
    while (this.take(",")) parts.push(this.comparison());
    this.expect(")");
    this.depth -= 1;
    const wanted = text in MULTI_ARGUMENT ? MULTI_ARGUMENT[text][0] : 1;
    if (parts.length !== wanted) {
      const count = parts.length;
      throw new ExpressionError(t("{what} takes {wanted} values, not {count}", { what: text, wanted, count }), position);
    }
    if (text in REDUCTIONS) {
      this.mixes = true;
      return (env) => [REDUCTIONS[text](parts[0](env))];
    }
    const [, ...rule] = MULTI_ARGUMENT[text] ?? [0, ...UNARY[text]];
    return lift(rule, ...parts);
  }
}

/**
 * Parses an expression over these names. Throws ExpressionError.
 * @param {string} text
 * @param {string[]} names
 * @returns {Expression}
 */
export function parseExpression(text, names) {
  if (text.length > MAX_LENGTH) throw new ExpressionError(t("at most 500 characters are allowed"), MAX_LENGTH);
  const parser = new Parser(text, names);
  const dual = parser.parse();
  /** @param {Record<string, number[]>} env */
  const still = (env) => Object.fromEntries(Object.entries(env).map(([key, row]) => [key, row.map((v) => ({ v, d: 0 }))]));
  return { run: (env) => dual(still(env)).map(({ v }) => v), dual, names: parser.used, mixes: parser.mixes };
}

/**
 * A text whose unknown name is replaced by the one that was meant.
 * @param {string} text
 * @param {ExpressionError} error
 */
export function mended(text, { position, unknown, meant }) {
  return text.slice(0, position) + meant + text.slice(position + unknown.length);
}
