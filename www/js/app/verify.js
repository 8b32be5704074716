// The script in the page of a certificate: computes everything again, without a network, and says what differs.

import { differences, isIntact } from '../session/certificate.js';
import { sha256 } from '../session/sha256.js';
import { h } from '../ui/dom.js';
import { fixed, raw, scientific, significant } from '../ui/number.js';

/** @import { Certificate } from '../session/certificate.js' */
/** @import { Report } from '../session/types.js' */
/** @typedef {typeof import('../../pkg/tandem.js')} Door */

// Before anything of the page is another.
const file = `<!DOCTYPE ${document.doctype?.name ?? ''}>${document.documentElement.outerHTML}`;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const verdict = h('p', { class: 'verdict', role: 'status' }, 'Computing again…');
const list = h('ul', {});
main.append(h('h1', {}, 'Certificate of an answer of Tandem'), verdict, list);

/** @param {string} id */
const part = (id) => document.getElementById(id)?.textContent ?? '';
/** @param {string} text base64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/** @param {string} text @param {boolean} good */
function say(text, good) {
  list.append(h('li', { class: good ? 'good' : 'bad' }, `${good ? '✓' : '✗'} ${text}`));
  if (!good) failed += 1;
}
let failed = 0;

/** @param {Uint8Array<ArrayBuffer>} packed gzip */
async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Certificate} certificate */
async function compute({ program: { module }, scenario }) {
  const before = failed;
  const door = part('door');
  say('The program’s door is the one named.', sha256(bytesOf(door)) === module.door_sha256);
  const code = await unpacked(bytesOf(part('module')));
  say('The program’s module is the one named.', sha256(code) === module.sha256);
  if (failed > before) throw new Error('The program in this file is not the one named, so it was not run.');
  /** @type {Door} */
  const program = await import(`data:text/javascript;base64,${door}`);
  await program.default({ module_or_path: code });
  const session = new program.Session();
  session.load(scenario);
  session.solve([]);
  return /** @type {Report} */ (session.sheet().report());
}

/** @param {string[]} heads @param {(string | number | null)[][]} rows @param {number} from the first column of numbers */
function table(heads, rows, from) {
  const kind = (/** @type {number} */ k) => (k >= from ? 'n' : null);
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...heads.map((head, k) => h('th', { scope: 'col', class: kind(k) }, head)))),
      h(
        'tbody',
        {},
        ...rows.map((row) => h('tr', {}, ...row.map((cell, k) => h('td', { class: kind(k) }, String(cell ?? '–'))))),
      ),
    ),
  );
}

/** @param {Certificate} certificate */
function tell({ title, program, scenario_sha256, summary, certificates, published }) {
  const good = certificates.filter(({ certified }) => certified).length;
  main.append(
    h('h2', {}, title),
    table(
      ['What', 'Value'],
      [
        ['Program', `Tandem ${program.version}, module ${program.module.name}`],
        ['SHA-256 of the module', program.module.sha256],
        ['SHA-256 of the scenario', scenario_sha256],
        ['Certified solves', `${good} of ${certificates.length}`],
      ],
      2,
    ),
    ...(published.length === 0
      ? []
      : [
          h('h2', {}, 'Printed beside ours'),
          table(
            ['Item', 'Unit', 'Verdict', 'Printed', 'Ours'],
            published.map((one) => [
              one.item,
              one.unit === '1' ? '' : one.unit,
              (one.verdict ?? '').replaceAll('_', ' '),
              fixed(one.printed, one.digits),
              one.ours == null ? null : raw(significant(one.ours, 9)),
            ]),
            3,
          ),
        ]),
    h('h2', {}, 'Summary'),
    table(
      ['Quantity', 'Unit', 'Value'],
      summary.map(({ name, value, unit }) => [
        name,
        unit === '1' ? '' : unit,
        value == null ? null : raw(significant(value, 9)),
      ]),
      2,
    ),
    h('h2', {}, 'Certificates of the solves'),
    table(
      ['Solve', 'Certified', 'Primal residual', 'Dual residual', 'Gap', 'Largest violation'],
      certificates.map((one) => [
        one.solve,
        one.certified ? 'yes' : 'no',
        ...[one.primal_residual, one.dual_residual, one.gap, one.largest_violation].map((x) =>
          x === null ? null : scientific(x),
        ),
      ]),
      2,
    ),
  );
}

async function verify() {
  say('Every byte of this file is as it was written.', isIntact(file, 'html'));
  const text = part('certificate');
  say('Every byte of the certificate is as it was written.', isIntact(text, 'json'));
  /** @type {Certificate} */
  const certificate = JSON.parse(text);
  document.title = `Certificate: ${certificate.title}`;
  tell(certificate);
  say('The scenario is the one named.', sha256(certificate.scenario) === certificate.scenario_sha256);
  const unlike = differences(certificate, await compute(certificate));
  if (unlike.length === 0) say('Summary, certificates of all solves and printed numbers come out again.', true);
  for (const one of unlike) say(one, false);
}

verify()
  .catch((error) => say(error instanceof Error ? error.message : String(error?.message ?? error), false))
  .finally(() => {
    verdict.textContent =
      failed === 0
        ? '✓ Verified: computed again in this browser, without a network.'
        : '✗ Not verified: see below what differs.';
    verdict.classList.add(failed === 0 ? 'good' : 'bad');
    verdict.dataset['state'] = failed === 0 ? 'verified' : 'differs';
  });
