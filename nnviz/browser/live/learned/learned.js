// The area under the curves: the network's current predictions, in the view that fits the data.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { epochs, oneFormat } from "../../common/numbers.js";
import { Agreement } from "./agreement.js";
import { ClassLegend, classCount } from "./class_legend.js";
import { Confusion } from "./confusion.js";
import { Plane } from "./plane.js";
import { ScaleBar } from "./scale_bar.js";
import { rangeOf } from "./scales.js";
import { valueWords } from "./sentences.js";
import { around, errorScale, scaleOf, spanOf } from "./shades.js";
import { SIGNS } from "./worst.js";
import { countsOf, missWords, onPlane, wrongWords } from "./wrong_rows.js";

/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../run/feed.js").Frame} Frame */
/** @typedef {import("../history/scrubber.js").Moment} Moment */
/** @typedef {"plane" | "confusion" | "agreement"} View */
/**
 * The rows of a plane, and the names of its axes and classes; what is unknown is missing.
 * @typedef {{ points?: import("./scales.js").Points | null, extent?: import("./scales.js").Extent | null, axes?: string[],
 *   scale?: number[] | null, classes?: string[] | null }} Rows
 */

/** @type {View[]} */
const VIEWS = ["plane", "confusion", "agreement"];
const PARTS = ["train", "validation", "test"];

