// An element without looks: the page's address follows the draft.

import { keepDraft } from "../common/draft_address.js";

/** @param {{ data: { packed: string, why: string, isPlain: boolean } }} component */
export default function draftKeeper({ data }) {
  keepDraft(data);
}
