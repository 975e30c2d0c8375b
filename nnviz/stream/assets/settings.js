// The numbers that may change while a run trains: how they are called, what they are now, and the fields to change them.

import { el, t } from "./dom.js";

export const RATE = "optimizer.learning_rate";
const WHOLE = new Set(["training.batch_size"]);

// "layers[1].layers[0].rate" in words.
export function called(path) {
  if (path === RATE) return t("learning rate");
  if (path === "training.batch_size") return t("batch size");
  if (path.startsWith("optimizer.")) return path.slice("optimizer.".length);
  const [, place, rest] = path.match(/^((?:layers|branches|cost|\[|\]|\.|\d)+)\.(.+)$/) ?? [null, "", path];
  const numbers = [...place.matchAll(/\d+/g)].map((found) => Number(found[0]) + 1).join(".");
  const where = place === "cost" ? t("cost") : t("layer {n}", { n: numbers });
  const part = rest.match(/^(\w+)_regularizer\.(l[12])$/);
  const what = part ? `${part[1].replaceAll("_", " ")} ${part[2].toUpperCase()}`
    : rest === "rate" ? t("dropout") : rest === "stddev" ? t("noise") : rest.replaceAll("_", " ");
  return `${where}: ${what}`;
}

export function short(value) {
  if (!Number.isFinite(value)) return String(value);
  return Number(value.toPrecision(6)).toString();
}

// What the run trains with now: the spec's word, or what was set since unless it was refused.
export function current(feed) {
  const found = { ...feed.settings };
  for (const [name, value] of Object.entries(feed.shown?.live ?? {})) {
    const last = feed.events.findLast((event) => event.data?.name === name || (event.kind === "refused" && event.text.startsWith(`${name} `)));
    if (name in found && last?.kind !== "refused") found[name] = value;
  }
  return found;
}

export class Settings {
  constructor(host) {
    this.root = el("div", { class: "nv-settings", role: "group", "aria-label": t("Change while it trains") });
    this.root.style.display = "none";
    this.fields = new Map();
    host.append(this.root);
  }

  get isOpen() {
    return this.root.style.display !== "none";
  }

  toggle() {
    this.root.style.display = this.isOpen ? "none" : "";
  }

  build(feed, names) {
    this.fields.clear();
    this.root.replaceChildren(...names.map((name) => {
      const input = el("input", { type: "number", step: WHOLE.has(name) ? "1" : "any", min: "0", "aria-label": called(name), "data-name": name });
      const set = (value) => {
        const wanted = WHOLE.has(name) ? Math.round(value) : Number(value.toPrecision(6));
        if (!Number.isFinite(wanted) || wanted === current(feed)[name]) return this.show(name, feed);
        return feed.steer({ command: "set", name, value: wanted }, { live: { ...feed.shown.live, [name]: wanted } });
      };
      input.addEventListener("change", () => set(input.valueAsNumber));
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { this.show(name, feed); input.blur(); }
      });
      this.fields.set(name, input);
      const step = (factor, words) => el("button", { type: "button", class: "nv-step", title: words, onclick: () => set(current(feed)[name] * factor) },
        factor < 1 ? "÷2" : "×2");
      return el("div", { class: "nv-setting" }, el("span", {}, called(name)), el("span", { class: "nv-number" },
        name === RATE ? step(0.5, t("Half the learning rate")) : null, input, name === RATE ? step(2, t("Double the learning rate")) : null));
    }));
  }

  show(name, feed) {
    const text = short(current(feed)[name]);
    const input = this.fields.get(name);
    if (input.value !== text) input.value = text;
  }

  draw(feed, canChange) {
    const names = feed ? Object.keys(feed.settings) : [];
    const key = `${feed?.run}:${names}`;
    if (key !== this.key) {
      this.key = key;
      this.build(feed, names);
    }
    if (!this.isOpen) return;
    const values = feed ? current(feed) : {};
    for (const [name, input] of this.fields) {
      // what somebody is typing stays
      if (document.activeElement !== input) this.show(name, feed);
      input.classList.toggle("nv-changed", values[name] !== feed.settings[name]);
    }
    for (const node of this.root.querySelectorAll("input, button")) node.disabled = !canChange;
  }
}
