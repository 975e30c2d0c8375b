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

// Each function beside its derivative: of one value, or for several values the slope in each.
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const ONE = {
  abs: [Math.abs, Math.sign], exp: [Math.exp, Math.exp], log: [Math.log, (x) => 1 / x], log1p: [Math.log1p, (x) => 1 / (1 + x)],
  expm1: [Math.expm1, Math.exp], sqrt: [Math.sqrt, (x) => 0.5 / Math.sqrt(x)], sign: [Math.sign, () => 0],
  sin: [Math.sin, Math.cos], cos: [Math.cos, (x) => -Math.sin(x)], tan: [Math.tan, (x) => 1 / Math.cos(x) ** 2],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2], sinh: [Math.sinh, Math.cosh], cosh: [Math.cosh, Math.sinh],
  atan: [Math.atan, (x) => 1 / (1 + x * x)], erf: [erf, (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
  square: [(x) => x * x, (x) => 2 * x], sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))],
  relu: [(x) => Math.max(x, 0), (x) => +(x > 0)],
  softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid],
  softsign: [(x) => x / (1 + Math.abs(x)), (x) => 1 / (1 + Math.abs(x)) ** 2],
};
const SEVERAL = {
  minimum: [2, Math.min, (a, b) => (a <= b ? [1, 0] : [0, 1])], maximum: [2, Math.max, (a, b) => (a >= b ? [1, 0] : [0, 1])],
  clip: [3, (x, a, b) => Math.min(Math.max(x, a), b), (x, a, b) => (x > b ? [0, 0, 1] : x < a ? [0, 1, 0] : [1, 0, 0])],
  where: [3, (c, a, b) => (c ? a : b), (c) => (c ? [0, 1, 0] : [0, 0, 1])],
};
// Over a row of duals {v: value, d: derivative}.
const ROW = {
  sum: (row) => row.reduce((a, b) => ({ v: a.v + b.v, d: a.d + b.d }), { v: 0, d: 0 }),
  max: (row) => row.reduce((a, b) => (b.v > a.v || Number.isNaN(b.v) ? b : a)),
  mean: (row) => { const { v, d } = ROW.sum(row); return { v: v / row.length, d: d / row.length }; },
};
const FLAT = () => [0, 0];
const COMPARE = {
  "<": [(a, b) => +(a < b), FLAT], "<=": [(a, b) => +(a <= b), FLAT], ">": [(a, b) => +(a > b), FLAT],
  ">=": [(a, b) => +(a >= b), FLAT], "==": [(a, b) => +(a === b), FLAT], "!=": [(a, b) => +(a !== b), FLAT],
};
const ARITHMETIC = {
  "+": [(a, b) => a + b, () => [1, 1]], "-": [(a, b) => a - b, () => [1, -1]], "*": [(a, b) => a * b, (a, b) => [b, a]],
  "/": [(a, b) => a / b, (a, b) => [1 / b, -a / (b * b)]],
  "**": [(a, b) => a ** b, (a, b) => [b * a ** (b - 1), a ** b * Math.log(a)]],
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

// A slope counts only where what it belongs to moves: else 0 times an infinite slope would not be a number.
const lift = ([f, slopes], ...parts) => (env) => {
  const rows = parts.map((part) => part(env));
  const size = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: size }, (_, i) => {
    const given = rows.map((row) => (row.length === 1 ? row[0] : row[i]));
    const values = given.map(({ v }) => v);
    if (given.every(({ d }) => d === 0)) return { v: f(...values), d: 0 };
    const each = [slopes(...values)].flat();
    return { v: f(...values), d: given.reduce((d, x, k) => (x.d === 0 || each[k] === 0 ? d : d + each[k] * x.d), 0) };
  });
};

