import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, firstOf, inRange, labelOf, readParam, setParam } from "../../../nnviz/browser/stack/params.js";

const UNITS = { name: "units", type: "int", minimum: 1, maximum: 4096, allowed: "a whole number from 1" };
const RATE = { name: "rate", type: "float", minimum: 0, below: 1, allowed: "a number from 0 to below 1", optional: true };
const PAIR = { name: "kernel_size", type: "pair", minimum: 1, allowed: "one or two whole numbers" };
const SHAPE = { name: "target_shape", type: "shape", minimum: 1, allowed: "up to four sizes" };
const COST = { name: "expression", type: "expression", names: ["y_true", "y_pred"], allowed: "an expression" };

test("numbers are checked for type and range, open and closed", () => {
  assert.deepEqual(
    [1, 4096, 0, 4097, 1.5, Number.NaN].map((value) => inRange(UNITS, value)),
    [true, true, false, false, false, false],
  );
  assert.deepEqual(
    [0, 0.5, 1].map((value) => inRange(RATE, value)),
    [true, true, false],
  );
  assert.deepEqual(
    [0, 1e-9].map((value) => inRange({ ...RATE, above: 0 }, value)),
    [false, true],
  );
});

test("what was typed is the value, or what is allowed is said", () => {
  assert.deepEqual(readParam(UNITS, " 64 ", 0), { value: 64 });
  assert.deepEqual(readParam(UNITS, "1e3", 0), { value: 1000 });
  assert.deepEqual(readParam(UNITS, "0", 0), { error: "must be a whole number from 1" });
  assert.deepEqual(readParam(UNITS, "many", 0), { error: "must be a whole number from 1" });
});

test("an empty field is null where that may be, else it is needed", () => {
  assert.deepEqual(readParam(RATE, " ", 0), { value: null });
  assert.deepEqual(readParam(UNITS, "", 0), { error: "is needed: a whole number from 1" });
});

test("pairs and shapes are typed with commas, spaces or crosses", () => {
  assert.deepEqual(readParam(PAIR, "3", 0), { value: 3 });
  assert.deepEqual(readParam(PAIR, "3×5", 0), { value: [3, 5] });
  assert.deepEqual(readParam(SHAPE, "4, 4 1", 0), { value: [4, 4, 1] });
  assert.ok(readParam(PAIR, "3, 4, 5", 0).error);
  assert.ok(readParam(SHAPE, "1,2,3,4,5", 0).error);
  assert.ok(readParam(SHAPE, "4, 0", 0).error);
});

test("in a Repeat there is one value for each copy", () => {
  assert.deepEqual(readParam(UNITS, "64, 32, 16", 3), { value: { each: [64, 32, 16] } });
  assert.deepEqual(readParam(UNITS, "64, 32", 3), { error: "2 values for 3 copies" });
  assert.ok(readParam(UNITS, "64, 0", 2).error);
  assert.ok(readParam(UNITS, "64, 32", 0).error, "outside of one there are no copies");
});

test("or a rule of the copy's number, which must suit every copy", () => {
  assert.deepEqual(readParam(UNITS, "64 / 2**i", 3), { value: { each: "64 / 2**i" } });
  assert.deepEqual(readParam(UNITS, "4 / 2**i", 4), { error: "copy 3 gets 0.5; it must be a whole number from 1" });
  assert.match(readParam(UNITS, "64 / j", 2).error ?? "", /unknown name j/);
});

test("an expression is read, and an error says where", () => {
  assert.deepEqual(readParam(COST, "square(y_true - y_pred)", 0), { value: "square(y_true - y_pred)" });
  assert.match(readParam(COST, "y_true - z", 0).error ?? "", /^at position 10: unknown name z/);
});

test("values as the fields show them", () => {
  assert.deepEqual([null, 0.1 + 0.2, [3, 5], { each: [1, 2] }, { each: "2**i" }].map(asText), [
    "",
    "0.3",
    "3, 5",
    "1, 2",
    "2**i",
  ]);
  assert.deepEqual([firstOf({ each: [8, 4] }), firstOf({ each: "8 / 2**i" })], [8, 8]);
  assert.deepEqual([labelOf(PAIR), labelOf({ ...PAIR, label: "Kernel" })], ["Kernel size", "Kernel"]);
});

test("a parameter is set, left alone where nothing changes, and removed by null", () => {
  const spec = { kind: "Dense", units: 16, rate: 0.5 };
  assert.equal(setParam(spec, UNITS, 16), false);
  assert.equal(setParam(spec, { name: "join", default: "add" }, "add"), false);
  assert.equal(setParam(spec, UNITS, 32), true);
  assert.equal(setParam(spec, RATE, null), true);
  assert.deepEqual(spec, { kind: "Dense", units: 32 });
});
