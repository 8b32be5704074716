// Series as they cross to the page (src/wasm/series.rs, www/js/session/series.js): `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { changedBy, deltaOf } from '../../www/js/session/delta.js';
import { seriesIds, seriesOf, unpack } from '../../www/js/session/series.js';

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
    for (const one of whole.series.slice(0, 20)) assert.deepStrictEqual(seriesOf(report, one.id), one);
    assert.equal(seriesOf(report, 'no such series'), undefined);
    // After a change the report is told by what is another.
    const next = { ...report, title: 'another' };
    const told = unpack(changedBy(report, structuredClone(deltaOf(report, next))));
    assert.equal(told.title, 'another');
    assert.deepStrictEqual(told.series, whole.series);
  });
