import assert from "node:assert/strict";
import { test } from "node:test";
import { css, mix, rgb } from "../../../nnviz/browser/common/theme.js";

test("colours are read in all the ways that CSS writes them", () => {
  for (const colour of ["#0080ff", " #0080FF ", "rgb(0, 128, 255)", "rgba(0,128,255,0.5)"]) {
    assert.deepEqual(rgb(colour), [0, 128, 255]);
  }
  assert.deepEqual(rgb("#0f8"), [0, 255, 136]);
});

test("a mixture goes from one colour to the other", () => {
  const [black, white] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  assert.deepEqual(
    [0, 0.5, 1].map((share) => mix(black, white, share)[0]),
    [0, 128, 255],
  );
  assert.equal(css(white, 0.5), "rgba(255,255,255,0.5)");
});
