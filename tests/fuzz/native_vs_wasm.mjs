// Presets natively and in WebAssembly: the reports must be the same, number for number.
//   node tests/fuzz/native_vs_wasm.mjs BINARY DIST [--all]
// Without --all the three countries are left out, which take minutes. Ends with 1 on a difference.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [binary, dist, all] = process.argv.slice(2);
if (!binary || !dist) {
  console.error('usage: node tests/fuzz/native_vs_wasm.mjs BINARY DIST [--all]');
  process.exit(2);
}
const door = await import(pathToFileURL(path.join(path.resolve(dist), 'pkg/tandem.js')).href);
await door.default({ module_or_path: readFileSync(path.join(dist, 'pkg/tandem_bg.wasm')) });

/**
 * Where two reports differ.
 * @param {any} a
 * @param {any} b
 * @param {string} at
 * @returns {Generator<{ at: string, native: any, wasm: any }>}
 */
function* differences(a, b, at = '') {
  // JSON has no number for what is open or unknown.
  const nothing = (/** @type {any} */ v) =>
    v === null || v === undefined || (typeof v === 'number' && !Number.isFinite(v));
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* differences(a[key], b[key], `${at}.${key}`);
  } else if (a !== b && !(nothing(a) && nothing(b))) yield { at, native: a, wasm: b };
}

let [compared, differ] = [0, 0];
for (const { id } of door.gallery()) {
  if (id.startsWith('smartnet-') && all !== '--all') continue;
  const text = execFileSync(binary, ['run', id, '--json'], {
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  const session = new door.Session();
  session.learn(readFileSync(path.join(dist, `lessons/${id}.json`), 'utf8'));
  session.preset(id);
  session.solve([]);
  const list = [...differences(JSON.parse(text), session.written().report())];
  session.free();
  if (list.length > 0) differ += 1;
  compared += 1;
  if (list.length > 0) console.log(`DIFFERS ${id}: ${list.length} places`);
  for (const { at, native, wasm } of list.slice(0, 3))
    console.log(`    ${at}: native ${String(native).slice(0, 120)}, wasm ${String(wasm).slice(0, 120)}`);
}
console.log(`${compared - differ} of ${compared} presets: the same numbers natively and in WebAssembly`);
process.exit(differ === 0 ? 0 : 1);