export class Learned {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.verdict = el("b", {});
    this.words = el("span", {});
    this.note = el("p", { class: "nv-note" }, this.verdict, this.words);
    this.when = el("span", { class: "nv-then" });
    this.canvas = el("canvas", { role: "img" });
    this.stage = el("div", { class: "nv-stage" }, this.canvas);
    this.scaleBar = new ScaleBar();
    this.legend = new ClassLegend();
    this.tables = el("div", { class: "nv-tables" });
    this.root = el(
      "section",
      { class: "nv-learned" },
      el("h3", {}, t("What the network has learned"), this.when),
      this.note,
      this.legend.root,
      this.stage,
      this.scaleBar.root,
      this.tables,
    );
    host.append(this.root);
    this.plane = new Plane(this.canvas);
    this.agreement = new Agreement(this.canvas);
    this.confusion = new Confusion(this.tables);
    /** @type {any} the frame that `own` was made of */
    this.source = null;
    /** @type {Rows | null} */
    this.own = null;
    /** @type {{ body: unknown, points: unknown, answers: import("./wrong_rows.js").OnPlane | null }} what it was made of, too */
    this.answered = { body: null, points: null, answers: null };
    /** @type {{ rows: unknown, points: unknown, marks: Uint8Array | null }} the rings, and what they were made of */
    this.rings = { rows: null, points: null, marks: null };
    /** @type {{ points: unknown, scale: import("./shades.js").EndedScale | null }} the scale of the points that it was made of */
    this.scale = { points: null, scale: null };
  }

  /**
   * @param {Feed | undefined} feed
   * @param {Rows} data
   * @param {Theme} theme
   * @param {Moment | null} moment the selected one, with its frame once that has arrived
   * @param {Int32Array | null} [ringed] numbers of training rows to be marked on the plane
   */
  draw(feed, data, theme, moment, ringed = null) {
    const then = moment && (moment.frame?.body ? moment.frame : moment.before);
    const view = /** @type {View | null} */ (then?.view ?? pickView(feed, data));
    const frame = then ?? (view ? feed?.frames.get(view) : undefined);
    this.drawHead(view, frame, moment);
    if (view !== "plane") {
      this.legend.draw(0, null, theme);
      this.scaleBar.draw(view === "agreement" ? errorWords(frame?.body) : null, theme);
    }
    if (view === "plane") this.drawPlane(frame, this.rows(feed) ?? data, theme, ringed);
    else if (view && frame) this.drawEvaluation(view, frame, data, theme);
    else {
      this.say("", feed ? t("Appears with the first epochs.") : t("Appears when you train."));
      this.confusion.clear();
    }
  }

  /**
   * @param {View | null} view
   * @param {Frame | undefined} frame
   * @param {Moment | null} moment
   */
  drawHead(view, frame, moment) {
    setText(this.when, moment ? t("epoch {n} of the history", { n: epochs(moment.epoch) }) : "");
    this.root.dataset.view = view ?? "none";
    this.root.dataset.frameStep = String(frame?.step ?? -1);
    this.stage.style.display = view === "confusion" || !view ? "none" : "";
  }

  /**
   * @param {string} verdict
   * @param {string} words
   */
  say(verdict, words) {
    setText(this.verdict, verdict && `${verdict}.`);
    setText(this.words, verdict ? ` ${words}` : words);
  }

  /**
   * What screen readers say of the picture.
   * @param {string} name
   * @param {string} verdict
   */
  describe(name, verdict) {
    this.canvas.setAttribute("aria-label", verdict ? `${name}. ${verdict}.` : name);
  }

  /**
   * @param {Frame | undefined} frame
   * @param {Rows} rows
   * @param {Theme} theme
   * @param {Int32Array | null} numbers of rows to be ringed
   */
  drawPlane(frame, rows, theme, numbers) {
    const body = frame?.body;
    const hasValues = body?.kind === "values";
    const answers = this.answersTo(rows.points, body);
    const ringed = this.ringsOf(numbers, rows.points);
    const words = planeWords(body, hasValues || Boolean(rows.scale), Boolean(answers));
    this.say(answers?.verdict ?? "", ringed ? `${words} ${t("Ringed: the next step’s batch.")}` : words);
    this.describe(t("Predictions over the plane of both inputs"), answers?.verdict ?? "");
    const { points, extent } = rows;
    const scale = hasValues || rows.scale ? this.scaleOf(points, body) : null;
    this.scaleBar.draw(scale && valueWords(scale), theme, undefined, scale ? spanOf(scale) : undefined);
    this.legend.draw(classCount(body, rows), rows.classes, theme);
    this.plane.draw({ body, points, extent, axes: body?.axes ?? rows.axes, scale, marked: answers?.marked, ringed, theme });
    this.agreement.invalidate();
    const look = { isOfClasses: body?.kind === "classes", names: rows.classes, theme };
    if (answers) this.confusion.draw(answers, look);
    else this.confusion.clear();
  }

  /**
   * Predicted against true: numbers as points, classes as a table; and the rows with the highest loss.
   * @param {View} view
   * @param {Frame} frame
   * @param {Rows} data
   * @param {Theme} theme
   */
  drawEvaluation(view, { body }, data, theme) {
    const { part, in_all, worst } = body;
    const look = { isOfClasses: view === "confusion", names: data.classes ?? body.classes, theme };
    if (view === "confusion") {
      const { rows, wrong } = countsOf(body.counts);
      const verdict = wrongWords(wrong, { rows, in_all, part, isImages: Boolean(worst?.[0]?.image) });
      this.say(verdict, t("True class by row, predicted class by column: wrong ones are off the diagonal."));
      this.confusion.draw(body, look);
      return;
    }
    const words = t("Predicted against true. On the line a prediction is right; rings: the largest errors.");
    this.say(missesOf(body), words);
    this.describe(t("Predicted against true values"), missesOf(body));
    this.plane.invalidate();
    this.agreement.draw(body, theme);
    this.confusion.draw(body, look);
  }

  /**
   * What a frame says of the rows on the plane.
   * @param {Rows["points"]} points
   * @param {any} body
   */
  answersTo(points, body) {
    if (this.answered.body !== body || this.answered.points !== points) {
      this.answered = { body, points, answers: body ? onPlane(body, points) : null };
    }
    return this.answered.answers;
  }

  /**
   * By point, 1 where it is one of these training rows; null where none is known to be.
   * @param {Int32Array | null} numbers
   * @param {Rows["points"]} points
   */
  ringsOf(numbers, points) {
    if (this.rings.rows !== numbers || this.rings.points !== points) {
      this.rings = { rows: numbers, points, marks: ringsOn(numbers, points) };
    }
    return this.rings.marks;
  }

  /**
   * Around the mean of the rows' targets; without rows, around the middle of what is predicted.
   * @param {Rows["points"]} points
   * @param {any} body
   */
  scaleOf(points, body) {
    const [low, high] = body?.range ?? [-1, 1];
    if (!points) return around((low + high) / 2, [low, high]);
    if (this.scale.points !== points) this.scale = { points, scale: scaleOf(points.label) };
    return this.scale.scale;
  }

  /**
   * The rows that the run itself trains on, once they are known: the page's settings may have changed since.
   * @param {Feed | undefined} feed
   */
  rows(feed) {
    const body = feed?.frames.get("points")?.body;
    if (!body) return null;
    if (this.source !== body) {
      this.source = body;
      this.own = rowsOf(body);
    }
    return this.own;
  }
}