// {run(env) -> row of numbers, dual(env) -> row of duals from rows of duals, names: those that occur, mixes: whether it
// joins the elements of a row}. Throws ExpressionError.
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
      const value = [{ v: Number(token.text), d: 0 }];
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
    if (token.text in CONSTANTS && !names.includes(token.text)) return () => [{ v: CONSTANTS[token.text], d: 0 }];
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
    return lift(token.text in ONE ? ONE[token.text] : SEVERAL[token.text].slice(1), ...given);
  };
  const power = () => {
    const base = atom();
    return take("**") ? lift(ARITHMETIC["**"], base, unary()) : base;
  };
  const unary = () => {
    const sign = take("-", "+");
    if (!sign) return power();
    const inner = unary();
    return sign === "-" ? lift([(x) => -x, () => -1], inner) : inner;
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
  const dual = comparison();
  if (tokens[at].type !== "end") {
    throw new ExpressionError(fill(t("{what} can't stand here"), { what: tokens[at].text }), tokens[at].position);
  }
  const still = (env) => Object.fromEntries(Object.entries(env).map(([key, row]) => [key, row.map((v) => ({ v, d: 0 }))]));
  return { run: (env) => dual(still(env)).map(({ v }) => v), dual, names: used, mixes };
}

const still = (...values) => values.map((v) => ({ v, d: 0 }));
const moving = (v, d = 1) => ({ v, d });
const withSlope = (at) => Object.assign((x) => at(x).v, { slope: (x) => at(x).d });

// A function of one variable from a formula, with its derivative as `slope`; `others` are fixed values by name.
function curveOf(text, variable, others = {}) {
  const parsed = parseExpression(text, [variable, ...Object.keys(others)]);
  const fixed = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, still(value)]));
  return withSlope((x) => parsed.dual({ ...fixed, [variable]: parsed.mixes ? [moving(x), ...still(0)] : [moving(x)] })[0]);
}

// A row's cost over one number: `row(x)` gives {y_true, y_pred} as rows of duals; `columns`: how they are joined.
function costOf(text, columns, numbers, row) {
  const parsed = parseExpression(text, ["y_true", "y_pred", ...Object.keys(numbers)]);
  const fixed = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, still(Number(value))]));
  return withSlope((x) => {
    const given = row(x);
    const shares = parsed.dual({ ...fixed, ...given });
    if (columns === "row") return shares[0];
    return ROW[columns](given.y_pred.map((_, i) => (shares.length === 1 ? shares[0] : shares[i])));
  });
}

// What differences say of `f.slope` on [from, to]: {points: how many were compared, kinks: where the slope or the value
// jumps, wrong: the first x where they disagree and there is no kink, or null}.
function checkSlope(f, from, to, points = 141) {
  const h = 1e-5;
  const xs = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const kinks = [];
  const far = (a, b, slack) => Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) > slack * (1 + Math.min(Math.abs(a), Math.abs(b)));
  const kink = (x) => {
    const found = +x.toFixed(3) || 0;
    if (!kinks.includes(found)) kinks.push(found);
  };
  for (let i = 1; i < points; i += 1) {
    let [a, b] = [xs[i - 1] - 1e-4, xs[i] - 1e-4];
    if (far(f.slope(a), f.slope(b), 0.02) || far(f(a), f(b), 0.02)) {
      for (let n = 0; n < 32; n += 1) {
        const middle = (a + b) / 2;
        const left = Math.abs(f.slope(middle) - f.slope(a)) + Math.abs(f(middle) - f(a));
        const right = Math.abs(f.slope(b) - f.slope(middle)) + Math.abs(f(b) - f(middle));
        if (left > right) b = middle;
        else a = middle;
      }
      if (far(f.slope(a), f.slope(b), 0.01) || far(f(a), f(b), 0.01)) kink(b);
    }
  }
  let compared = 0;
  let wrong = null;
  for (const x of xs) {
    const numeric = (f(x + h) - f(x - h)) / (2 * h);
    const rule = f.slope(x);
    if (!Number.isFinite(numeric) || !Number.isFinite(rule)) continue;
    if (kinks.some((at) => Math.abs(at - x) < 2e-3)) continue;
    compared += 1;
    // Where max meets its other side the rule may take either; the slope beside the point then tells what it is.
    const beside = () => [x - 2e-3, x + 2e-3].some((at) => far(numeric, f.slope(at), 0.02));
    if (wrong === null && far(numeric, rule, 1e-3) && beside()) wrong = { x, rule, numeric };
  }
  return { points: compared, kinks, wrong };
}

