// The field of an activation: one of the catalog's, or an expression over x that is drawn while it is typed.

import { el } from "../../common/dom.js";
import { t } from "../../common/messages.js";
import { Exactly } from "../expression/exactly.js";
import { mended } from "../expression/parse.js";
import { drawCurve, slopeNote, withLegend } from "../expression/plot.js";
import { checkSlope, curveOf, readable } from "../expression/slope.js";
import { iconButton } from "../icons.js";
import { asText, isTyped } from "../params.js";
import { focusAround } from "./frame.js";

const TYPING_DELAY_MS = 300;
const TYPED = ":typed";

/** @type {import("./field.js").FieldMaker} */
export function activationField(param, value, context, frame) {
  const field = new ActivationField(param, value, context, frame);
  return { node: frame.node, update: (next) => field.update(next), flush: () => field.flush(), wrong: () => frame.wrong };
}

class ActivationField {
  /**
   * @param {import("../params.js").Param} param
   * @param {any} value
   * @param {import("./frame.js").FieldContext} context
   * @param {import("./frame.js").Frame} frame
   */
  constructor(param, value, { change, catalog }, frame) {
    this.param = param;
    this.change = change;
    this.activations = catalog.activations;
    this.frame = frame;
    this.waiting = 0;
    /** @type {string | null} the value that is drawn; drawing curve and slope takes 30 ms */
    this.drawn = null;
    this.name = "";
    /** @type {Record<string, number>} learned constants with their initial values */
    this.constants = {};
    this.picture = el("div", { class: "picture" });
    this.about = el("div", { class: "about" });
    this.exactly = new Exactly();
    this.constantRow = el("div", { class: "constants" });
    this.select = el(
      "select",
      { id: frame.id, onchange: () => this.choose(this.select.value) },
      ...Object.keys(this.activations).map((name) => el("option", { value: name }, name)),
      el("option", { value: TYPED }, t("typed expression…")),
    );
    this.input = el("input", {
      type: "text",
      class: "expression",
      autocomplete: "off",
      spellcheck: "false",
      autocapitalize: "off",
      "aria-label": t("Expression over x"),
      "aria-describedby": frame.noteId,
      placeholder: "x * sigmoid(1.7 * x)",
      oninput: () => this.wait(),
      onchange: () => this.commit(),
    });
    frame.node.append(this.select, this.input, frame.note, this.constantRow, this.about, this.picture, this.exactly.node);
    this.update(value);
  }

  get entry() {
    return this.activations[this.name];
  }

  get isTyping() {
    return !this.input.hidden;
  }

