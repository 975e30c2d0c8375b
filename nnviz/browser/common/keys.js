// Hints of keys in tooltips.

const hasKeyboard = () => typeof matchMedia !== "function" || matchMedia("(hover: hover)").matches;

/**
 * A tooltip with the key that does the same; without it on a device that is touched.
 * @param {string} words may be empty
 * @param {string} key
 */
export function withKey(words, key) {
  if (!hasKeyboard()) return words;
  return words ? `${words} (${key})` : key;
}
