// What the page says of the claims of papers: each verdict follows from the numbers of the built module, in its units.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { PAPERS, holds, numberOf, paperOf } from '../../www/js/session/papers.js';

/** @import { Paper } from '../../www/js/session/papers.js' */
/** @import { Report } from '../../www/js/session/types.js' */

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

/** @type {Map<string, Report>} */
const reports = new Map();

/** @param {string} preset @returns {Report} */
function reportOf(preset) {
  const known = reports.get(preset);
  if (known !== undefined) return known;
  const session = new door.Session();
  session.preset(preset);
  session.solve([]);
  const report = session.sheet().report();
  session.free();
  reports.set(preset, report);
  return report;
}

/** @param {string} preset @param {string} of @param {string} unit @param {number} [step] */
function number(preset, of, unit, step) {
  const report = reportOf(preset);
  return numberOf(report, (id) => report.series.find((one) => one.id === id), of, unit, step);
}

test('every verdict of the page follows from its numbers', () => {
  for (const { id } of PAPERS) {
    /** @type {Paper} */
    const paper = JSON.parse(readFileSync(new URL(`../../www/papers/${id}.json`, import.meta.url), 'utf8'));
    for (const { id: claim, verdict, rests } of paper.claims) {
      const all = rests.map((check) => {
        const { preset, of, step, to, unit } = check;
        const ours = number(preset, of, unit, step);
        const bound = typeof to === 'string' ? Number(to) : (to.times ?? 1) * number(to.preset, to.of, unit);
        assert.ok(Number.isFinite(ours) && Number.isFinite(bound), `${claim}: ${of}`);
        return holds(check, ours, bound);
      });
      if (verdict === 'held') assert.ok(all.length > 0 && all.every(Boolean), claim);
      if (verdict === 'refuted') assert.ok(!all.every(Boolean), claim);
    }
  }
});

test('a peak that is read in kW is compared in the MW of its claim', () => {
  // By tandem run theisen-week --json, which writes it in MW.
  assert.ok(Math.abs(number('theisen-week', 'peak:base', 'MW') - 3.974) < 0.001);
});

test('presets name their papers', () => {
  assert.equal(paperOf('zuo-4node-se')?.id, 'zuo');
  assert.equal(paperOf('triangle'), null);
});
