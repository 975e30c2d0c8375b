// Decodes the subset of MessagePack that the hub sends: maps, arrays, strings, binary, numbers, booleans and nil.

const text = new TextDecoder();

/** @typedef {null | boolean | number | string | ArrayBuffer | Value[] | { [key: string]: Value }} Value */

/**
 * Throws on any other type, and RangeError on a truncated buffer.
 * @param {ArrayBuffer} buffer
 * @returns {Value}
 */
export function decode(buffer) {
  const view = new DataView(buffer);
  let at = 0;

  /** @type {<Read>(read: (at: number) => Read, size: number) => Read} */
  const take = (read, size) => {
    const value = read.call(view, at);
    at += size;
    return value;
  };
  const u8 = () => take(view.getUint8, 1);
  const u16 = () => take(view.getUint16, 2);
  const u32 = () => take(view.getUint32, 4);

  /** @param {number} size */
  const str = (size) => {
    const value = text.decode(new Uint8Array(buffer, at, size));
    at += size;
    return value;
  };
  /** A copy, so that typed arrays over it start at an aligned address. @param {number} size */
  const bin = (size) => {
    const value = buffer.slice(at, at + size);
    at += size;
    return value;
  };
  /** @type {(size: number) => Value[]} */
  const array = (size) => Array.from({ length: size }, any);
  /** @param {number} size */
  const map = (size) => {
    /** @type {{ [key: string]: Value }} */
    const value = {};
    for (let i = 0; i < size; i += 1) {
      const key = String(any());
      value[key] = any();
    }
    return value;
  };

  /** @returns {Value} */
  function any() {
    const tag = u8();
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 0x0f);
    if (tag < 0xa0) return array(tag & 0x0f);
    if (tag < 0xc0) return str(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return bin(u8());
      case 0xc5:
        return bin(u16());
      case 0xc6:
        return bin(u32());
      case 0xca:
        return take(view.getFloat32, 4);
      case 0xcb:
        return take(view.getFloat64, 8);
      case 0xcc:
        return u8();
      case 0xcd:
        return u16();
      case 0xce:
        return u32();
      case 0xcf:
        return Number(take(view.getBigUint64, 8));
      case 0xd0:
        return take(view.getInt8, 1);
      case 0xd1:
        return take(view.getInt16, 2);
      case 0xd2:
        return take(view.getInt32, 4);
      case 0xd3:
        return Number(take(view.getBigInt64, 8));
      case 0xd9:
        return str(u8());
      case 0xda:
        return str(u16());
      case 0xdb:
        return str(u32());
      case 0xdc:
        return array(u16());
      case 0xdd:
        return array(u32());
      case 0xde:
        return map(u16());
      case 0xdf:
        return map(u32());
      default:
        throw new Error(`MessagePack type 0x${tag.toString(16)} is not used here`);
    }
  }

  return any();
}
