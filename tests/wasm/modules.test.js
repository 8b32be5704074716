// The modules of one mechanism answer as the whole does; answers that are kept are what the program gives.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { KEPT, LONG, computed, keptAnswer, load } from '../../scripts/ahead.js';
import { root } from '../../scripts/setup.js';

const dist = path.join(root, 'dist');
const whole = await load(dist);
/** Presets that take longer are left to the page tests, s. */
const SHORT_S = 0.3;

for (const name of ['rt_sced', 'residual_supply', 'bargaining', 'bsp_bidding', 'community']) {
  test(`${name} answers its presets as the whole does`, async () => {
    const part = await load(dist, name);
    const ids = part.gallery().map((/** @type {{ id: string }} */ { id }) => id);
    assert.ok(ids.length > 0);
    let compared = 0;
    for (const id of ids.filter((/** @type {string} */ one) => !LONG.includes(one))) {
      const start = performance.now();
      const expected = answer(whole, id);
      if ((performance.now() - start) / 1000 > SHORT_S) continue;
      // Bids that go to another mechanism's market are the whole's: page and certificates ask that.
      if (expected.module === 'tandem')
        assert.throws(() => answer(part, id), { message: 'this build has no balancing market' });
      else assert.deepEqual(answer(part, id), expected, id);
      compared += 1;
    }
    assert.ok(compared > 0);
  });
}

/** @param {typeof whole} door @param {string} id */
function answer(door, id) {
  const session = new door.Session();
  session.preset(id);
  session.solve([]);
  const sheet = session.sheet();
  const made = {
    ...{ report: sheet.report(), form: session.form(), link: session.link() },
    ...{ module: session.module(), stated: session.stated() },
  };
  sheet.free();
  session.free();
  return made;
}

test('a module says its name, and a scenario the module that has all it needs', async () => {
  assert.equal(whole.module_name(), 'tandem');
  assert.equal((await load(dist, 'community')).module_name(), 'community');
  const session = new whole.Session();
  /** @type {[string, [string, string][], string][]} */
  const asked = [
    ['zuo-4node', [], 'rt_sced'],
    ['baran-wu-33-flow', [], 'residual_supply'],
    ['theisen-thread', [], 'tandem'],
    ['theisen-interval', [], 'community'],
    // A switch of the form hands on as well.
    ['theisen-interval', [['mechanism.thread', 'true']], 'tandem'],
  ];
  for (const [id, changes, module] of asked) {
    session.preset(id);
    session.set_each(JSON.stringify(changes));
    assert.equal(session.module(), module, id);
  }
});

test('a report that is given to a session is told as a solved one', () => {
  const session = new whole.Session();
  session.preset('mezghani-s1');
  session.solve([]);
  const [solved, bare] = [session.sheet(), session.bare()];
  const text = JSON.stringify(bare.report(), (_, value) => (value instanceof Float64Array ? [...value] : value));
  const other = new whole.Session();
  other.preset('mezghani-s1');
  const given = other.given(text);
  assert.deepEqual(given.report(), solved.report());
  assert.equal(other.is_solved(), false);
  const view = { width: 400, height: 200, dark: false };
  for (const { id } of solved.report().charts) assert.deepEqual(given.chart(id, view), solved.chart(id, view), id);
});

test('the kept answer of the smallest country is what the program gives', () => {
  const id = 'smartnet-mediumit-nested';
  assert.ok(existsSync(path.join(KEPT, `${id}.json.br`)));
  const made = computed(whole, id);
  const session = new whole.Session();
  const kept = keptAnswer(id, session.preset(id));
  assert.deepEqual(kept?.report, made.report);
});
