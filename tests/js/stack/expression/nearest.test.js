import assert from "node:assert/strict";
import { test } from "node:test";
import { FUNCTIONS } from "../../../../nnviz/browser/stack/expression/functions.js";
import { nearest } from "../../../../nnviz/browser/stack/expression/nearest.js";
import { mended, parseExpression } from "../../../../nnviz/browser/stack/expression/parse.js";
import { readParam } from "../../../../nnviz/browser/stack/params.js";

test("a name that is almost right is that name", () => {
  const meant = ["sigmod", "tahn", "Relu", "sofplus", "ln", "min", "arctan", "swish", "foo", "a"];
  const wanted = ["sigmoid", "tanh", "relu", "softplus", "log", "minimum", "atan", "", "", ""];
  assert.deepEqual(
    meant.map((name) => nearest(name, FUNCTIONS)),
    wanted,
  );
  assert.equal(nearest("y_prd", ["y_true", "y_pred", "pi", "e"]), "y_pred");
  assert.equal(nearest("X", ["x"]), "x");
  assert.equal(nearest("b", ["x", "e"]), "");
});

/** @param {string} text */
function refusal(text) {
  try {
    parseExpression(text, ["x"]);
  } catch (error) {
    return error;
  }
  throw new Error("it was read");
}

test("an unknown name comes with the one that was meant, and the text with it", () => {
  const text = "x * sigmod(1.7 * x)";
  const error = refusal(text);
  assert.deepEqual([error.position, error.unknown, error.meant], [4, "sigmod", "sigmoid"]);
  assert.equal(error.message, "unknown function sigmod");
  assert.equal(mended(text, error), "x * sigmoid(1.7 * x)");
  assert.match(refusal("foo(x)").message, /there is abs, atan/);
  assert.equal(refusal("gain * x").meant, "");
});

test("a field of an expression offers the mended text", () => {
  const reading = readParam({ name: "expression", type: "expression", names: ["y_true", "y_pred"] }, "abs(y_tru - y_pred)", 0);
  assert.equal(reading.meant, "y_true");
  assert.equal(reading.mended, "abs(y_true - y_pred)");
});
