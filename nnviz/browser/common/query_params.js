// Parameters of the page's address: they name what is on view, for links and for the page's next rerun.

/**
 * A parameter of the address; an empty string where it is missing.
 * @param {string} name
 */
export function queryParam(name) {
  return new URL(window.location.href).searchParams.get(name) ?? "";
}

/**
 * Replaces a parameter of the address without a new entry in the history; an empty value removes it.
 * @param {string} name
 * @param {string | number} value
 */
export function setQueryParam(name, value) {
  const url = new URL(window.location.href);
  if (String(value) === queryParam(name)) return;
  if (value === "") url.searchParams.delete(name);
  else url.searchParams.set(name, String(value));
  window.history.replaceState(window.history.state, "", url);
}