/**
 * @param {{ kind: string } | undefined} body
 * @param {boolean} hasValues whether the target is a number
 * @param {boolean} isMarked whether wrong rows are
 */
function planeWords(body, hasValues, isMarked) {
  if (!body) return t("The rows. The network's predictions between them appear once it trains.");
  const words = hasValues
    ? t("Background: predicted value. Points: true values of rows; rings: validation.")
    : t("Background: predicted class, fainter where unsure. Points: rows; rings: validation.");
  if (!isMarked) return words;
  return `${words} ${SIGNS.wrong}\u00a0${hasValues ? t("largest errors.") : t("wrong.")}`;
}

/**
 * By point, 1 where it is one of these training rows; null where none is.
 * @param {Int32Array | null} numbers
 * @param {Rows["points"]} points
 */
export function ringsOn(numbers, points) {
  if (!numbers || !points?.row) return null;
  const wanted = new Set(numbers);
  const marks = Uint8Array.from(points.row, (row, i) => Number((points.part?.[i] ?? "train") === "train" && wanted.has(row)));
  return marks.includes(1) ? marks : null;
}

/**
 * Of frames of before, which do not say so: none.
 * @param {any} body
 */
function missesOf({ typical, rows, in_all, part, worst, unit }) {
  if (!Number.isFinite(typical) || !worst?.length) return "";
  return missWords({ typical, largest: worst[0].guess - worst[0].truth, unit }, { rows, in_all, part });
}

/** @param {any} body */
function errorWords(body) {
  if (!body) return null;
  const { reach } = errorScale(body.true, body.predicted);
  const format = oneFormat(-reach, reach);
  return { low: t("{n} too low", { n: format(reach) }), middle: t("right"), high: t("{n} too high", { n: format(reach) }) };
}

/**
 * @param {Feed | undefined} feed
 * @param {Rows} data
 */
function pickView(feed, data) {
  const view = VIEWS.find((name) => feed?.frames.has(name));
  return view ?? (data.points || feed?.frames.has("points") ? "plane" : null);
}

/**
 * The rows of a frame: float32 columns; labels are float64 where they may have a small spread around a large mean, beyond the
 * precision of a float32.
 * @param {any} body
 * @returns {Rows}
 */
export function rowsOf(body) {
  const isWide = body.label.byteLength === 2 * body.x.byteLength;
  const label = isWide ? new Float64Array(body.label) : new Float32Array(body.label);
  const part = Array.from(new Uint8Array(body.part), (place) => PARTS[place]);
  const row = body.row && new Uint32Array(body.row);
  const points = { x: new Float32Array(body.x), y: new Float32Array(body.y), label, part, row };
  const scale = body.kind === "values" ? rangeOf([label]) : null;
  return { points, extent: body.extent, axes: body.axes, scale, classes: body.names };
}
