// The address is the state: the hash holds the scenario, the query how it is shown.

/** @typedef {{ name: 'gallery' | 'progress' } | { name: 'lab' | 'write', hash: string } | { name: 'room' | 'seat' | 'paper', hash: string }} Place */

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

/** Pages that are no scenario; behind the name and an `&` (of a seat and a paper a `=`) stands what they are about. */
const NAMED = /^(write|progress|room|seat|paper)(?:[&=](.*))?$/;

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
  if (name === 'room' || name === 'seat' || name === 'paper') return { name, hash: `#${about}` };
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
 * The full page for a hash, as an absolute address.
 * @param {string} hash with `#`
 */
export function fullAddress(hash) {
  const url = new URL(location.href);
  url.search = '';
  url.hash = hash;
  return url.href;
}
