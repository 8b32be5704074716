// The address is the state: the hash holds the scenario, the query how it is shown.

/**
 * @typedef {{ views: string[], minimal: boolean, inputs: string[], locked: boolean, run: boolean }} EmbedOptions
 * @typedef {{ name: 'gallery' | 'progress' } | { name: 'lab' | 'write', hash: string } | { name: 'room' | 'seat', hash: string }} Place
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

/** Pages that are no scenario; behind the name and an `&` (of a seat a `=`) stands what they are about. */
const NAMED = /^(write|progress|room|seat)(?:[&=](.*))?$/;

/**
 * The view the hash names: nothing is the gallery, a page by its name that page, anything else a scenario to be opened.
 * @param {string} hash with or without `#`
 * @returns {Place}
 */
export function place(hash) {
  const text = hash.replace(/^#/, '');
  if (text === '') return { name: 'gallery' };
  const [, name, about = ''] = NAMED.exec(text) ?? [];
  if (name === 'progress') return { name };
  if (name === 'write') return { name, hash: `#${about}` };
  if (name === 'room' || name === 'seat') return { name, hash: `#${about}` };
  return { name: 'lab', hash: `#${text}` };
}

/**
 * The hash of a preset's lesson, from its first question on.
 * @param {string} preset
 */
export function lessonLink(preset) {
  return `#p=${preset}&v=1&view.lesson=predict`;
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
