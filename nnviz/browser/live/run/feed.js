// The page's state of a run, built from the messages of its connection.

import { t } from "../../common/messages.js";
import { Curve } from "./curve.js";
import { decode } from "./msgpack.js";
import { epochOf } from "./run_status.js";

/** @typedef {import("./run_status.js").Status} Status */
/**
 * Something that happened to a run. `data` of a change: the setting's name, its values before and after; of a remedy: the rule of
 * the finding that it is for, the run that is the remedy, and what came of it.
 * @typedef {{ id: number, kind: string, step: number, epoch: number, time: number, text: string,
 *   data?: { name?: string, before?: number, after?: number, rule?: string, run?: string, kind?: string } }} RunEvent
 */
/** @typedef {{ step: number, epoch?: number, view?: string, body: any, why?: string }} Frame the network's predictions at a step */
/** @typedef {{ command: string, [field: string]: any }} Command */
/** @typedef {{ step: number, epoch: number }} Look the recorded step that the page looks back at */
/** @typedef {{ send: (message: object) => boolean, release: () => void }} Link the connection of a feed */

const ANSWER_TIMEOUT_MS = 8000;

export class Feed extends EventTarget {
  /** @param {string} run its id */
  constructor(run) {
    super();
    this.run = run;
    this.users = 0;
    /** @type {Link | null} */
    this.connection = null;
    this.attempt = -1;
    /** @type {Status | null} */
    this.status = null;
    /** @type {Record<string, number>} settings that may change while it trains, with the spec's values */
    this.settings = {};
    this.number = -1;
    /** @type {Command[]} the first is sent, the others wait for its answer */
    this.queue = [];
    /** @type {{ fields: Partial<Status>, until: number } | null} */
    this.pending = null;
    /** @type {string | null} */
    this.refusal = null;
    /** @type {Map<string, Curve>} */
    this.steps = new Map();
    /** @type {Map<string, Curve>} */
    this.epochs = new Map();
    /** @type {RunEvent[]} */
    this.events = [];
    /** @type {Map<string, Frame>} by view */
    this.frames = new Map();
    /** @type {Look | null} */
    this.look = null;
    /** @type {import("../doctor/doctor_words.js").Judgement | null} */
    this.judgement = null;
    this.isConnected = false;
    this.isGone = false;
    this.written = 0;
    this.messages = 0;
    this.bytes = 0;
  }

  /**
   * How often the network was changed by hand after so many steps: what was seen of it there before has gone.
   * @param {number} step
   */
  edits(step) {
    return this.events.filter((event) => event.kind === "edited" && event.step === step).length;
  }

  get points() {
    return [...this.steps.values(), ...this.epochs.values()].reduce((sum, curve) => sum + curve.value.length, 0);
  }

  /** The status, with the expected effect of commands that are not confirmed yet. */
  get expected() {
    if (!this.status || !this.pending || performance.now() >= this.pending.until) return this.status;
    return { ...this.status, ...this.pending.fields };
  }

  /**
   * Sends a query; the answer arrives as an event.
   * @param {Command} question
   */
  send(question) {
    this.connection?.send({ run: this.run, ...question });
  }

  /**
   * Sends a command to the run; it is refused if somebody else was faster. Commands are sent one at a time: the second of two
   * clicks is meant for the state after the first.
   * @param {Command} command
   * @param {Partial<Status>} [fields] the expected status, shown until it is confirmed
   */
  steer(command, fields = {}) {
    this.refusal = null;
    this.pending = { fields: { ...this.pending?.fields, ...fields }, until: performance.now() + ANSWER_TIMEOUT_MS };
    this.queue.push(command);
    if (this.queue.length === 1) this.sendNext();
    this.changed("steer");
  }

  sendNext() {
    const number = Math.max(this.number, this.status?.number ?? 0);
    if (!this.connection?.send({ run: this.run, ...this.queue[0], number })) this.rejectUnanswered();
  }

  /** Rejects all queued commands: the server cannot be reached. */
  rejectUnanswered() {
    this.reject(t("The server is not answering. Try again when it is back."));
  }

  /** @param {string} refusal */
  reject(refusal) {
    this.queue = [];
    this.pending = null;
    this.refusal = refusal;
  }

  /** @param {any} message */
  handleAnswer(message) {
    if (!message.ok) {
      this.reject(
        message.conflict
          ? t("Somebody else has steered this run meanwhile: look at what it does now, and try again.")
          : message.why,
      );
      return;
    }
    this.number = Math.max(this.number, message.number);
    this.queue.shift();
    if (this.queue.length) this.sendNext();
    this.settle();
  }

