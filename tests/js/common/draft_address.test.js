import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo } from "../../../nnviz/browser/common/draft_address.js";

test("a link holds the draft and nothing else of the address", () => {
  assert.equal(linkTo("http://a:8501/?run=r1&moment=3#learning", "1.abc_-"), "http://a:8501/?draft=1.abc_-");
  assert.equal(linkTo("https://a.example/nnviz/?draft=1.old", ""), "https://a.example/nnviz/");
});
