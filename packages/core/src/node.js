// The program for Node.

import { readFile } from 'node:fs/promises';

import { loadWith } from './session.js';

export { Session, Sheet, Sweep, TandemError, presets, version } from './session.js';

/** @import { Program } from './session.js' */

/**
 * Loads the program: the package's own file, or what is given.
 * @param {Program | URL | string} [program] a text is an address, `file:` or `https:`
 * @returns {Promise<void>}
 */
export function load(program = new URL('./tandem.wasm', import.meta.url)) {
  return loadWith(() => {
    if (typeof program !== 'string' && !(program instanceof URL)) return program;
    const url = new URL(program);
    return url.protocol === 'file:' ? readFile(url) : fetch(url);
  });
}
