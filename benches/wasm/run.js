// `npm run bench`: times of the built WebAssembly module in Node, with HiGHS in the same run.
//
//   npm run bench [-- --json] [-- --only WORDS]
//
// Build first (`npm run build`). Ratios within one run are worth more than the times of one machine.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import loadHighs from 'highs';

import { CASES } from './cases.js';
import { measure, table } from './measure.js';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
const bytes = readFileSync(path.join(pkg, 'tandem_bg.wasm'));
const glue = pathToFileURL(path.join(pkg, 'tandem.js')).href;

let copies = 0;

/**
 * A door of its own each time: its memory is fresh.
 * @param {WebAssembly.Module} module
 * @returns {Promise<typeof import('../../target/types/pkg/tandem.js')>}
 */
async function instance(module) {
  copies += 1;
  const door = await import(`${glue}?copy=${copies}`);
  door.initSync({ module });
  return door;
}

/** Compile the module. The engine keeps what it has compiled, so each time carries a mark of its own. */
function compile() {
  copies += 1;
  const mark = new TextEncoder().encode(String(copies).padStart(8, '0'));
  // A custom section: id 0, its length, a name of eight bytes.
  return new WebAssembly.Module(Buffer.concat([bytes, Buffer.from([0, 9, 8]), mark]));
}

const rows = [];
rows.push(await measure('module: compile', compile, { most: 20 }));
const module = new WebAssembly.Module(bytes);
rows.push(await measure('module: load the door and instantiate', () => instance(module), { most: 20 }));

const bench = { door: await instance(module), highs: await loadHighs() };
for (const { name, prepare } of CASES) {
  if (!name.includes(values.only)) continue;
  rows.push(await measure(name, prepare(bench)));
}

if (values.json) {
  console.log(
    JSON.stringify({ node: process.versions.node, processor: cpus()[0]?.model, cores: cpus().length, rows }, null, 2),
  );
} else {
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}\n\n${table(rows)}`);
}
