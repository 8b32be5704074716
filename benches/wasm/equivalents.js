// `npm run bench:equivalents`: network equivalents in WebAssembly, with HiGHS in the same run.
//
//   npm run bench:equivalents [-- --only curves|intervals]
//
// Builds benches/kernels as the page's module is built, without the page's door: the door has no call for
// a projection alone. The cases are those of `cargo bench --bench equivalent`.

import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';

import loadHighs from 'highs';

import { instance, text } from './kernels.js';
import { measure, shown } from './measure.js';

/** @typedef {import('./kernels.js').Kernels} Kernels */

/** What takes longer than this is done once. */
const LONG_MS = 1500;
/** Above this many vertices branch and bound without windows takes minutes. */
const VERTICES = 10000;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
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
    const lp = text(kernels, kernels.write_text());
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
