// The draft in the page's address: kept there for a reload, and as a link for others.

import { setQueryParam } from "./query_params.js";

/** The draft as Python packed it last; where it is too long for an address, `why` says so. */
let draft = { packed: "", why: "" };

/**
 * Keeps the draft in the address, unless the address says it without: then it stays short.
 * @param {{ packed: string, why: string, isPlain: boolean }} next
 */
export function keepDraft({ packed, why, isPlain }) {
  draft = { packed, why };
  setQueryParam("draft", isPlain ? "" : packed);
}

/** The link to the draft, or why there is none. */
export function draftLink() {
  return draft.why ? { link: "", why: draft.why } : { link: linkTo(window.location.href, draft.packed), why: "" };
}

/**
 * The address of a page with a draft in it, and nothing else of that address.
 * @param {string} address
 * @param {string} packed
 */
export function linkTo(address, packed) {
  const { origin, pathname } = new URL(address);
  return packed ? `${origin}${pathname}?draft=${packed}` : `${origin}${pathname}`;
}
