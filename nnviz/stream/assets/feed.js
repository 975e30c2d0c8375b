// What the page knows of each run, kept up to date over one socket however many elements show it.

import { decode } from "./msgpack.js";
import { Curve } from "./curve.js";
import { t } from "./dom.js";

const feeds = new Map();
const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;
const LINGER = 3000;
const PATIENCE = 8000;

export class Feed extends EventTarget {
  constructor(run) {
    super();
    this.run = run;
    this.users = 0;
    this.connection = null;
    this.attempt = -1;
    this.status = null;
    this.settings = {};
    this.number = -1;
    this.line = [];
    this.wish = null;
    this.refusal = null;
    this.steps = new Map();
    this.epochs = new Map();
    this.events = [];
    this.frames = new Map();
    this.isConnected = false;
    this.isGone = false;
    this.latency = null;
    this.written = 0;
    this.messages = 0;
    this.bytes = 0;
  }

  get points() {
    let found = 0;
    for (const curve of this.steps.values()) found += curve.value.length;
    for (const curve of this.epochs.values()) found += curve.value.length;
    return found;
  }

  // What the page shows: what the run does, and at once what has just been asked of it.
  get shown() {
    return this.status && this.wish && performance.now() < this.wish.until ? { ...this.status, ...this.wish.fields } : this.status;
  }

  // Asks for something to look at; whoever asks has an eye on what comes.
  send(question) {
    this.connection?.send({ run: this.run, ...question });
  }

  // Asks something of the run as it is now; if somebody else was faster it is refused. One after the other: what is pressed
  // twice is meant for what the first press made of the run. `fields`: how the status will be, shown until it is known.
  steer(command, fields = {}) {
    this.refusal = null;
    this.wish = { fields: { ...this.wish?.fields, ...fields }, until: performance.now() + PATIENCE };
    this.line.push(command);
    if (this.line.length === 1) this.sendNext();
    this.changed("steer");
  }

  sendNext() {
    const number = Math.max(this.number, this.status?.number ?? 0);
    if (!this.connection?.send({ run: this.run, ...this.line[0], number })) this.drop(t("The server does not answer now: try again when it is back."));
  }

  drop(refusal) {
    this.line = [];
    this.wish = null;
    this.refusal = refusal;
  }

  answered(message) {
    if (!message.ok) {
      this.drop(message.conflict ? t("Somebody else has steered this run meanwhile: look at what it does now, and try again.") : message.why);
      return;
    }
    this.number = Math.max(this.number, message.number);
    this.line.shift();
    if (this.line.length) this.sendNext();
    this.settle();
  }

  // A wish is over once the status is that of the last command.
  settle() {
    if (this.wish && !this.line.length && (this.status?.number ?? -1) >= this.number) this.wish = null;
  }

  changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }

  receive(message) {
    this.messages += 1;
    switch (message.type) {
      case "hello":
        this.isGone = false;
        this.know(message.status);
        this.settings = message.settings;
        // An answer may have been lost with what waited in a full queue.
        this.line = [];
        this.number = -1;
        this.wish = null;
        break;
      case "answer":
        this.answered(message);
        break;
      case "backlog":
        for (const curve of [...this.steps.values(), ...this.epochs.values()]) curve.clear();
        this.attempt = message.attempt;
        this.events = [];
        this.take(message);
        break;
      case "append":
        if (message.attempt < this.attempt) return;
        this.know(message.status);
        this.written = message.written;
        this.settle();
        this.take(message);
        break;
      case "frame": {
        const before = this.frames.get(message.view);
        const body = message.body instanceof ArrayBuffer ? decode(message.body) : message.body;
        if (before && before.body.attempt === this.attempt && before.step > message.step) return;
        body.attempt = this.attempt;
        this.frames.set(message.view, { step: message.step, epoch: message.epoch, body });
        break;
      }
      case "end":
        if (this.status) this.status = { ...this.status, status: message.status };
        break;
      case "gone":
        this.isGone = true;
        break;
      case "moments":
      case "moment":
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
        return;
      default:
        return;
    }
    this.changed(message.type);
  }

  take(message) {
    for (const [name, columns] of Object.entries(message.steps)) {
      const steps = new Uint32Array(columns.step);
      const epochs = Array.from(steps, (step) => this.epochOf(step));
      this.curve(this.steps, name).append(steps, epochs, new Float32Array(columns.time), new Float32Array(columns.value));
    }
    for (const [name, columns] of Object.entries(message.epochs)) {
      this.curve(this.epochs, name).append(
        new Uint32Array(columns.step), new Float32Array(columns.epoch), new Float32Array(columns.time),
        new Float32Array(columns.value));
    }
    const seen = new Set(this.events.map((event) => event.id));
    for (const event of message.events) if (!seen.has(event.id)) this.events.push(event);
  }

  // Epochs are counted anew where an epoch has got other many steps: points may have come before that was known.
  know(status) {
    const parts = (known) => (known?.calendar ?? []).map((part) => part[0]).join();
    const isAnother = parts(this.status) !== parts(status);
    this.status = status;
    if (isAnother) for (const curve of this.steps.values()) curve.epoch = curve.step.map((step) => this.epochOf(step));
  }

  // By status.calendar: [first step, its epoch, steps an epoch] of each part of the training.
  epochOf(step) {
    const part = (this.status?.calendar ?? []).findLast(([first]) => first <= step);
    return part ? part[1] + (step - part[0]) / part[2] : NaN;
  }

  stepOf(epoch) {
    const part = (this.status?.calendar ?? []).findLast(([, first]) => first <= epoch);
    return part ? part[0] + (epoch - part[1]) * part[2] : NaN;
  }

  curve(curves, name) {
    if (!curves.has(name)) curves.set(name, new Curve());
    return curves.get(name);
  }
}

class Connection {
  constructor(runs) {
    this.feeds = new Map(runs.map((run) => [run.run, run]));
    this.wait = FIRST_WAIT;
    this.isClosed = false;
    this.open();
  }

  open() {
    const place = new URL("/nnviz/stream", location.origin);
    place.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    place.search = new URLSearchParams({ runs: [...this.feeds.keys()].join(",") });
    this.socket = new WebSocket(place);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => {
      const message = decode(event.data);
      const feed = this.feeds.get(message.run);
      if (!feed) return;
      feed.bytes += event.data.byteLength;
      if (!feed.isConnected) {
        feed.isConnected = true;
        this.wait = FIRST_WAIT;
      }
      feed.receive(message);
    };
    this.socket.onclose = () => {
      for (const feed of this.feeds.values()) {
        feed.isConnected = false;
        if (feed.line.length) feed.drop(t("The server does not answer now: try again when it is back."));
        feed.changed("connection");
      }
      if (this.isClosed) return;
      this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 1.7, LONGEST_WAIT);
    };
  }

  // Whether it was sent.
  send(message) {
    const isOpen = this.socket.readyState === WebSocket.OPEN;
    if (isOpen) this.socket.send(JSON.stringify(message));
    return isOpen;
  }

  // A socket stays for a moment after its last element left: a rerun often mounts the same run again.
  release() {
    setTimeout(() => {
      if ([...this.feeds.values()].some((feed) => feed.users > 0)) return;
      this.isClosed = true;
      clearTimeout(this.timer);
      this.socket.close();
      for (const run of this.feeds.keys()) if (feeds.get(run)?.connection === this) feeds.delete(run);
    }, LINGER);
  }
}

// Feeds of these runs, in order; runs not followed yet share one new socket. Give each back with `leave`.
export function follow(runs) {
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

export function leave(left) {
  for (const feed of left) {
    feed.users -= 1;
    feed.connection.release();
  }
}
