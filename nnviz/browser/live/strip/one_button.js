// Which button stands in the one place on the left: the page's Train, or the strip's Pause. Pure: no DOM.

import { isEnded } from "../run/run_status.js";

/**
 * "pause" while the run trains, or is about to, and the page's draft is what it trains; else "train".
 * @param {import("../run/feed.js").Feed | undefined} feed
 * @param {import("./status_bar.js").Page} page
 * @returns {"pause" | "train"}
 */
export function placeOf(feed, { changed, ended }) {
  if (!feed || feed.isGone || changed) return "train";
  const isOver = feed.status ? isEnded(feed.expected) : Boolean(ended);
  return isOver ? "train" : "pause";
}
