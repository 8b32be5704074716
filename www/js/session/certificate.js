// A certificate: a scenario with its answer, what was computed with it, and a digest of every byte of itself
// (docs/CERTIFICATES.md). `tandem certify` writes the same.

import { sha256 } from './sha256.js';

/** @import { Published, Quantity } from './types.js' */

/**
 * @typedef {{ solve: string, primal_residual: number | null, dual_residual: number | null, gap: number | null, largest_violation: number | null, certified: boolean }} Solve
 * @typedef {Pick<Quantity, 'id' | 'name' | 'value' | 'unit'>} Amount
 * @typedef {Pick<Published, 'item' | 'printed' | 'digits' | 'unit' | 'ours' | 'verdict' | 'source'>} Printed
 * @typedef {{ name: string, bytes: number, sha256: string, door_sha256: string }} Module
 * @typedef {{
 *   tandem_certificate: number, title: string, headline: string, link: string, program: { version: string, module: Module },
 *   scenario_sha256: string, scenario: string, status: string, summary: Amount[], certificates: Solve[],
 *   published: Printed[], notes: string[], not_certified: string[], digest: string
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
 * What a certificate holds, with the place of its digest.
 * @param {string} stated JSON text of what the program says of the answer (`Session::stated`)
 * @param {Module} module
 * @returns {Certificate}
 */
export function certificateOf(stated, module) {
  const said = JSON.parse(stated);
  const program = { ...said.program, module };
  return { ...said, program, scenario_sha256: sha256(said.scenario), digest: EMPTY };
}

/**
 * The text of a certificate, its digest in it.
 * @param {Certificate} certificate
 */
export function written(certificate) {
  // No tag of a page begins in it.
  return sealed(`${JSON.stringify(certificate, null, 1).replaceAll('<', '\\u003c')}\n`, 'json');
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
