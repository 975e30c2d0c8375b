// The network as a list of cards. The browser owns the structure while it is edited and numbers its edits; Python
// answers with shapes, parameters and troubles for the edit it has seen. An answer to an older edit changes nothing.

let ids = 0;
const BLOCKS = ["Repeat", "Residual", "Parallel"];
// A block has `lists` of layers: one, or one a branch; a plain layer has none.
const withId = (layer) => ({
  id: `n${++ids}`, spec: Object.fromEntries(Object.entries(layer).filter(([key]) => key !== "layers" && key !== "branches")),
  lists: !BLOCKS.includes(layer.kind) ? null : (layer.kind === "Parallel" ? layer.branches : [layer.layers ?? []]).map((list) => list.map(withId)),
});
const toJson = (node) => {
  if (!node.lists) return { ...node.spec };
  const lists = node.lists.map((list) => list.map(toJson));
  return node.spec.kind === "Parallel" ? { ...node.spec, branches: lists } : { ...node.spec, layers: lists[0] };
};
const isBlock = (node) => node.lists !== null;
// Parameters that stand in many layers are sent once.
const unpack = ({ shared, layers, costs, ...rest }) => {
  const full = (kinds) => Object.fromEntries(Object.entries(kinds).map(([kind, entry]) => [kind, { ...entry, params: entry.params.map((number) => shared[number]) }]));
  return { ...rest, layers: full(layers), costs: full(costs) };
};

class StackEditor {
  constructor(root) {
    this.cards = new Map();
    this.rows = {};
    this.open = null;
    this.selected = null;
    this.base = null;
    this.edit = 0;
    this.past = [];
    this.list = el("div", { role: "list", class: "list", "aria-label": t("Layers") });
    this.inputCard = el("div", { class: "input-card" });
    this.costItem = el("div", { class: "item cost", role: "group", "aria-label": t("Cost") });
    this.status = el("div", { class: "status" });
    this.snack = el("div", { class: "snack", role: "status", hidden: true });
    this.line = el("div", { class: "drop-line", hidden: true });
    this.live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
    this.addButton = el("button", { type: "button", class: "wide", "aria-haspopup": "menu", on: { click: () => this.addMenu() } },
      icon("plus"), el("span", { text: t("Add layer") }));
    this.presetButton = el("button", { type: "button", class: "wide", "aria-haspopup": "menu", on: { click: () => this.presetMenu() } },
      icon("presets"), el("span", { text: t("Presets") }));
    this.node = el("div", { class: "stack", on: {
      keydown: (event) => this.keyInside(event),
      // Ctrl+Enter elsewhere on the page starts a training: what is half typed must be in it.
      focusout: () => setTimeout(() => this.flush()),
    } }, this.inputCard, this.list, this.costItem, this.status, el("div", { class: "buttons" }, this.addButton, this.presetButton),
    this.snack, this.line, this.live);
    root.append(this.node);
  }

  // What Python says.
  receive(data, send) {
    Object.assign(this, { data, send, catalog: unpack(data.catalog) });
    if (data.base !== this.base) {
      this.base = data.base;
      this.edit = data.edit;
      this.layers = data.layers.map(withId);
      this.cost = data.cost;
      this.seen = this.remember();
      this.past = [];
      this.open = null;
      this.costFields = null;
      this.cards.clear();
      this.list.replaceChildren();
    }
    if (data.edit >= this.edit) {
      // A refused edit was not planned: these rows are of the stack before it.
      this.rows = data.refused ? {} : this.byId(data.rows);
      this.answer = data;
    }
    this.render();
  }

  // Rows by path become rows by id, so that a card that moves keeps what is known of it until the answer comes.
  byId(rows) {
    const found = {};
    this.walk((node, path) => { found[node.id] = rows[path]; });
    return found;
  }

  walk(visit, nodes = this.layers, path = "layers", parent = null, slot = 0) {
    nodes.forEach((node, index) => {
      const at = `${path}[${index}]`;
      visit(node, at, nodes, index, parent, slot);
      node.lists?.forEach((list, number) => this.walk(visit, list, node.spec.kind === "Parallel" ? `${at}.branches[${number}]` : `${at}.layers`, node, number));
    });
  }

  find(id) {
    let found = null;
    this.walk((node, path, list, index, parent, slot) => {
      if (node.id === id) found = { node, path, list, index, parent, slot };
    });
    return found;
  }

  flat() {
    const found = [];
    this.walk((node) => found.push(node));
    return found;
  }

  // Every change goes through here: shown at once, sent with its number.
  changed(say = "") {
    this.past.push(this.seen);
    this.seen = this.remember();
    this.past.splice(0, this.past.length - 100);
    this.edit += 1;
    if (say) this.live.textContent = say;
    this.render();
    this.send("edit", { base: this.base, edit: this.edit, layers: this.layers.map(toJson), cost: this.cost });
  }

  flush() {
    for (const card of this.cards.values()) card.fields?.forEach((field) => field.flush());
    this.costFields?.forEach((field) => field.flush());
  }

  // --- what can be done ---

  remember() {
    return { layers: this.layers.map(toJson), cost: { ...this.cost } };
  }

