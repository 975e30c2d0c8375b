// The views that are open: at first the network, beside what it has learned; what somebody adds stands
// below. Which are open stands in the address, and is remembered in the browser, also where the data at hand has no such view.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { epochs } from "../../common/numbers.js";
import { queryParam, setQueryParam } from "../../common/query_params.js";
import { ClassResults } from "../answers/class_results.js";
import { MistakeView } from "../answers/mistake_view.js";
import { ResidualView } from "../answers/residual_view.js";
import { BackView } from "../back/back_view.js";
import { ColumnsView } from "../columns/columns_view.js";
import { CostView } from "../cost/cost_view.js";
import { ImagesView } from "../images/images_view.js";
import { LayersView } from "../layers/layers_view.js";
import { MapView } from "../map/map_view.js";
import { NetworkPicture } from "../network/network_picture.js";
import { isEnded } from "../run/run_status.js";
import { SequenceView } from "../sequence/sequence_view.js";
import { SpaceView } from "../space/space_view.js";
import { Landscape } from "../way/landscape_view.js";
import { WeightWay } from "../way/weight_way.js";
import { AddMenu } from "./add_menu.js";
import { ViewSource } from "./view_source.js";

/** @typedef {import("../run/feed.js").Feed} Feed */
/** @typedef {import("../history/scrubber.js").Moment} Moment */
/** @typedef {import("../../common/theme.js").Theme} Theme */
/** @typedef {{ name: string, title: string, question: string, about: string }} ViewEntry an entry of the catalog */
/**
 * `choice`: what is chosen in the view, sent to the engine; none at first. `missing` names a recorded step that the view would
 * show beside the one on the page, and `take` is handed what was there, once a run is at rest. `ringed`: numbers of training rows
 * that it speaks of, to be marked on the plane.
 * @typedef {{ root: HTMLElement, draw: (body: any, options: any) => void, choice?: object,
 *   missing?: (steps: number[]) => number | null, take?: (step: number, body: any) => void, ringed?: Int32Array | null }} Drawing
 */

const PARAM = "views";
const MEMORY = "nnviz.views";
/** Open where neither address nor browser know anything. */
const FIRST = "network";
/** In the address and the browser, where all were closed. */
const NONE = "none";

/** Each is called with what asks for a new frame after a change of its `choice`.
 * @type {Record<string, (host: HTMLElement, onChoose: () => void) => Drawing>} */
const DRAWINGS = {
  network: (host, onChoose) => new NetworkPicture(host, onChoose),
  cost: (host, onChoose) => new CostView(host, onChoose),
  layers: (host) => new LayersView(host),
  results: (host) => new ClassResults(host),
  mistakes: (host, onChoose) => new MistakeView(host, onChoose),
  images: (host, onChoose) => new ImagesView(host, onChoose),
  way: (host, onChoose) => new WeightWay(host, onChoose),
  back: (host, onChoose) => new BackView(host, onChoose),
  residuals: (host, onChoose) => new ResidualView(host, onChoose),
  landscape: (host, onChoose) => new Landscape(host, onChoose),
  columns: (host, onChoose) => new ColumnsView(host, onChoose),
  map: (host, onChoose) => new MapView(host, onChoose),
  space: (host, onChoose) => new SpaceView(host, onChoose),
  sequence: (host, onChoose) => new SequenceView(host, onChoose),
};

export class OpenViews {
  /**
   * @param {HTMLElement} host
   * @param {{ above: HTMLElement, beside: HTMLElement }} homes of the network: over what it has learned, or beside it
   * @param {() => void} onChange
   * @param {string[]} [opened] those that are open at first; without them what address or browser remember, which then also keep
   *   what is opened and closed
   */
  constructor(host, homes, onChange, opened) {
    this.homes = homes;
    this.isBeside = false;
    /** @type {ViewEntry[]} those that exist for the data at hand */
    this.catalog = [];
    this.offered = "";
    /** @type {string[]} what is open, in the order in which it was added */
    this.wanted = opened ?? remembered();
    this.isRemembered = !opened;
    this.onChange = onChange;
    this.source = new ViewSource(onChange);
    /** @type {Map<string, { section: HTMLElement, drawing: Drawing, isSeen: boolean }>} */
    this.open = new Map();
    this.list = el("div", { class: "nv-views" });
    this.menu = new AddMenu((name) => this.reveal(name));
    this.root = el("div", { class: "nv-open-views" }, this.list, this.menu.root);
    host.append(this.root);
    this.seen = new IntersectionObserver((entries) => this.see(entries), { rootMargin: "120px" });
  }

