// Statistics as data attributes of an element, for tests and debugging: what was drawn, and with what latency.

/** @typedef {import("./run/feed.js").Feed} Feed */

const LATENCIES = 100;

export class Readings {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.undrawn = 0;
    this.updates = 0;
    this.written = 0;
    /** @type {number[]} milliseconds */
    this.latencies = [];
  }

  /** Resets the statistics for another run. */
  restart() {
    this.undrawn = 1;
    this.updates = 0;
    this.written = 0;
    this.latencies = [];
  }

  /** Notes that points have arrived that are not drawn yet. */
  pointsArrived() {
    this.undrawn += 1;
  }

  /**
   * Writes the attributes after a drawing.
   * @param {Feed[]} feeds
   * @param {boolean} isDrawn whether curves could be drawn, where there are any to draw
   * @param {number[] | null} zoom
   */
  write(feeds, isDrawn, zoom) {
    const [feed] = feeds;
    const points = feeds.reduce((sum, { points: count }) => sum + count, 0);
    if (this.undrawn && points && isDrawn) this.count(feeds);
    const { status } = feed ?? {};
    const readings = {
      updates: this.updates,
      points: isDrawn ? points : 0,
      step: status?.step ?? 0,
      epoch: status?.epoch ?? 0,
      status: feed?.isGone ? "gone" : (status?.status ?? "none"),
      connected: feeds.every(({ isConnected }) => isConnected),
      bytes: feeds.reduce((sum, { bytes }) => sum + bytes, 0),
      zoom: JSON.stringify(zoom),
    };
    for (const [name, value] of Object.entries(readings)) this.root.dataset[name] = String(value);
  }

  /** @param {Feed[]} feeds */
  count(feeds) {
    this.updates += 1;
    this.undrawn = 0;
    const written = Math.max(0, ...feeds.map((feed) => feed.written));
    if (written <= this.written) return;
    this.written = written;
    this.latencies = [...this.latencies.slice(1 - LATENCIES), Date.now() - written];
    const ordered = this.latencies.toSorted((a, b) => a - b);
    this.root.dataset.latencyMs = String(Math.round(ordered[ordered.length >> 1]));
  }
}
