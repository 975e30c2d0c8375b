// The parts of the Compare page around its curves: cards of runs, and tables with a run a column. Text is set as text.

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null && value !== "") node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
};

const icon = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};
// A path like optimizer.learning_rate may be broken after its dots and underscores, and nowhere else.
const breakable = (text) => text.split(/(?<=[._])/).flatMap((part, i) => (i ? [el("wbr"), part] : [part]));
// A name may be broken between its words; within one only where it is too long for a line.
const whole = (text) => text.split(/(\s+)/).map((part) => (/\S/.test(part) ? el("span", { class: "word" }, part) : part));
const isLong = (text) => text.split(/\s+/).some((word) => word.length > 22);
const SEEN = "M2.5 12s3.5-6.5 9.5-6.5 9.5 6.5 9.5 6.5-3.5 6.5-9.5 6.5S2.5 12 2.5 12z M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";
const UNSEEN = "M4 4l16 16 M9.5 5.9a9 9 0 0 1 2.5-.4c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.7 M6.3 7.6A16 16 0 0 0 2.5 12s3.5 6.5 9.5 6.5a9 9 0 0 0 4.3-1.1";
const AWAY = "M6 6l12 12 M18 6L6 18";
const ADD = "M12 5v14 M5 12h14";

function card(run, { words, colours, act, isOffer }) {
  const body = [
    el("span", { class: "who" },
      el("span", { class: "top" }, el("strong", { title: run.name }, run.name),
        el("span", { class: "value" }, el("b", {}, run.value))),
      el("span", { class: "top" },
        el("span", { class: "about", title: run.exact }, el("i", { class: `dot ${run.status}` }), run.about),
        run.soFar ? el("small", {}, words.soFar) : null)),
  ];
  if (isOffer) {
    return el("li", { class: "card offer" }, el("button", { type: "button", class: "whole", onclick: () => act("add", run.id),
      "aria-label": `${words.add}: ${run.name}` }, ...body, icon(ADD)));
  }
  const button = (what, path, label, pressed) => el("button", { type: "button", class: "tiny", title: label,
    "aria-label": `${label}: ${run.name}`, "aria-pressed": pressed, onclick: () => act(what, run.id) }, icon(path));
  return el("li", { class: run.isHidden ? "card away" : "card", style: `--run:rgb(${colours[run.colour % colours.length]})` },
    ...body,
    el("span", { class: "tools" },
      button("toggle", run.isHidden ? UNSEEN : SEEN, run.isHidden ? words.show : words.hide, String(!run.isHidden)),
      button("remove", AWAY, words.remove)));
}

function cell(given, words, act) {
  if (given.reveal) {
    return el("td", {}, el("button", { type: "button", class: "reveal", title: words.reveal,
      onclick: () => act("reveal", given.reveal) }, given.text));
  }
  const text = el(given.is_best ? "b" : "span", { class: `${given.is_odd ? "odd" : ""} ${isLong(given.text) ? "long" : ""}`.trim() }, given.text);
  return el("td", { title: given.is_best ? words.best : null }, text, given.so_far ? el("small", {}, ` ${words.soFar}`) : null);
}

function table(data, colours, act) {
  const { runs, rows, words } = data;
  const head = el("tr", {}, el("td", {}), ...runs.map((run) => el("th", { scope: "col", title: run.name },
    el("span", { class: "head" }, el("i", { class: "dot", style: `background:rgb(${colours[run.colour % colours.length]})` }),
      el("span", {}, ...whole(run.name))))));
  const body = rows.map((row) => el("tr", {}, el("th", { scope: "row", title: row.help, class: row.help ? "helped" : null },
    el("span", {}, ...breakable(row.label))),
    ...row.cells.map((given) => cell(given, words, act))));
  return el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
}

function draw(root, data, colours, setTriggerValue) {
  const key = JSON.stringify([data, colours]);
  if (root.drawn === key && root.firstChild) return;
  root.drawn = key;
  const focused = root.querySelector(":focus")?.getAttribute("aria-label");
  const act = (what, run) => setTriggerValue("act", { what, run });
  const scrolled = root.querySelector(".scroll")?.scrollLeft ?? 0;
  root.replaceChildren(data.kind === "table" ? table(data, colours, act)
    : el("ul", {}, ...data.runs.map((run) => card(run, { words: data.words, colours, act, isOffer: data.kind === "offer" }))));
  if (scrolled) root.querySelector(".scroll").scrollLeft = scrolled;
  if (focused) [...root.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
}

export default function comparison({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".comparison");
  if (!root) {
    root = el("div", { class: "comparison" });
    parentElement.append(root);
  }
  import(new URL(data.theme, location.origin).href).then(({ readTheme }) => {
    const theme = readTheme(root);
    root.dataset.theme = theme.isDark ? "dark" : "light";
    draw(root, data, theme.classes, setTriggerValue);
  });
}
