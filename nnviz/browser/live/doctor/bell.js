// The switch "Tell me when it is done": notifications of the browser, for whoever looks at something else meanwhile.

import { el, lineIcon, setText } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { visible } from "../../common/visible.js";
import { isEnded } from "../run/run_status.js";
import { RunNews } from "./run_news.js";

/** @typedef {import("../run/feed.js").Feed} Feed */

const MEMORY = "nnviz.tell";
const ICON = "M6 9a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0";
const MOST = 300;

export class Bell {
  constructor() {
    this.news = new RunNews();
    this.isOn = isAllowed() && wasOn();
    this.button = el(
      "button",
      { type: "button", class: "nv-button nv-bell", "aria-pressed": "false", onclick: () => this.toggle() },
      lineIcon(ICON),
      t("Tell me when it is done"),
    );
    this.note = el("span", { class: "nv-muted", role: "status" });
    this.root = el("div", { class: "nv-bell-row", hidden: true }, this.button, this.note);
    this.drawSwitch("");
  }

  /** The browser is asked on the click alone, and only once: after that it answers by itself. */
  async toggle() {
    const why = this.isOn ? "" : await whyNot();
    this.isOn = !this.isOn && !why;
    remember(this.isOn);
    this.drawSwitch(why || (this.isOn ? t("A notification of the browser, as long as this page is open in a tab.") : ""));
  }

  /** @param {string} words */
  drawSwitch(words) {
    this.button.setAttribute("aria-pressed", String(this.isOn));
    setText(this.note, words);
  }

  /** @param {Feed | undefined} feed */
  draw(feed) {
    this.root.hidden = !feed?.status || feed.isGone || isEnded(feed.status);
  }

  /**
   * Called at each message, drawn or not: a tab in the background draws nothing.
   * @param {Feed} feed
   * @param {string} what
   */
  hear(feed, what) {
    for (const { kind, name, words } of this.news.look(feed, what)) {
      if (this.isOn && !isLookedAt()) show(visible(name), visible(words, MOST), `nnviz-${feed.run}-${kind}`);
    }
  }
}

const isAllowed = () => globalThis.Notification?.permission === "granted";
const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();

/** Asks the browser; why it does not show notifications, empty where it does. */
async function whyNot() {
  if (!globalThis.Notification || !isSecureContext) {
    return t("This browser shows notifications only of pages that are opened with https, or on the same computer.");
  }
  const permission = await Notification.requestPermission();
  if (permission === "granted") return "";
  if (permission === "denied") {
    return t("The browser does not allow it: allow notifications of this page in the browser's settings, then press again.");
  }
  return t("The browser has not allowed it yet: press again.");
}

/** @param {string} title @param {string} body @param {string} tag */
function show(title, body, tag) {
  try {
    const notification = new Notification(title, { body, tag });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // browsers of phones show those of service workers only
  }
}

function wasOn() {
  try {
    return localStorage.getItem(MEMORY) === "on";
  } catch {
    return false;
  }
}

/** @param {boolean} isOn */
function remember(isOn) {
  try {
    localStorage.setItem(MEMORY, isOn ? "on" : "");
  } catch {
    // a browser that keeps nothing: the switch holds for this page
  }
}
