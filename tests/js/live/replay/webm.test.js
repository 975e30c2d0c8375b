import assert from "node:assert/strict";
import { test } from "node:test";
import { webm } from "../../../../nnviz/browser/live/replay/webm.js";

const MASTERS = new Set(["1a45dfa3", "18538067", "1549a966", "1654ae6b", "ae", "e0", "1f43b675", "1c53bb6b", "bb", "b7"]);

/**
 * The elements of a file by their ids in hexadecimal, as RFC 8794 has them: an id and a length of variable size, and the content.
 * @param {Uint8Array} bytes
 * @param {number} [start] of it in the file
 * @returns {{ id: string, at: number, content: any }[]}
 */
function elements(bytes, start = 0) {
  const all = [];
  for (let at = 0; at < bytes.length; ) {
    const idLength = Math.clz32(bytes[at]) - 24 + 1;
    const id = Buffer.from(bytes.subarray(at, at + idLength)).toString("hex");
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32(bytes[sizeAt]) - 24 + 1;
    let size = bytes[sizeAt] & (0xff >> sizeLength);
    for (let i = 1; i < sizeLength; i += 1) size = size * 256 + bytes[sizeAt + i];
    const from = sizeAt + sizeLength;
    const content = bytes.subarray(from, from + size);
    assert.equal(content.length, size, `${id} ends beyond the file`);
    all.push({ id, at: start + at, content: MASTERS.has(id) ? elements(content, start + from) : content });
    at = from + size;
  }
  return all;
}

/**
 * @param {any} list
 * @param {...string} path
 * @returns {any}
 */
function at(list, ...path) {
  let inside = list;
  for (const id of path) inside = inside.find((/** @type {any} */ one) => one.id === id).content;
  return inside;
}

/** @param {Uint8Array} bytes */
const whole = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

const FRAMES = [0, 1, 2, 3].map((i) => ({ data: new Uint8Array([10 + i, 7]), time: i * 120, isKey: i % 2 === 0 }));
const FILE = webm(FRAMES, { width: 640, height: 360, duration: 480 });

test("a file begins with WebM's header and says its size and length", () => {
  const file = elements(FILE);
  assert.equal(new TextDecoder().decode(at(file, "1a45dfa3", "4282")), "webm");
  const duration = at(file, "18538067", "1549a966", "4489");
  assert.equal(new DataView(duration.buffer, duration.byteOffset).getFloat64(0), 480);
  const track = at(file, "18538067", "1654ae6b", "ae");
  assert.equal(new TextDecoder().decode(at(track, "86")), "V_VP8");
  assert.deepEqual([at(track, "e0", "b0"), at(track, "e0", "ba")].map(whole), [640, 360]);
});

test("each key begins a cluster, and frames stand in it at their time", () => {
  const clusters = at(elements(FILE), "18538067").filter((/** @type {any} */ { id }) => id === "1f43b675");
  const frames = clusters.flatMap((/** @type {any} */ { content }) => {
    const start = whole(at(content, "e7"));
    const blocks = content.filter((/** @type {any} */ { id }) => id === "a3");
    return blocks.map((/** @type {any} */ { content: block }) => [
      start + block[1] * 256 + block[2],
      block[3],
      ...block.subarray(4),
    ]);
  });
  assert.deepEqual(frames, [
    [0, 0x80, 10, 7],
    [120, 0, 11, 7],
    [240, 0x80, 12, 7],
    [360, 0, 13, 7],
  ]);
});

test("the index names where clusters begin, from the start of the segment's content", () => {
  const segment = elements(FILE).find(({ id }) => id === "18538067");
  const inside = /** @type {any[]} */ (segment?.content);
  const places = at(inside, "1c53bb6b").map((/** @type {any} */ { content }) => [
    whole(at(content, "b3")),
    whole(at(content, "b7", "f1")),
  ]);
  const clusters = inside.filter(({ id }) => id === "1f43b675").map(({ at: place }) => place - inside[0].at);
  assert.deepEqual(places, [
    [0, clusters[0]],
    [240, clusters[1]],
  ]);
});
