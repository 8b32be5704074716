// The script in the page of a certificate: computes everything again, without a network, and says what differs.

import { certificateOf, isIntact } from '../session/certificate.js';
import { sha256 } from '../session/sha256.js';
import { h } from '../ui/dom.js';
import { fixed, raw, scientific, significant, unitText } from '../ui/number.js';

/** @import { Certificate } from '../session/certificate.js' */
/** @typedef {typeof import('../../pkg/tandem.js')} Door */

// Before anything of the page is another.
const file = `<!DOCTYPE ${document.doctype?.name ?? ''}>${document.documentElement.outerHTML}`;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const verdict = h('p', { class: 'verdict', role: 'status' }, 'Computing again…');
const list = h('ul', { class: 'checks' });
main.append(h('h1', {}, 'Certificate of an answer of Tandem'), verdict, list);
let failed = 0;

/** Signs of a link that are shown. */
const LINK = 300;

/** @param {string} id */
const part = (id) => document.getElementById(id)?.textContent ?? '';
/** @param {string} text base64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
/** What a damaged part gives is nothing. @template T @param {() => T | Promise<T>} make */
const attempt = (make) =>
  Promise.resolve()
    .then(make)
    .catch(() => null);

/** @param {boolean} good @param {string} text @param {string} [otherwise] */
function say(good, text, otherwise = text) {
  list.append(h('li', { class: good ? 'good' : 'bad' }, good ? `✓ ${text}` : `✗ ${otherwise}`));
  if (!good) failed += 1;
  return good;
}

/** @param {Uint8Array<ArrayBuffer>} packed gzip */
async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {string} what @param {Uint8Array | null} bytes @param {string} named */
function isNamed(what, bytes, named) {
  return say(
    bytes !== null && sha256(bytes) === named,
    `The program’s ${what} is the one named.`,
    `The program’s ${what} in this file is not the one named: it is damaged or another, its SHA-256 differs.`,
  );
}

/**
 * The certificate as it is computed here, and what it does not confirm.
 * @param {Certificate} certificate
 */
async function compute(certificate) {
  const { module } = certificate.program;
  const text = part('door');
  const door = await attempt(() => bytesOf(text));
  const code = await attempt(() => unpacked(bytesOf(part('module'))));
  const named = [isNamed('door', door, module.door_sha256), isNamed('module', code, module.sha256)];
  if (door === null || code === null || named.includes(false))
    throw new Error('The program in this file is not the one named, so it was not run.');
  /** @type {Door} */
  const program = await import(`data:text/javascript;base64,${text}`);
  await program.default({ module_or_path: code });
  const session = new program.Session();
  session.open(certificate.scenario);
  session.solve([]);
  const own = { name: program.module_name(), bytes: code.length, sha256: sha256(code), door_sha256: sha256(door) };
  const computed = certificateOf(session.stated(), own);
  return { computed, unlike: program.differences(JSON.stringify(certificate), JSON.stringify(computed)) };
}

/** Nine digits. @param {number | null | undefined} value */
const number = (value) => (value == null ? null : raw(significant(value, 9)).replaceAll('-', '−'));

/** @param {string[]} heads @param {(string | HTMLElement | null)[][]} rows @param {number} from the first column of numbers */
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
        ...rows.map((row) => h('tr', {}, ...row.map((cell, k) => h('td', { class: kind(k) }, cell ?? '–')))),
      ),
    ),
  );
}

/** @param {string} head @param {string[]} entries */
function listed(head, entries) {
  return entries.length === 0 ? [] : [h('h2', {}, head), h('ul', {}, ...entries.map((entry) => h('li', {}, entry)))];
}

/** @param {Certificate} certificate */
function tell(certificate) {
  const { title, headline, link, program, scenario_sha256, summary, certificates, published } = certificate;
  const good = certificates.filter(({ certified }) => certified).length;
  main.append(
    h('h2', {}, title),
    h('p', {}, headline),
    table(
      ['What', 'Value'],
      [
        ['Program', `Tandem ${program.version}, module ${program.module.name}`],
        ['SHA-256 of the module', h('code', {}, program.module.sha256)],
        ['SHA-256 of the scenario', h('code', {}, scenario_sha256)],
        [
          'Link, behind the address of a page of Tandem',
          h('code', {}, link.length > LINK ? `${link.slice(0, LINK)}…` : link),
        ],
        ['Certified solves', `${good} of ${certificates.length}`],
      ],
      2,
    ),
    ...listed('What it does not certify', certificate.not_certified),
    ...listed('What the program says of its model and inputs', certificate.notes),
    ...(published.length === 0
      ? []
      : [
          h('h2', {}, 'Printed beside ours'),
          table(
            ['Item', 'Unit', 'Verdict', 'Printed', 'Ours'],
            published.map((one) => [
              one.item,
              unitText(one.unit),
              (one.verdict ?? '').replaceAll('_', ' '),
              fixed(one.printed, one.digits),
              number(one.ours),
            ]),
            3,
          ),
        ]),
    h('h2', {}, 'Summary'),
    table(
      ['Quantity', 'Unit', 'Value'],
      summary.map(({ name, value, unit }) => [name, unitText(unit), number(value)]),
      2,
    ),
  );
}

/**
 * The solves, as the certificate has them and as they are computed here.
 * @param {Certificate} certificate
 * @param {Certificate | undefined} computed
 */
function tellSolves({ certificates }, computed) {
  const residuals = /** @type {const} */ (['primal_residual', 'dual_residual', 'gap', 'largest_violation']);
  const heads = ['Primal residual', 'Dual residual', 'Gap', 'Largest violation'];
  const said = (/** @type {number | null | undefined} */ x) => (x == null ? null : scientific(x));
  main.append(
    h('h2', {}, 'Certificates of the solves'),
    table(
      ['Solve', 'Certified', ...heads.flatMap((head) => [head, `${head}, here`])],
      certificates.map((one, k) => [
        one.solve,
        one.certified ? 'yes' : 'no',
        ...residuals.flatMap((key) => [said(one[key]), said(computed?.certificates[k]?.[key])]),
      ]),
      2,
    ),
  );
}

async function verify() {
  say(
    isIntact(file, 'html'),
    'Every byte of this file is as it was written.',
    'A byte of this file is not as it was written.',
  );
  const text = part('certificate');
  say(
    isIntact(text, 'json'),
    'Every byte of the certificate is as it was written.',
    'A byte of the certificate is not as it was written.',
  );
  /** @type {Certificate | null} */
  const certificate = await attempt(() => JSON.parse(text));
  if (certificate === null) throw new Error('The certificate in this file is damaged: it cannot be read.');
  document.title = `Certificate: ${certificate.title}`;
  tell(certificate);
  say(
    sha256(certificate.scenario) === certificate.scenario_sha256,
    'The scenario is the one named.',
    'The scenario is not the one named: its SHA-256 differs.',
  );
  /** @type {Awaited<ReturnType<typeof compute>> | undefined} */
  let made;
  try {
    made = await compute(certificate);
  } finally {
    tellSolves(certificate, made?.computed);
  }
  if (made.unlike.length === 0) say(true, 'All that the certificate says comes out again.');
  for (const one of made.unlike) say(false, one);
}

verify()
  .catch((error) => say(false, String(error?.message ?? error)))
  .finally(() => {
    verdict.textContent =
      failed === 0
        ? '✓ Verified: computed again in this browser, without a network.'
        : '✗ Not verified: see below what differs.';
    verdict.classList.add(failed === 0 ? 'good' : 'bad');
    verdict.dataset['state'] = failed === 0 ? 'verified' : 'differs';
  });
