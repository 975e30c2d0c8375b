// The views that somebody added below the results, and the menu that adds them. Which were added stands in the address, and is
// remembered in the browser, also where the data at hand has no such view.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { epochs } from "../../common/numbers.js";
import { queryParam, setQueryParam } from "../../common/query_params.js";
import { ClassResults } from "../answers/class_results.js";
import { MistakeView } from "../answers/mistake_view.js";
import { ResidualView } from "../answers/residual_view.js";
import { ColumnsView } from "../columns/columns_view.js";
import { CostView } from "../cost/cost_view.js";
import { ImagesView } from "../images/images_view.js";
import { LayersView } from "../layers/layers_view.js";
import { NetworkPicture } from "../network/network_picture.js";
import { isEnded } from "../run/run_status.js";
import { SpaceView } from "../space/space_view.js";
import { Landscape } from "../way/landscape_view.js";
import { WeightWay } from "../way/weight_way.js";
import { ViewSource } from "./view_source.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../history/scrubber.js").Moment} Moment */
/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {{ name: string, title: string, question: string, about: string }} ViewEntry an entry of the catalog */
/**
 * `choice`: what is chosen in the view, sent to the engine; none at first. `missing` names a recorded step that the view would
 * show beside the one on the page, and `take` is handed what was there, once a run is at rest.
 * @typedef {{ root: HTMLElement, draw: (body: any, options: any) => void, choice?: object,
 *   missing?: (steps: number[]) => number | null, take?: (step: number, body: any) => void }} Drawing
 */

const PARAM = "views";
const MEMORY = "nnviz.views";

/** Each is called with what asks for a new frame after a change of its `choice`.
 * @type {Record<string, (host: HTMLElement, onChoose: () => void) => Drawing>} */
const DRAWINGS = {
  network: (host, onChoose) => new NetworkPicture(host, onChoose),
  cost: (host, onChoose) => new CostView(host, onChoose),
  layers: (host) => new LayersView(host),
  results: (host) => new ClassResults(host),
  mistakes: (host) => new MistakeView(host),
  images: (host, onChoose) => new ImagesView(host, onChoose),
  way: (host, onChoose) => new WeightWay(host, onChoose),
  residuals: (host, onChoose) => new ResidualView(host, onChoose),
  landscape: (host, onChoose) => new Landscape(host, onChoose),
  columns: (host, onChoose) => new ColumnsView(host, onChoose),
  space: (host, onChoose) => new SpaceView(host, onChoose),
};

export class OpenViews {
  /**
   * @param {HTMLElement} host
   * @param {() => void} onChange
   */
  constructor(host, onChange) {
    /** @type {ViewEntry[]} those that exist for the data at hand */
    this.catalog = [];
    this.offered = "";
    /** @type {string[]} what somebody added, in that order */
    this.wanted = remembered();
    this.onChange = onChange;
    this.source = new ViewSource(onChange);
    /** @type {Map<string, { section: HTMLElement, drawing: Drawing, isSeen: boolean }>} */
    this.open = new Map();
    this.list = el("div", { class: "nv-views" });
    this.menu = el("div", { class: "nv-add-menu", role: "menu", hidden: true, onkeydown: (/** @type {any} */ e) => this.key(e) });
    this.button = el(
      "button",
      {
        type: "button",
        class: "nv-button nv-add",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => this.toggle(),
      },
      t("Add view"),
    );
    this.root = el("div", { class: "nv-open-views" }, this.list, el("div", { class: "nv-add-box" }, this.button, this.menu));
    host.append(this.root);
    this.seen = new IntersectionObserver((entries) => this.see(entries), { rootMargin: "120px" });
    this.onOutside = (/** @type {Event} */ event) => {
      if (!this.menu.hidden && !event.composedPath().includes(this.button.parentElement ?? this.button)) this.close();
    };
    document.addEventListener("pointerdown", this.onOutside);
    this.menu.addEventListener("focusout", ({ relatedTarget }) => {
      // Without another element the window lost the focus, or the pointer closes the menu by itself.
      if (relatedTarget instanceof Node && !this.menu.parentElement?.contains(relatedTarget)) this.close();
    });
  }

  /**
   * The views that exist for the run's task and data: others leave, and come back with such data.
   * @param {ViewEntry[]} catalog
   */
  offer(catalog) {
    const offered = catalog.map(({ name }) => name).join();
    if (offered === this.offered) return;
    this.offered = offered;
    this.catalog = catalog.filter(({ name }) => Object.hasOwn(DRAWINGS, name));
    for (const name of this.open.keys()) if (!this.catalog.some((entry) => entry.name === name)) this.takeAway(name);
    for (const name of this.wanted) this.show(name);
    this.drawMenu();
  }

  /** @param {string} name */
  add(name) {
    if (!this.wanted.includes(name)) this.wanted.push(name);
    this.show(name);
    this.remember();
  }

  /** @param {string} name */
  show(name) {
    const entry = this.catalog.find((one) => one.name === name);
    if (!entry || this.open.has(name)) return;
    const section = el("div", { class: "nv-view", "data-view": name });
    const drawing = DRAWINGS[name](section, this.onChange);
    const about = el("details", { class: "nv-about" }, el("summary", {}, t("What do I see?")), el("p", {}, entry.about));
    const remove = () => this.remove(name);
    const title = t("Close {view}").replace("{view}", entry.title);
    section.append(
      about,
      el("button", { type: "button", class: "nv-tiny nv-close", "aria-label": title, title, onclick: remove }, "×"),
    );
    this.list.append(section);
    this.open.set(name, { section, drawing, isSeen: false });
    this.seen.observe(section);
  }

