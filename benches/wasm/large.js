// `npm run bench:large -- FILE.m …`: what each stage takes in WebAssembly from a file of a large grid to prices, and from a
// changed load to new ones, with HiGHS in the same run.
//
// HiGHS (npm `highs`) is given the same dispatch by angles as LP text, from nothing: it has no warm start there. Its time is
// that of `solve` with reading the text. With `--ratings 2,1.5` (and `--minutes 10`) the dispatch is held secure against the
// loss of any one line as well, at these shares of ratings; HiGHS then gets the rows that ours ended with, which it need not
// look for. With `--save target/growth.json` a row for each file is kept, for `cargo bench --bench growth`. Build first (`npm run build`); run it on an idle machine.

import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import loadHighs from 'highs';

import { angles } from './angles.js';
import { quantile } from './measure.js';

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    highs: { type: 'boolean', default: true },
    ratings: { type: 'string', default: '' },
    minutes: { type: 'string', default: '0' },
    save: { type: 'string', default: '' },
  },
  allowPositionals: true,
  allowNegative: true,
});
const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

/** @type {Map<string, number[]>} */
let times = new Map();
/**
 * @template T
 * @param {string} name
 * @param {() => T} work
 */
function timed(name, work) {
  const start = performance.now();
  const result = work();
  const list = times.get(name) ?? [];
  list.push(performance.now() - start);
  times.set(name, list);
  return result;
}

if (values.save !== '') rmSync(values.save, { force: true });
const ms = (/** @type {number} */ time) => time.toFixed(time < 10 ? 1 : 0).padStart(7);
console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}`);
for (const file of positionals) {
  times = new Map();
  const bytes = readFileSync(file);
  const session = new door.Session();
  const text = timed('file: open', () => session.open_file(bytes));
  timed('file: solve', () => session.solve([]));
  const first = timed('file: report', () => session.sheet());
  const report = timed('file: report as an object', () => first.packed());
  timed('file: form', () => session.form());
  const scenario = JSON.parse(text);
  /** @type {{ value: number }} */
  const cost = report.summary.find((/** @type {{ id: string }} */ one) => one.id === 'cost_mean');
  let ours = cost.value;
  let before = first;
  for (let run = 0; run < Number(values.runs); run += 1) {
    const load = scenario.case.loads[run % scenario.case.loads.length];
    load.p_mw += 1;
    timed('load: set and check', () => session.set(`case.loads.${load.id}.p_mw`, String(load.p_mw)));
    timed('load: solve', () => session.solve([]));
    const sheet = timed('load: report', () => session.sheet());
    const made = timed('load: report as an object', () => sheet.packed_since(before));
    timed('load: chart on screen', () => sheet.chart(made.charts[0].id, {}));
    timed('load: form', () => session.form_changes());
    ours = made.summary.find((/** @type {{ id: string }} */ one) => one.id === 'cost_mean').value;
    before.free();
    before = sheet;
  }
  before.free();
  console.log(`\n${path.basename(file)}: ${scenario.case.buses.length} buses, ${ours.toFixed(2)} $/h`);
  for (const [name, list] of times) {
    list.sort((a, b) => a - b);
    console.log(`  ${name.padEnd(28)} ${ms(quantile(list, 0.5))} ms`);
  }
  const load = [...times].filter(([name]) => name.startsWith('load: '));
  const row = {
    buses: scenario.case.buses.length,
    load_ms: load.reduce((sum, [, list]) => sum + quantile(list, 0.5), 0),
    highs_ms: Number.NaN,
  };
  if (values.highs) row.highs_ms = await besides(angles(scenario.case), ours);
  if (values.save !== '') appendFileSync(values.save, `${JSON.stringify(row)}\n`);
  await secured(session);
  session.free();
}

/**
 * What HiGHS takes for the same program, ms; NaN where it fails.
 * @param {string} lp
 * @param {number} ours its cost by us, $/h
 */
async function besides(lp, ours) {
  const solver = await loadHighs();
  const start = performance.now();
  try {
    const answer = solver.solve(lp);
    const took = performance.now() - start;
    const off = (answer.ObjectiveValue - ours).toExponential(1);
    console.log(`  HiGHS by angles              ${ms(took)} ms, ${answer.Status}, differs by ${off} $/h`);
    return took;
  } catch (failure) {
    console.log(`  HiGHS by angles              ${String(failure)}`);
    return Number.NaN;
  }
}

/**
 * The dispatch secure against the loss of any one line: of several runs, each from nothing, the middle.
 * @param {InstanceType<typeof door.Session>} session
 */
async function secured(session) {
  const ratings = values.ratings === '' ? [] : values.ratings.split(',');
  if (ratings.length > 0) {
    session.set('mechanism.method', '"optimal"');
    session.set('mechanism.intervals', '1');
    session.set('mechanism.interval_minutes', '1440');
    session.set('mechanism.security', '"lines"');
    session.set('mechanism.corrective_minutes', values.minutes);
  }
  for (const rating of ratings) {
    /** @type {number[]} */
    const solves = [];
    let said = '';
    let ours = Number.NaN;
    for (let run = 0; run < Number(values.runs); run += 1) {
      // Another scenario in between, so that nothing is known.
      session.set('mechanism.security', '"none"');
      session.solve([]);
      session.set('mechanism.security', '"lines"');
      session.set('mechanism.rating_after_outage', rating);
      const start = performance.now();
      session.solve([]);
      solves.push(performance.now() - start);
      const sheet = session.sheet();
      const made = sheet.packed();
      said = made.status;
      ours = made.summary.find((/** @type {{ id: string }} */ one) => one.id === 'cost_mean')?.value;
      sheet.free();
    }
    solves.sort((a, b) => a - b);
    const cost = said === 'solved' ? `${ours.toFixed(2)} $/h` : said;
    console.log(`  secure at ${rating}, ${values.minutes} min`.padEnd(31), ms(quantile(solves, 0.5)), `ms, ${cost}`);
    if (values.highs && said === 'solved') {
      const lp = session.lp_file(1);
      const solver = await loadHighs();
      const start = performance.now();
      const answer = solver.solve(lp);
      const took = performance.now() - start;
      const off = (answer.ObjectiveValue - ours).toExponential(1);
      console.log(`    HiGHS with those rows       ${ms(took)} ms, ${answer.Status}, differs by ${off} $/h`);
    }
  }
}
