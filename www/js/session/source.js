// Where a number is from, in a line: version, scenario, digest; and where it can be opened.

import { UNLINKED, fullAddress, hashOf } from './links.js';
import { sha256 } from './sha256.js';

/** @import { Client } from './client.js' */

/**
 * A scenario: its preset, its text as it was solved, and as it is looked at.
 * @typedef {{ client: Client, preset: string, text: string, document: string, title: string }} Origin
 */

/** Digits of a digest that are enough to tell scenarios apart. */
const DIGITS = 12;

/** @param {Origin | null} origin */
export async function citeSource(origin) {
  if (origin === null) return { text: 'Tandem', link: '' };
  const { client, preset, text, document } = origin;
  const [version, made] = await Promise.all([client.call('version', undefined), client.call('link', document)]);
  const hash = hashOf(made.fragment);
  // What is looked at changes no question.
  const inputs = made.fragment.split('&').slice(1);
  const same = made.short && inputs.every((part) => /^(v=|view\.)/.test(part));
  const changed = preset !== '' && !same ? ', changed' : '';
  return {
    text: `Tandem ${version}, ${preset === '' ? 'own case' : preset}${changed}, scenario SHA-256 ${sha256(text).slice(0, DIGITS)}`,
    link: hash === UNLINKED ? '' : fullAddress(hash),
  };
}
