// The program for pages and workers. In Node `node.js` stands in its place.

import { loadWith } from './session.js';

export { Session, Sheet, Sweep, TandemError, presets, version } from './session.js';

/** @typedef {import('./session.js').Program} Program */
/** @typedef {import('./session.js').Change} Change */
/** @typedef {import('./session.js').SweepRequest} SweepRequest */
/** @typedef {import('./data.js').Chart} Chart */
/** @typedef {import('./data.js').ChartView} ChartView */
/** @typedef {import('./data.js').Drawing} Drawing */
/** @typedef {import('./data.js').Field} Field */
/** @typedef {import('./data.js').Report} Report */

/**
 * Loads the program: the package's own file, or what is given. Nothing is fetched where bytes, a response or a module are
 * given.
 * @param {Program | URL | string} [program] a text is an address
 * @returns {Promise<void>}
 */
export function load(program = new URL('./tandem.wasm', import.meta.url)) {
  return loadWith(() => (typeof program === 'string' || program instanceof URL ? fetch(program) : program));
}
