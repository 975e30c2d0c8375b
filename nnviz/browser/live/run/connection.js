// WebSockets of the page: one for the runs of an element, shared by all elements that show them.

import { Feed } from "./feed.js";
import { decode } from "./msgpack.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;
const LINGER_MS = 3000;

/** @type {Map<string, Feed>} */
const feeds = new Map();

class Connection {
  /** @param {Feed[]} runs */
  constructor(runs) {
    this.feeds = new Map(runs.map((run) => [run.run, run]));
    this.wait = FIRST_WAIT_MS;
    this.isClosed = false;
    this.timer = 0;
    this.socket = this.open();
  }

  /** Opens the socket. Until the connection is closed it is reopened, with increasing delays. */
  open() {
    const place = new URL("/nnviz/stream", location.origin);
    place.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    place.search = String(new URLSearchParams({ runs: [...this.feeds.keys()].join(",") }));
    const socket = new WebSocket(place);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = () => this.handleClose();
    return socket;
  }

  /** @param {ArrayBuffer} packed */
  receive(packed) {
    const message = /** @type {any} */ (decode(packed));
    const feed = this.feeds.get(message.run);
    if (!feed) return;
    feed.bytes += packed.byteLength;
    if (!feed.isConnected) {
      feed.isConnected = true;
      this.wait = FIRST_WAIT_MS;
    }
    feed.receive(message);
  }

  handleClose() {
    for (const feed of this.feeds.values()) {
      feed.isConnected = false;
      if (feed.queue.length) feed.rejectUnanswered();
      feed.changed("connection");
    }
    if (this.isClosed) return;
    const reopen = () => {
      this.socket = this.open();
    };
    this.timer = window.setTimeout(reopen, this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 1.7, LONGEST_WAIT_MS);
  }

  /**
   * Returns whether it was sent.
   * @param {object} message
   */
  send(message) {
    const isOpen = this.socket.readyState === WebSocket.OPEN;
    if (isOpen) this.socket.send(JSON.stringify(message));
    return isOpen;
  }

  /** Closes the socket a moment after its last element has left: a rerun often mounts the same run again. */
  release() {
    setTimeout(() => {
      if ([...this.feeds.values()].some((feed) => feed.users > 0)) return;
      this.isClosed = true;
      clearTimeout(this.timer);
      this.socket.close();
      for (const run of this.feeds.keys()) if (feeds.get(run)?.connection === this) feeds.delete(run);
    }, LINGER_MS);
  }
}

/**
 * A feed that needs no socket: `follow` gives it to whoever asks for its run.
 * @param {Feed} feed
 */
export function lend(feed) {
  feeds.set(feed.run, feed);
}

/**
 * Feeds of these runs, in order; runs not followed yet share one new socket. Release each with `unfollow`.
 * @param {string[]} runs
 * @returns {Feed[]}
 */
export function follow(runs) {
  /** @type {Feed[]} */
  const fresh = [];
  const wanted = runs.map((run) => {
    let feed = feeds.get(run);
    if (!feed) {
      feed = new Feed(run);
      feeds.set(run, feed);
      fresh.push(feed);
    }
    feed.users += 1;
    return feed;
  });
  if (fresh.length) {
    const connection = new Connection(fresh);
    for (const feed of fresh) feed.connection = connection;
  }
  return wanted;
}

/** @param {Feed[]} released */
export function unfollow(released) {
  for (const feed of released) {
    feed.users -= 1;
    feed.connection?.release();
  }
}
