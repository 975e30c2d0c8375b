// Texts made to fit into a width. Pure: no DOM.

/** The width of a text in pixels. @typedef {(text: string) => number} Measure */

const MOST_LINES = 3;
/** By so much a line may be too long: it is drawn narrower then. */
const SQUEEZED = 1.15;
/** Of the letters of a name that stay, so many are its last ones. */
const LAST_SHARE = 0.35;
/** Within names like CrossEntropy. */
const INNER = /(?<=[a-z])(?=[A-Z])/;

/**
 * Breaks a text into lines of this width, three at most: between words, and within a name like CrossEntropy that is too long. What
 * still does not fit ends with an ellipsis; a line that is hardly too long is left, to be drawn narrower.
 * @param {string} text
 * @param {number} width
 * @param {Measure} measure
 * @param {number} [most] lines
 */
export function wrap(text, width, measure, most = MOST_LINES) {
  /** @type {string[]} */
  const lines = [];
  const words = text.split(" ").flatMap((word) => (measure(word) > width * SQUEEZED ? word.split(INNER) : [word]));
  for (const word of words.filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const rest = lines.slice(most - 1).join(" ");
  const cut = lines.length > most ? [...lines.slice(0, most - 1), `${rest}…`] : lines;
  return cut.map((line) => shorten(line, width * SQUEEZED, measure));
}

/**
 * @param {string} text
 * @param {number} width
 * @param {Measure} measure
 */
export function shorten(text, width, measure) {
  if (measure(text) <= width) return text;
  let most = text.length - 1;
  while (most > 1 && measure(`${text.slice(0, most)}…`) > width) most -= 1;
  return `${text.slice(0, most)}…`;
}

/**
 * A name with what is too long left out before its end, which often tells it from others: `kind of…=pump`.
 * @param {string} name
 * @param {number} width
 * @param {Measure} measure
 */
export function cutName(name, width, measure) {
  if (measure(name) <= width) return name;
  let most = name.length - 1;
  const cut = () => {
    const end = Math.floor(most * LAST_SHARE);
    return `${name.slice(0, most - end)}…${name.slice(name.length - end)}`;
  };
  while (most > 1 && measure(cut()) > width) most -= 1;
  return cut();
}
