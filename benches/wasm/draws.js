// `npm run bench:draws`: dispatches of random draws in WebAssembly, with HiGHS in the same run.
//
//   npm run bench:draws [-- --count N] [FILE.m …]
//
// The draws are those of `cargo bench --bench draws`. npm `highs` takes one LP text at a time and has no warm start:
// its times are cold, reading included.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import loadHighs from 'highs';

import { instance, text } from './kernels.js';
import { quantile } from './measure.js';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '100000' } },
  allowPositionals: true,
});
const COUNT = Number(values.count);
/** Draws in hand at a time. */
const AT_A_TIME = 1000;
/** A line ends after this, and what is beside it after a fifth. */
const LONGEST_MS = 60_000;
/** Draws given to HiGHS. */
const BESIDE = 200;

const systems = [
  ...['zuo-4node', 'zuo-30bus'].map((id) => ({ name: id, bytes: new TextEncoder().encode(id) })),
  ...positionals.map((file) => ({ name: path.basename(file, '.m'), bytes: readFileSync(file) })),
];

/**
 * @param {import('./kernels.js').Kernels} kernels
 * @param {Uint8Array} bytes
 * @param {number} width
 */
function take(kernels, bytes, width) {
  const at = kernels.room(bytes.length);
  new Uint8Array(kernels.memory.buffer, at, bytes.length).set(bytes);
  return kernels.take_draws(width) !== 0;
}

/**
 * Median milliseconds of HiGHS, and its largest relative difference in cost.
 * @param {import('./kernels.js').Kernels} kernels
 * @param {boolean} all
 */
async function highs(kernels, all) {
  const solver = await loadHighs();
  const times = [];
  let worst = 0;
  const end = performance.now() + LONGEST_MS / 5;
  for (let n = 0; n < BESIDE && performance.now() < end; n++) {
    const cost = kernels.cost_of(n);
    if (Number.isNaN(cost)) continue;
    const lp = text(kernels, kernels.write_draw(n, all));
    const start = performance.now();
    const found = solver.solve(lp);
    times.push(performance.now() - start);
    worst = Math.max(worst, Math.abs(found.ObjectiveValue - cost) / (1 + Math.abs(cost)));
  }
  times.sort((a, b) => a - b);
  return { ms: quantile(times, 0.5), worst };
}

/**
 * Dispatches a second by the full path: the median of rounds, once the engine has compiled what is hot.
 * @param {import('./kernels.js').Kernels} kernels
 */
function fullPath(kernels) {
  const round = (/** @type {number} */ most) => {
    const start = performance.now();
    kernels.clear_anew(most);
    return performance.now() - start;
  };
  const end = performance.now() + LONGEST_MS / 10;
  let most = 4;
  while (most < AT_A_TIME && round(most) < 200) most = Math.min(4 * most, AT_A_TIME);
  const times = [];
  while (times.length < 3 || performance.now() < end) times.push(round(most));
  // The first half warms up.
  const warm = times.slice(times.length >> 1).sort((a, b) => a - b);
  return (1000 * most) / quantile(warm, 0.5);
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}\n`);
const head = ['system', '±', 'draws', 'none', 'known 1/s', 'full path 1/s', 'ratio', 'HiGHS ms', 'all limits', 'ratio'];
console.log(`| ${head.join(' | ')} |\n|---|${'---:|'.repeat(head.length - 1)}`);
let worst = 0;
for (const { name, bytes } of systems) {
  for (const width of [0.1, 0.3]) {
    const kernels = instance();
    if (!take(kernels, bytes, width)) throw new Error(`${name} has no dispatch`);
    let [draws, served, ms] = [0, 0, 0];
    while (draws < COUNT && ms < LONGEST_MS) {
      kernels.draw_ahead(AT_A_TIME);
      const start = performance.now();
      served += kernels.clear_known();
      ms += performance.now() - start;
      draws += AT_A_TIME;
    }
    const known = (1000 * draws) / ms;
    const anew = fullPath(kernels);
    const [met, all] = [await highs(kernels, false), await highs(kernels, true)];
    worst = Math.max(worst, met.worst, all.worst);
    const cells = [
      name,
      `${100 * width} %`,
      draws,
      draws - served,
      known.toFixed(0),
      anew.toFixed(0),
      (known / anew).toFixed(1),
      met.ms.toFixed(3),
      all.ms.toFixed(3),
      `${((met.ms * known) / 1000).toFixed(0)}, ${((all.ms * known) / 1000).toFixed(0)}`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
console.log(`\nLargest difference in cost, relative: ${worst.toExponential(1)}`);
if (worst > 1e-9) process.exitCode = 1;
