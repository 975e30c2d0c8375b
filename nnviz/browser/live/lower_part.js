// Under the curves: what the doctor says, what the network has learned, beside or under its picture, what happened, and the other views.

import { el } from "../common/dom.js";
import { DoctorPanel } from "./doctor/doctor_panel.js";
import { EventList } from "./history/events.js";
import { Learned } from "./learned/learned.js";
import { OpenViews } from "./views/open_views.js";

/** @typedef {import("./run/feed.js").Feed} Feed */
/** @typedef {import("./history/scrubber.js").Moment} Moment */

export class LowerPart {
  /**
   * @param {HTMLElement} root
   * @param {{ onChange: () => void, onEvidence: () => void, onMend: ((rule: string) => void) | null, opened?: string[] }} options
   *   `onChange` draws again, `onEvidence` the curves, too; `onMend` see `DoctorPanel`, `opened` see `OpenViews`
   */
  constructor(root, { onChange, onEvidence, onMend, opened }) {
    this.root = root;
    this.isGuessed = false;
    this.doctor = new DoctorPanel(root, { onChoose: onEvidence, onMend });
    const [above, beside] = [el("div"), el("div")];
    const side = el("div", { class: "nv-side" }, beside);
    const row = el("div", { class: "nv-lower" });
    root.append(above, row);
    this.learned = new Learned(row);
    row.append(side);
    this.events = new EventList(side);
    this.views = new OpenViews(root, { above, beside }, onChange, opened);
  }

  /**
   * @param {{ views?: import("./views/open_views.js").ViewEntry[], beside?: boolean, guessed?: boolean }} data `guessed`: what
   *   the doctor says stays hidden
   */
  offer({ views = [], beside = false, guessed = false }) {
    this.isGuessed = this.doctor.root.hidden = guessed;
    this.root.dataset.beside = String(beside);
    this.views.offer(views, beside);
  }

  /**
   * @param {Feed | undefined} feed
   * @param {import("./learned/learned.js").Rows & { examples?: string[] }} data
   * @param {import("../common/theme.js").Theme} theme
   * @param {Moment | null} moment
   * @param {number[]} steps that were recorded
   */
  draw(feed, data, theme, moment, steps) {
    this.doctor.draw(feed, moment, data.examples);
    this.learned.draw(feed, data, theme, moment, this.views.ringed);
    this.events.draw(feed, moment, this.isGuessed);
    this.views.draw(feed, data, theme, moment, steps);
  }

  /**
   * What happened shows at once, on the page and, for whoever asked for that, outside of it.
   * @param {Feed} feed
   * @param {Moment | null} moment
   * @param {string} what the message that came
   */
  hear(feed, moment, what) {
    if (!this.isGuessed) this.doctor.bell?.hear(feed, what);
    this.events.draw(feed, moment, this.isGuessed);
  }

  destroy() {
    this.views.destroy();
  }
}
