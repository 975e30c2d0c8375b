// Text of users and files, made fit to be shown; as nnviz/plain_text.py does it for the pages.

// What is not seen, or turns what stands beside it around: controls, marks of direction, zero-width characters, halves of pairs.
const INVISIBLE = new RegExp(
  [
    "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u2028-\\u202e",
    "\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]|\\p{Surrogate}",
  ].join(""),
  "gu",
);
const COMBINING = "[\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]";
const STACKED_MARKS = new RegExp(`(${COMBINING}{4})${COMBINING}+`, "g");
/** @type {Record<string, string>} */
const SYMBOLS = { "\n": "⏎", "\t": "⇥", "\u007f": "␡" };

/** @param {string} sign */
function escaped(sign) {
  const code = sign.codePointAt(0) ?? 0;
  if (SYMBOLS[sign]) return SYMBOLS[sign];
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

// With these written out, as \u202e. In one line of at most `limit` characters; of a longer one the middle is left out.
/**
 * @param {unknown} text
 * @param {number} [limit]
 */
export function visible(text, limit = 2000) {
  let whole = String(text);
  if (whole.length > limit) {
    const tail = Math.max(1, Math.floor(limit / 3));
    whole = `${whole.slice(0, limit - tail - 1)}…${whole.slice(-tail)}`;
  }
  return whole.replace(INVISIBLE, escaped).replace(STACKED_MARKS, "$1…");
}

// For Plotly, which reads a little HTML, formulas between dollar signs and places for numbers in braces.
/**
 * @param {unknown} text
 * @param {number} [limit]
 */
export function forPlotly(text, limit = 80) {
  return visible(text, limit)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("$", "&#36;")
    .replaceAll("{", "&#123;");
}
