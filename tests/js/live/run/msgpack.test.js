import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../../../../nnviz/browser/live/run/msgpack.js";

/** @param {...(number | string)} parts bytes, and text as its bytes */
function packed(...parts) {
  const bytes = parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [part]));
  return new Uint8Array(bytes).buffer;
}

test("small numbers, nil and booleans are one byte", () => {
  const values = [0x00, 0x7f, 0xe0, 0xff, 0xc0, 0xc2, 0xc3].map((byte) => decode(packed(byte)));
  assert.deepEqual(values, [0, 127, -32, -1, null, false, true]);
});

test("whole numbers of each width", () => {
  assert.equal(decode(packed(0xcc, 200)), 200);
  assert.equal(decode(packed(0xcd, 1, 0)), 256);
  assert.equal(decode(packed(0xce, 0, 1, 0, 0)), 65536);
  assert.equal(decode(packed(0xcf, 0, 0, 1, 0, 0, 0, 0, 0)), 2 ** 40);
  assert.equal(decode(packed(0xd0, 0x80)), -128);
  assert.equal(decode(packed(0xd1, 0xff, 0)), -256);
  assert.equal(decode(packed(0xd2, 0xff, 0xff, 0, 0)), -65536);
  assert.equal(decode(packed(0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe)), -2);
});

test("floats of both widths", () => {
  assert.equal(decode(packed(0xca, 0x3f, 0xc0, 0, 0)), 1.5);
  assert.equal(decode(packed(0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a)), 0.1);
});

test("text is UTF-8, of each length", () => {
  assert.equal(decode(packed(0xa3, "网")), "网");
  assert.equal(decode(packed(0xd9, 40, "x".repeat(40))), "x".repeat(40));
  assert.equal(decode(packed(0xda, 1, 44, "y".repeat(300))), "y".repeat(300));
});

test("arrays and maps hold anything", () => {
  assert.deepEqual(decode(packed(0x92, 0x81, 0xa1, "a", 0x93, 1, 2, 3, 0xc0)), [{ a: [1, 2, 3] }, null]);
  assert.deepEqual(decode(packed(0xdc, 0, 2, 1, 0x80)), [1, {}]);
  assert.deepEqual(decode(packed(0xde, 0, 1, 0xa1, "k", 0x90)), { k: [] });
});

test("bytes are a copy, so that wide arrays can be laid over them", () => {
  const message = packed(0x92, 0x01, 0xc4, 4, 1, 0, 0, 0);
  const [, bytes] = /** @type {[number, ArrayBuffer]} */ (decode(message));
  assert.deepEqual([...new Uint32Array(bytes)], [1]);
});

test("what is cut short or of another type is refused", () => {
  assert.throws(() => decode(packed(0xcd, 1)), RangeError);
  assert.throws(() => decode(packed(0xc1)), /0xc1 is not used here/);
});
