// The interface's language: Python sends what each message is in it; without, a message is shown as it is written here.

/** @type {Record<string, string>} */
let messages = {};

/**
 * Messages by their English text; those of other elements of the page stay.
 * @param {Record<string, string>} translated
 */
export function setMessages(translated) {
  messages = { ...messages, ...translated };
}

/**
 * A message in the user's language, with `{name}` filled in from `values`.
 * @param {string} message
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(message, values = {}) {
  return (messages[message] ?? message).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
