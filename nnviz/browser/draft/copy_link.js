// "Copy link": the whole draft as an address, on the clipboard.

import { el } from "../common/dom.js";
import { draftLink } from "../common/draft_address.js";
import { t } from "../common/messages.js";
import { iconButton } from "../stack/icons.js";

const TICK_MS = 60;
const LONGEST_WAIT_MS = 4000;

/** @param {import("../stack/snack.js").Snack} snack where it says what came of it */
export const linkButton = (snack) =>
  iconButton("link", t("Copy link to this exercise"), () => copyLink(snack), { class: "wide" });

/**
 * Copies the link to the draft as it is once what was typed last has arrived, and says so.
 * @param {import("../stack/snack.js").Snack} snack
 */
async function copyLink(snack) {
  await rested();
  const { link, why } = draftLink();
  if (!link) {
    snack.show(t("This has no link: {why}", { why }));
    return;
  }
  try {
    await navigator.clipboard.writeText(link);
    snack.show(t("Link copied. It holds this exercise: data settings, network and learning, no results."));
  } catch {
    // Browsers lend the clipboard to pages over https and of this computer only.
    const field = el("input", { type: "text", readonly: true, value: link, "aria-label": t("Link to this exercise") });
    snack.show(t("Copy this link:"), { content: field });
    field.focus();
    field.select();
  }
}

/** Until the page has run with what was changed last: a field of the page says so when it loses the focus. */
async function rested() {
  const app = document.querySelector('[data-testid="stApp"]');
  const isRunning = () => /run/i.test(app?.getAttribute("data-test-script-state") ?? "");
  const isResting = () => app?.getAttribute("data-test-script-state") === "notRunning";
  const start = Date.now();
  do await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  while (isRunning() && !isResting() && Date.now() - start < LONGEST_WAIT_MS);
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}
