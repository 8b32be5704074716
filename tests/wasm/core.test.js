// The package of the program, as Node loads it by its name: `node scripts/packages.js && node --test tests/wasm/core.test.js`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const wasm = createRequire(import.meta.url).resolve('@tandem-market/core/tandem.wasm');
const { Session, Sheet, TandemError, load, presets, version } = await import('@tandem-market/core');

/*
 * The triangle: three lines of the same reactance, 60 MW of load at bus 2 and 120 MW at bus 3, G1 at bus 1 for 10 $/MWh, G3 at
 * bus 3 for 50 $/MWh up to 100 MW. The flow of line 1-3 is a third of the difference of what is fed in at its ends,
 * (G1 − G3 + 120)/3, and G1 + G3 = 180: a limit of L lets G1 give (3 L + 60)/2, at most all 180.
 */
const LIMIT = 'case.branches.1-3.max_p_mw';
const cost = (/** @type {number} */ limit) => {
  const g1 = Math.min(180, (3 * limit + 60) / 2);
  return 10 * g1 + 50 * (180 - g1);
};
const near = (/** @type {number | null | undefined} */ value, /** @type {number} */ expected) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-6, `${value} is not ${expected}`);
const costOf = (/** @type {import('@tandem-market/core').Report} */ { summary }) =>
  summary.find(({ id }) => id === 'cost_mean')?.value;

before(async () => {
  assert.throws(() => new Session(), { name: 'TandemError', message: /not loaded/ });
  const { fetch } = globalThis;
  globalThis.fetch = () => assert.fail('bytes are given: nothing is to be fetched');
  await assert.rejects(load(new Uint8Array([1, 2, 3])), /did not load/);
  // What failed may be tried again.
  await load(readFileSync(wasm));
  globalThis.fetch = fetch;
});

test('the package finds its own file', () => {
  const code = `import { Session, load } from '@tandem-market/core'; await load(); console.log(new Session().preset('triangle').report().status)`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  assert.equal(told.trim(), 'solved');
  const own = pathToFileURL(wasm).href;
  const again = code.replace('load()', `load(new URL('${own}'))`);
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', again], { encoding: 'utf8' }), told);
});

test('a scenario is opened, changed, solved, drawn and linked', () => {
  const session = new Session().preset('triangle');
  assert.equal(session.isSolved(), false);
  near(costOf(session.report()), cost(80));
  assert.equal(session.isSolved(), true);
  for (const limit of [40, 60, 100, 150]) near(costOf(session.set(LIMIT, limit).report()), cost(limit));
  session.set([
    { path: LIMIT, value: 60 },
    { path: 'title', value: 'Mine' },
  ]);
  assert.equal(session.report().title, 'Mine');
  const { fragment } = session.link();
  const other = new Session().open(`https://example.org/?embed=1#${fragment}`);
  assert.equal(other.text(), session.text());
  assert.deepEqual(new Session().open(session.document()).document(), session.document());
  assert.equal(new Session().open(new TextEncoder().encode(session.text())).text(), session.text());
  assert.match(session.chart('lmp', { width: 500, height: 250, dark: true }).svg, /^<svg[^>]* width="500"/);
  assert.match(session.csv('lmp'), /^interval,bus 1/);
  assert.equal(session.table('lmp').rows.length, 1);
  assert.ok(session.inputs().some(({ path }) => path === LIMIT));
  session.free();
});

test('what is asked beside the answer', () => {
  const session = new Session().preset('triangle');
  const { value, parts } = session.explain({ kind: 'bus', id: '3' });
  near(value, 50);
  near(
    parts.reduce((sum, part) => sum + part.value, 0),
    50,
  );
  const points = /** @type {number[]} */ ([]);
  const sweep = session.sweep({ path: LIMIT, from: 40, to: 120, points: 5 }, (point) => points.push(point.value));
  // All of it comes from G1 from a limit of 100 MW on.
  assert.deepEqual(
    sweep.swept.breakpoints.map((one) => one.value),
    [100],
  );
  assert.ok(points.length >= 5);
  for (const point of sweep.swept.points)
    near(point.summary?.find(({ id }) => id === 'cost_mean')?.value, cost(point.value));
  assert.match(sweep.chart('sweep_cost').svg, /^<svg/);
  near(costOf(session.report()), cost(80));
  assert.match(session.lp(), /subject to/i);
  assert.equal(session.factors().length, 2);
  const plane = new Session().preset('zuo-4node');
  assert.equal(plane.probe('region', 3, 2).inside, true);
  assert.ok(plane.compare() instanceof Sheet);
  assert.throws(() => plane.probe('lmp', 3, 2), /“lmp”/);
  // A community is read in kW; its network is computed in MW.
  const [community] = presets().filter(({ id }) => id === 'theisen-feeder-limit');
  const two = new Session().preset(community?.id ?? '');
  const units = (/** @type {'read' | 'system'} */ kind) =>
    new Set(two.report({ units: kind }).series.map(({ unit }) => unit));
  assert.deepEqual([units('system').has('MW'), units('read').has('MW')], [true, false]);
});

test('what is wrong is an error with its field, and changes nothing', () => {
  const session = new Session();
  assert.throws(() => session.report(), { name: 'TandemError', message: /No scenario is loaded/ });
  session.preset('triangle');
  const before = session.text();
  const refused = (/** @type {() => unknown} */ work, /** @type {object} */ as) => {
    assert.throws(work, (error) => error instanceof TandemError && !error.fatal);
    assert.throws(work, as);
    assert.equal(session.text(), before);
  };
  refused(() => session.set(LIMIT, -1), { field: LIMIT });
  refused(() => session.set(LIMIT, Number.NaN), { field: LIMIT, message: /no number/ });
  refused(() => session.set(LIMIT, undefined), { field: LIMIT, message: /no value/ });
  const both = [
    { path: 'title', value: 'x' },
    { path: 'case.branches.9-9.max_p_mw', value: 1 },
  ];
  refused(() => session.set(both), { message: /9-9/ });
  refused(() => session.open('p=nowhere'), { message: /nowhere/ });
  refused(() => session.preset('nowhere'), { message: /nowhere/ });
  refused(() => session.chart('nothing'), { message: /nothing/ });
});

test('the version is that of the package', () => {
  for (const file of ['../../package.json', '../../packages/core/package.json', '../../packages/link/package.json'])
    assert.equal(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).version, version);
  const element = JSON.parse(readFileSync(new URL('../../packages/element/package.json', import.meta.url), 'utf8'));
  assert.deepEqual([element.version, element.dependencies['@tandem-market/core']], [version, version]);
});

test('a server that writes pages may import the element', async () => {
  const { TandemFigure } = await import('@tandem-market/element');
  assert.equal(TandemFigure.page, '');
});
