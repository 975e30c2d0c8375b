// The place under the curves: what the network answers now, in the view that fits the data.

import { el, epochs, setText, t } from "./dom.js";
import { Confusion } from "./confusion.js";
import { Plane } from "./plane.js";
import { Agreement } from "./agreement.js";

export class Learned {
  constructor(host) {
    this.note = el("p", { class: "nv-note" });
    this.then = el("span", { class: "nv-then" });
    this.canvas = el("canvas", { role: "img" });
    this.stage = el("div", { class: "nv-stage" }, this.canvas);
    this.tables = el("div", { class: "nv-tables" });
    this.root = el("section", { class: "nv-learned" }, el("h3", {}, t("What the network has learned"), this.then), this.note, this.stage, this.tables);
    host.append(this.root);
    this.plane = new Plane(this.canvas);
    this.agreement = new Agreement(this.canvas);
    this.confusion = new Confusion(this.tables);
  }

  // `moment`: the one that is looked back at, with its frame as soon as that is there.
  draw(feed, data, theme, moment) {
    const then = moment && (moment.frame?.body ? moment.frame : moment.before);
    const view = then?.view ?? this.pick(feed, data);
    const frame = then ?? feed?.frames.get(view);
    setText(this.then, !moment ? "" : t("epoch {n} of the history", { n: epochs(moment.epoch) }));
    this.root.dataset.view = view ?? "none";
    this.root.dataset.frameStep = frame?.step ?? -1;
    this.stage.style.display = view === "confusion" || !view ? "none" : "";
    this.tables.style.display = view === "confusion" || frame?.body.worst ? "" : "none";
    const isTraining = frame?.body.part === "train";
    if (view === "plane") {
      const rows = this.rows(feed) ?? data;
      setText(this.note, !frame ? t("The rows. What the network answers between them appears when it trains.") : rows.scale || frame?.body.kind === "values"
        ? t("Background: predicted value, low blue, high orange. Points: rows; outlined ones validate.")
        : t("Background: predicted class, paler where unsure. Points: rows; outlined ones validate."));
      this.canvas.setAttribute("aria-label", t("Predictions over the plane of both inputs"));
      this.plane.draw({ body: frame?.body, points: rows.points, extent: rows.extent, axes: frame?.body.axes ?? rows.axes,
        scale: frame?.body.kind === "values" ? frame.body.range : rows.scale, theme });
      this.agreement.shown = null;
      this.confusion.clear();
    } else if (view === "agreement") {
      this.plane.shown = null;
      setText(this.note, isTraining ? t("Training rows: predicted against true. On the line a prediction is right.")
        : t("Validation rows: predicted against true. On the line a prediction is right."));
      this.canvas.setAttribute("aria-label", t("Predicted against true values"));
      this.agreement.draw(frame.body, theme);
      this.confusion.draw(null, frame.body.worst, data, theme);
    } else if (view === "confusion") {
      setText(this.note, isTraining ? t("Training rows: true class by row, predicted class by column.")
        : t("Validation rows: true class by row, predicted class by column."));
      this.confusion.draw(frame.body, frame.body.worst, data, theme);
    } else {
      setText(this.note, feed ? t("Appears with the first epochs.") : t("Appears when you train."));
      this.confusion.clear();
    }
  }

  pick(feed, data) {
    for (const view of ["plane", "confusion", "agreement"]) if (feed?.frames.has(view)) return view;
    return data.points || feed?.frames.has("points") ? "plane" : null;
  }

  // The rows that the run itself trains on, once they are known: the page's settings may have changed since.
  rows(feed) {
    const body = feed?.frames.get("points")?.body;
    if (!body) return null;
    if (this.from !== body) {
      this.from = body;
      // a value may have a small spread around a large mean, for which a float32 has no digits
      const label = body.label.byteLength === 2 * body.x.byteLength ? new Float64Array(body.label) : new Float32Array(body.label);
      this.own = {
        points: { x: new Float32Array(body.x), y: new Float32Array(body.y), label,
          part: Array.from(new Uint8Array(body.part), (place) => ["train", "validation", "test"][place]) },
        extent: body.extent, axes: body.axes,
        scale: body.kind === "values" ? [label.reduce((a, b) => Math.min(a, b), Infinity), label.reduce((a, b) => Math.max(a, b), -Infinity)] : null,
      };
    }
    return this.own;
  }
}
