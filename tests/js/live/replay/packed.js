// MessagePack of small values, written for tests as its specification has it.

/**
 * @param {any} value
 * @returns {ArrayBuffer}
 */
export function packed(value) {
  return new Uint8Array(bytesOf(value)).buffer;
}

/** @param {any} value @returns {number[]} */
function bytesOf(value) {
  if (value === true || value === false) return [value ? 0xc3 : 0xc2];
  if (typeof value === "number")
    return Number.isInteger(value) && value >= 0 && value < 128 ? [value] : [0xcb, ...floatOf(value)];
  if (typeof value === "string") return [0xd9, value.length, ...new TextEncoder().encode(value)];
  if (value instanceof Uint8Array) return [0xc4, value.length, ...value];
  const entries = Object.entries(value);
  return [0x80 | entries.length, ...entries.flatMap(([key, item]) => [...bytesOf(key), ...bytesOf(item)])];
}

/** @param {number} value */
function floatOf(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return new Uint8Array(view.buffer);
}
