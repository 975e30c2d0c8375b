// Uploads a file that is picked or dropped, unchanged, with progress and a cancel button.

import { el, lineIcon } from "../common/dom.js";
import { setMessages, t } from "../common/messages.js";
import { fileSize } from "../common/numbers.js";
import { visible } from "../common/visible.js";

const ARROW = "M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3";

/** @typedef {{ what: string, where?: string, remedy?: string }} Refusal */
/** @typedef {{ sha256: string, name: string, size: number }} Stored what the server answers: the file in its store */
/**
 * `limit`: the largest size in bytes; `stored`: the last file that was uploaded.
 * @typedef {{ title: string, note: string, limit: number, stored: Stored | null, messages: Record<string, string> }} UploadData
 */

/** @typedef {(name: string, value: any) => void} Send */

class Upload {
  /**
   * @param {Node} parent
   * @param {UploadData} data
   * @param {Send} setStateValue
   */
  constructor(parent, data, setStateValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    /** @type {XMLHttpRequest | null} */
    this.request = null;
    /** @type {Stored | null} */
    this.stored = null;
    this.input = el("input", { type: "file", tabindex: "-1", "aria-hidden": "true" });
    this.what = el("div", { class: "what" });
    this.note = el("div", { class: "note", "aria-live": "polite" });
    this.bar = el("div", { class: "bar" });
    this.track = el(
      "div",
      { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", hidden: "" },
      this.bar,
    );
    this.button = el("button", { type: "button" });
    this.error = el("div", { class: "trouble", role: "alert", hidden: "" });
    this.zone = el(
      "div",
      { class: "zone" },
      lineIcon(ARROW, { class: "sign" }),
      el("div", { class: "words" }, this.what, this.note, this.track),
      this.button,
      this.input,
    );
    this.node = el("div", { class: "upload" }, this.zone, this.error);
    parent.appendChild(this.node);
    this.listen();
  }

  listen() {
    this.button.addEventListener("click", () => (this.request ? this.cancel() : this.input.click()));
    this.input.addEventListener("change", () => {
      const file = this.input.files?.[0];
      if (file) this.send(file);
      this.input.value = "";
    });
    let depth = 0;
    /** @param {number} change */
    const over = (change) => {
      depth = Math.max(0, depth + change);
      this.zone.classList.toggle("over", depth > 0);
    };
    this.zone.addEventListener("dragenter", (event) => {
      event.preventDefault();
      over(1);
    });
    this.zone.addEventListener("dragleave", () => over(-1));
    this.zone.addEventListener("dragover", (event) => event.preventDefault());
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      const files = event.dataTransfer?.files ?? [];
      if (files.length > 1) this.refuse({ what: t("Several files were dropped."), remedy: t("Upload one at a time.") });
      else if (files.length && !this.request) this.send(files[0]);
    });
  }

  /**
   * @param {UploadData} data
   * @param {Send} setStateValue
   */
  receive(data, setStateValue) {
    setMessages(data.messages);
    this.data = data;
    this.setStateValue = setStateValue;
    if (!this.request) this.showIdle();
  }

  showIdle() {
    const stored = this.stored ?? this.data.stored;
    this.what.textContent = stored ? visible(stored.name, 200) : this.data.title;
    this.note.textContent = stored ? fileSize(stored.size) : t(this.data.note, { limit: fileSize(this.data.limit) });
    this.track.hidden = true;
    this.button.textContent = stored ? t("Another file") : t("Choose a file");
    this.button.setAttribute("aria-label", stored ? t("Choose another file") : this.data.title);
  }

  /** @param {Refusal} error */
  refuse(error) {
    const what = `${error.where ? `${error.where}: ` : ""}${error.what}`;
    this.error.textContent = visible(`${what}${/[.!?]$/.test(what) || !error.remedy ? "" : "."} ${error.remedy ?? ""}`.trim());
    this.error.hidden = false;
  }

  /** @param {File} file */
  send(file) {
    this.error.hidden = true;
    if (file.size > this.data.limit) {
      this.refuse({
        where: file.name,
        what: t("{size} is more than the limit of {limit}.", { size: fileSize(file.size), limit: fileSize(this.data.limit) }),
        remedy: t("Give fewer rows or columns."),
      });
      return;
    }
    if (!file.size) {
      this.refuse({ where: file.name, what: t("this file is empty."), remedy: "" });
      return;
    }
    const request = new XMLHttpRequest();
    this.request = request;
    this.what.textContent = visible(file.name, 200);
    this.note.textContent = t("uploading");
    this.button.textContent = t("Cancel");
    this.button.setAttribute("aria-label", t("Cancel the upload"));
    this.track.hidden = false;
    this.bar.className = "bar";
    this.bar.style.width = "0%";
    request.open("POST", `/nnviz/upload?name=${encodeURIComponent(file.name)}`);
    request.upload.addEventListener("progress", (event) => {
      const share = event.total ? Math.round((event.loaded / event.total) * 100) : 0;
      this.bar.style.width = `${share}%`;
      this.track.setAttribute("aria-valuenow", String(share));
      this.note.textContent = t("uploading, {share} % of {size}", { share, size: fileSize(file.size) });
    });
    request.upload.addEventListener("load", () => {
      this.note.textContent = t("storing");
      this.bar.className = "bar waiting";
    });
    request.addEventListener("load", () => this.finish(request));
    request.addEventListener("error", () => this.fail(t("The connection was lost.")));
    request.send(file);
  }

  /** @param {XMLHttpRequest} request */
  finish(request) {
    this.request = null;
    /** @type {(Stored & { error?: Refusal }) | null} */
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      /* a proxy's own page */
    }
    if (answer?.sha256) {
      this.stored = answer;
      this.showIdle();
      this.setStateValue("file", { ...answer, time: Date.now() });
    } else if (answer?.error) {
      this.showIdle();
      this.refuse(answer.error);
    } else {
      this.fail(t("The server rejected the file (status {status}).", { status: request.status }));
    }
  }

  /** @param {string} what */
  fail(what) {
    this.request = null;
    this.showIdle();
    this.refuse({ what, remedy: t("Try again.") });
  }

  cancel() {
    this.request?.abort();
    this.request = null;
    this.showIdle();
  }
}

/** @param {{ data: UploadData, parentElement: any, setStateValue: Send }} component */
export default function upload({ data, parentElement, setStateValue }) {
  if (!parentElement.upload?.node.isConnected) parentElement.upload = new Upload(parentElement, data, setStateValue);
  parentElement.upload.receive(data, setStateValue);
}
