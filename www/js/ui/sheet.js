// Style sheets of what opens later: each comes with the first part that wants it.

import { h } from './dom.js';

/** @type {Set<string>} */
const asked = new Set();

/** @param {string} name of a file in `css/` */
export function loadSheet(name) {
  if (!asked.has(name)) document.head.append(h('link', { rel: 'stylesheet', href: `css/${name}` }));
  asked.add(name);
}
