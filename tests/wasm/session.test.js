// The `Session` class of the built module, as the page holds it, in Node: `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
const { memory } = door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

/** @param {string} preset */
function solved(preset) {
  const session = new door.Session();
  session.preset(preset);
  session.solve([]);
  return session;
}

/** The report of what a session looks at. @param {InstanceType<typeof door.Session>} session */
function report(session) {
  const sheet = session.sheet();
  const shown = sheet.report();
  sheet.free();
  return shown;
}

/** What `work` throws. @param {() => unknown} work */
function problem(work) {
  try {
    work();
  } catch (error) {
    return /** @type {{message: string, field: string, problems: unknown[]}} */ (error);
  }
  throw new Error('it throws nothing');
}

test('a preset is solved, reported and drawn', () => {
  const session = new door.Session();
  session.preset('zuo-4node-optimal');
  assert.equal(session.is_solved(), false);
  session.solve([]);
  assert.equal(session.is_solved(), true);
  const sheet = session.sheet();
  const { status, summary, charts, series } = sheet.report();
  assert.equal(status, 'solved');
  // Eq. (1) to (4) of the paper by hand: the optimum costs 136 $/h.
  const cost = summary.find((/** @type {{id: string}} */ { id }) => id === 'cost_mean');
  assert.ok(Math.abs(cost.value - 136) < 1e-6);
  assert.ok(series[0].values instanceof Float64Array);
  const { svg } = sheet.chart(charts[0].id, {
    width: 640,
    height: 360,
    now: null,
    hidden: [],
    shown: [],
    theme: 'light',
  });
  assert.match(svg, /^<svg/);
  assert.match(sheet.csv(charts[0].id), /\n/);
  session.free();
});

test('a link gives the scenario and the view back', () => {
  const session = new door.Session();
  session.preset('theisen-feeder-limit');
  session.set('mechanism.lse_capacity_kw', '900');
  session.set('view.step', '30');
  const { fragment } = session.link();
  const other = new door.Session();
  other.open(fragment);
  assert.equal(other.text, session.text);
  assert.equal(JSON.parse(other.text).view.step, 30);
  assert.equal(JSON.parse(other.text).mechanism.lse_capacity_kw, 900);
});

test('a change keeps what is known until it is solved again', () => {
  const session = solved('zuo-4node');
  const before = session.text;
  session.set('case.branches.2-3.max_p_mw', '30');
  assert.equal(session.is_solved(), false);
  assert.equal(problem(() => session.sheet()).message, 'It is not solved yet. Solve it.');
  session.load(before);
  assert.equal(session.is_solved(), true);
});

test('bad input is thrown with its field, and the session stays as it was', () => {
  const session = solved('zuo-4node');
  const before = session.text;
  const thrown = problem(() => session.set('case.branches.2-3.max_p_mw', '-5'));
  assert.equal(thrown.field, 'case.branches.2-3.max_p_mw');
  assert.equal(thrown.problems.length, 1);
  assert.match(problem(() => session.set('case.branches.2-9.max_p_mw', '5')).message, /did you mean `2-3`/);
  assert.match(problem(() => session.preset('zuo-4nod')).message, /zuo-4node/);
  assert.equal(session.text, before);
  assert.equal(session.is_solved(), true);
});

test('a session without a document says so', () => {
  assert.equal(problem(() => new door.Session().solve([])).message, 'No scenario is loaded.');
});

test('pieces made one by one give the outcome of one go', () => {
  const whole = solved('wang-congested');
  const session = new door.Session();
  session.preset('wang-congested');
  const { count } = session.pieces();
  const pieces = Array.from({ length: count }, (_, k) => session.piece(k));
  session.solve(pieces);
  assert.deepEqual(report(session).summary, report(whole).summary);
});

test('a thousand views need no more memory than the first', () => {
  const views = /** @type {const} */ ({
    'zuo-4node': ['view.step', '1', '2', '3'],
    'wang-table2': ['view.players', '["DSO1","ISO"]', '["DSO3","ISO"]'],
    'khojasteh-k33': ['view.outcome', '"truthful"', '"own"', '"tso_only"'],
    'theisen-feeder-limit': ['view.outcome', '"base"', '"prices_to_devices"'],
  });
  for (const [preset, [field, ...values]] of Object.entries(views)) {
    const session = solved(preset);
    const look = (/** @type {number} */ k) => {
      session.set(field, values[k % values.length] ?? '');
      report(session);
    };
    for (let k = 0; k < 20; k++) look(k);
    const before = memory.buffer.byteLength;
    for (let k = 0; k < 1000; k++) look(k);
    assert.equal(memory.buffer.byteLength, before, preset);
    session.free();
  }
});
