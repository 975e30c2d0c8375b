// What views share that draw their frame below a title: of which moment it is, a note, and content that is away where there is no
// frame, drawn again once its width is another one.

import { el, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";

/** `when`: of which moment the frame is, empty for the latest; `why`: why there is none.
 * @typedef {{ classes?: string[] | null, theme: import("../../common/theme.js").Theme, when: string, why?: string, run?: string }} Around */

/**
 * @template {object} Body
 * @template {object} Choice
 */
export class FramedView {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChoose asks for a frame of another `choice`
   * @param {string} title
   * @param {{ kind: string, content?: string }} classes of the section and of its content
   */
  constructor(host, onChoose, title, { kind, content }) {
    this.onChoose = onChoose;
    /** @type {Choice} */
    this.choice = /** @type {Choice} */ ({});
    /** @type {Body | null} */
    this.body = null;
    /** @type {Around | null} */
    this.around = null;
    /** @type {unknown[]} inputs of the last drawing */
    this.drawn = [];
    this.when = el("span", { class: "nv-then" });
    this.note = el("p", { class: "nv-note", "aria-live": "polite" });
    this.content = el("div", { class: content ?? null });
    this.root = el("section", { class: kind }, el("h3", {}, title, this.when), this.note, this.content);
    host.append(this.root);
    this.sizes = new ResizeObserver(() => this.render());
    this.sizes.observe(this.content);
  }

  /** @param {Choice} change */
  choose(change) {
    this.choice = { ...this.choice, ...change };
    this.onChoose();
  }

  /**
   * @param {Body | undefined} body of a frame
   * @param {Around} around
   */
  draw(body, around) {
    if (!body && this.body && !around.why) this.forget();
    this.around = around;
    this.body = body ?? null;
    setText(this.when, around.when);
    this.content.style.display = body ? "" : "none";
    if (!body) {
      setText(this.note, around.why ?? t("Appears with the first epochs."));
      this.drawn = [];
      return;
    }
    this.accept(body, around);
    this.render();
  }

  /** Draws what has changed since the last drawing. */
  render() {
    const { body, around } = this;
    const width = this.content.clientWidth;
    if (!body || !around || !width) return;
    const { theme, classes } = around;
    const drawn = [body, theme.key, String(classes), width, window.devicePixelRatio, ...this.settings()];
    if (drawn.length === this.drawn.length && drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    this.paint(body, around);
  }

  /** Another run has begun: to let go of what was chosen for the one before. */
  forget() {}

  /**
   * A frame has come: to keep of it what is to stay chosen.
   * @param {Body} _body
   * @param {Around} _around
   */
  accept(_body, _around) {}

  /** What is set in the view and needs no other frame. @returns {unknown[]} */
  settings() {
    return [];
  }

  /**
   * @param {Body} _body
   * @param {Around} _around
   */
  paint(_body, _around) {}
}
