// What the address of an embedded view says, as docs/EMBEDDING.md has it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { embedOptions } from '../../www/js/session/embedding.js';

/** @param {string} query */
const read = (query) => embedOptions(`?embed=1&${query}`);

test('a lock of any name but none locks', () => {
  for (const [lock, meant] of Object.entries({
    '': 'none',
    0: 'none',
    none: 'none',
    inputs: 'inputs',
    1: 'all',
    all: 'all',
    x: 'all',
  }))
    assert.equal(read(`lock=${lock}`)?.lock, meant, lock);
  assert.equal(read('')?.lock, 'none');
  assert.equal(embedOptions('?view=answer'), null);
});

test('a range has its least number first and a step that fits; what is none names no input', () => {
  const inputs = (/** @type {string} */ text) => read(`inputs=${text}`)?.inputs;
  assert.deepEqual(inputs('a.b,c:2:15:0.5,d:-1e3:.5'), [
    { path: 'a.b' },
    { path: 'c', from: 2, to: 15, step: 0.5 },
    { path: 'd', from: -1000, to: 0.5 },
  ]);
  for (const none of ['c:20:5', 'c:5:5', 'c:2:15:50', 'c:2:15:0', 'c:a:b'])
    assert.deepEqual(inputs(none), [{ path: none }]);
});
