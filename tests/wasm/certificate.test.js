// Certificates as the page writes them: SHA-256 as Node has it, and that a changed byte is found wherever it is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { certificateOf, differences, isIntact, pageOf } from '../../www/js/session/certificate.js';
import { citePaper, citeProgram } from '../../www/js/session/cite.js';
import { sha256 } from '../../www/js/session/sha256.js';

/** @import { Report } from '../../www/js/session/types.js' */

/** @param {string | Uint8Array} data */
const node = (data) => createHash('sha256').update(data).digest('hex');

const report = /** @type {Report} */ (
  /** @type {unknown} */ ({
    status: 'solved',
    summary: [{ id: 'cost', name: 'Cost', value: 14.5, unit: '$' }],
    certificates: [
      { solve: 'one', primal_residual: 0, dual_residual: 1e-12, gap: 0, largest_violation: 0, certified: true },
    ],
    published: [
      { item: 'cost', printed: 14.5, digits: 1, unit: '$', ours: 14.5, verdict: 'agrees', source: 'a table' },
    ],
  })
);
const about = {
  title: 'A </script> in the title',
  version: '1.2.3',
  module: { name: 'tandem', bytes: 3, sha256: node('abc'), door_sha256: node('door') },
  scenario: '{"case":{}}',
  report,
};

test('SHA-256 is that of another program', () => {
  for (const length of [0, 3, 55, 56, 63, 64, 65, 1000]) {
    const bytes = new Uint8Array(length).map((_, k) => k * 7);
    assert.equal(sha256(bytes), node(bytes));
  }
  assert.equal(sha256('ä€'), node('ä€'));
});

test('a changed byte of a certificate is found', () => {
  const text = certificateOf(about);
  assert.ok(isIntact(text));
  assert.ok(!text.includes('</script>'));
  assert.equal(JSON.parse(text).title, about.title);
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === 'x' ? 'y' : 'x';
    assert.ok(!isIntact(text.slice(0, at) + other + text.slice(at + 1), 'json'), `at ${at}`);
  }
});

test('a changed byte of the page of a certificate is found', () => {
  const template = readFileSync(new URL('../../www/certify/page.html', import.meta.url), 'utf8');
  const parts = { certificate: certificateOf(about), door: 'ZG9vcg==', module: 'YWJj', verify: 'verify()' };
  const text = pageOf(template, parts);
  assert.ok(isIntact(text));
  assert.ok(!text.includes('{{'));
  for (let at = 0; at < text.length; at += 7) {
    const other = text[at] === 'x' ? 'y' : 'x';
    assert.ok(!isIntact(text.slice(0, at) + other + text.slice(at + 1), 'html'), `at ${at}`);
  }
});

test('what another computation does not confirm is named', () => {
  const certificate = JSON.parse(certificateOf(about));
  assert.deepEqual(differences(certificate, report), []);
  const other = { ...report, summary: [{ id: 'cost', name: 'Cost', value: 15, unit: '$' }] };
  assert.deepEqual(differences(certificate, /** @type {Report} */ (other)), [
    'Cost: the certificate has 14.5, the computation gives 15.',
  ]);
});

test('citations name what CITATION.cff names', () => {
  const known = readFileSync(new URL('../../CITATION.cff', import.meta.url), 'utf8');
  for (const id of ['zuo-4node', 'wang-day', 'mezghani-s1', 'khojasteh-k33', 'theisen-week']) {
    const entry = citePaper(id);
    const title = / {2}title = \{(.*)\}/.exec(entry)?.[1] ?? '';
    assert.ok(title.length > 20 && known.includes(title), id);
    const doi = / {2}doi = \{(.*)\}/.exec(entry)?.[1];
    assert.ok(doi === undefined || known.includes(doi), id);
  }
  assert.equal(citePaper('triangle'), '');
  assert.match(
    citeProgram({ version: '1.2.3', digest: node('a') }),
    /version 1\.2\.3[\s\S]*SHA-256 of the scenario ca97/,
  );
});
