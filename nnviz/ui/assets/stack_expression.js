// The expression language in the browser: what nnviz.catalog.expression parses, parsed and evaluated here so that a
// formula is drawn while it is typed. No eval: a recursive descent over an allow-list.
// A value is an array (one row): functions work on each element, sum, max and mean over the row, as in Python.

const CONSTANTS = { pi: Math.PI, e: Math.E };

const erf = (x) => {
  // Abramowitz and Stegun 7.1.26: |error| < 1.5e-7, finer than a pixel.
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
};

const ONE = {
  abs: Math.abs, exp: Math.exp, log: Math.log, log1p: Math.log1p, expm1: Math.expm1, sqrt: Math.sqrt, sign: Math.sign,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, tanh: Math.tanh, sinh: Math.sinh, cosh: Math.cosh, atan: Math.atan,
  erf, square: (x) => x * x, sigmoid: (x) => 1 / (1 + Math.exp(-x)), relu: (x) => Math.max(x, 0),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), softsign: (x) => x / (1 + Math.abs(x)),
};
const SEVERAL = {
  minimum: [2, Math.min], maximum: [2, Math.max], clip: [3, (x, a, b) => Math.min(Math.max(x, a), b)],
  where: [3, (c, a, b) => (c ? a : b)],
};
const ROW = {
  sum: (row) => row.reduce((a, b) => a + b, 0), max: (row) => Math.max(...row),
  mean: (row) => row.reduce((a, b) => a + b, 0) / row.length,
};
const COMPARE = {
  "<": (a, b) => +(a < b), "<=": (a, b) => +(a <= b), ">": (a, b) => +(a > b), ">=": (a, b) => +(a >= b),
  "==": (a, b) => +(a === b), "!=": (a, b) => +(a !== b),
};
const ARITHMETIC = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "**": (a, b) => a ** b,
};
const FUNCTIONS = [...Object.keys(ONE), ...Object.keys(SEVERAL), ...Object.keys(ROW)].sort();

class ExpressionError extends Error {
  constructor(message, position) {
    super(message);
    this.position = position;
  }
}

function tokenize(text) {
  const pattern = /\s+|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|<=|>=|==|!=|[-+*/<>(),])/y;
  const tokens = [];
  while (pattern.lastIndex < text.length) {
    const position = pattern.lastIndex;
    const found = pattern.exec(text);
    if (!found) throw new ExpressionError(fill(t("{what} is not part of the language"), { what: text[position] }), position);
    if (Number(found[1]) > 1e30) throw new ExpressionError(fill(t("{what} is too large"), { what: found[1] }), position);
    if (found[1] !== undefined) tokens.push({ type: "number", text: found[1], position });
    else if (found[2] !== undefined) tokens.push({ type: "name", text: found[2], position });
    else if (found[3] !== undefined) tokens.push({ type: "sign", text: found[3], position });
  }
  tokens.push({ type: "end", text: "", position: text.length });
  return tokens;
}

const lift = (f, ...parts) => (env) => {
  const rows = parts.map((part) => part(env));
  const size = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: size }, (_, i) => f(...rows.map((row) => (row.length === 1 ? row[0] : row[i]))));
};

// {run(env) -> row, names: those that occur, rows: whether it mixes the elements of a row}. Throws ExpressionError.
function parseExpression(text, names) {
  if (text.length > 500) throw new ExpressionError(t("at most 500 characters are allowed"), 500);
  const tokens = tokenize(text);
  const used = new Set();
  let at = 0;
  let mixes = false;
  let depth = 0;
  const take = (...signs) => (tokens[at].type === "sign" && signs.includes(tokens[at].text) ? tokens[at++].text : null);
  const expect = (sign) => {
    if (take(sign)) return;
    const found = tokens[at];
    throw new ExpressionError(
      found.type === "end" ? fill(t("{what} is missing at the end"), { what: sign })
        : fill(t("expected {what} here"), { what: sign }), found.position);
  };
  const binary = (next, signs, table) => () => {
    let left = next();
    for (let sign = take(...signs); sign; sign = take(...signs)) left = lift(table[sign], left, next());
    return left;
  };
  const atom = () => {
    const token = tokens[at++];
    if (token.type === "number") {
      const value = [Number(token.text)];
      return () => value;
    }
    if (token.type === "name") return tokens[at].text === "(" ? call(token) : name(token);
    if (token.text === "(") {
      if (++depth > 50) throw new ExpressionError(t("too deeply nested"), token.position);
      const inner = comparison();
      depth -= 1;
      expect(")");
      return inner;
    }
    at -= 1;
    throw new ExpressionError(
      token.type === "end" ? t("something is missing at the end")
        : fill(t("{what} can't stand here"), { what: token.text }), token.position);
  };
  const name = (token) => {
    if (token.text in CONSTANTS && !names.includes(token.text)) return () => [CONSTANTS[token.text]];
    if (!names.includes(token.text)) {
      throw new ExpressionError(FUNCTIONS.includes(token.text)
        ? fill(t("{what} is a function: write {what}(...)"), { what: token.text })
        : fill(t("unknown name {what}; there is {names}"), { what: token.text, names: [...names, "pi", "e"].join(", ") }),
      token.position);
    }
    used.add(token.text);
    return (env) => env[token.text];
  };
  const call = (token) => {
    if (!FUNCTIONS.includes(token.text)) {
      throw new ExpressionError(
        fill(t("unknown function {what}; there is {names}"), { what: token.text, names: FUNCTIONS.join(", ") }), token.position);
    }
    if (++depth > 50) throw new ExpressionError(t("too deeply nested"), token.position);
    expect("(");
    const given = [comparison()];
    while (take(",")) given.push(comparison());
    expect(")");
    depth -= 1;
    const wanted = token.text in SEVERAL ? SEVERAL[token.text][0] : 1;
    if (given.length !== wanted) {
      throw new ExpressionError(
        fill(t("{what} takes {wanted} values, not {given}"), { what: token.text, wanted, given: given.length }), token.position);
    }
    if (token.text in ROW) {
      mixes = true;
      return (env) => [ROW[token.text](given[0](env))];
    }
    return lift(token.text in ONE ? ONE[token.text] : SEVERAL[token.text][1], ...given);
  };
  const power = () => {
    const base = atom();
    return take("**") ? lift(ARITHMETIC["**"], base, unary()) : base;
  };
  const unary = () => {
    const sign = take("-", "+");
    if (!sign) return power();
    const inner = unary();
    return sign === "-" ? lift((x) => -x, inner) : inner;
  };
  const product = binary(unary, ["*", "/"], ARITHMETIC);
  const sum = binary(product, ["+", "-"], ARITHMETIC);
  const comparison = () => {
    let left = sum();
    let result = null;
    for (let sign = take(...Object.keys(COMPARE)); sign; sign = take(...Object.keys(COMPARE))) {
      const right = sum();
      const holds = lift(COMPARE[sign], left, right);
      result = result ? lift(ARITHMETIC["*"], result, holds) : holds;
      left = right;
    }
    return result ?? left;
  };
  const run = comparison();
  if (tokens[at].type !== "end") {
    throw new ExpressionError(fill(t("{what} can't stand here"), { what: tokens[at].text }), tokens[at].position);
  }
  return { run, names: used, mixes };
}

