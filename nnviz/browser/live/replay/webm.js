// A WebM file of encoded frames: Matroska's elements, see https://www.matroska.org/technical/elements.html. Pure: no DOM.

/** `time`: milliseconds from the start, rising; the first frame is a key. @typedef {{ data: Uint8Array, time: number, isKey: boolean }} EncodedFrame */

const MILLISECOND_NS = 1_000_000;
const TRACK = 1;
const KEY = 0x80;

/**
 * The file: its index stands before its pictures, so that players can jump at once.
 * @param {EncodedFrame[]} frames
 * @param {{ width: number, height: number, duration: number, codec?: string }} options `duration`: milliseconds
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function webm(frames, { width, height, duration, codec = "V_VP8" }) {
  const header = element(
    0x1a45dfa3,
    number(0x4286, 1),
    number(0x42f7, 1),
    number(0x42f2, 4),
    number(0x42f3, 8),
    text(0x4282, "webm"),
    number(0x4287, 4),
    number(0x4285, 2),
  );
  const info = element(
    0x1549a966,
    number(0x2ad7b1, MILLISECOND_NS),
    text(0x4d80, "nnviz"),
    text(0x5741, "nnviz"),
    element(0x4489, float(duration)),
  );
  const video = element(0xe0, number(0xb0, width), number(0xba, height));
  const track = [number(0xd7, TRACK), number(0x73c5, TRACK), number(0x83, 1), number(0x9c, 0), text(0x86, codec), video];
  const tracks = element(0x1654ae6b, element(0xae, ...track));
  const clusters = clustersOf(frames);
  // The index is as long with any places in it, as all of them take eight bytes.
  const empty = cues(clusters.map(({ time }) => ({ time, place: 0 })));
  let place = info.length + tracks.length + empty.length;
  const places = clusters.map(({ time, bytes }) => {
    const here = { time, place };
    place += bytes.length;
    return here;
  });
  const segment = element(0x18538067, info, tracks, cues(places), ...clusters.map(({ bytes }) => bytes));
  return joined([header, segment]);
}

/**
 * The frames from each key to the next.
 * @param {EncodedFrame[]} frames
 */
function clustersOf(frames) {
  /** @type {EncodedFrame[][]} */
  const groups = [];
  for (const frame of frames) {
    if (frame.isKey) groups.push([]);
    groups.at(-1)?.push(frame);
  }
  return groups.map((group) => {
    const [{ time }] = group;
    const blocks = group.map((frame) => block(frame, Math.round(frame.time) - Math.round(time)));
    return { time: Math.round(time), bytes: element(0x1f43b675, number(0xe7, Math.round(time)), ...blocks) };
  });
}

/**
 * @param {EncodedFrame} frame
 * @param {number} after milliseconds since the cluster's start
 */
function block({ data, isKey }, after) {
  return element(0xa3, new Uint8Array([0x80 | TRACK, after >> 8, after & 0xff, isKey ? KEY : 0]), data);
}

/** @param {{ time: number, place: number }[]} points places from the start of the segment's content */
function cues(points) {
  const entries = points.map(({ time, place }) =>
    element(0xbb, number(0xb3, time), element(0xb7, number(0xf7, TRACK), number(0xf1, place))),
  );
  return element(0x1c53bb6b, ...entries);
}

/**
 * @param {number} id
 * @param {...Uint8Array} content
 */
function element(id, ...content) {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(size));
  length[0] = 0x01;
  return joined([new Uint8Array(bytesOf(id)), length, ...content]);
}

/** @param {number} id @param {number} value */
function number(id, value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return element(id, bytes);
}

/** @param {number} value */
function float(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** @param {number} id @param {string} value */
const text = (id, value) => element(id, new TextEncoder().encode(value));

/** @param {number} id @returns {number[]} */
const bytesOf = (id) => (id > 0xff ? [...bytesOf(Math.floor(id / 256)), id % 256] : [id]);

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
