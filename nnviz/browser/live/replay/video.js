// A replay as a video: the same elements once more, as wide as a screen, moment by moment painted and encoded.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { momentWords } from "../history/moment_words.js";
import live from "../live.js";
import { paintPage } from "./page_painter.js";
import { webm } from "./webm.js";

/** @typedef {import("../live_view.js").LiveData} LiveData */
/** @typedef {import("./webm.js").EncodedFrame} EncodedFrame */

const WIDTH = 1280;
const FRAME_MS = 120;
const LAST_MS = 2400;
const KEY_EVERY = 15;
const BITS_PER_SECOND = 5_000_000;
const MOST_WAITING = 4;
const PATIENCE_MS = 4000;
/** Around the preview, in pixels. */
const MARGIN = 120;

/** Whether this browser can encode a video. */
export const canEncode = () => "VideoEncoder" in window;

/** Shows what is being recorded, with how far it is and a button to cancel. */
export class VideoMaker {
  /**
   * @param {string} title
   * @param {LiveData} data of the replay
   */
  constructor(title, data) {
    this.isCancelled = false;
    this.words = el("p", { role: "status" }, t("Making the video"));
    this.when = el("span", {});
    this.host = el("div", {});
    this.page = el("div", { class: "nv-filming" }, el("header", {}, el("h1", {}, title), this.when), this.host);
    const cancel = el("button", { type: "button", onclick: () => this.dialog.close() }, t("Cancel"));
    this.dialog = el(
      "dialog",
      { class: "nv-video" },
      el("div", {}, this.words, cancel),
      el("div", { class: "nv-stills" }, this.page),
    );
    this.dialog.addEventListener("close", () => {
      this.isCancelled = true;
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    const parts = ["curves", "scrubber", "lower"];
    this.leave = live({ parentElement: this.host, data: { ...data, key: "video", parts }, setTriggerValue: () => {} });
    this.scale = 1;
  }

  get element() {
    return /** @type {any} */ (this.host).nnviz;
  }

  /**
   * The file; null where it was cancelled.
   * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
   */
  async make() {
    try {
      while (!this.element.scrubber.moments.count && !this.isCancelled) await nextFrame();
      const { moments } = this.element.scrubber;
      const canvas = document.createElement("canvas");
      canvas.width = WIDTH;
      canvas.height = 2 * Math.ceil(Math.max(await this.show(0), await this.show(moments.last)) / 2);
      const file = new Encoding(canvas);
      for (let at = 0; at < moments.count && !this.isCancelled; at += 1) {
        setText(this.words, t("Making the video: moment {n} of {of}", { n: at + 1, of: moments.count }));
        await this.show(at);
        this.paint(canvas);
        await file.add(at * FRAME_MS);
      }
      return this.isCancelled ? null : await file.finish((moments.count - 1) * FRAME_MS + LAST_MS);
    } finally {
      this.leave();
      this.dialog.remove();
    }
  }

  /**
   * Goes to a moment and waits until all is drawn; gives the height of the page then.
   * @param {number} at
   */
  async show(at) {
    const { scrubber, root, lower } = this.element;
    const { step, epoch } = scrubber.moments;
    setText(this.when, momentWords(epoch[at], step[at]));
    this.fit();
    scrubber.jump(at);
    const end = performance.now() + PATIENCE_MS;
    const isDrawn = () =>
      scrubber.moment?.frame?.body &&
      root.dataset.moment === String(step[at]) &&
      [...lower.views.open.values()].every(({ section }) => section.dataset.step === String(step[at]));
    do await nextFrame();
    while (!isDrawn() && !this.isCancelled && performance.now() < end);
    return this.page.offsetHeight;
  }

  /** Makes the whole page visible, since views are only drawn on the screen. */
  fit() {
    const { offsetHeight } = this.page;
    this.scale = Math.min(1, (innerWidth - MARGIN) / WIDTH, (innerHeight - MARGIN) / Math.max(1, offsetHeight));
    this.page.style.transform = `scale(${this.scale})`;
    const { style } = /** @type {HTMLElement} */ (this.page.parentElement);
    [style.width, style.height] = [`${WIDTH * this.scale}px`, `${offsetHeight * this.scale}px`];
  }

  /** @param {HTMLCanvasElement} canvas */
  paint(canvas) {
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = getComputedStyle(this.page).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    paintPage(pen, this.page, this.scale);
  }
}

class Encoding {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {EncodedFrame[]} */
    this.frames = [];
    /** @type {DOMException | null} */
    this.failure = null;
    const { width, height } = canvas;
    this.encoder = new VideoEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        this.frames.push({ data, time: chunk.timestamp / 1000, isKey: chunk.type === "key" });
      },
      error: (error) => {
        this.failure = error;
      },
    });
    this.encoder.configure({ codec: "vp8", width, height, bitrate: BITS_PER_SECOND, framerate: 1000 / FRAME_MS });
    this.count = 0;
  }

  /** Encodes what is on the canvas. @param {number} time milliseconds */
  async add(time) {
    if (this.failure) throw this.failure;
    const frame = new VideoFrame(this.canvas, { timestamp: 1000 * time });
    this.encoder.encode(frame, { keyFrame: this.count % KEY_EVERY === 0 });
    frame.close();
    this.count += 1;
    while (this.encoder.encodeQueueSize > MOST_WAITING) await nextFrame();
  }

  /** The file, whose last picture stays until its end. @param {number} duration milliseconds */
  async finish(duration) {
    await this.add(duration - FRAME_MS);
    await this.encoder.flush();
    this.encoder.close();
    return webm(this.frames, { width: this.canvas.width, height: this.canvas.height, duration });
  }
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
