// The name that was meant where one is not known; nnviz.catalog.expression.nearest does the same in Python.

/** What other languages call these functions. @type {Record<string, string>} */
export const ALIASES = {
  arctan: "atan",
  ln: "log",
  logistic: "sigmoid",
  min: "minimum",
  sgn: "sign",
};

/**
 * The known name that is written almost like this one; empty where none is.
 * @param {string} name
 * @param {string[]} known
 */
export function nearest(name, known) {
  const low = name.toLowerCase();
  const alias = Object.hasOwn(ALIASES, low) ? ALIASES[low] : "";
  if (known.includes(alias)) return alias;
  let best = "";
  let least = most(low) + 1;
  for (const one of [...known].sort()) {
    // Of two that are as near, the one of the same length.
    const apart = distance(low, one.toLowerCase()) + Math.abs(low.length - one.length) / 100;
    if (one !== name && apart < least) [best, least] = [one, apart];
  }
  return best;
}

/**
 * How many slips a name of this length may hold: none in a short one, which is as well another name.
 * @param {string} name
 */
const most = ({ length }) => Number(length >= 3) + Number(length >= 7);

/**
 * How many letters are too many, missing, other ones or swapped with their neighbour.
 * @param {string} a
 * @param {string} b
 */
export function distance(a, b) {
  /** @type {number[][]} */
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i || j));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1;
      table[i][j] = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + other);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.length][b.length];
}
