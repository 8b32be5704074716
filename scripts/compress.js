// Lays `.br` and `.gz` beside the files of the page, for hosts that send them in the place of the plain ones.
//
//   node scripts/compress.js SITE
//
// What was compressed before is kept under target/packed, by its bytes.

import { gzipAsync } from '@gfx/zopfli';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { root } from './setup.js';

const KINDS = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;
/** Below this a packet holds the plain file as well, bytes. */
const SMALL = 1000;
const kept = path.join(root, 'target/packed');

/** @type {Record<string, (bytes: Buffer) => Promise<Buffer>>} */
const WAYS = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};
/** What every page waits for is worth the seconds of Zopfli: a gzip 4 % smaller. */
const WAITED_FOR = /\.(css|js|wasm)$/;

/**
 * @param {string} file
 * @param {Buffer} bytes
 * @param {string} end
 */
async function packed(file, bytes, end) {
  if (end === 'gz' && WAITED_FOR.test(file)) return gzipAsync(bytes, { numiterations: 1 });
  return WAYS[end]?.(bytes);
}

/**
 * @param {string} file
 * @param {string} end
 */
async function lay(file, end) {
  const target = `${file}.${end}`;
  if (existsSync(target)) return;
  const bytes = readFileSync(file);
  const store = path.join(kept, `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${end}`);
  const small = existsSync(store) ? readFileSync(store) : await packed(file, bytes, end);
  if (small === undefined || small.length >= bytes.length) return;
  if (!existsSync(store)) writeFileSync(store, small);
  writeFileSync(target, small);
}

const site = path.resolve(process.argv[2] ?? 'dist');
mkdirSync(kept, { recursive: true });
const files = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && KINDS.test(entry.name))
  .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
  .filter((file) => readFileSync(file).length >= SMALL);
await Promise.all(files.flatMap((file) => Object.keys(WAYS).map((end) => lay(file, end))));
