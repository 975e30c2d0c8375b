// Fields for the parameters of a layer or cost, made from the catalog. A value that is out of range is shown at its
// field with what is allowed, stays there to be mended, and is not handed on.

let words = {};
const t = (message) => words[message] ?? message;
const fill = (message, values) => message.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

// How text is shown: the editor, which has names of users to show, sets it.
let shownAs = (text) => text;

function el(tag, { text, on, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  for (const [name, listener] of Object.entries(on ?? {})) node.addEventListener(name, listener);
  if (text !== undefined) node.textContent = shownAs(text);
  node.append(...children.filter((child) => child != null));
  return node;
}

const ICONS = {
  up: "M6 14l6-6 6 6", down: "M6 10l6 6 6-6", plus: "M12 5v14M5 12h14", minus: "M5 12h14", close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10", trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12", wrap: "M7 7h10a3 3 0 0 1 3 3v1M17 17H7a3 3 0 0 1-3-3v-1M15 4l3 3-3 3M9 14l-3 3 3 3",
  skip: "M8 4v16M8 20l-3-3M8 20l3-3M8 6h6a4 4 0 0 1 4 4v2a4 4 0 0 1-4 4h-6", fork: "M12 3v4M6 17v-4a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v4M3 15l3 3 3-3M15 15l3 3 3-3",
  unwrap: "M4 8V5h3M20 8V5h-3M4 16v3h3M20 16v3h-3M9 12h6", presets: "M12 4l1.8 4.6L18 10.500l-4.200 1.800L12 17l-1.800-4.700L6 10.500l4.200-1.900zM18.500 16v4M16.500 18h4",
};

function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" });
  svg.append(shape("path", { d: ICONS[name] }));
  return svg;
}

const iconButton = (name, label, action, attributes = {}) =>
  el("button", { type: "button", class: "icon-button", title: label, "aria-label": label, on: { click: action }, ...attributes }, icon(name));

// One bubble at a time, in the browser's top layer: nothing of the page can cut it off.
function bubble(anchor, content, attributes = {}) {
  const node = el("div", { popover: "auto", class: "bubble", ...attributes }, content);
  node.addEventListener("toggle", (event) => {
    if (event.newState === "closed") setTimeout(() => node.remove());
  });
  anchor.after(node);
  node.showPopover({ source: anchor });
  place(node, anchor);
  return node;
}

function place(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const margin = 8;
  const below = innerHeight - box.bottom - margin * 2;
  const above = box.top - margin * 2;
  const upward = below < Math.min(node.scrollHeight, 260) && above > below;
  node.style.maxHeight = `${Math.max(upward ? above : below, 120)}px`;
  const { width, height } = node.getBoundingClientRect();
  node.style.left = `${Math.max(margin, Math.min(box.left, innerWidth - width - margin))}px`;
  node.style.top = `${upward ? box.top - height - 4 : box.bottom + 4}px`;
}

function helpButton(label, ...lines) {
  const button = el("button", { type: "button", class: "help", "aria-label": fill(t("About {what}"), { what: label }), text: "?" });
  button.addEventListener("click", () => {
    const content = lines.filter(Boolean).map((line) => (typeof line === "string" ? el("p", { text: line }) : line()));
    bubble(button, el("div", { class: "help-text" }, el("strong", { text: label }), ...content), { role: "note" });
  });
  return button;
}

const asText = (value) => {
  if (value == null) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object" && "each" in value) return Array.isArray(value.each) ? value.each.join(", ") : value.each;
  return typeof value === "number" ? String(+value.toPrecision(12)) : String(value);
};

const isPart = (value) => value != null && typeof value === "object" && "kind" in value;

const labelOf = (param) => param.label || (param.name[0].toUpperCase() + param.name.slice(1)).replaceAll("_", " ");

function inRange(param, number) {
  return Number.isFinite(number) && (param.type === "float" || Number.isInteger(number))
    && !(param.minimum != null && number < param.minimum) && !(param.above != null && number <= param.above)
    && !(param.maximum != null && number > param.maximum) && !(param.below != null && number >= param.below);
}