// A function of one variable from a formula; `others` are fixed values by name.
function curveOf(text, variable, others = {}) {
  const parsed = parseExpression(text, [variable, ...Object.keys(others)]);
  const fixed = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, [value]]));
  return (x) => parsed.run({ ...fixed, [variable]: parsed.mixes ? [x, 0] : [x] })[0];
}

// `x * sigmoid(1.7 * x)` as people write it: x · sigmoid(1.7 · x); powers of one number are raised.
function readable(formula) {
  const raised = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return formula.replace(/\s*\*\*\s*(\d)(?![\d.])/g, (_, digit) => raised[digit])
    .replace(/square\((\w+)\)/g, "$1²").replaceAll("**", " ^ ").replace(/\s*\*\s*/g, " · ")
    .replaceAll(">=", "≥").replaceAll("<=", "≤").replace(/ - /g, " − ").replace(/(^|[(,]\s?)-/g, "$1−");
}

// An SVG drawing of a function (strong) and its derivative (dashed) over [from, to].
function drawCurve(f, { from = -4, to = 4, low = -1.5, high = 1.5, title = "" } = {}) {
  const [width, height, pad] = [280, 110, 6];
  const steps = 140;
  const xs = Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);
  const h = (to - from) / 4000;
  const values = xs.map(f);
  const slopes = xs.map((x) => (f(x + h) - f(x - h)) / (2 * h));
  const seen = values.filter((v) => Number.isFinite(v) && Math.abs(v) < 1e3);
  const bottom = Math.max(Math.min(low, ...seen), -6);
  const top = Math.min(Math.max(high, ...seen), 6);
  const px = (x) => pad + ((x - from) / (to - from)) * (width - 2 * pad);
  const py = (y) => height - pad - ((y - bottom) / (top - bottom)) * (height - 2 * pad);
  const line = (ys) => {
    let path = "";
    let pen = false;
    ys.forEach((y, i) => {
      const inside = Number.isFinite(y) && y >= bottom - 2 && y <= top + 2;
      if (inside) path += `${pen ? "L" : "M"}${px(xs[i]).toFixed(1)} ${py(y).toFixed(1)}`;
      pen = inside;
    });
    return path;
  };
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "curve", role: "img", "aria-label": title });
  svg.append(shape("title", {}, title));
  if (bottom < 0 && top > 0) svg.append(shape("path", { class: "axis", d: `M${pad} ${py(0)}H${width - pad}` }));
  if (from <= 0 && to > 0) svg.append(shape("path", { class: "axis", d: `M${px(0)} ${pad}V${height - pad}` }));
  for (const tick of [from, to].filter((v) => v !== 0)) {
    svg.append(shape("text", { x: px(tick), y: from < 0 ? Math.min(py(Math.max(bottom, 0)) + 11, height - 2) : height - 1, class: "tick",
      "text-anchor": tick === from ? "start" : "end" }, String(tick)));
  }
  for (const mark of [1, -1].filter((v) => v > bottom && v < top && from < 0)) {
    svg.append(shape("path", { class: "axis", d: `M${px(0) - 2} ${py(mark)}h4` }));
    svg.append(shape("text", { x: px(0) - 5, y: py(mark) + 3, class: "tick", "text-anchor": "end" }, String(mark)));
  }
  svg.append(shape("path", { class: "slope", d: line(slopes) }), shape("path", { class: "function", d: line(values) }));
  return svg;
}

function shape(tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
