// An optimizer's formula as mathematics has it: pieces of text, upright or not, above or below the line. Pure: no DOM.

/** `place`: on the line, above or below it; `isName`: of a quantity, so in italics.
 * @typedef {{ text: string, place: "line" | "above" | "below", isName: boolean }} Piece */

const GREEK = /** @type {Record<string, string>} */ ({
  beta: "β",
  epsilon: "ε",
  alpha: "α",
  rho: "ρ",
  mu: "μ",
  lr: "η",
});
/** Larger whole numbers are written as a power of ten. */
const MOST_WHOLE = 1e7;
/** Functions, which stay upright. */
const WORDS = new Set([
  ...["sqrt", "abs", "sign", "maximum", "minimum", "clip", "where", "norm", "rms", "constraint", "orthogonal"],
  ...["row_mean", "column_mean"],
]);
/** Letters of a name that are set below the line; a longer one is written out. */
const MOST_BELOW = 7;
const POWER = / \*\* (\w[\w.]*(?=[ ),]|$)|\((?:[^()]|\([^()]*\))*\))/;
const PART = /([A-Za-z_]\w*|\d[\w.]*(?:[-+]\d+)?)/;

/**
 * A quantity's name: `beta_1` is β with a 1 below.
 * @param {string} name
 * @returns {Piece[]}
 */
export function symbol(name) {
  // Of Muon's AdamW; no other beta stands beside it.
  const short = name.startsWith("adam_beta") ? name.slice("adam_".length) : name;
  const at = short.indexOf("_");
  const [head, below] = at < 0 ? [short, ""] : [short.slice(0, at), short.slice(at + 1)];
  const isSmall = head.length <= 2 || head === "norm" || head === "rms" || Object.hasOwn(GREEK, head);
  /** @type {(text: string) => Piece} */
  const letter = (text) => ({ text, place: "line", isName: true });
  if (!isSmall || below.length > MOST_BELOW) return [letter(short.replaceAll("_", " "))];
  const main = GREEK[head] ?? head;
  if (below === "hat") return [letter(`${main}̂`)];
  return below ? [letter(main), { text: below.replaceAll("_", " "), place: "below", isName: false }] : [letter(main)];
}

/**
 * A formula or its numbers: powers above the line, times as a dot.
 * @param {string} text
 * @param {"line" | "above"} [place]
 * @returns {Piece[]}
 */
export function formula(text, place = "line") {
  /** @type {Piece[]} */
  const pieces = [];
  let rest = text;
  for (let power = POWER.exec(rest); power; power = POWER.exec(rest)) {
    pieces.push(...flat(rest.slice(0, power.index), place));
    const inside = power[1].startsWith("(") ? power[1].slice(1, -1) : power[1];
    pieces.push(...formula(inside, "above"));
    rest = rest.slice(power.index + power[0].length);
  }
  return [...pieces, ...flat(rest, place)];
}

/**
 * Without powers.
 * @param {string} text
 * @param {"line" | "above"} place
 * @returns {Piece[]}
 */
function flat(text, place) {
  return text
    .split(PART)
    .filter(Boolean)
    .flatMap((part) => {
      if (/^[A-Za-z_]/.test(part) && !WORDS.has(part)) return symbol(part).map((piece) => raised(piece, place));
      if (/^\d/.test(part)) return tens(part).map((piece) => raised(piece, place));
      return [{ text: part.replaceAll("_", " ").replaceAll(" * ", " · ").replaceAll("-", "−"), place, isName: false }];
    });
}

/** @type {(piece: Piece, place: "line" | "above") => Piece} */
const raised = (piece, place) => (place === "above" ? { ...piece, place } : piece);

/**
 * A number with its power of ten above the line.
 * @param {string} text as `1.5e-07`
 * @returns {Piece[]}
 */
export function tens(text) {
  const match = /^([−-]?\d[\d.]*)e([-+−]?)0*(\d+)$/.exec(text);
  if (!match) return [{ text: text.replaceAll("-", "−"), place: "line", isName: false }];
  const [, factor, sign, power] = match;
  const base = factor === "1" ? "10" : `${factor.replace("-", "−")}·10`;
  return [
    { text: base, place: "line", isName: false },
    { text: sign === "-" || sign === "−" ? `−${power}` : power, place: "above", isName: false },
  ];
}

/**
 * A number of so many digits, as Python's `g` has it; whole ones as they are.
 * @param {number | null} value
 * @param {number} [digits]
 * @returns {string | null} null for one that is not finite
 */
export function digitsOf(value, digits = 4) {
  if (value === null || !Number.isFinite(value)) return null;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < MOST_WHOLE) return String(value);
  if (size !== 0 && (size < 1e-4 || size >= 10 ** digits)) {
    const [factor, power] = value.toExponential(digits - 1).split("e");
    return `${Number(factor)}e${power}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/**
 * Three digits, with a real minus sign.
 * @param {number} value
 */
export function short(value) {
  const text = digitsOf(value, 3) ?? "–";
  return text.replaceAll("-", "−").replace("e+", "e");
}

/** The same with its sign always before it. @param {number} value */
export const shortSigned = (value) => (value > 0 ? `+${short(value)}` : short(value));