// What was typed, as the parameter's value: {value} or {error}. `times`: the copies of the Repeat around it, or 0.
function readParam(param, text, times) {
  const typed = text.trim();
  const refused = { error: fill(t("must be {allowed}"), { allowed: param.allowed }) };
  if (typed === "") {
    if (param.optional) return { value: null };
    return { error: fill(t("is needed: {allowed}"), { allowed: param.allowed }) };
  }
  if (param.type === "text") return { value: typed };
  if (param.type === "expression") {
    try {
      parseExpression(typed, param.names);
      return { value: typed };
    } catch (error) {
      return { error: fill(t("at position {n}: {what}"), { n: (error.position ?? 0) + 1, what: error.message }) };
    }
  }
  const numbers = typed.split(/\s*[,x×;]\s*|\s+/).filter(Boolean).map(Number);
  const isList = numbers.length > 1 && numbers.every((number) => !Number.isNaN(number));
  if (param.type === "shape" || (param.type === "pair" && isList)) {
    const fits = numbers.every((number) => inRange(param, number)) && (param.type === "shape" ? numbers.length <= 4 : numbers.length === 2);
    return fits ? { value: numbers } : refused;
  }
  if (!Number.isNaN(Number(typed))) return inRange(param, Number(typed)) ? { value: Number(typed) } : refused;
  if (!times) return refused;
  if (isList) {
    if (numbers.length !== times) {
      return { error: fill(t("{given} values for {times} copies"), { given: numbers.length, times }) };
    }
    return numbers.every((number) => inRange(param, number)) ? { value: { each: numbers } } : refused;
  }
  try {
    const { run } = parseExpression(typed, ["i"]);
    for (let i = 0; i < times; i += 1) {
      const [value] = run({ i: [i] });
      if (!inRange(param, value)) {
        return { error: fill(t("copy {i} gets {value}; it must be {allowed}"), { i, value: +value.toPrecision(6), allowed: param.allowed }) };
      }
    }
    return { value: { each: typed } };
  } catch (error) {
    return { error: error.message };
  }
}

let counter = 0;

// A field: {node, update(value), flush()}. `change(value)` is called with checked values only.
function makeField(param, value, { change, times, catalog, draw }) {
  const id = `field-${++counter}`;
  const label = labelOf(param);
  const note = el("div", { class: "field-error", id: `${id}-note`, role: "alert" });
  const head = el("div", { class: "field-head" }, el("label", { for: id, text: label }),
    param.help ? helpButton(label, param.help, times && ["int", "float"].includes(param.type)
      ? t("In a Repeat: one value for each copy, as 64, 32, 16 or as an expression of the copy's number i, as 64 / 2**i.") : "") : null);
  const node = el("div", { class: `field field-${param.type}` }, head);
  const say = (input, message) => {
    note.textContent = message ? `${label} ${message}` : "";
    input.setAttribute("aria-invalid", String(Boolean(message)));
    node.classList.toggle("wrong", Boolean(message));
  };
  if (param.type === "bool") {
    const input = el("input", { type: "checkbox", id, role: "switch", on: { change: () => change(input.checked) } });
    node.append(input);
    const update = (next) => { input.checked = next ?? param.default ?? false; };
    update(value);
    return { node, update, flush() {} };
  }
  if (param.type === "choice") {
    const input = el("select", { id, on: { change: () => change(input.value === "" ? null : input.value) } },
      ...(param.optional ? [el("option", { value: "", text: "–" })] : []),
      ...param.choices.map((choice) => el("option", { value: choice, text: choice })));
    node.append(input);
    const update = (next) => { input.value = next ?? param.default ?? ""; };
    update(value);
    return { node, update, flush() {} };
  }
  if (param.type === "part") return partField({ param, value, change, catalog, draw, node, id });
  if (param.type === "activation") return activationField({ param, value, change, catalog, draw, node, id, note, say });

  const isNumber = ["int", "float"].includes(param.type);
  let waiting = null;
  const take = () => {
    clearTimeout(waiting);
    waiting = null;
    const { value: found, error } = readParam(param, input.value, times);
    say(input, error);
    if (!error) change(found);
  };
  const input = el("input", {
    type: "text", id, class: param.type === "expression" ? "expression" : null, autocomplete: "off", spellcheck: "false", inputmode: isNumber && !times ? "decimal" : null, "aria-describedby": `${id}-note`,
    placeholder: param.default == null ? (param.type === "shape" ? "4, 4, 1" : t("none")) : asText(param.default),
    on: {
      input: () => { clearTimeout(waiting); waiting = setTimeout(take, 250); },
      change: take,
      keydown: (event) => {
        if (event.key === "Enter") take();
        if (isNumber && !event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
          event.preventDefault();
          nudge(event.key === "ArrowUp" ? 1 : -1);
        }
      },
    },
  });
  const nudge = (direction) => {
    const now = Number(input.value === "" ? param.default ?? 0 : input.value);
    if (Number.isNaN(now)) return;
    const step = param.step ?? (param.type === "int" ? 1 : 0.05);
    const next = +(now + direction * step).toPrecision(10);
    if (!inRange(param, next)) return;
    input.value = asText(next);
    take();
  };
  const box = el("div", { class: "box" }, input);
  if (isNumber) {
    box.append(iconButton("minus", fill(t("Less: {what}"), { what: label }), () => nudge(-1), { tabindex: "-1" }),
      iconButton("plus", fill(t("More: {what}"), { what: label }), () => nudge(1), { tabindex: "-1" }));
  }
  node.append(box, note);
  const vary = times && isNumber ? varyButton(input, label, param, times, take) : null;
  if (vary) head.append(vary.button);
  const update = (next) => {
    // What is being typed, or is still wrong, belongs to the user.
    if (waiting || node.classList.contains("wrong") || input.getRootNode().activeElement === input) return;
    input.value = asText(next ?? param.default);
    vary?.show();
  };
  input.value = asText(value ?? param.default);
  vary?.show();
  return { node, update, flush: () => { if (waiting) take(); } };
}

