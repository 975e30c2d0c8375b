// How names are chosen in the scripts, as tests/test_house.py checks it in Python: by what they hold.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
// Participles that say that there is a result, and not which.
const NAMELESS = ["found", "given", "said", "told", "kept", "shown"].join("|");
// A regular expression is a value: it stands after an operator, an opening bracket or `return`.
const REGEX = /((?:[=(,:[!&|?;{}]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/;
const TEXT = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const NOT_CODE = new RegExp([COMMENT, TEXT, REGEX].map(({ source }) => source).join("|"), "g");
// Keys of messages that Python sends are read as `status.kept`, written as `shown: true`.
const NAME = new RegExp(
  `(?<!(?<!\\.\\.)\\.|[\\w$])_*(?:${NAMELESS})_*(?![\\w$]|\\s*:)|\\bthis\\.[#_]*(?:${NAMELESS})(?![\\w$])`,
  "gi",
);

/** @param {string} source */
function namesIn(source) {
  const code = source.replace(NOT_CODE, (text, before = "") => before + text.replace(/[^\n]/g, " "));
  return [...code.matchAll(NAME)].map(([name]) => name);
}

test("nothing in the scripts is called only found, given, said, told, kept or shown", () => {
  const scripts = globSync(["nnviz/browser/**/*.js", "tests/js/**/*.js"], { cwd: ROOT });
  assert.ok(scripts.length > 80);
  const nameless = scripts.flatMap((script) =>
    namesIn(readFileSync(join(ROOT, script), "utf-8")).map((name) => `${script}: ${name}`),
  );
  assert.deepEqual(nameless, []);
});

test("variables, parameters, functions, classes and properties are names", () => {
  const cases = ["const found = 1;", "let SHOWN;", "(given, at) => at", "f(...kept)", "function told(x) {}", "class Said {}"];
  for (const source of [
    ...cases,
    "this.shown = 1;",
    "this.#kept = 2;",
    "const { kept } = status;",
    "for (const said of all) {}",
  ]) {
    assert.equal(namesIn(source).length, 1, source);
  }
});

test("comments, texts, longer names and Python's keys are not", () => {
  const cases = [
    "// what is found",
    "/* kept\n * shown */",
    't("Not found")',
    "`all\\` kept`",
    "text.match(/given|'told/)",
    "isShown",
  ];
  for (const source of [...cases, "status?.kept && param.shown", "({ shown: true })"])
    assert.deepEqual(namesIn(source), [], source);
});
