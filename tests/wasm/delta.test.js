// What an answer hands over of the one after it (www/js/session/delta.js): `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changedBy, deltaOf } from '../../www/js/session/delta.js';

/** As a message carries it. @template T @param {T} what @returns {T} */
const sent = (what) => structuredClone(what);

/** @param {number[]} values */
const numbers = (...values) => Float64Array.from(values);

/** @param {number[]} prices */
const series = (...prices) =>
  prices.map((price, k) => ({ id: `lmp:${k}`, index: { kind: 'clock' }, values: numbers(price, 2 * price) }));

/** @type {[string, unknown, unknown][]} */
const CASES = [
  ['a number', 1, 2],
  ['nothing and a number', null, 0],
  ['not a number', numbers(NaN, 1), numbers(NaN, 2)],
  ['a field', { path: 'a', value: 1, allowed: [0, 9] }, { path: 'a', value: 2, allowed: [0, 9] }],
  ['a key more', { a: 1 }, { a: 1, b: { c: 2 } }],
  ['a key less', { a: 1, b: 2 }, { a: 1 }],
  ['a key of another name', { a: 1 }, { b: 1 }],
  ['an undefined value', { a: undefined }, {}],
  [
    'a longer table',
    [[1, 'x']],
    [
      [1, 'x'],
      [2, 'y'],
    ],
  ],
  [
    'a cell',
    [
      [1, 'x'],
      [2, 'y'],
    ],
    [
      [1, 'x'],
      [3, 'y'],
    ],
  ],
  ['series', series(1, 2, 3), series(1, 5, 6)],
  ['a longer series', series(1, 2), [{ ...series(1)[0], values: numbers(1, 2, 3) }, ...series(1, 2).slice(1)]],
  ['series and a name', series(1, 2), series(3, 4).map((one) => ({ ...one, id: `${one.id}'` }))],
  [
    'elements in elements',
    { groups: [{ rows: [[{ v: 1 }], [{ v: 2 }]] }] },
    { groups: [{ rows: [[{ v: 1 }], [{ v: 3 }]] }] },
  ],
  ['an array and an object', [], {}],
  ['packed series', { ids: 'a', head: Uint32Array.of(0) }, { ids: 'ab', head: Uint32Array.of(0, 0) }],
];

for (const [name, before, now] of CASES)
  test(`the answer after it is whole again: ${name}`, () => {
    const held = sent(before);
    const delta = deltaOf(before, now);
    assert.notEqual(delta, null);
    assert.deepStrictEqual(changedBy(held, sent(delta)), now);
    assert.deepStrictEqual(held, before, 'the answer before stays as it was');
  });

test('nothing is handed over of what is the same', () => {
  for (const [, , now] of CASES) assert.equal(deltaOf(now, sent(now)), null);
});

test('what stays is the same object again', () => {
  const before = {
    form: [
      { title: 'a', fields: [{ v: 1 }] },
      { title: 'b', fields: [{ v: 2 }] },
    ],
    series: series(1, 2),
  };
  const now = sent(before);
  now.form[1] = { title: 'b', fields: [{ v: 3 }] };
  now.series = series(1, 4);
  const after = /** @type {typeof before} */ (changedBy(before, sent(deltaOf(before, now))));
  assert.equal(after.form[0], before.form[0]);
  assert.notEqual(after.form[1], before.form[1]);
  assert.equal(after.series[0], before.series[0]);
  assert.deepStrictEqual(after.series[1]?.values, numbers(4, 8));
});
