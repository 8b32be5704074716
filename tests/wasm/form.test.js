// The form of a file of one's own on the page (www/js/session/form.js): `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { allFields, fieldsAt, markOpened, openedWith } from '../../www/js/session/form.js';

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

/** @param {import('../../www/js/session/types.js').FieldGroup[]} form */
const levers = (form) => allFields(form).filter(({ lever }) => lever === true);

test('the slider of the tightest line stays with that line', () => {
  const session = new door.Session();
  const scenario = JSON.parse(session.preset('zuo-30bus-optimal'));
  scenario.preset = '';
  session.load(JSON.stringify(scenario));
  const opened = openedWith(session.form());
  const [first] = levers(markOpened(session.form(), opened));
  assert.match(first?.path ?? '', /^case\.branches\..*\.max_p_mw$/);
  const limits = scenario.case.branches.map((/** @type {{ max_p_mw: number | null }} */ line) => line.max_p_mw);
  assert.equal(first?.value, Math.min(...limits.filter((/** @type {number | null} */ limit) => limit !== null)));
  // Above the limit of another line, and far above.
  for (const limit of [33, 900]) {
    session.set(first?.path ?? '', String(limit));
    assert.notEqual(levers(session.form())[0]?.path, first?.path);
    const form = markOpened(session.form(), opened);
    assert.deepStrictEqual(levers(form), [{ ...first, value: limit }]);
    assert.equal(levers(form)[0]?.initial, first?.value);
    // The same in its table, and all else as the program says.
    for (const field of fieldsAt(form, first?.path ?? '')) assert.equal(field.value, limit);
    assert.equal(form.length, session.form().length);
  }
  // A line that is gone has no slider; then the program's own stands there.
  const line = (first?.path ?? '').split('.')[2];
  const less = JSON.parse(session.text);
  less.case.branches = less.case.branches.filter((/** @type {{ id: string }} */ { id }) => id !== line);
  session.load(JSON.stringify(less));
  assert.notEqual(levers(markOpened(session.form(), opened))[0]?.path, first?.path);
});

test('a preset says itself what it was opened with', () => {
  const session = new door.Session();
  session.preset('zuo-30bus-optimal');
  const form = session.form();
  assert.equal(markOpened(form, null), form);
});
