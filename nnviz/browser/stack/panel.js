// The panel under a card: the fields of a layer or cost, the rare ones folded.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { makeField } from "./fields/field.js";
import { setParam } from "./params.js";

/** @typedef {import("./fields/frame.js").Field} Field */
/** @typedef {{ changed: () => void, troubled: () => void }} Owner `troubled`: a text is no value any more, or is mended */

/** The fields of a spec. */
export class Panel {
  /**
   * @param {import("./catalog.js").Entry} entry
   * @param {Record<string, any>} spec changed in place
   * @param {{ times: number, catalog: import("./catalog.js").Catalog, owner: Owner, actions: HTMLElement }} options
   *   `times`: the copies of the Repeat around it, or 0
   */
  constructor(entry, spec, { times, catalog, owner, actions }) {
    this.spec = spec;
    this.times = times;
    /** @type {(Field & { name: string })[]} */
    this.fields = [];
    const troubled = () => owner.troubled();
    /** @param {import("./params.js").Param} param */
    const make = (param) => {
      /** @param {any} value */
      const change = (value) => {
        if (setParam(spec, param, value)) owner.changed();
      };
      const field = makeField(param, spec[param.name], { times, catalog, troubled, change });
      this.fields.push({ ...field, name: param.name });
      return field.node;
    };
    const common = entry.params.filter((param) => !param.rare).map(make);
    const rare = entry.params.filter((param) => param.rare).map(make);
    this.help = el("p", { class: "small" }, entry.help);
    const more = rare.length ? el("details", {}, el("summary", {}, t("More")), ...rare) : null;
    this.node = el("div", { class: "editor" }, this.help, ...common, more, actions);
  }

  /** Why the text of one of the fields is no value, in words; empty where all are. */
  get wrong() {
    return this.fields.map((field) => field.wrong()).find(Boolean) ?? "";
  }

  update() {
    for (const field of this.fields) field.update(this.spec[field.name]);
  }

  flush() {
    for (const field of this.fields) field.flush();
  }

  remove() {
    this.node.remove();
  }
}
