// Mutated links through the WebAssembly module of the built page, in Node.
//
//   node tests/fuzz/wasm.js [--dist dist] [--seed 1] [--count 60] [--keep target/fuzz]

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { linkMutant } from './links.js';
import { Random } from './random.js';

const { values } = parseArgs({
  options: {
    dist: { type: 'string', default: 'dist' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    keep: { type: 'string', default: 'target/fuzz' },
  },
});
const dist = path.resolve(values.dist);
const keep = path.resolve(values.keep);
/** Longer than this on any machine is a hang, milliseconds. */
const HANG_MS = 240_000;
const MOST_TEXT = 300_000;

const door = await import(pathToFileURL(path.join(dist, 'pkg/tandem.js')).href);
await door.default({ module_or_path: readFileSync(path.join(dist, 'pkg/tandem_bg.wasm')) });
/** @type {Map<string, any>} */
const scenarios = new Map();
/** @type {{ text: string, of: string }[]} */
const links = [];
for (const { id } of door.gallery().filter((/** @type {any} */ { id }) => !id.startsWith('smartnet'))) {
  const session = new door.Session();
  const text = session.preset(id);
  if (text.length > MOST_TEXT) continue;
  scenarios.set(id, JSON.parse(text));
  const own = JSON.parse(text);
  own.case.buses.reverse();
  own.title = 'A & B; 100 % #1';
  links.push({ text: session.link().fragment, of: text });
  try {
    const opened = session.open(JSON.stringify(own));
    links.push({ text: session.link().fragment, of: opened });
  } catch {
    // The order of its buses means something.
  }
}

/** @type {{ worker: Worker | null }} */
const thread = { worker: null };
async function ready() {
  if (thread.worker === null) {
    const made = new Worker(new URL('./door.js', import.meta.url), { workerData: { dist } });
    await new Promise((resolve) => made.once('message', resolve));
    thread.worker = made;
  }
  return thread.worker;
}

/** @param {string} text @returns {Promise<{ odd: string[], opened: string, trap: boolean }>} */
async function ask(text) {
  const one = await ready();
  return new Promise((resolve) => {
    const end = (/** @type {any} */ answer) => {
      clearTimeout(timer);
      one.off('message', end);
      one.off('error', broken);
      resolve(answer);
    };
    const broken = (/** @type {any} */ error) => end({ odd: [`the thread ended: ${error}`], opened: '', trap: true });
    const timer = setTimeout(() => end({ odd: ['no answer'], opened: '', trap: true }), HANG_MS);
    one.once('message', end);
    one.once('error', broken);
    one.postMessage(text);
  });
}

const seed = Number(values.seed);
const count = Number(values.count);
let failures = 0;
let opened = 0;
for (let n = 0; n < count; n += 1) {
  const rng = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(n + 1, 0xc2b2ae35));
  const { what, text, may, of } = linkMutant(rng, scenarios, links);
  const answer = await ask(text);
  const odd = [...answer.odd];
  if (answer.opened !== '') opened += 1;
  if (may === 'same' && answer.opened === '') odd.push('a sound link is refused');
  if (may !== 'any' && answer.opened !== '' && answer.opened !== of) odd.push('a link opens as another scenario');
  if (answer.trap) {
    // After a trap the memory of the module is not to be trusted.
    await thread.worker?.terminate();
    thread.worker = null;
  }
  if (odd.length === 0) continue;
  failures += 1;
  mkdirSync(keep, { recursive: true });
  const file = path.join(keep, `wasm-${seed}-${n}.txt`);
  writeFileSync(file, text);
  console.log(`wasm ${seed}/${n} (${what}): ${odd.slice(0, 3).join(' | ')}; kept as ${path.relative('', file)}`);
}
console.log(`${count} links with seed ${seed}, ${opened} opened, ${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
