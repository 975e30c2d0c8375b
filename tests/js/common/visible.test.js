import assert from "node:assert/strict";
import { test } from "node:test";
import { forPlotly, visible } from "../../../nnviz/browser/common/visible.js";

test("plain text stays, in any script", () => {
  for (const text of ["Zürich 3°", "神经网络", "naïve", "👩‍🔬"]) assert.equal(visible(text), text);
});

test("controls become pictures, marks of direction are written out", () => {
  assert.equal(visible("a\tb\nc\u0000\u007f"), "a⇥b⏎c␀␡");
  assert.equal(visible("\u202egnp.exe"), "\\u202egnp.exe");
  assert.equal(visible("\u{e0041}"), "\\U000e0041");
  assert.equal(visible("\ud800"), "\\ud800");
});

test("a tower of accents is cut after the fourth", () => {
  assert.equal(visible(`z${"\u0301".repeat(50)}`), `z${"\u0301".repeat(4)}…`);
});

test("of a long text the middle is left out, to the limit", () => {
  const text = visible("x".repeat(50) + "y".repeat(50), 30);
  assert.equal(text.length, 30);
  assert.match(text, /^x+…y+$/);
});

test("what has been made fit stays the same", () => {
  const once = visible("a\u202eb\tc");
  assert.equal(visible(once), once);
});

test("Plotly gets no markup, formula or place for a number", () => {
  assert.equal(forPlotly("<b>$x$ & %{y}"), "&lt;b&gt;&#36;x&#36; &amp; %&#123;y}");
});
