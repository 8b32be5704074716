// How a paper and the program are cited: BibTeX of what CITATION.cff says, no more.

import citations from './citations.json' with { type: 'json' };

/** @typedef {{ type: string, key: string, fields: [string, string][] }} Entry */

/** By the beginning of a preset's id; the terminal reads the same file. */
const PAPERS = /** @type {Record<string, Entry>} */ (/** @type {unknown} */ (citations));

/** @param {Entry} entry */
function bibtex({ type, key, fields }) {
  return `@${type}{${key},\n${fields.map(([name, value]) => `  ${name} = {${escaped(value)}},\n`).join('')}}\n`;
}

/**
 * What TeX reads as more than a sign; addresses stay as they are.
 * @param {string} value
 */
function escaped(value) {
  return /^https?:/.test(value) ? value : value.replace(/[&%$#_]/g, '\\$&');
}

/**
 * The entry of a paper, or '' where there is none.
 * @param {string} id of the paper, or of a preset of it
 */
export function citePaper(id) {
  const entry = PAPERS[id.split('-')[0] ?? ''];
  return entry === undefined ? '' : bibtex(entry);
}

/**
 * The entry of the program, and of a scenario where its digest is given.
 * @param {{ version: string, digest?: string, module?: string, address?: string, title?: string }} about
 */
export function citeProgram({ version, digest = '', module = '', address = '', title = '' }) {
  const notes = [
    title === '' ? '' : `scenario “${title}”`,
    digest === '' ? '' : `SHA-256 of the scenario ${digest}`,
    module === '' ? '' : `SHA-256 of the module ${module}`,
  ].filter((note) => note !== '');
  const clean = (/** @type {string} */ text) => text.replace(/[{}\\]/g, '');
  return bibtex({
    type: 'misc',
    key: 'tandem',
    fields: [
      ['author', '{The Tandem developers}'],
      ['title', 'Tandem: Simulator of electricity-market coordination between transmission and distribution'],
      ['howpublished', `Software, version ${version}`],
      ...(notes.length === 0 ? [] : [/** @type {[string, string]} */ (['note', clean(notes.join(', '))])]),
      ...(address === '' ? [] : [/** @type {[string, string]} */ (['url', address])]),
    ],
  });
}
