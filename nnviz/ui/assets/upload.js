// A file on its way: picked or dropped, sent as it lies on the disk, with progress and a way to stop.

let words = {};
const t = (text) => words[text] ?? text;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const UNITS = ["B", "kB", "MB", "GB"];

function size(bytes) {
  let value = bytes, unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) { value /= 1024; unit += 1; }
  return `${unit && value < 99.5 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class Upload {
  constructor(parent) {
    this.request = null;
    this.input = el("input", { type: "file", tabindex: "-1", "aria-hidden": "true" });
    this.what = el("div", { class: "what" });
    this.note = el("div", { class: "note", "aria-live": "polite" });
    this.bar = el("div", { class: "bar" });
    this.track = el("div", { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", hidden: "" }, this.bar);
    this.button = el("button", { type: "button" });
    this.trouble = el("div", { class: "trouble", role: "alert", hidden: "" });
    const template = document.createElement("template");
    template.innerHTML = '<svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3"/></svg>';
    this.zone = el("div", { class: "zone" }, template.content, el("div", { class: "words" }, this.what, this.note, this.track), this.button, this.input);
    this.node = el("div", { class: "upload" }, this.zone, this.trouble);
    parent.append(this.node);
    this.listen();
  }

  listen() {
    this.button.addEventListener("click", () => (this.request ? this.cancel() : this.input.click()));
    this.input.addEventListener("change", () => {
      if (this.input.files.length) this.send(this.input.files[0]);
      this.input.value = "";
    });
    let depth = 0;
    const over = (change) => {
      depth = Math.max(0, depth + change);
      this.zone.classList.toggle("over", depth > 0);
    };
    this.zone.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
    this.zone.addEventListener("dragleave", () => over(-1));
    this.zone.addEventListener("dragover", (event) => event.preventDefault());
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      const files = event.dataTransfer.files;
      if (files.length > 1) this.refuse({ what: t("These are several files."), remedy: t("Give one at a time.") });
      else if (files.length && !this.request) this.send(files[0]);
    });
  }

  receive(data, setStateValue) {
    words = data.words;
    this.data = data;
    this.setStateValue = setStateValue;
    if (!this.request) this.rest();
  }

  rest() {
    const kept = this.kept ?? this.data.kept;
    this.what.textContent = kept ? visible(kept.name, 200) : this.data.title;
    this.note.textContent = kept ? size(kept.size) : fill(this.data.note, { limit: size(this.data.limit) });
    this.track.hidden = true;
    this.button.textContent = kept ? t("Another file") : t("Choose a file");
    this.button.setAttribute("aria-label", kept ? t("Choose another file") : this.data.title);
  }

  refuse(error) {
    const what = `${error.where ? `${error.where}: ` : ""}${error.what}`;
    this.trouble.textContent = visible(`${what}${/[.!?]$/.test(what) || !error.remedy ? "" : "."} ${error.remedy ?? ""}`.trim());
    this.trouble.hidden = false;
  }

  send(file) {
    this.trouble.hidden = true;
    if (file.size > this.data.limit) {
      this.refuse({ where: file.name, what: fill(t("{size} is more than the limit of {limit}."), { size: size(file.size), limit: size(this.data.limit) }), remedy: t("Give fewer rows or columns.") });
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
      this.note.textContent = fill(t("uploading, {share} % of {size}"), { share, size: size(file.size) });
    });
    request.upload.addEventListener("load", () => {
      this.note.textContent = t("storing");
      this.bar.className = "bar waiting";
    });
    request.addEventListener("load", () => this.done(request));
    request.addEventListener("error", () => this.failed(t("The connection was lost.")));
    request.send(file);
  }

  done(request) {
    this.request = null;
    let answer = null;
    try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own page */ }
    if (answer?.sha256) {
      this.kept = answer;
      this.rest();
      this.setStateValue("file", { ...answer, time: Date.now() });
    } else if (answer?.error) {
      this.rest();
      this.refuse(answer.error);
    } else {
      this.failed(fill(t("The server did not take the file (status {status})."), { status: request.status }));
    }
  }

  failed(what) {
    this.request = null;
    this.rest();
    this.refuse({ what, remedy: t("Try again.") });
  }

  cancel() {
    this.request.abort();
    this.request = null;
    this.rest();
  }
}

export default function upload({ data, parentElement, setStateValue }) {
  if (!parentElement.upload?.node.isConnected) parentElement.upload = new Upload(parentElement);
  parentElement.upload.receive(data, setStateValue);
}
