// Escapes text of users and files for display, as nnviz/plain_text.py does for the pages.

// Invisible or reordering characters: controls, direction marks, zero-width characters, lone surrogates.
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

// Escapes them, as \u202e, and shortens the text to `limit` characters by leaving out its middle.
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

// For Plotly, which interprets a little HTML, formulas between dollar signs and placeholders in braces.
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
