// A certificate: a scenario with its answer, what was computed with it, and a digest of every byte of itself
// (docs/CERTIFICATES.md). `tandem certify` writes the same.

import { sha256 } from './sha256.js';

/** @import { Published, Quantity, Report } from './types.js' */

/**
 * @typedef {{ solve: string, primal_residual: number | null, dual_residual: number | null, gap: number | null, largest_violation: number | null, certified: boolean }} Solve
 * @typedef {Pick<Quantity, 'id' | 'name' | 'value' | 'unit'>} Amount
 * @typedef {Pick<Published, 'item' | 'printed' | 'digits' | 'unit' | 'ours' | 'verdict' | 'source'>} Printed
 * @typedef {{ name: string, bytes: number, sha256: string, door_sha256: string }} Module
 * @typedef {{
 *   tandem_certificate: 1, title: string, program: { version: string, module: Module }, scenario_sha256: string, scenario: string,
 *   status: string, summary: Amount[], certificates: Solve[], published: Printed[], digest: string
 * }} Certificate
 */

const EMPTY = '0'.repeat(64);
/** Where the digest of a file stands in it, in a certificate and in a page. */
const PLACES = [/("digest": ")([0-9a-f]{64})("\s*\}\s*)$/, /(<meta name="tandem-digest" content=")([0-9a-f]{64})(")/];

/**
 * The digest of a file as it is, where the digest that it names is taken as zeros; null where it names none.
 * @param {string} text
 * @param {'json' | 'html'} kind
 */
export function digestsOf(text, kind) {
  const place = /** @type {RegExp} */ (PLACES[kind === 'json' ? 0 : 1]);
  const named = place.exec(text)?.[2];
  if (named === undefined) return null;
  return { named, found: sha256(text.replace(place, `$1${EMPTY}$3`)) };
}

/**
 * Whether every byte of a file is as it was written.
 * @param {string} text
 * @param {'json' | 'html'} [kind]
 */
export function isIntact(text, kind = text.trimStart().startsWith('<') ? 'html' : 'json') {
  const digests = digestsOf(text, kind);
  return digests !== null && digests.named === digests.found;
}

/**
 * A file with its digest in the place of zeros.
 * @param {string} text
 * @param {'json' | 'html'} kind
 */
export function sealed(text, kind) {
  const place = /** @type {RegExp} */ (PLACES[kind === 'json' ? 0 : 1]);
  if (place.exec(text)?.[2] !== EMPTY) throw new Error('the file has no place for its digest');
  return text.replace(place, `$1${sha256(text)}$3`);
}

/**
 * What of a report a certificate holds.
 * @param {Report} report
 */
export function held({ status, summary, certificates, published }) {
  return {
    status,
    summary: summary.map(({ id, name, value, unit }) => ({ id, name, value: value ?? null, unit })),
    certificates: certificates.map((one) => ({
      solve: one.solve,
      primal_residual: finite(one.primal_residual),
      dual_residual: finite(one.dual_residual),
      gap: finite(one.gap),
      largest_violation: finite(one.largest_violation),
      certified: one.certified,
    })),
    published: published.map(({ item, printed, digits, unit, ours, verdict, source }) => ({
      ...{ item, printed, digits, unit },
      ...{ ours: ours ?? null, verdict, source },
    })),
  };
}

/** @param {number | null | undefined} value */
function finite(value) {
  return value != null && Number.isFinite(value) ? value : null;
}

/**
 * The text of a certificate.
 * @param {{ title: string, version: string, module: Module, scenario: string, report: Report }} about `scenario`: JSON text
 */
export function certificateOf({ title, version, module, scenario, report }) {
  const value = {
    tandem_certificate: 1,
    title,
    program: { version, module },
    scenario_sha256: sha256(scenario),
    scenario,
    ...held(report),
    digest: EMPTY,
  };
  // No tag of a page begins in it.
  return sealed(`${JSON.stringify(value, null, 1).replaceAll('<', '\\u003c')}\n`, 'json');
}

/** Two programs for two machines may differ in the last bits of a number. */
const SAME = 1e-9;

/**
 * What of a certificate another computation does not confirm, in words.
 * @param {Certificate} certificate
 * @param {Report} report
 * @returns {string[]}
 */
export function differences(certificate, report) {
  const now = held(report);
  /** @type {string[]} */
  const found = [];
  const compare = (/** @type {string} */ what, /** @type {unknown} */ was, /** @type {unknown} */ is) => {
    const near =
      typeof was === 'number' && typeof is === 'number' && Math.abs(was - is) <= SAME * Math.max(1, Math.abs(was));
    if (was !== is && !near) found.push(`${what}: the certificate has ${was}, the computation gives ${is}.`);
  };
  compare('Status', certificate.status, now.status);
  compare('Summary quantities', certificate.summary.length, now.summary.length);
  for (const [k, { name, value }] of certificate.summary.entries()) compare(name, value, now.summary[k]?.value);
  compare('Certified solves', certificate.certificates.length, now.certificates.length);
  for (const [k, was] of certificate.certificates.entries()) {
    compare(was.solve, was.certified, now.certificates[k]?.certified);
    compare(`${was.solve}, gap`, was.gap, now.certificates[k]?.gap);
  }
  compare('Printed numbers', certificate.published.length, now.published.length);
  for (const [k, was] of certificate.published.entries()) {
    compare(`${was.item}, ours`, was.ours, now.published[k]?.ours);
    compare(`${was.item}, printed`, was.printed, now.published[k]?.printed);
    compare(`${was.item}, verdict`, was.verdict, now.published[k]?.verdict);
  }
  return found;
}

/**
 * The page of a certificate.
 * @param {string} template of `certify/page.html`
 * @param {{ certificate: string, door: string, module: string, verify: string }} parts door and module in base64
 */
export function pageOf(template, parts) {
  /** @type {Record<string, string>} */
  const values = { ...parts, digest: EMPTY };
  const text = template.trimEnd().replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? '');
  return sealed(text, 'html');
}