  undoable(message, before) {
    clearTimeout(this.snackTimer);
    this.snack.replaceChildren(el("span", { text: message }), el("button", { type: "button", text: t("Undo"), on: { click: () => {
      this.snack.hidden = true;
      this.restore(before);
    } } }), iconButton("close", t("Close"), () => { this.snack.hidden = true; }));
    this.snack.hidden = false;
    this.snackTimer = setTimeout(() => { this.snack.hidden = true; }, 10000);
  }

  restore(before) {
    this.layers = before.layers.map(withId);
    this.cost = before.cost;
    this.costFields = null;
    this.open = null;
    this.changed(t("Undone"));
  }

  remove(id) {
    const before = this.remember();
    const { node, list, index, parent } = this.find(id);
    list.splice(index, 1);
    const neighbour = list[Math.min(index, list.length - 1)] ?? parent;
    if (parent && !list.length) this.dropEmpty(parent);
    if (this.open === id) this.open = null;
    this.changed();
    this.undoable(fill(t("Removed {kind}"), { kind: node.spec.kind }), before);
    (this.cards.get(neighbour?.id)?.main ?? this.addButton).focus();
  }

  // A branch may be empty, since it then passes its input on; a block with nothing in it may not.
  dropEmpty(block) {
    const place = this.find(block.id);
    if (!place || block.lists.some((list) => list.length)) return;
    place.list.splice(place.index, 1);
    if (place.parent) this.dropEmpty(place.parent);
  }

  duplicate(id) {
    const { node, list, index } = this.find(id);
    const copy = withId(toJson(node));
    const unname = (item) => { delete item.spec.name; item.lists?.flat().forEach(unname); };
    unname(copy);
    list.splice(index + 1, 0, copy);
    this.changed(fill(t("Duplicated {kind}"), { kind: node.spec.kind }));
    this.cards.get(copy.id).main.focus();
  }

  wrap(id, kind = "Repeat") {
    const { node, list, index } = this.find(id);
    const spec = { kind, ...this.catalog.layers[kind].start };
    const shape = this.rows[id]?.shape;
    if (kind === "Residual" && shape && shape !== this.shapeBefore(list, index)) spec.project = true;
    const block = { id: `n${++ids}`, spec, lists: kind === "Parallel" ? [[node], []] : [[node]] };
    list.splice(index, 1, block);
    this.changed(fill(t("Wrapped {kind} in a {block}"), { kind: node.spec.kind, block: kind }));
    this.cards.get(block.id).main.focus();
  }

  // The words for the shape that a place in a list is given; empty where it is unknown.
  shapeBefore(list, index) {
    if (index > 0) return this.rows[list[index - 1].id]?.shape ?? "";
    let around = null;
    this.walk((node, _, nodes, at) => { if (node.lists?.includes(list)) around = { nodes, at }; });
    return around ? this.shapeBefore(around.nodes, around.at) : this.data.input.shape;
  }

  addBranch(id) {
    const { node } = this.find(id);
    node.lists.push([]);
    this.changed(fill(t("Added branch {n}"), { n: node.lists.length }));
    this.cards.get(id).lists[node.lists.length - 1].closest(".lane").querySelector(".icon-button").focus();
  }

  removeBranch(id, slot) {
    const before = this.remember();
    this.find(id).node.lists.splice(slot, 1);
    this.changed();
    this.undoable(fill(t("Removed branch {n}"), { n: slot + 1 }), before);
    this.cards.get(id).main.focus();
  }

  unwrap(id) {
    const before = this.remember();
    const { node, list, index } = this.find(id);
    const inner = node.lists.flat();
    list.splice(index, 1, ...inner);
    this.changed();
    this.undoable(fill(t("Unwrapped the {kind}"), { kind: node.spec.kind }), before);
    this.cards.get(inner[0]?.id)?.main.focus();
  }

  // Alt+Up and Alt+Down: one place on, into a block that comes next, to the next branch, or out of the block it is in.
  shift(id, by) {
    const { node, list, index, parent, slot } = this.find(id);
    const next = list[index + by];
    list.splice(index, 1);
    const enter = (into) => into.splice(by > 0 ? 0 : into.length, 0, node);
    if (next && isBlock(next)) enter(next.lists.at(by > 0 ? 0 : -1));
    else if (next) list.splice(index + by, 0, node);
    else if (parent?.lists[slot + by]) {
      enter(parent.lists[slot + by]);
      this.dropEmpty(parent);
    } else if (parent) {
      const outer = this.find(parent.id);
      outer.list.splice(outer.index + (by > 0 ? 1 : 0), 0, node);
      this.dropEmpty(parent);
    } else {
      list.splice(index, 0, node);
      return;
    }
    const at = this.find(id);
    this.changed(fill(t("{kind} is now at place {n} of {count}"), { kind: node.spec.kind, n: at.index + 1, count: at.list.length }));
    this.cards.get(id).main.focus();
  }

