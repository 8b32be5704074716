// Size of the page over the network, file by file, and the limit of its WebAssembly.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { root } from './setup.js';
import { Failed } from './steps.js';

/** What the WebAssembly module should weigh after gzip, in kB (1000 bytes); docs/benchmarks.md says what stands in the way. */
const TARGET_KB = 350;

/** What it may weigh: it grows no further unnoticed. */
const LIMIT_KB = 1400;

/** What the fonts of the page may weigh together, in kB. */
const FONTS_KB = 120;

/** Print the sizes; fails if the module or the fonts are over their limit. */
export function sizes() {
  const dist = path.join(root, 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const bytes = readFileSync(file);
      return { name: path.relative(dist, file), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    })
    .sort((a, b) => b.gzip - a.gzip);
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
  for (const { name, raw, gzip } of files.slice(0, 8)) console.log(`${kb(raw)} ${kb(gzip)} gzip  ${name}`);
  const total = files.reduce((sum, { gzip }) => sum + gzip, 0);
  const wasm = files.filter(({ name }) => name.endsWith('.wasm')).reduce((sum, { gzip }) => sum + gzip, 0);
  if (wasm > LIMIT_KB * 1000) throw new Failed(`the WebAssembly weighs ${kb(wasm).trim()} gzip, over ${LIMIT_KB} kB`);
  const fonts = files.filter(({ name }) => name.endsWith('.woff2')).reduce((sum, { raw }) => sum + raw, 0);
  if (fonts > FONTS_KB * 1000) throw new Failed(`the fonts weigh ${kb(fonts).trim()}, over ${FONTS_KB} kB`);
  return `wasm ${kb(wasm).trim()} gzip (target ${TARGET_KB}, limit ${LIMIT_KB}), all files ${kb(total).trim()}`;
}
