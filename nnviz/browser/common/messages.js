// Translations of the interface, sent by Python; a message without one is shown in English, as it stands in the code.

/** @type {Record<string, string>} */
let messages = {};

/**
 * Adds translations by their English text; those of the page's other elements stay.
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
