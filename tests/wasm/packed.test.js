// What is long in an answer as it crosses to the page (src/wasm/packed.rs, www/js/session/{packed,since}.js): `node --test
// tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { changedBy, deltaOf } from '../../www/js/session/delta.js';
import { countOf, itemsOf, seriesIds, seriesOf, unpack } from '../../www/js/session/packed.js';
import { formSince, reportSince } from '../../www/js/session/since.js';

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

for (const id of ['zuo-4node', 'wang-uncongested', 'khojasteh-k33', 'triangle', 'baran-wu-33-flow'])
  test(`${id}: what crosses in long arrays is what the report says`, () => {
    const session = new door.Session();
    session.preset(id);
    session.solve([]);
    const sheet = session.sheet();
    const whole = sheet.report();
    const report = unpack(structuredClone(sheet.packed()));
    assert.ok(whole.series.length > 0);
    assert.deepStrictEqual(
      seriesIds(report),
      whole.series.map((/** @type {{ id: string }} */ one) => one.id),
    );
    assert.deepStrictEqual(report.series, whole.series);
    assert.equal(countOf(report), whole.series.length);
    assert.deepStrictEqual(report.ledger, whole.ledger);
    const kind = whole.series.at(-1).id.split(':')[0];
    const ofKind = whole.series.filter((/** @type {{ id: string }} */ { id }) => id.startsWith(`${kind}:`));
    assert.deepStrictEqual(
      itemsOf(report, kind),
      ofKind.map((/** @type {{ id: string }} */ { id }) => id.slice(kind.length + 1)),
    );
    for (const one of whole.series.slice(0, 20)) assert.deepStrictEqual(seriesOf(report, one.id), one);
    assert.equal(seriesOf(report, 'no such series'), undefined);
    // After a change the report is told by what is another.
    const next = { ...report, title: 'another' };
    const told = unpack(changedBy(report, structuredClone(deltaOf(report, next))));
    assert.equal(told.title, 'another');
    assert.deepStrictEqual(told.series, whole.series);
  });

/** A plain copy of all that a report says. @param {any} report */
const told = ({ packed: _, payments: __, ...rest }) => rest;

const CHANGES = [
  ['zuo-4node', 'case.loads.L4.p_mw', '12.5'],
  ['zuo-4node', 'case.branches.2-3.max_p_mw', '12'],
  ['zuo-4node', 'mechanism.method', 'optimal'],
  ['zuo-30bus', 'case.generators.G2.offer.0.usd_per_mwh', '55'],
  ['khojasteh-k33', 'view.step', '2'],
];

for (const [id, field, value] of CHANGES)
  test(`${id}, ${field} ${value}: what is left out after a change was in the answer before`, () => {
    const session = new door.Session();
    session.preset(id);
    session.solve([]);
    let sheet = session.sheet();
    let report = sheet.packed();
    let form = session.form();
    const before = session.text;
    // There and back, so that a row comes as it was.
    for (const text of [value, null]) {
      if (text === null) session.load(before);
      else session.set(field, text);
      session.solve([]);
      const next = session.sheet();
      const since = next.packed_since(sheet);
      assert.ok([...since.tables, ...since.charts.map((/** @type {any} */ { marks }) => marks)].includes(null));
      report = reportSince(since, report);
      assert.deepStrictEqual(told(report), told(next.packed()));
      const changes = session.form_changes();
      // Other inputs of the mechanism may have made other columns.
      assert.equal(changes === null, field.startsWith('mechanism.'));
      form = changes === null ? session.form() : formSince(changes, form);
      sheet.free();
      sheet = next;
      const fresh = new door.Session();
      fresh.load(session.text);
      assert.deepStrictEqual(form, fresh.form());
    }
  });

test('only the row of what was changed is handed over', () => {
  const session = new door.Session();
  session.preset('zuo-30bus');
  const form = session.form();
  const loads = form.findIndex((/** @type {{ title: string }} */ { title }) => title === 'Loads');
  const id = form[loads].table.rows[3].id;
  session.set(`case.loads.${id}.p_mw`, '33.5');
  const changes = session.form_changes();
  const tables = changes.flatMap((/** @type {any} */ { table }) => (table === null ? [] : [table.places]));
  assert.deepStrictEqual(tables.flat(), [3]);
  assert.equal(changes[loads].table.rows[0].cells[0].value, 33.5);
  // The form of another scenario is told as a whole.
  session.preset('triangle');
  assert.equal(session.form_changes(), null);
});