  /**
   * The views that exist for the run's task and data: others leave, and come back with such data.
   * @param {ViewEntry[]} catalog
   * @param {boolean} [isBeside] whether the network stands beside what it has learned; else above it
   */
  offer(catalog, isBeside = false) {
    this.isBeside = isBeside;
    const network = this.open.get(FIRST)?.section;
    if (network) this.place(network, FIRST);
    const offered = catalog.map(({ name }) => name).join();
    if (offered === this.offered) return;
    this.offered = offered;
    this.catalog = catalog.filter(({ name }) => Object.hasOwn(DRAWINGS, name));
    for (const name of this.open.keys()) if (!this.catalog.some((entry) => entry.name === name)) this.takeAway(name);
    for (const name of this.wanted) this.show(name);
    this.drawMenu();
  }

  /** Opens a view, where it is not, and brings it on the screen. @param {string} name */
  reveal(name) {
    if (!this.wanted.includes(name)) this.wanted.push(name);
    this.show(name);
    this.remember();
    this.onChange();
    this.open.get(name)?.section.scrollIntoView({ block: "start" });
  }

  /** Numbers of training rows that open views speak of; null: none does. */
  get ringed() {
    return [...this.open.values()].find(({ drawing }) => drawing.ringed)?.drawing.ringed ?? null;
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
    this.place(section, name);
    this.open.set(name, { section, drawing, isSeen: false });
    this.seen.observe(section);
  }

  /**
   * @param {HTMLElement} section
   * @param {string} name
   */
  place(section, name) {
    const ofNetwork = this.isBeside ? this.homes.beside : this.homes.above;
    const home = name === FIRST ? ofNetwork : this.list;
    if (section.parentElement !== home) home.append(section);
  }

  /** @param {string} name */
  remove(name) {
    this.wanted = this.wanted.filter((one) => one !== name);
    this.takeAway(name);
    this.remember();
    this.menu.button.focus();
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
      if (this.isRemembered) localStorage.setItem(MEMORY, this.names());
    } catch {
      // A browser that keeps nothing: the address still does.
    }
    this.drawMenu();
  }

  /** The open views, as address and browser keep them. */
  names() {
    return this.wanted.join(",") || NONE;
  }

  drawMenu() {
    this.menu.draw(this.catalog.filter(({ name }) => !this.open.has(name)));
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
    this.root.hidden = this.homes.above.hidden = this.homes.beside.hidden = !feed;
    this.source.follow(feed);
    if (!feed) return;
    if (this.isRemembered) setQueryParam(PARAM, this.names());
    for (const [name, { section, drawing, isSeen }] of this.open) {
      if (!isSeen || document.hidden) continue;
      const answer = this.source.show(name, moment?.step ?? null, drawing.choice);
      const { when, why } = this.timeWords(name, answer, moment);
      drawing.draw(answer?.body, { classes: data.classes, theme, when, why, run: feed.run, feed, isNow: !moment });
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

  /** What is chosen in each open view, by its name; {} for nothing. @returns {Record<string, object>} */
  choices() {
    return Object.fromEntries([...this.open].map(([name, { drawing }]) => [name, drawing.choice ?? {}]));
  }

  /** Whether there are states to look into. */
  hasBegun() {
    return (this.source.feed?.status?.step ?? 0) > 0;
  }

  destroy() {
    this.menu.destroy();
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

/** The views that the address names; where it names none, those of the last visit, or of a first one. */
function remembered() {
  let names = queryParam(PARAM);
  try {
    names ||= localStorage.getItem(MEMORY) ?? "";
  } catch {
    // A browser that keeps nothing is always on its first visit.
  }
  names ||= FIRST;
  return [...new Set(names.split(","))].filter((name) => Object.hasOwn(DRAWINGS, name));
}