// The outcome in words, to stand under a drawing.
function slopeNote(checks) {
  const kinks = [...new Set(checks.flatMap((check) => check.kinks))].sort((a, b) => a - b);
  const wrong = checks.map((check) => check.wrong).find(Boolean);
  const short = (x) => String(+x.toPrecision(3));
  if (wrong) {
    return el("div", { class: "slope-note bad", text: fill(t("✕ At {x} the slope is {rule} by the rules and {numeric} by differences."),
      { x: short(wrong.x), rule: short(wrong.rule), numeric: short(wrong.numeric) }) });
  }
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  const said = points ? fill(t("✓ Slope agrees with differences at {points} points."), { points }) : t("No slope to check here.");
  const named = kinks.length > 6 ? fill(t("{n} kinks."), { n: kinks.length })
    : kinks.length ? fill(t("Kinks at {places}."), { places: kinks.map(short).join(", ") }) : "";
  return el("div", { class: "slope-note", text: [said, named].filter(Boolean).join(" ") });
}

// `x * sigmoid(1.7 * x)` as people write it: x · sigmoid(1.7 · x); powers of one number are raised.
function readable(formula) {
  const raised = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return formula.replace(/\s*\*\*\s*(\d)(?![\d.])/g, (_, digit) => raised[digit])
    .replace(/square\((\w+)\)/g, "$1²").replaceAll("**", " ^ ").replace(/\s*\*\s*/g, " · ")
    .replaceAll(">=", "≥").replaceAll("<=", "≤").replace(/ - /g, " − ").replace(/(^|[(,]\s?)-/g, "$1−");
}

// An SVG drawing of a function (strong) and its derivative (dashed) over [from, to]; `second`: another function (dotted).
function drawCurve(f, { from = -4, to = 4, low = -1.5, high = 1.5, limit = 6, second = null, title = "" } = {}) {
  const [width, height, pad] = [280, 110, 6];
  const steps = 140;
  const xs = Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);
  const values = xs.map(f);
  const others = second ? xs.map(second) : [];
  const slopes = xs.map(f.slope);
  const seen = [...values, ...others].filter((v) => Number.isFinite(v) && Math.abs(v) < 1e3);
  const bottom = Math.max(Math.min(low, ...seen), -limit);
  const top = Math.min(Math.max(high, ...seen), limit);
  const px = (x) => pad + ((x - from) / (to - from)) * (width - 2 * pad);
  const py = (y) => height - pad - ((y - bottom) / (top - bottom)) * (height - 2 * pad);
  const line = (ys) => {
    let path = "";
    let pen = false;
    ys.forEach((y, i) => {
      const reach = 0.3 * (top - bottom);
      const inside = Number.isFinite(y) && y >= bottom - reach && y <= top + reach;
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
  for (const mark of (top > 12 ? [Math.round(top / 2)] : [1, -1]).filter((v) => v > bottom && v < top && from < 0)) {
    svg.append(shape("path", { class: "axis", d: `M${px(0) - 2} ${py(mark)}h4` }));
    svg.append(shape("text", { x: px(0) - 5, y: py(mark) + 3, class: "tick", "text-anchor": "end" }, String(mark)));
  }
  svg.append(shape("path", { class: "slope", d: line(slopes) }));
  if (second) svg.append(shape("path", { class: "second", d: line(others) }));
  svg.append(shape("path", { class: "function", d: line(values) }));
  return svg;
}

function shape(tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
