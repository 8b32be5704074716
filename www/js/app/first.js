// What is known of a preset before the program has come: the build wrote a page of each.

import { isKnown } from '../session/modules.js';

const PRESET = /^#p=([\w-]+)(&.*)?$/;

/**
 * The opening of the preset that a hash names, or null where it names none. With changes, only what these leave true.
 * @param {string} hash
 */
export async function openingOf(hash) {
  const [, id, changes] = PRESET.exec(hash) ?? [];
  if (id === undefined || !isKnown(id)) return null;
  const response = await fetch(`p/${id}.html`, { credentials: 'same-origin' }).catch(() => null);
  if (!response?.ok) return null;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const opening = page.querySelector('.first-preset');
  if (opening === null) return null;
  if (changes !== undefined)
    for (const part of opening.querySelectorAll('.first-answer, .first-picture')) part.remove();
  return document.adoptNode(opening);
}

/**
 * Shows the opening of the preset that a hash names while the program loads; nothing where something else is on screen
 * by then.
 * @param {string} hash
 */
export async function showFirst(hash) {
  const opening = await openingOf(hash);
  const place = document.querySelector('.first-load');
  if (opening === null || place === null || location.hash !== hash) return;
  // What went wrong meanwhile is still said.
  const told = place.querySelector('.loading[role="alert"]');
  if (told !== null) opening.querySelector('.loading')?.replaceWith(told);
  place.replaceWith(opening);
  performance.mark('tandem:first-picture');
}
