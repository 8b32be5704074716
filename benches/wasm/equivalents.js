// `npm run bench:equivalents`: network equivalents in WebAssembly, with HiGHS in the same run.
//
//   npm run bench:equivalents [-- --only curves|intervals]
//
// Builds benches/kernels as the page's module is built, without the page's door: the door has no call for
// a projection alone. The cases are those of `cargo bench --bench equivalent`.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import loadHighs from 'highs';

import { measure, shown } from './measure.js';

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
 */

const TARGET = 'wasm32-unknown-unknown';
/** What takes longer than this is done once. */
const LONG_MS = 1500;
/** Above this many vertices branch and bound without windows takes minutes. */
const VERTICES = 10000;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
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

/** @returns {Kernels} */
function instance() {
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
 * Median milliseconds.
 * @param {() => unknown} work
 */
async function time(work) {
  const start = performance.now();
  work();
  const first = performance.now() - start;
  if (first > LONG_MS) return first;
  return (await measure('', work, { seconds: 0.5, least: 3 })).median_ms;
}

/** @param {string[]} columns Numbers stand to the right. */
function head(columns) {
  console.log(`\n| ${columns.join(' | ')} |\n|${'---:|'.repeat(columns.length)}`);
}

/** @param {(string | number)[]} cells */
function row(...cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

async function curves() {
  head(['DERs', 'lines', 'faces', 'projection ms', 'pieces', 'curve ms', 'one point µs']);
  for (const lines of [1, 2, 3, 4]) {
    for (const ders of [2, 5, 10, 20, 50]) {
      const kernels = instance();
      kernels.take_behind(ders, lines);
      const faces = kernels.project();
      const pieces = kernels.pieces();
      const points = kernels.at_points();
      row(
        ders,
        lines,
        faces < 0 ? 'too many' : faces,
        faces < 0 ? '' : shown(await time(kernels.project)),
        pieces < 0 ? 'too many' : pieces,
        pieces < 0 ? '' : shown(await time(kernels.pieces)),
        shown((1000 * (await time(kernels.at_points))) / points),
      );
    }
  }
}

/** @typedef {{ name: string, m: number, aggregators: number, take: (kernels: Kernels) => void, runs?: boolean }} Study */

/** @type {Study[]} */
const STUDIES = [
  ...[1, 2, 4].flatMap((aggregators) =>
    [0, 3, 4, 5, 6].map((m) => ({
      name: `ring-${aggregators}-m${m}`,
      m,
      aggregators,
      take: (/** @type {Kernels} */ kernels) => kernels.take_ring(aggregators, m),
    })),
  ),
  { name: 'zuo-30bus-exact', m: 0, aggregators: 3, take: (kernels) => kernels.take_preset(0), runs: true },
  { name: 'zuo-30bus-proposed', m: 4, aggregators: 1, take: (kernels) => kernels.take_preset(1), runs: true },
];

async function intervals() {
  head([
    'program',
    'interval ms',
    'each in a run ms',
    'whole program ms',
    'HiGHS ms',
    'at its own gap',
    'HiGHS / interval',
    'HiGHS / whole',
  ]);
  let worst = 0;
  for (const { name, m, aggregators, take, runs } of STUDIES) {
    const kernels = instance();
    take(kernels);
    const objective = kernels.interval();
    const off = (/** @type {number} */ cost) => {
      worst = Math.max(worst, Math.abs(cost - objective) / (1 + Math.abs(objective)));
    };
    const interval = await time(kernels.interval);
    const each = runs ? shown((await time(kernels.run)) / kernels.run()) : '';
    let whole = NaN;
    if (m > 0 && aggregators * (2 ** m + 1) ** 2 <= VERTICES) {
      off(kernels.whole());
      whole = await time(kernels.whole);
    }
    const bytes = kernels.write_text();
    const lp = new TextDecoder().decode(new Uint8Array(kernels.memory.buffer, kernels.text(), bytes));
    const highs = await loadHighs();
    const solve = (/** @type {import('highs').HighsOptions} */ options) => () => {
      off(highs.solve(lp, options).ObjectiveValue);
    };
    const exact = await time(solve({ mip_rel_gap: 0, mip_abs_gap: 1e-9 }));
    const before = worst;
    const own = await time(solve({}));
    // At its own gap the optimum may be off by that.
    worst = before;
    row(
      name,
      shown(interval),
      each,
      Number.isNaN(whole) ? '' : shown(whole),
      shown(exact),
      shown(own),
      shown(exact / interval),
      Number.isNaN(whole) ? '' : shown(exact / whole),
    );
  }
  console.log(`\nLargest difference in cost, relative: ${worst.toExponential(1)}`);
  if (worst > 1e-6) process.exitCode = 1;
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}`);
if ('curves'.includes(values.only)) await curves();
if ('intervals'.includes(values.only)) await intervals();
