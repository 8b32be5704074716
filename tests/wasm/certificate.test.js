// Certificates as the page writes them: SHA-256 as Node has it, and that a changed byte is found wherever it is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { certificateOf, isIntact, pageOf, written } from '../../www/js/session/certificate.js';
import { citePaper, citeProgram } from '../../www/js/session/cite.js';
import { sha256 } from '../../www/js/session/sha256.js';

/** @param {string | Uint8Array} data */
const node = (data) => createHash('sha256').update(data).digest('hex');

const module = { name: 'tandem', bytes: 3, sha256: node('abc'), door_sha256: node('door') };
const title = 'A </script> in the title';
const stated = { tandem_certificate: 1, title, program: { version: '1.2.3' }, scenario: '{"case":{}}', summary: [] };
const text = written(certificateOf(JSON.stringify(stated), module));

test('SHA-256 is that of another program', () => {
  for (const length of [0, 3, 55, 56, 63, 64, 65, 1000]) {
    const bytes = new Uint8Array(length).map((_, k) => k * 7);
    assert.equal(sha256(bytes), node(bytes));
  }
  assert.equal(sha256('ä€'), node('ä€'));
});

test('a changed byte of a certificate is found', () => {
  assert.ok(isIntact(text));
  assert.ok(!text.includes('</script>'));
  const read = JSON.parse(text);
  assert.equal(read.title, title);
  assert.equal(read.scenario_sha256, node(read.scenario));
  assert.deepEqual(read.program, { version: '1.2.3', module });
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === 'x' ? 'y' : 'x';
    assert.ok(!isIntact(text.slice(0, at) + other + text.slice(at + 1), 'json'), `at ${at}`);
  }
});

test('a changed byte of the page of a certificate is found', () => {
  const template = readFileSync(new URL('../../www/certify/page.html', import.meta.url), 'utf8');
  const parts = { certificate: text, door: 'ZG9vcg==', module: 'YWJj', verify: 'verify()' };
  const page = pageOf(template, parts);
  assert.ok(isIntact(page));
  assert.ok(!page.includes('{{'));
  for (let at = 0; at < page.length; at += 7) {
    const other = page[at] === 'x' ? 'y' : 'x';
    assert.ok(!isIntact(page.slice(0, at) + other + page.slice(at + 1), 'html'), `at ${at}`);
  }
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