  wait() {
    if (!this.show()) return;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.submitExpression(), TYPING_DELAY_MS);
  }

  commit() {
    if (this.show()) this.submitExpression();
  }

  flush() {
    if (this.waiting) this.submitExpression();
  }

  /** Submits the expression in the input. */
  submitExpression() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    const learned = Object.keys(this.constants).length ? { constants: { ...this.constants } } : {};
    this.submit({ expression: this.input.value.trim(), ...learned });
  }

  /** @param {any} value */
  submit(value) {
    this.drawn = JSON.stringify(value);
    this.change(value);
  }

  /** @param {string} name */
  choose(name) {
    if (name === TYPED) {
      if (!this.input.value) this.input.value = this.entry?.formula ?? "x";
      this.input.hidden = false;
      this.commit();
      this.input.focus();
      this.input.select();
    } else {
      this.name = name;
      this.input.hidden = true;
      this.show();
      this.submit(name);
    }
  }

  /** @param {any} next */
  update(next) {
    if (this.waiting || this.frame.isWrong || focusAround(this.input) === this.input) return;
    const key = JSON.stringify(next ?? null);
    if (key === this.drawn) return;
    this.drawn = key;
    const hasExpression = isTyped(next);
    this.constants = hasExpression ? { ...next.constants } : {};
    if (hasExpression) this.input.value = next.expression;
    else this.name = next ?? this.param.default ?? "linear";
    this.input.hidden = !hasExpression;
    this.select.value = hasExpression ? TYPED : this.name;
    this.show();
  }

  /** Draws the selected or typed activation. Returns whether it is valid. */
  show() {
    const text = this.isTyping ? this.input.value : (this.entry?.formula ?? "x");
    this.constantRow.replaceChildren();
    this.describe(text);
    try {
      this.draw(text);
    } catch (error) {
      this.refuse(error);
      return false;
    }
    this.picture.classList.remove("stale");
    this.frame.showError(this.input);
    if (this.isTyping) this.constantRow.append(...Object.keys(this.constants).map((name) => this.constantField(name)));
    return true;
  }

  /** @param {string} text */
  describe(text) {
    this.about.replaceChildren();
    if (this.isTyping || !this.entry) return;
    this.about.append(el("p", {}, this.entry.help));
    if (text !== `${this.name}(x)`) this.about.append(el("code", {}, `${this.name}(x) = ${readable(text)}`));
  }

  /** @param {string} text */
  draw(text) {
    const curve = curveOf(text, "x", this.isTyping ? this.constants : {});
    // Kinks a little further out, like that of relu6, are shown as well.
    const reach = checkSlope(curve, -8, 8).kinks.some((x) => Math.abs(x) > 4) ? 8 : 4;
    const title = t("{formula} and its slope", { formula: text });
    const drawing = drawCurve(curve, { from: -reach, to: reach, limit: Math.max(reach, 6), title });
    const axes = el("div", { class: "axes" }, t("From left to right: what comes in, x; upwards: what goes out."));
    this.picture.replaceChildren(withLegend(drawing, t("function")), axes);
    this.exactly.show(text, [slopeNote([checkSlope(curve, -reach, reach)])]);
  }

  /**
   * Marks the error in the expression; an unknown name can become the one that was meant, or a learned constant.
   * @param {any} error
   */
  refuse(error) {
    const { frame, input } = this;
    this.picture.classList.add("stale");
    clearTimeout(this.waiting);
    this.waiting = 0;
    const at = error.position ?? 0;
    const [before, wrong, after] = [input.value.slice(0, at), input.value[at] ?? " ", input.value.slice(at + 1)];
    frame.note.replaceChildren(
      el("code", {}, before, el("mark", {}, wrong), after),
      el("div", {}, t("position {n}: {what}", { n: at + 1, what: error.message })),
    );
    frame.setWrong(input, `${frame.label}: ${error.message.split(";")[0]}`);
    if (error.meant)
      frame.offer(t("Did you mean {name}?", { name: error.meant }), () => this.replaceBy(mended(input.value, error)));
    const name = error.unknown ?? "";
    const isCalled = /^\s*\(/.test(input.value.slice(at + name.length));
    if (isCalled || !/^[A-Za-z]/.test(name)) return;
    const learn = () => {
      this.constants[name] = 1;
      this.commit();
    };
    frame.offer(t("Let {name} be learned, from 1", { name }), learn);
  }

  /** @param {string} text */
  replaceBy(text) {
    this.input.value = text;
    this.commit();
    this.input.focus();
  }

  /** @param {string} name */
  constantField(name) {
    const words = t("{name} starts at", { name });
    const onchange = () => {
      const isNumber = start.value.trim() !== "" && Number.isFinite(Number(start.value));
      if (!isNumber) {
        this.frame.showError(start, t("{name} has to start at a number", { name }));
        return;
      }
      this.constants[name] = Number(start.value);
      this.commit();
    };
    const value = asText(this.constants[name]);
    const start = el("input", { type: "text", inputmode: "decimal", value, "aria-label": words, onchange });
    const remove = () => {
      delete this.constants[name];
      this.commit();
    };
    return el("label", {}, words, start, iconButton("close", t("Remove {name}", { name }), remove));
  }
}
