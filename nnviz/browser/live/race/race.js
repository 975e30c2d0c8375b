// The rivals of a race side by side: a tile each, moving while they train; the slider moves all of them to the same epoch.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { drawnRuns } from "../live_view.js";
import { PastFrames } from "./past_frames.js";
import { Tile } from "./tile.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../run/feed.js").Frame} Frame */
/** @typedef {import("../history/scrubber.js").Moment} Moment */

const VIEWS = ["plane", "confusion", "agreement"];

export class Race {
  /**
   * @param {HTMLElement} host
   * @param {{ scheduleMoment: () => void, ask: (what: string, about: object) => void }} element draws again, and asks the page
   */
  constructor(host, element) {
    this.element = element;
    this.grid = el("div", { class: "nv-tiles" });
    this.root = el("section", { class: "nv-race", "aria-label": t("The race") }, this.grid);
    host.append(this.root);
    this.past = new PastFrames(() => element.scheduleMoment());
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
  }

  /**
   * @param {Feed[]} feeds the first is that of the run which the page shows
   * @param {import("../live_view.js").LiveData} data
   * @param {Set<string>} hidden
   * @param {Theme} theme
   * @param {Moment | null} moment
   */
  draw(feeds, data, hidden, theme, moment) {
    const runs = drawnRuns(feeds, data, hidden, theme);
    const { points, extent, axes, scale, classes } = data;
    const look = {
      metric: data.task === "regression" ? "r2" : "accuracy",
      rows: { points, extent, axes, scale, classes },
      theme,
    };
    const byName = new Map(feeds.map((feed) => [feed.run, feed]));
    this.follow(runs.map(({ feed }) => /** @type {Feed} */ (byName.get(feed.run))));
    const epoch = moment?.epoch ?? null;
    if (epoch === null) this.past.leave();
    else this.past.ask(epoch);
    for (const run of runs) {
      const feed = /** @type {Feed} */ (byName.get(run.feed.run));
      const isCurrent = feed === feeds[0];
      const frame = moment ? ((isCurrent ? frameOf(moment) : null) ?? this.past.at(feed.run, moment.epoch)) : latestOf(feed);
      this.tiles.get(feed.run)?.draw(run, feed, frame, { ...look, epoch, isCurrent });
    }
  }

  /** @param {Feed[]} feeds */
  follow(feeds) {
    const names = feeds.map(({ run }) => run);
    if (names.join() === [...this.tiles.keys()].join()) return;
    this.grid.replaceChildren();
    const onPick = (/** @type {string} */ rival) => this.element.ask("look", { rival });
    this.tiles = new Map(names.map((name) => [name, new Tile(this.grid, () => onPick(name))]));
    this.past.follow(feeds);
  }

  destroy() {
    this.past.destroy();
  }
}

/** @param {Moment} moment */
const frameOf = (moment) => (moment.frame?.body ? moment.frame : moment.before);

/**
 * @param {Feed} feed
 * @returns {Frame | null}
 */
function latestOf(feed) {
  const view = VIEWS.find((name) => feed.frames.has(name));
  const frame = view && feed.frames.get(view);
  return frame ? { ...frame, view } : null;
}
