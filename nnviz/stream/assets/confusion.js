// The confusion matrix, and the rows or images that cost most.

import { el, number, oneFormat, t } from "./dom.js";
import { css, mix } from "./theme.js";

const NAMED = 14;

export class Confusion {
  constructor(host) {
    this.host = host;
  }

  clear() {
    if (this.drawn) this.host.replaceChildren();
    this.drawn = null;
  }

  draw(body, worst, data, theme) {
    if (this.drawn === (body ?? worst) && this.themeKey === theme.key) return;
    this.drawn = body ?? worst;
    this.themeKey = theme.key;
    const names = data.classes ?? body?.classes ?? null;
    this.host.replaceChildren(...[body ? matrix(body.counts, names, theme) : null, worst?.length ? costly(worst, body ? (value) => named(names, value) : alike(worst), theme) : null].filter(Boolean));
  }
}

const named = (names, k) => names?.[k] ?? String(k);

function matrix(counts, names, theme) {
  const size = counts.length;
  const tight = size > NAMED;
  const head = el("tr", {}, el("th", {}), ...counts.map((_, k) => el("th", { scope: "col", title: named(names, k), style: `max-width:${Math.max(30, Math.floor(250 / size))}px` }, tight ? "" : named(names, k))));
  const rows = counts.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return el("tr", {}, el("th", { scope: "row", title: named(names, truth) }, tight ? "" : named(names, truth)),
      ...row.map((count, guess) => {
        const share = total ? count / total : 0;
        const colour = truth === guess ? theme.classes[0] : theme.classes[1];
        const back = mix(theme.paper, colour, share ? 0.12 + 0.68 * share : 0);
        const ink = share > 0.55 && !theme.isDark ? [255, 255, 255] : theme.ink;
        return el("td", {
          style: `background:${css(back)};color:${css(ink)}`,
          title: t("{n} of {all} rows of {truth} were taken for {guess}", { n: count, all: total, truth: named(names, truth), guess: named(names, guess) }),
        }, tight || !count ? "" : String(count));
      }));
  });
  return el("div", { class: "nv-matrix" }, el("table", { class: tight ? "nv-tight" : null, style: tight ? null : `max-width:${90 + size * 52}px` }, el("thead", {}, head), el("tbody", {}, ...rows)));
}

// Truths and guesses of numbers, all with the same decimals.
function alike(worst) {
  const values = worst.flatMap((item) => [item.truth, item.guess]);
  return oneFormat(Math.min(...values), Math.max(...values));
}

// Each: {row, loss, truth, guess, image?: bytes, shape?: [height, width, channels]}; `show` puts a target in words.
function costly(worst, show, theme) {
  const hasImages = Boolean(worst[0].image);
  const cases = worst.map((item) => el("figure", { class: "nv-case", title: t("row {n}: {truth} taken for {guess}, loss {loss}", {
    n: item.row + 1, truth: show(item.truth), guess: show(item.guess), loss: number(item.loss) }) },
  hasImages ? picture(item) : null,
  el("figcaption", {}, hasImages ? null : el("small", {}, t("row {n}", { n: item.row + 1 })),
    el("span", {}, el("b", {}, show(item.truth)), " → ",
      el("b", { style: item.truth === item.guess ? null : `color:${css(theme.classes[1])}` }, show(item.guess))),
    el("small", {}, t("loss {n}", { n: number(item.loss) })))));
  return el("div", { class: "nv-worst" }, el("h4", {}, hasImages ? t("Images that cost most") : t("Rows that cost most")),
    el("div", { class: hasImages ? "nv-cases nv-images" : "nv-cases" }, ...cases));
}

function picture({ image, shape }) {
  const [height, width, channels = 1] = shape;
  const canvas = el("canvas", { width, height });
  const pixels = new Uint8Array(image);
  const target = canvas.getContext("2d").createImageData(width, height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) target.data[i * 4 + c] = pixels[i * channels + (channels >= 3 ? c : 0)];
    target.data[i * 4 + 3] = 255;
  }
  canvas.getContext("2d").putImageData(target, 0, 0);
  return canvas;
}