  /** @param {string} name */
  remove(name) {
    this.wanted = this.wanted.filter((one) => one !== name);
    this.takeAway(name);
    this.remember();
    this.button.focus();
  }

  /** @param {string} name */
  takeAway(name) {
    const view = this.open.get(name);
    if (!view) return;
    this.seen.unobserve(view.section);
    view.section.remove();
    this.open.delete(name);
  }

  remember() {
    try {
      localStorage.setItem(MEMORY, this.wanted.join(","));
    } catch {
      // A browser that keeps nothing: the address still does.
    }
    this.drawMenu();
  }

  drawMenu() {
    const rest = this.catalog.filter(({ name }) => !this.open.has(name));
    const items = rest.map(({ name, title, question }) => {
      const onclick = () => {
        this.close();
        this.add(name);
        this.onChange();
        this.open.get(name)?.section.scrollIntoView({ block: "start" });
      };
      return el("button", { type: "button", role: "menuitem", onclick }, el("strong", {}, question), el("span", {}, title));
    });
    this.menu.replaceChildren(...items);
    this.button.hidden = !rest.length;
  }

  toggle() {
    const isOpening = this.menu.hidden;
    this.menu.hidden = !isOpening;
    this.button.setAttribute("aria-expanded", String(isOpening));
    if (isOpening) /** @type {HTMLElement | null} */ (this.menu.firstElementChild)?.focus();
  }

  close() {
    if (this.menu.hidden) return;
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const items = /** @type {HTMLElement[]} */ ([...this.menu.children]);
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && items.length) {
      event.preventDefault();
      items[(at + by + items.length) % items.length].focus();
    } else if (event.key === "Escape") {
      this.close();
      this.button.focus();
    }
  }

  /** @param {IntersectionObserverEntry[]} entries */
  see(entries) {
    for (const { target, isIntersecting } of entries) {
      const view = [...this.open.values()].find(({ section }) => section === target);
      if (view) view.isSeen = isIntersecting;
    }
    this.onChange();
  }

  /**
   * Draws the views that are on the screen, and asks for what they miss; the others cost nothing.
   * @param {Feed | undefined} feed
   * @param {{ classes?: string[] | null }} data
   * @param {Theme} theme
   * @param {Moment | null} moment
   * @param {number[]} steps that were recorded
   */
  draw(feed, data, theme, moment, steps) {
    this.root.hidden = !feed;
    this.source.follow(feed);
    if (!feed) return;
    setQueryParam(PARAM, this.wanted.join(","));
    for (const [name, { section, drawing, isSeen }] of this.open) {
      if (!isSeen || document.hidden) continue;
      const answer = this.source.show(name, moment?.step ?? null, drawing.choice);
      const { when, why } = this.timeWords(name, answer, moment);
      drawing.draw(answer?.body, { classes: data.classes, theme, when, why, run: feed.run });
      section.dataset.step = String(answer?.step ?? -1);
      if (answer?.body && isAtRest(feed)) this.fill(name, drawing, steps);
    }
  }

  /**
   * Hands a view the other moments that it shows, as they come.
   * @param {string} name
   * @param {Drawing} drawing
   * @param {number[]} steps
   */
  fill(name, { missing, take }, steps) {
    for (let step = missing?.(steps); step != null; step = missing?.(steps)) {
      const answer = this.source.ahead(name, step);
      if (!answer) return;
      take?.(step, answer.body);
    }
  }

  /**
   * Of which moment a view is, and why there is none to draw.
   * @param {string} name
   * @param {import("./view_source.js").Shown | null} answer
   * @param {Moment | null} moment
   */
  timeWords(name, answer, moment) {
    const why = sentence(answer?.why) ?? (this.source.isSlow(name) ? t("Waiting for a free worker.") : undefined);
    if (!moment) return { when: "", why: why ?? (this.hasBegun() ? t("Computing what the network does now.") : undefined) };
    const isThere = answer?.step === moment.step;
    const when = isThere ? t("epoch {n} of the history", { n: epochs(moment.epoch) }) : t("computing");
    return { when, why: why ?? t("Computing what the network was then.") };
  }

  /** Whether there are states to look into. */
  hasBegun() {
    return (this.source.feed?.status?.step ?? 0) > 0;
  }

  destroy() {
    document.removeEventListener("pointerdown", this.onOutside);
    this.seen.disconnect();
    this.source.unfollow();
  }
}

/** Whether nobody trains, so that more questions delay nothing. @param {Feed} feed */
function isAtRest({ status }) {
  return isEnded(status) || status?.status === "paused";
}

/** @param {string} [words] */
function sentence(words) {
  return words ? words[0].toUpperCase() + words.slice(1) : undefined;
}

/** The views that the address names; where it names none, those of the last visit. */
function remembered() {
  let names = queryParam(PARAM);
  try {
    names ||= localStorage.getItem(MEMORY) ?? "";
  } catch {
    names ||= "";
  }
  return [...new Set(names.split(","))].filter((name) => Object.hasOwn(DRAWINGS, name));
}
