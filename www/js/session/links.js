// The address is the state: the hash holds the scenario, the query how it is shown.

/**
 * @typedef {{ views: string[], minimal: boolean, inputs: string[], locked: boolean, run: boolean }} EmbedOptions
 * @typedef {{ name: 'gallery' } | { name: 'lab', hash: string }} Place
 */

/** Longest hash that the program reads again, characters. */
const LONGEST = 1 << 20;
/** In the address of a scenario that no link can hold. */
export const UNLINKED = '#file';

/**
 * The hash of a link's fragment.
 * @param {string} fragment
 */
export function hashOf(fragment) {
  return fragment.length > LONGEST ? UNLINKED : `#${fragment}`;
}

/**
 * The view the hash names: nothing is the gallery, anything else a scenario to be opened.
 * @param {string} hash with or without `#`
 * @returns {Place}
 */
export function place(hash) {
  const text = hash.replace(/^#/, '');
  return text === '' ? { name: 'gallery' } : { name: 'lab', hash: `#${text}` };
}

/**
 * Options of an embedded view, or null on the full page.
 * @param {string} search
 * @returns {EmbedOptions | null}
 */
export function embedOptions(search) {
  const query = new URLSearchParams(search);
  if (query.get('embed') !== '1') return null;
  const list = (/** @type {string} */ name) => (query.get(name) ?? '').split(',').filter((item) => item !== '');
  const views = list('view');
  return {
    views: views.length > 0 ? views : ['network'],
    minimal: query.get('ui') === 'min',
    inputs: list('inputs').slice(0, 3),
    locked: query.get('lock') === 'all' || query.get('lock') === '1',
    run: query.get('run') !== '0',
  };
}

/**
 * The full page for a hash, as an absolute address.
 * @param {string} hash with `#`
 */
export function fullAddress(hash) {
  const url = new URL(location.href);
  url.search = '';
  url.hash = hash;
  return url.href;
}

/**
 * @param {string} hash with `#`
 * @param {Record<string, string>} query
 */
export function embedAddress(hash, query) {
  const url = new URL(location.href);
  url.search = new URLSearchParams({ embed: '1', ...query }).toString();
  url.hash = hash;
  return url.href;
}
