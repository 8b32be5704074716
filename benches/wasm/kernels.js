// benches/kernels as the page's module is built, without the page's door: the door has no call for one step alone.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Kernels What benches/kernels/src/lib.rs exports.
 * @property {WebAssembly.Memory} memory
 * @property {(ders: number, lines: number) => void} take_behind
 * @property {() => number} project
 * @property {() => number} pieces
 * @property {() => number} at_points
 * @property {(aggregators: number, m: number) => void} take_ring
 * @property {(number: number) => void} take_preset
 * @property {() => number} interval
 * @property {() => number} run
 * @property {() => number} whole
 * @property {() => number} write_text
 * @property {() => number} text
 * @property {(bytes: number) => number} room
 * @property {(width: number) => number} take_draws
 * @property {(count: number) => void} draw_ahead
 * @property {() => number} clear_known
 * @property {(most: number) => number} clear_anew
 * @property {(n: number) => number} cost_of
 * @property {(n: number, all: boolean) => number} write_draw
 */

const TARGET = 'wasm32-unknown-unknown';
const root = fileURLToPath(new URL('../../', import.meta.url));
const built = spawnSync('cargo', ['build', '--profile', 'web', '--package', 'kernels', '--target', TARGET], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? 1);
const module = new WebAssembly.Module(readFileSync(`${root}target/${TARGET}/web/kernels.wasm`));

/** What the page's door would answer: the solver reads the clock, nothing else is asked for. */
const SOME_OBJECT = 4096;
const DOOR = /** @type {[RegExp, () => unknown][]} */ ([
  [/^__wbg_now_/, () => performance.now()],
  [/is_undefined|is_null/, () => 0],
  [/^__wbg_static_accessor_|^__wbg_performance_|clone_ref/, () => SOME_OBJECT],
  [/statics_end/, () => SOME_OBJECT + 1],
  [/drop_ref/, () => undefined],
]);

/**
 * One with a memory of its own.
 * @returns {Kernels}
 */
export function instance() {
  /** @type {WebAssembly.Imports} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const known = DOOR.find(([names]) => names.test(name));
    imports[from] ??= {};
    imports[from][name] =
      known?.[1] ??
      (() => {
        throw new Error(`${name} is the page's`);
      });
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  return /** @type {Kernels} */ (/** @type {unknown} */ (exports));
}

/**
 * The text last written.
 * @param {Kernels} kernels
 * @param {number} bytes
 */
export function text(kernels, bytes) {
  return new TextDecoder().decode(new Uint8Array(kernels.memory.buffer, kernels.text(), bytes));
}