  moveTo(id, listId, to) {
    const { node, list, index, parent } = this.find(id);
    const [owner, slot] = listId.split("/");
    const target = listId === "" ? this.layers : this.find(owner).node.lists[slot];
    if (target === list && (to === index || to === index + 1)) return;
    const before = this.remember();
    list.splice(index, 1);
    target.splice(target === list && to > index ? to - 1 : to, 0, node);
    const emptied = parent && parent.lists.every((inner) => !inner.length);
    if (emptied) this.dropEmpty(parent);
    this.changed(fill(t("Moved {kind}"), { kind: node.spec.kind }));
    if (emptied) this.undoable(fill(t("Removed the empty {kind}"), { kind: parent.spec.kind }), before);
    this.cards.get(id).main.focus({ preventScroll: true });
  }

  add(kind, at = null, params = {}) {
    const spec = { kind, ...this.catalog.layers[kind].start, ...params };
    // A layer like the one before it is the best guess.
    const place = at ?? this.insertion();
    if (!at) {
      const before = place.list.slice(0, place.index).filter((node) => node.spec.kind === kind).pop();
      if (before && !BLOCKS.includes(kind)) Object.assign(spec, Object.fromEntries(Object.entries(before.spec).filter(([key]) => key !== "name")));
    }
    const node = { id: `n${++ids}`, spec, lists: BLOCKS.includes(kind) ? this.startOf(kind, this.shapeBefore(place.list, place.index)) : null };
    place.list.splice(place.index, 0, node);
    this.changed(fill(t("Added {kind}"), { kind }));
    const { main, item } = this.cards.get(node.id);
    main.focus({ preventScroll: true });
    item.classList.add("new");
    item.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  // What a new block holds: a layer that takes what it is given; in a Residual one that keeps its width.
  startOf(kind, shape) {
    const sizes = shape.split("×").map(Number);
    const inner = sizes.length === 3 ? "Conv2D" : "Dense";
    const layer = withId({ kind: inner, ...this.catalog.layers[inner].start });
    const width = sizes.at(-1);
    if (kind === "Residual" && width >= 1 && width <= 4096) layer.spec[inner === "Dense" ? "units" : "filters"] = width;
    return kind === "Parallel" ? [[layer], []] : [[layer]];
  }

  insertion() {
    const chosen = this.find(this.open ?? this.selected);
    return chosen ? { list: chosen.list, index: chosen.index + 1, after: chosen.node } : { list: this.layers, index: this.layers.length };
  }

  insertFix(path, kind, params) {
    let place = { list: this.layers, index: this.layers.length };
    this.walk((_, at, list, index) => { if (at === path) place = { list, index }; });
    this.add(kind, place, params);
  }

  setParam(spec, param, value) {
    const now = param.name in spec ? spec[param.name] : param.default;
    if (JSON.stringify(now) === JSON.stringify(value)) return false;
    if (value === null && param.default == null) delete spec[param.name];
    else spec[param.name] = value;
    return true;
  }

  // --- menus ---

  menu(button, head, groups) {
    const items = [];
    const close = () => { node.hidePopover(); button.focus(); };
    const entries = groups.flatMap(([title, rows]) => [
      title ? el("div", { class: "menu-title", text: title }) : null,
      ...rows.map(({ label, help, action, current }) => {
        const item = el("button", { type: "button", role: "menuitem", tabindex: "-1", "aria-current": current ? "true" : null,
          on: { click: () => { close(); action(); } } }, el("strong", { text: label }), el("span", { text: help }));
        items.push(item);
        return item;
      }),
    ]);
    const content = el("div", { class: "menu", role: "menu", on: { keydown: (event) => {
      const at = items.indexOf(event.target);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        items[(to + items.length) % items.length].focus();
      } else if (event.key === "Escape") close();
      else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
        items.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
      }
    } } }, head ? el("div", { class: "menu-head", text: head }) : null, ...entries);
    const node = bubble(button, content);
    items[0]?.focus({ preventScroll: true });
  }

  addMenu(button = this.addButton, at = null) {
    const after = at ? null : this.insertion().after;
    const groups = this.catalog.groups.map(([name, title]) => [title, Object.entries(this.catalog.layers)
      .filter(([, entry]) => entry.group === name)
      .map(([kind, entry]) => ({ label: kind, help: entry.help, action: () => this.add(kind, at?.() ?? null) }))]).filter(([, rows]) => rows.length);
    this.menu(button, at ? t("At the end of this branch") : after ? fill(t("After {kind}"), { kind: after.spec.kind }) : t("Before the cost"), groups);
  }

  presetMenu() {
    const rows = this.catalog.presets.map((preset) => ({ label: preset.title, help: preset.help, action: () => {
      const before = this.remember();
      this.layers = preset.layers.map(withId);
      this.open = this.selected = null;
      this.changed();
      this.undoable(fill(t("Replaced by {name}"), { name: preset.title }), before);
    } }));
    this.menu(this.presetButton, t("Replaces the layers, keeps the cost"), [["", rows]]);
  }

  // --- keyboard ---

  keyInside(event) {
    if (event.ctrlKey || event.metaKey) {
      this.flush();
      if (event.key === "z" && !event.shiftKey && event.target.localName !== "input" && this.past.length) {
        event.preventDefault();
        const before = this.past.pop();
        this.restore(before);
        this.past.pop();
        (this.cards.get(this.layers[0]?.id)?.main ?? this.addButton).focus({ preventScroll: true });
      }
      return;
    }
    // The page has one-letter shortcuts of its own (R runs the script again).
    event.stopPropagation();
    if (event.key === "Escape" && this.open && !this.node.querySelector(".bubble")) this.toggle(this.open);
  }

  keyOnCard(event, id) {
    if (event.ctrlKey || event.metaKey) return;
    const block = isBlock(this.find(id)?.node ?? { lists: null });
    const order = [...this.flat().map((node) => node.id), "cost"];
    const focus = (to) => (to === "cost" ? this.costMain : this.cards.get(to)?.main)?.focus();
    const actions = {
      ArrowUp: () => (event.altKey ? id !== "cost" && this.shift(id, -1) : focus(order[order.indexOf(id) - 1])),
      ArrowDown: () => (event.altKey ? id !== "cost" && this.shift(id, 1) : focus(order[order.indexOf(id) + 1])),
      Home: () => focus(order[0]), End: () => focus("cost"),
    };
    if (id !== "cost") {
      Object.assign(actions, { Delete: () => this.remove(id), Backspace: () => this.remove(id), d: () => this.duplicate(id),
        r: () => (event.shiftKey && block ? this.unwrap(id) : this.wrap(id)), s: () => this.wrap(id, "Residual"),
        p: () => this.wrap(id, "Parallel") });
    }
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  toggle(id) {
    this.flush();
    const was = this.open;
    this.open = was === id ? null : id;
    this.render();
    const main = (key) => (key === "cost" ? this.costMain : this.cards.get(key)?.main);
    if (this.open) {
      const item = this.open === "cost" ? this.costItem : this.cards.get(this.open).item;
      item.querySelector(":scope > .editor").scrollIntoView({ block: "nearest", behavior: "smooth" });
    } else main(was)?.focus();
  }

  // --- drawing ---

  render() {
    const { input } = this.data;
    this.inputCard.replaceChildren(el("span", { class: "ellipsis", text: `${t("input")} · ${input.label}`, title: input.label }), el("span", { class: "number", text: input.shape }));
    const alive = new Set();
    this.reconcile(this.list, this.layers, 0, alive);
    for (const id of this.cards.keys()) if (!alive.has(id)) this.cards.delete(id);
    this.renderCost();
    this.renderStatus();
  }

  // Cards stay the same elements, so that what is being typed in one survives the redrawing of the list.
  reconcile(container, nodes, times, alive) {
    const focused = this.node.getRootNode().activeElement;
    nodes.forEach((node, index) => {
      alive.add(node.id);
      if (!this.cards.has(node.id)) this.cards.set(node.id, this.makeCard(node));
      const card = this.cards.get(node.id);
      if (container.children[index] !== card.item) container.insertBefore(card.item, container.children[index] ?? null);
      this.updateCard(card, node, times);
      node.lists?.forEach((list, slot) => this.reconcile(card.lists[slot], list, node.spec.times ?? times, alive));
    });
    while (container.children.length > nodes.length) container.lastChild.remove();
    if (focused && focused.isConnected && this.node.getRootNode().activeElement !== focused) focused.focus({ preventScroll: true });
  }

  makeCard(node) {
    const id = node.id;
    const block = isBlock(node);
    const main = el("button", { type: "button", class: "main", "aria-expanded": "false", on: {
      click: () => this.toggle(id), focus: () => { this.selected = id; }, keydown: (event) => this.keyOnCard(event, id) } });
    const handle = el("span", { class: "handle", "aria-hidden": "true", title: t("Drag to move (Alt+Up, Alt+Down)"),
      on: { pointerdown: (event) => this.startDrag(event, id) } }, el("span"));
    const tools = el("div", { class: "tools", "aria-hidden": "true" },
      iconButton("copy", t("Duplicate (D)"), () => this.duplicate(id), { tabindex: "-1" }),
      block ? iconButton("unwrap", t("Unwrap"), () => this.unwrap(id), { tabindex: "-1" })
        : iconButton("wrap", t("Wrap in Repeat (R)"), () => this.wrap(id), { tabindex: "-1" }),
      iconButton("trash", t("Remove (Delete)"), () => this.remove(id), { tabindex: "-1" }));
    const face = el("div", { class: "card" }, handle, main, tools);
    const item = el("div", { role: "listitem", class: `item${block ? ` block ${node.spec.kind.toLowerCase()}` : ""}`, "data-id": id, "data-kind": node.spec.kind,
      "data-group": this.catalog.layers[node.spec.kind]?.group ?? "" }, face);
    const card = { item, main, face, handle, lists: [], editor: null, fields: null, times: 0 };
    if (node.spec.kind === "Repeat") {
      card.count = el("span", { class: "count" });
      const step = (by) => () => {
        const times = Math.min(100, Math.max(1, this.find(id).node.spec.times + by));
        if (this.setParam(this.find(id).node.spec, { name: "times" }, times)) this.changed();
      };
      face.insertBefore(el("div", { class: "stepper" }, iconButton("minus", t("Fewer copies"), step(-1)), card.count, iconButton("plus", t("More copies"), step(1))), tools);
    }
    if (block) {
      card.lanes = el("div", { class: "lanes" });
      item.append(card.lanes);
      if (node.spec.kind !== "Repeat") {
        card.joint = el("div", { class: "joint" }, el("span", { class: "node", "aria-hidden": "true" }), el("span", { class: "small" }),
          node.spec.kind === "Parallel" ? el("button", { type: "button", class: "link small", text: t("Add branch"), on: { click: () => this.addBranch(id) } }) : null);
        item.append(card.joint);
      }
    }
    return card;
  }

  // The lists of a block: one lane each. Those of a Parallel say which they are and what can be done with them.
  updateLanes(card, node) {
    const branches = node.spec.kind === "Parallel";
    while (card.lists.length > node.lists.length) card.lists.pop().parentNode.remove();
    while (card.lists.length < node.lists.length) {
      const slot = card.lists.length;
      const name = branches ? fill(t("Branch {n}"), { n: slot + 1 }) : fill(t("Layers of the {kind}"), { kind: node.spec.kind });
      const list = el("div", { role: "list", class: "list", "aria-label": name, "data-list": `${node.id}/${slot}`, "data-empty": t("passes its input on") });
      const plus = iconButton("plus", fill(t("Add a layer to branch {n}"), { n: slot + 1 }), () => this.addMenu(plus, () => {
        const into = this.find(node.id).node.lists[slot];
        return { list: into, index: into.length };
      }), { "aria-haspopup": "menu" });
      const head = !branches ? null : el("div", { class: "lane-head small" }, el("span", { text: name }), plus,
        iconButton("close", fill(t("Remove branch {n}"), { n: slot + 1 }), () => this.removeBranch(node.id, slot), { class: "icon-button less" }));
      card.lists.push(list);
      card.lanes.append(el("div", { class: "lane" }, head, list));
    }
    card.lanes.classList.toggle("fewest", node.lists.length <= 2);
    if (!card.joint) return;
    const join = node.spec.join ?? "concatenate";
    const [sign, words] = branches
      ? { add: ["+", t("adds the branches")], average: ["∅", t("averages the branches")], concatenate: ["⧺", t("puts the branches one after another")] }[join]
      : ["+", node.spec.project ? t("adds the input, projected where sizes differ") : t("adds the input")];
    card.joint.children[0].textContent = sign;
    card.joint.children[1].textContent = shownAs(words);
  }

  updateCard(card, node, times) {
    const row = this.rows[node.id];
    const fresh = this.answer?.edit >= this.edit;
    const { item, main } = card;
    const words = this.describe(node);
    if (isBlock(node)) {
      if (card.count) card.count.textContent = `× ${node.spec.times}`;
      const facts = [card.count ? "" : row?.shape, row?.params].filter(Boolean).join(" · ");
      main.replaceChildren(el("strong", { text: node.spec.name ?? node.spec.kind }), el("span", { class: "right small", text: facts }));
      this.updateLanes(card, node);
    } else {
      main.replaceChildren(el("span", { class: "row" }, el("strong", { text: node.spec.name ? `${node.spec.name} · ${node.spec.kind}` : node.spec.kind }), el("span", { class: "number", text: row?.shape ?? "" })),
        el("span", { class: "row small" }, el("span", { class: "ellipsis", text: words }), el("span", { class: "right", text: row?.params ?? "" })));
      main.title = shownAs(words);
    }
    main.setAttribute("aria-expanded", String(this.open === node.id));
    main.setAttribute("aria-label", [node.spec.kind, node.spec.kind === "Repeat" ? fill(t("{n} times"), { n: node.spec.times }) : node.spec.kind === "Parallel" ? fill(t("{n} branches"), { n: node.lists.length }) : words,
      row?.shape ? fill(t("output {shape}"), { shape: row.shape }) : "", row?.params ?? "", row?.error?.what ?? ""].filter(Boolean).join(", "));
    item.classList.toggle("wrong", Boolean(row?.error));
    item.classList.toggle("stale", !fresh);
    item.classList.toggle("open", this.open === node.id);
    const projects = node.spec.kind === "Residual" && !node.spec.project && row?.error?.remedy.includes("project");
    this.showTrouble(card, row?.error, projects ? () => { node.spec.project = true; this.changed(t("The skip is projected")); } : null);
    if (this.open === node.id && card.editor && card.times !== times) {
      card.editor.remove();
      card.editor = card.fields = null;
    }
    if (this.open === node.id && !card.editor) {
      card.times = times;
      Object.assign(card, this.makeEditor(this.catalog.layers[node.spec.kind], node.spec, isBlock(node) ? 0 : times, this.actions(node)));
      card.face.after(card.editor);
    } else if (this.open !== node.id && card.editor) {
      card.editor.remove();
      card.editor = card.fields = null;
    }
    card.fields?.forEach((field) => field.update(node.spec[field.name]));
  }

  showTrouble(card, error, project = null) {
    const signature = JSON.stringify(error ?? null);
    if (card.shown === signature) return;
    card.shown = signature;
    card.trouble?.remove();
    card.trouble = null;
    if (!error) return;
    card.trouble = el("div", { class: "trouble", role: "alert" }, el("span", { text: error.what }), error.remedy && !error.fix ? el("span", { text: error.remedy }) : null,
      error.fix ? el("button", { type: "button", text: fill(t("Insert {kind}"), { kind: error.fix }), on: { click: () => this.insertFix(error.at, error.fix, error.with) } }) : null,
      project ? el("button", { type: "button", text: t("Project the skip"), on: { click: project } }) : null);
    (card.face ?? card.item.firstChild).after(card.trouble);
  }

  actions(node) {
    const id = node.id;
    return el("div", { class: "actions" },
      iconButton("up", t("Move up (Alt+Up)"), () => this.shift(id, -1)), iconButton("down", t("Move down (Alt+Down)"), () => this.shift(id, 1)),
      iconButton("copy", t("Duplicate (D)"), () => this.duplicate(id)), iconButton("wrap", t("Wrap in Repeat (R)"), () => this.wrap(id)),
      iconButton("skip", t("Wrap in Residual (S)"), () => this.wrap(id, "Residual")), iconButton("fork", t("Wrap in Parallel (P)"), () => this.wrap(id, "Parallel")),
      isBlock(node) ? iconButton("unwrap", t("Unwrap"), () => this.unwrap(id)) : null,
      iconButton("trash", t("Remove (Delete)"), () => this.remove(id)),
      el("button", { type: "button", class: "done", text: t("Done"), on: { click: () => this.toggle(id) } }));
  }

  makeEditor(entry, spec, times, actions) {
    const fields = [];
    const make = (param) => {
      const field = makeField(param, spec[param.name], { times, catalog: this.catalog, draw: (f, text, reach) => legended(drawCurve(f, { from: -reach, to: reach, limit: Math.max(reach, 6), title: fill(t("{formula} and its slope"), { formula: text }) }), t("function")),
        change: (value) => { if (this.setParam(spec, param, value)) this.changed(); } });
      fields.push({ ...field, name: param.name });
      return field.node;
    };
    const common = entry.params.filter((param) => !param.rare);
    const rare = entry.params.filter((param) => param.rare);
    const editor = el("div", { class: "editor" }, el("p", { class: "small", text: entry.help }), ...common.map(make),
      rare.length ? el("details", {}, el("summary", { text: t("More") }), ...rare.map(make)) : null, actions);
    return { editor, fields };
  }

  describe({ spec, lists }) {
    if (lists) return "";
    const entry = this.catalog.layers[spec.kind];
    const words = (entry?.params ?? []).filter((param) => !param.rare || (param.type === "part" && isPart(spec[param.name]))).map((param) => {
      const value = param.name in spec ? spec[param.name] : param.default;
      if (value == null || value === "linear" || (!param.shown && JSON.stringify(value) === JSON.stringify(param.default))) return "";
      if (param.type === "part") return isPart(value) ? Object.values(value).map(asText).join(" ") : "";
      if (param.type === "activation") return typeof value === "string" ? value : readable(value.expression);
      if (param.type === "bool") return value ? labelOf(param).toLowerCase() : fill(t("no {what}"), { what: labelOf(param).toLowerCase() });
      if (param.type === "choice" || param.type === "text") return value;
      if (param.type === "pair") return Array.isArray(value) ? value.join("×") : `${asText(value)}×${asText(value)}`;
      if (param.type === "shape") return `→ ${value.join("×")}`;
      return ["units", "filters"].includes(param.name) ? `${asText(value)} ${labelOf(param).toLowerCase()}` : `${labelOf(param).toLowerCase()} ${asText(value)}`;
    }).filter(Boolean);
    return words.join(" · ") || (entry?.help ?? "");
  }

  renderCost() {
    const entry = this.catalog.costs[this.cost.kind];
    const row = this.answer?.rows.cost ?? {};
    const transform = this.cost.transform ?? entry.transform;
    const words = [this.cost.project === false ? "" : `Dense ${row.shape ?? ""}`.trim(), transform, t("then the loss")].filter(Boolean).join(" · ");
    if (!this.costMain) {
      this.costSelect = el("select", { "aria-label": t("Cost"), on: { change: () => {
        const before = this.remember();
        const kept = Object.entries(this.cost).filter(([key]) => ["project", "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "class_weight"].includes(key));
        this.cost = { kind: this.costSelect.value, ...this.catalog.costs[this.costSelect.value].start, ...Object.fromEntries(kept) };
        this.costFields = null;
        this.changed(fill(t("Cost: {kind}"), { kind: this.cost.kind }));
        if (Object.keys(before.cost).length > 1) this.undoable(fill(t("Cost is now {kind}"), { kind: this.cost.kind }), before);
      } } });
      this.costMain = el("button", { type: "button", class: "main", "aria-expanded": "false", on: { click: () => this.toggle("cost"),
        focus: () => { this.selected = null; }, keydown: (event) => this.keyOnCard(event, "cost") } });
      this.costFace = el("div", { class: "card" }, el("label", { class: "pick" }, el("strong", { text: t("Cost:") }), this.costSelect), this.costMain);
      this.costItem.append(this.costFace);
      this.costCard = { item: this.costItem, face: this.costFace };
    }
    const names = Object.keys(this.catalog.costs);
    if (this.costNames !== names.join()) {
      this.costNames = names.join();
      this.costSelect.replaceChildren(...names.map((kind) => el("option", { value: kind, text: kind })));
    }
    this.costSelect.value = this.cost.kind;
    this.costMain.replaceChildren(el("span", { class: "number", text: row.shape ?? "" }),
      el("span", { class: "row small" }, el("span", { class: "ellipsis", text: words }), el("span", { class: "right", text: row.params ?? "" })));
    this.costMain.title = shownAs(words);
    this.costMain.setAttribute("aria-label", [t("Cost settings"), this.cost.kind, words, row.error?.what ?? this.answer?.cost_note].filter(Boolean).join(", "));
    this.costMain.setAttribute("aria-expanded", String(this.open === "cost"));
    this.costItem.classList.toggle("wrong", Boolean(row.error));
    this.costItem.classList.toggle("open", this.open === "cost");
    this.showTrouble(this.costCard, row.error ?? (this.answer?.cost_note ? { what: this.answer.cost_note } : null));
    if (this.open !== "cost" || !this.costFields) this.costEditor?.remove();
    if (this.open === "cost" && !this.costFields) {
      const { editor, fields } = this.makeEditor(entry, this.cost, 0, el("div", { class: "actions" },
        el("button", { type: "button", class: "done", text: t("Done"), on: { click: () => this.toggle("cost") } })));
      editor.firstChild.after(el("div", { class: "picture cost-picture" }));
      editor.addEventListener("input", ({ target }) => { if (target.classList.contains("expression")) this.drawCost(entry, target.value); });
      this.costEditor = editor;
      this.costFields = fields;
      this.costItem.append(editor);
    } else if (this.open !== "cost") this.costFields = null;
    this.costFields?.forEach((field) => field.update(this.cost[field.name]));
    // What stands in the field is ahead of what was handed on.
    if (this.costFields) this.drawCost(entry, this.costEditor.querySelector(".field-expression input")?.value);
  }

  // Drawn anew at every change, and while an expression is typed: `typed` is what stands in its field.
  drawCost(entry, typed = null) {
    const box = this.costEditor?.querySelector(".cost-picture");
    if (!box) return;
    const transform = this.cost.transform ?? entry.transform;
    const formula = typed ?? this.cost.expression ?? ((transform === "sigmoid" && entry.sigmoid_formula) || entry.formula);
    const numbers = Object.fromEntries(entry.params.filter((param) => ["float", "int", "bool"].includes(param.type))
      .map((param) => [param.name, Number(this.cost[param.name] ?? param.default ?? 0)]));
    const key = JSON.stringify([this.data.task, this.cost.kind, formula, numbers, transform]);
    if (box.shows === key && !box.classList.contains("stale")) return;
    box.shows = key;
    try {
      const drawn = this.data.task === "classification" ? this.classCost(entry, formula, numbers, transform) : this.numberCost(entry, formula, numbers);
      box.replaceChildren(el("div", { class: "formula", text: readable(formula) }), ...drawn);
      box.classList.remove("stale");
    } catch {
      // What is half typed is told at its field; the last drawing that could be made stays, faintly.
      box.classList.add("stale");
    }
  }

  // Two classes: the loss over the output for one of them, where it is the truth and where it is not.
  classCost(entry, formula, numbers, transform) {
    const chances = ["softmax", "sigmoid"].includes(transform);
    const outputs = { softmax: (p) => [moving(p), moving(1 - p, -1)], sigmoid: (p) => [moving(p)] }[transform]
      ?? ((z) => [moving(z), ...still(0)]);
    const truth = (right) => still(...(transform === "sigmoid" ? [right] : [right, 1 - right]));
    const [is, not] = [1, 0].map((right) => costOf(formula, entry.columns, numbers, (x) => ({ y_true: truth(right), y_pred: outputs(x) })));
    const range = chances ? { from: 0, to: 1, low: -3, high: 3 } : { from: -3, to: 3, low: -1, high: 3 };
    const title = chances ? t("Loss over the probability of a class, where it is the truth and where it is not, and the slope")
      : t("Loss over the raw output for a class, where it is the truth and where it is not, and the slope");
    return [legended(drawCurve(is, { ...range, second: not, title }), t("where it is the truth"), t("where it is not")),
      // At 0 and 1 the formulas cut off logarithms.
      slopeNote([is, not].map((f) => (chances ? checkSlope(f, 0.02, 0.98, 97) : checkSlope(f, -3, 3))))];
  }

  // A number: the loss over the miss, prediction minus truth. Costs of ratios are drawn around a truth of 3.
  numberCost(entry, formula, numbers) {
    const truth = entry.target_scaling ? (entry.least_outputs > 1 ? 1 : 0) : 3;
    const more = Array(entry.least_outputs - 1).fill(1);
    const f = costOf(formula, entry.columns, numbers, (miss) => ({ y_true: still(truth, ...more), y_pred: [moving(truth + miss), ...still(...more)] }));
    const title = fill(t("Loss over the miss (prediction minus truth) where the truth is {truth}, and its slope"), { truth });
    return [legended(drawCurve(f, { from: -3, to: 3, low: -1, high: 3, limit: 200, title }), fill(t("loss over the miss, truth {truth}"), { truth })),
      slopeNote([checkSlope(f, -3, 3)])];
  }

  renderStatus() {
    const { total, refused } = this.answer ?? {};
    const trouble = refused ? `${refused.where ? `${refused.where}: ` : ""}${refused.what}` : total?.trouble;
    this.status.replaceChildren(el("span", { text: total?.text ?? "" }), trouble
      ? el("span", { class: "bad", text: `✕ ${trouble}` }) : el("span", { class: "good", text: `✓ ${t("fits")}` }));
  }

  // --- dragging ---

  startDrag(event, id) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { item, handle } = this.cards.get(id);
    const from = { x: event.clientX, y: event.clientY };
    const box = item.getBoundingClientRect();
    let ghost = null;
    let target = null;
    let scrolling = 0;
    const scroller = scrollParent(this.node);
    handle.setPointerCapture(event.pointerId);
    const move = (at) => {
      if (!ghost && Math.hypot(at.clientX - from.x, at.clientY - from.y) < 4) return;
      if (!ghost) {
        ghost = item.cloneNode(true);
        ghost.classList.add("ghost");
        Object.assign(ghost.style, { width: `${box.width}px`, left: `${box.left}px` });
        this.node.append(ghost);
        item.classList.add("lifted");
        this.node.classList.add("dragging");
      }
      ghost.style.top = `${box.top + at.clientY - from.y}px`;
      ghost.style.left = `${box.left + 12 + (at.clientX - from.x) * 0.25}px`;
      scrolling = at.clientY < 60 ? -8 : at.clientY > innerHeight - 60 ? 8 : 0;
      target = this.nearest(at.clientY, id);
      this.showLine(target);
    };
    const timer = setInterval(() => { if (ghost && scrolling) scroller.scrollBy(0, scrolling); }, 16);
    const stop = (drop) => {
      clearInterval(timer);
      ghost?.remove();
      item.classList.remove("lifted");
      this.node.classList.remove("dragging");
      this.line.hidden = true;
      for (const [name, listener] of Object.entries(listeners)) handle.removeEventListener(name, listener);
      document.removeEventListener("keydown", cancel, true);
      if (drop && ghost && target) this.moveTo(id, target.list, target.index);
      else if (drop && !ghost) this.cards.get(id).main.focus();
    };
    const cancel = (key) => { if (key.key === "Escape") { key.stopPropagation(); stop(false); } };
    const listeners = { pointermove: move, pointerup: () => stop(true), pointercancel: () => stop(false) };
    for (const [name, listener] of Object.entries(listeners)) handle.addEventListener(name, listener);
    document.addEventListener("keydown", cancel, true);
  }

  // The gap between cards that is nearest to a height: {list: "" or the block's id and its list's number, index, box, y}.
  nearest(y, id) {
    const inside = new Set();
    this.walk((node) => inside.add(node.id), [this.find(id).node]);
    let best = null;
    const consider = (list, nodes, element) => {
      const outer = element.getBoundingClientRect();
      const boxes = nodes.map((node) => this.cards.get(node.id).item.getBoundingClientRect());
      for (let index = 0; index <= nodes.length; index += 1) {
        const gap = index === 0 ? (boxes[0]?.top ?? outer.top) - 4 : index === nodes.length ? boxes[index - 1].bottom + 3 : (boxes[index - 1].bottom + boxes[index].top) / 2;
        const distance = Math.abs(gap - y);
        if (!best || distance < best.distance) best = { list, index, distance, y: gap, left: outer.left, width: outer.width };
      }
      nodes.forEach((node) => {
        if (!inside.has(node.id)) node.lists?.forEach((inner, slot) => consider(`${node.id}/${slot}`, inner, this.cards.get(node.id).lists[slot]));
      });
    };
    consider("", this.layers, this.list);
    return best;
  }

  showLine(target) {
    const origin = this.node.getBoundingClientRect();
    this.line.hidden = !target;
    if (target) Object.assign(this.line.style, { top: `${target.y - origin.top - 1}px`, left: `${target.left - origin.left}px`, width: `${target.width}px` });
  }
}

const legended = (svg, name, second = "") => el("div", {}, svg, el("div", { class: "legend", "aria-hidden": "true" }, el("span", { text: name }),
  second ? el("span", { class: "second-key", text: second }) : null, el("span", { class: "slope-key", text: t("its slope") })));

function scrollParent(node) {
  for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}

export default function stackEditor({ data, parentElement, setStateValue }) {
  words = data.words;
  const root = parentElement;
  if (!root.stackEditor?.node.isConnected) root.stackEditor = new StackEditor(root);
  root.stackEditor.receive(data, setStateValue);
}
