// Files as a zip archive: the other way round is zip.js, which the front page reads files with.

/** @import { NamedFile } from './folder.js' */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** What a reader has to know of the format (2.0: deflate), and names in UTF-8. */
const VERSION = 20;
const UTF_8 = 1 << 11;
/** The first day that an archive can name: the same files are the same archive whenever it is made. */
const DAY = 0x21;
const [STORED, DEFLATED] = [0, 8];

const TABLE = Uint32Array.from({ length: 256 }, (_, k) => {
  let value = k;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as archives have it. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * One run of numbers, the lowest byte first: `[value, bytes]`.
 * @param {[number, 2 | 4][]} fields
 */
function record(fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/**
 * @param {NamedFile[]} files at most 65,535, of less than 4 GB together
 * @returns {Promise<Blob>}
 */
export async function zipped(files) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const own = new Uint8Array(bytes);
    const packed = await deflated(own);
    const shorter = packed.length < own.length;
    const content = shorter ? packed : own;
    const title = new TextEncoder().encode(name);
    /** @type {[number, 2 | 4][]} */
    const told = [
      [VERSION, 2],
      [UTF_8, 2],
      [shorter ? DEFLATED : STORED, 2],
      [0, 2],
      [DAY, 2],
      [crc32(own), 4],
      [content.length, 4],
      [own.length, 4],
      [title.length, 2],
      [0, 2],
    ];
    const local = record([[LOCAL, 4], ...told]);
    directory.push(record([[CENTRAL, 4], [VERSION, 2], ...told, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), title);
    parts.push(local, title, content);
    at += local.length + title.length + content.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const count = files.length;
  const end = record([
    [END, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [length, 4],
    [at, 4],
    [0, 2],
  ]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}