// One value for all copies of the Repeat around, or one a copy: which of them is what the field holds.
function varyButton(input, label, param, times, take) {
  const varies = () => input.value.trim() !== "" && Number.isNaN(Number(input.value));
  const button = el("button", { type: "button", class: "link vary", "aria-label": fill(t("{what} varies over the copies"), { what: label }), on: { click: () => {
    if (varies()) {
      const { value } = readParam(param, input.value, times);
      const first = value?.each && (Array.isArray(value.each) ? value.each[0] : parseExpression(value.each, ["i"]).run({ i: [0] })[0]);
      input.value = asText(inRange(param, Number(first)) ? first : param.default);
    } else input.value = Array(times).fill(input.value.trim() || asText(param.default)).join(", ");
    take();
    show();
    input.focus();
    input.select();
  } } });
  const show = () => {
    button.setAttribute("aria-pressed", String(varies()));
    button.textContent = varies() ? t("same for all copies") : t("vary over copies");
  };
  input.addEventListener("input", show);
  return { button, show };
}

// One of several kinds, each with numbers of its own: a regularizer, a constraint, an initializer.
function partField({ param, value, change, catalog, draw, node, id }) {
  let now = null;
  let kind = null;
  let fields = [];
  const inside = el("div", { class: "part" });
  const select = el("select", { id, on: { change: () => {
    const inner = param.parts[select.value];
    show(inner ? { kind: select.value, ...Object.fromEntries(inner.map((one) => [one.name, one.default])) } : select.value || null);
    change(now);
  } } }, ...(param.optional ? [el("option", { value: "", text: "–" })] : []),
  ...(param.choices ?? []).map((name) => el("option", { value: name, text: name })),
  ...Object.entries(param.parts).map(([name, inner]) => el("option", { value: name, text: inner.length ? `${name} …` : name })));
  const show = (next) => {
    now = next ?? param.default ?? null;
    select.value = isPart(now) ? now.kind : now ?? "";
    if (!isPart(now) || now.kind !== kind) {
      kind = isPart(now) ? now.kind : null;
      fields = (param.parts[kind] ?? []).map((one) => ({ name: one.name, ...makeField(one, now[one.name], { times: 0, catalog, draw,
        change: (found) => { now = { ...now, [one.name]: found }; change(now); } }) }));
      inside.replaceChildren(...fields.map((field) => field.node));
    }
    fields.forEach((field) => field.update(now[field.name]));
  };
  node.append(select, inside);
  show(value);
  return { node, update: show, flush: () => fields.forEach((field) => field.flush()) };
}

