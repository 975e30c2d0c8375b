import assert from "node:assert/strict";
import { test } from "node:test";
import { setMessages, t } from "../../../nnviz/browser/common/messages.js";

test("a message without a translation is shown as it is written", () => {
  assert.equal(t("Nothing to translate"), "Nothing to translate");
});

test("values are filled in, and what has none stays", () => {
  assert.equal(t("{n} of {all} %{customdata}", { n: 0, all: 12 }), "0 of 12 %{customdata}");
});

test("the translations of several elements add up", () => {
  setMessages({ "Add layer": "添加层" });
  setMessages({ "After {kind}": "在 {kind} 之后" });
  assert.equal(t("Add layer"), "添加层");
  assert.equal(t("After {kind}", { kind: "Dense" }), "在 Dense 之后");
});

test("a value that looks like a place for one is not filled in again", () => {
  assert.equal(t("{what}: {n}", { what: "{n}", n: 1 }), "{n}: 1");
});
