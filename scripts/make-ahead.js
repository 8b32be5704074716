// `npm run ahead`: the answers of presets that take too long for a build, computed by the module in dist/ and kept in
// ahead/ID.json.br, each with the digest of the document it answers and the version of the program.
//
//   npm run ahead [-- ID ...]
//
// A build uses an answer only where the preset still is that document; `tests/wasm/modules.test.js` solves the smallest
// again and compares.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { brotliCompressSync, constants } from 'node:zlib';

import { KEPT, LONG, computed, load } from './ahead.js';
import { root } from './setup.js';

const asked = process.argv.slice(2);
mkdirSync(KEPT, { recursive: true });
const door = await load(path.join(root, 'dist'));
for (const id of asked.length > 0 ? asked : LONG) {
  const ahead = computed(door, id);
  const text = Buffer.from(JSON.stringify(ahead));
  const packed = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(path.join(KEPT, `${id}.json.br`), packed);
  console.log(`${id}: ${ahead.seconds.toFixed(0)} s, ${text.length} bytes, ${packed.length} compressed`);
}