  /** Drops the expected status once the actual one includes the last command. */
  settle() {
    if (this.pending && !this.queue.length && (this.status?.number ?? -1) >= this.number) this.pending = null;
  }

  /**
   * The page looks back at this step; null: at the latest.
   * @param {Look | null} look
   */
  lookAt(look) {
    if (this.look?.step === look?.step) return;
    this.look = look && { step: look.step, epoch: look.epoch };
    this.changed("look");
  }

  /** @param {string} what */
  changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }

  /**
   * Takes a message of the hub and notifies listeners.
   * @param {any} message
   */
  receive(message) {
    this.messages += 1;
    if (["moments", "moment", "view"].includes(message.type)) {
      this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
      return;
    }
    if (this.apply(message)) this.changed(message.type);
  }

  /**
   * Returns whether anything changed.
   * @param {any} message
   */
  apply(message) {
    switch (message.type) {
      case "hello":
        this.handleHello(message);
        return true;
      case "answer":
        this.handleAnswer(message);
        return true;
      case "backlog":
        this.handleBacklog(message);
        return true;
      case "append":
        return this.handleAppend(message);
      case "frame":
        return this.handleFrame(message);
      case "judgement":
        this.judgement = message.judgement;
        return true;
      case "end":
        if (this.status) this.status = { ...this.status, status: message.status };
        return true;
      case "gone":
        this.isGone = true;
        return true;
      default:
        return false;
    }
  }

  /** @param {any} message */
  handleHello({ status, settings }) {
    this.isGone = false;
    this.judgement = null;
    this.setStatus(status);
    this.settings = settings;
    // An answer may have been dropped with the hub's full queue.
    this.queue = [];
    this.number = -1;
    this.pending = null;
  }

  /** @param {any} message the whole history of an attempt */
  handleBacklog(message) {
    for (const curve of [...this.steps.values(), ...this.epochs.values()]) curve.clear();
    this.attempt = message.attempt;
    this.events = [];
    this.addPoints(message);
  }

  /** @param {any} message */
  handleAppend(message) {
    if (message.attempt < this.attempt) return false;
    this.setStatus(message.status);
    this.written = message.written;
    this.settle();
    this.addPoints(message);
    return true;
  }

  /** @param {any} message */
  handleFrame({ view, step, epoch, body: sent }) {
    const before = this.frames.get(view);
    if (before && before.body.attempt === this.attempt && before.step > step) return false;
    const body = sent instanceof ArrayBuffer ? /** @type {any} */ (decode(sent)) : sent;
    body.attempt = this.attempt;
    this.frames.set(view, { step, epoch, body });
    return true;
  }

  /** @param {any} message */
  addPoints(message) {
    for (const [name, columns] of Object.entries(message.steps)) {
      const steps = new Uint32Array(columns.step);
      const epochs = Array.from(steps, (step) => epochOf(this.status, step));
      curveIn(this.steps, name).append(steps, epochs, new Float32Array(columns.time), new Float32Array(columns.value));
    }
    for (const [name, columns] of Object.entries(message.epochs)) {
      curveIn(this.epochs, name).append(
        new Uint32Array(columns.step),
        new Float32Array(columns.epoch),
        new Float32Array(columns.time),
        new Float32Array(columns.value),
      );
    }
    const seen = new Set(this.events.map((event) => event.id));
    // The doctor's are in its judgement: a newer one takes the place of all.
    const news = message.events.filter((/** @type {RunEvent} */ { id, kind }) => kind !== "finding" && !seen.has(id));
    this.events.push(...news);
  }

  /**
   * Recomputes epochs if the number of steps per epoch has changed: points may have arrived before that was known.
   * @param {Status} status
   */
  setStatus(status) {
    /** @param {Status | null} next */
    const parts = (next) => (next?.calendar ?? []).map((part) => part[0]).join();
    const hasNewParts = parts(this.status) !== parts(status);
    this.status = status;
    if (hasNewParts) for (const curve of this.steps.values()) curve.epoch = curve.step.map((step) => epochOf(status, step));
  }
}

/**
 * The curve of this name, created if missing.
 * @param {Map<string, Curve>} curves
 * @param {string} name
 */
function curveIn(curves, name) {
  const curve = curves.get(name) ?? new Curve();
  curves.set(name, curve);
  return curve;
}
