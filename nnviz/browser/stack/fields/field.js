// Fields for the parameters of a layer or cost, made from the catalog. A value that is out of range stays in its field, with a
// message of what is allowed, and is not passed on.

import { el } from "../../common/dom.js";
import { isPart } from "../params.js";
import { activationField } from "./activation_field.js";
import { Frame, optionsOf } from "./frame.js";
import { typedField } from "./typed_field.js";

/** @typedef {import("../params.js").Param} Param */
/** @typedef {import("./frame.js").Field} Field */
/** @typedef {import("./frame.js").FieldContext} FieldContext */
/** @typedef {(param: Param, value: any, context: FieldContext, frame: Frame) => Field} FieldMaker */

/** @type {Record<string, FieldMaker>} */
const MAKERS = { bool: switchField, choice: choiceField, part: partField, activation: activationField };

/**
 * The field of a parameter.
 * @param {Param} param
 * @param {any} value undefined: the default
 * @param {FieldContext} context
 * @returns {Field}
 */
export function makeField(param, value, context) {
  return (MAKERS[param.type] ?? typedField)(param, value, context, new Frame(param, context));
}

function nothing() {}

const nothingWrong = () => "";

/** @type {FieldMaker} */
function switchField(param, value, { change }, { id, node }) {
  const input = el("input", { type: "checkbox", id, role: "switch", onchange: () => change(input.checked) });
  node.append(input);
  /** @param {boolean | null | undefined} next */
  const update = (next) => {
    input.checked = next ?? param.default ?? false;
  };
  update(value);
  return { node, update, flush: nothing, wrong: nothingWrong };
}

/** @type {FieldMaker} */
function choiceField(param, value, { change }, { id, node }) {
  const options = optionsOf(
    param,
    (param.choices ?? []).map((choice) => [choice, choice]),
  );
  const select = el("select", { id, onchange: () => change(select.value === "" ? null : select.value) }, ...options);
  node.append(select);
  /** @param {string | null | undefined} next */
  const update = (next) => {
    select.value = next ?? param.default ?? "";
  };
  update(value);
  return { node, update, flush: nothing, wrong: nothingWrong };
}

/**
 * One of several kinds, each with its own parameters: a regularizer, a constraint, an initializer.
 * @type {FieldMaker}
 */
function partField(param, value, { change, troubled, catalog }, { id, node }) {
  const parts = param.parts ?? {};
  let now = /** @type {any} */ (null);
  let kind = "";
  /** @type {(Field & { name: string })[]} */
  let fields = [];
  const inside = el("div", { class: "part" });
  const choose = () => {
    const inner = parts[select.value];
    const start = inner && Object.fromEntries(inner.map((one) => [one.name, one.default]));
    show(inner ? { kind: select.value, ...start } : select.value || null);
    change(now);
  };
  /** @type {[string, string][]} */
  const rows = Object.entries(parts).map(([name, inner]) => [name, inner.length ? `${name} …` : name]);
  for (const name of (param.choices ?? []).toReversed()) rows.unshift([name, name]);
  const select = el("select", { id, onchange: choose }, ...optionsOf(param, rows));
  /** @param {Param} one */
  const innerField = (one) => {
    /** @param {any} changed */
    const changePart = (changed) => {
      now = { ...now, [one.name]: changed };
      change(now);
    };
    return { name: one.name, ...makeField(one, now[one.name], { times: 0, catalog, troubled, change: changePart }) };
  };
  /** @param {any} next */
  const show = (next) => {
    now = next ?? param.default ?? null;
    select.value = isPart(now) ? now.kind : (now ?? "");
    if (!isPart(now) || now.kind !== kind) {
      kind = isPart(now) ? now.kind : "";
      fields = (parts[kind] ?? []).map(innerField);
      inside.replaceChildren(...fields.map((field) => field.node));
    }
    for (const field of fields) field.update(now[field.name]);
  };
  node.append(select, inside);
  show(value);
  const flush = () => {
    for (const field of fields) field.flush();
  };
  const wrong = () => fields.map((field) => field.wrong()).find(Boolean) ?? "";
  return { node, update: show, flush, wrong };
}