function activationField({ param, value, change, catalog, draw, node, id, note, say }) {
  const typed = ":typed";
  const isTyped = (v) => v != null && typeof v === "object" && "expression" in v;
  let constants = isTyped(value) ? { ...value.constants } : {};
  const picture = el("div", { class: "picture" });
  const formula = el("div", { class: "about" });
  const constantRow = el("div", { class: "constants" });
  const select = el("select", { id, on: { change: () => choose(select.value) } },
    ...Object.keys(catalog.activations).map((name) => el("option", { value: name, text: name })),
    el("option", { value: typed, text: t("typed expression…") }));
  let waiting = null;
  // What is drawn, so that an answer that changes nothing draws nothing: curve and slope take 30 ms.
  let told = null;
  const tell = (found) => {
    told = JSON.stringify(found);
    change(found);
  };
  const input = el("input", {
    type: "text", class: "expression", autocomplete: "off", spellcheck: "false", autocapitalize: "off",
    "aria-label": t("Expression over x"), "aria-describedby": `${id}-note`, placeholder: "x * sigmoid(1.7 * x)",
    on: {
      input: () => { if (show()) { clearTimeout(waiting); waiting = setTimeout(hand, 300); } },
      change: () => { if (show()) hand(); },
    },
  });
  const hand = () => {
    clearTimeout(waiting);
    waiting = null;
    const named = Object.keys(constants).length ? { constants: { ...constants } } : {};
    tell({ expression: input.value.trim(), ...named });
  };
  const choose = (name) => {
    if (name === typed) {
      if (!input.value) input.value = catalog.activations[current]?.formula ?? "x";
      input.hidden = false;
      if (show()) hand();
      input.focus();
      input.select();
    } else {
      current = name;
      input.hidden = true;
      show();
      tell(name);
    }
  };
  let current = isTyped(value) ? "" : value ?? param.default ?? "linear";
  // Draws what is chosen or typed; true when it can be used.
  const show = () => {
    const text = input.hidden ? catalog.activations[current]?.formula ?? "x" : input.value;
    constantRow.replaceChildren();
    const entry = input.hidden ? catalog.activations[current] : null;
    formula.replaceChildren(...(entry ? [el("p", { text: entry.help })] : []),
      ...(entry && text !== `${current}(x)` ? [el("code", { text: `${current}(x) = ${readable(text)}` })] : []));
    try {
      const curve = curveOf(text, "x", input.hidden ? {} : constants);
      // A bend a little further out, as that of relu6, is shown as well.
      const reach = checkSlope(curve, -8, 8).kinks.some((x) => Math.abs(x) > 4) ? 8 : 4;
      picture.replaceChildren(draw(curve, text, reach), slopeNote([checkSlope(curve, -reach, reach)]));
      picture.classList.remove("stale");
      say(input, "");
      if (!input.hidden) Object.keys(constants).forEach((name) => constantRow.append(constantField(name)));
      return true;
    } catch (error) {
      picture.classList.add("stale");
      say(input, "");
      node.classList.add("wrong");
      input.setAttribute("aria-invalid", "true");
      clearTimeout(waiting);
      const position = error.position ?? 0;
      note.replaceChildren(el("code", {}, input.value.slice(0, position), el("mark", { text: input.value[position] ?? " " }),
        input.value.slice(position + 1)), el("div", { text: fill(t("position {n}: {what}"), { n: position + 1, what: error.message }) }));
      const name = /^[A-Za-z]\w*/.exec(input.value.slice(position))?.[0];
      if (name && !FUNCTIONS.includes(name)) {
        note.append(el("button", { type: "button", class: "link", text: fill(t("Let {name} be learned, from 1"), { name }),
          // Losing the focus would redraw this note, and the button with it, before the click arrives.
          on: { mousedown: (event) => event.preventDefault(), click: () => { constants[name] = 1; if (show()) hand(); } } }));
      }
      return false;
    }
  };
  const constantField = (name) => {
    const start = el("input", { type: "text", inputmode: "decimal", value: asText(constants[name]), "aria-label": fill(t("{name} starts at"), { name }),
      on: { change: () => {
        if (Number.isFinite(Number(start.value)) && start.value.trim() !== "") {
          constants[name] = Number(start.value);
          if (show()) hand();
        } else start.setAttribute("aria-invalid", "true");
      } } });
    return el("label", {}, fill(t("{name} starts at"), { name }), start, iconButton("close", fill(t("Remove {name}"), { name }), () => {
      delete constants[name];
      if (show()) hand();
    }));
  };
  const update = (next) => {
    if (waiting || node.classList.contains("wrong") || input.getRootNode().activeElement === input) return;
    const key = JSON.stringify(next ?? null);
    if (key === told) return;
    told = key;
    constants = isTyped(next) ? { ...next.constants } : {};
    if (isTyped(next)) input.value = next.expression;
    else current = next ?? param.default ?? "linear";
    input.hidden = !isTyped(next);
    select.value = isTyped(next) ? typed : current;
    show();
  };
  node.append(select, input, note, constantRow, picture, formula);
  update(value);
  return { node, update, flush: () => { if (waiting) hand(); } };
}
