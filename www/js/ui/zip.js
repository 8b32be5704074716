// The files of a zip archive, as far as a person's case file needs: stored or deflated, not encrypted.

/** @import { NamedFile } from './folder.js' */

/** Bytes that the files of an archive may have together, and how many there may be. */
const MOST_BYTES = 64 << 20;
const MOST_FILES = 2000;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Length of the record at the end without its comment, and of the longest comment. */
const END_LENGTH = 22;
const COMMENT = 0xffff;

/** @param {Uint8Array} bytes */
export function isZip(bytes) {
  return bytes.length > END_LENGTH && view(bytes).getUint32(0, true) === LOCAL;
}

/** @param {Uint8Array} bytes */
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The files in an archive, without folders and what a system puts there for itself.
 * @param {Uint8Array} bytes
 * @returns {Promise<NamedFile[]>}
 */
export async function unzipped(bytes) {
  const entries = directory(bytes).filter(({ name }) => !name.endsWith('/') && !/(^|\/)(__MACOSX\/|\.)/.test(name));
  if (entries.length > MOST_FILES || entries.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES)
    throw new Error('The zip file holds more than a case: choose the file or the folder of the case itself.');
  /** @type {NamedFile[]} */
  const files = [];
  for (const entry of entries) files.push({ name: entry.name, bytes: await content(bytes, entry) });
  return files;
}

/** @typedef {{ name: string, method: number, packed: number, size: number, at: number }} Entry */

/**
 * @param {Uint8Array} bytes
 * @returns {Entry[]}
 */
function directory(bytes) {
  const data = view(bytes);
  const damaged = () => new Error('The zip file is damaged or cut. Make it again.');
  let end = bytes.length - END_LENGTH;
  const least = Math.max(0, end - COMMENT);
  while (end > least && data.getUint32(end, true) !== END) end -= 1;
  if (end < 0 || data.getUint32(end, true) !== END) throw damaged();
  const count = data.getUint16(end + 10, true);
  let at = data.getUint32(end + 16, true);
  /** @type {Entry[]} */
  const entries = [];
  for (let k = 0; k < count; k += 1) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== CENTRAL) throw damaged();
    if ((data.getUint16(at + 8, true) & 1) === 1)
      throw new Error('The zip file is protected by a password. Unpack it, and choose the files.');
    const [name, extra, comment] = [28, 30, 32].map((offset) => data.getUint16(at + offset, true));
    const from = at + 46;
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(from, from + (name ?? 0))),
      method: data.getUint16(at + 10, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      at: data.getUint32(at + 42, true),
    });
    at = from + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

/**
 * @param {Uint8Array} bytes
 * @param {Entry} entry
 */
async function content(bytes, { name, method, packed, size, at }) {
  const data = view(bytes);
  if (at + 30 > bytes.length || data.getUint32(at, true) !== LOCAL)
    throw new Error('The zip file is damaged or cut. Make it again.');
  const from = at + 30 + data.getUint16(at + 26, true) + data.getUint16(at + 28, true);
  const part = bytes.slice(from, from + packed);
  if (method === 0) return part;
  if (method !== 8) throw new Error(`The zip file packs ${name} in a way that is not read here. Unpack it first.`);
  const stream = new Blob([part]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return read(stream, size).catch(() => {
    throw new Error(`The zip file is damaged: ${name} does not unpack. Make it again.`);
  });
}

/**
 * What a stream holds, no more than was announced: a small archive cannot fill the memory.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} size
 */
async function read(stream, size) {
  const whole = new Uint8Array(size);
  const reader = stream.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new Error('longer than announced');
    whole.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Error('shorter than announced');
  return whole;
}
