import assert from "node:assert/strict";
import { test } from "node:test";
import { close, digits, small } from "../../../../nnviz/browser/live/way/weight_numbers.js";

test("small numbers keep their sign and three digits", () => {
  assert.deepEqual([0.0026543, -0.5, 1.2e-5, 1.2e-6, 0, -12345.678].map(small), [
    "+0.00265",
    "−0.5",
    "+0.000012",
    "+1.2e-6",
    "0",
    "−12300",
  ]);
  assert.equal(close(0.66152, 0.6615), "0.661520");
  assert.equal(close(1, 1), "1.000");
  assert.deepEqual([0.4, 3.04, 10, 99.6, 1234.5].map(digits), ["0.4", "3", "10", "100", "1,235"]);
});
