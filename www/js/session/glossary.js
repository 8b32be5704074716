// The words of the field: where one glossary is read, and how its terms are found in a text.

import { PSEUDO, language } from '../ui/language.js';

/**
 * @typedef {object} Term
 * @property {string} id
 * @property {string} group
 * @property {string} short The name in texts.
 * @property {string} long The name in full.
 * @property {string} sentence One sentence, with sign and unit.
 * @property {string} [math] The symbol as MathML.
 * @property {string} [unit]
 * @property {string} [equation] Anchor in how.html.
 * @property {string[]} forms Spellings in texts; a word that begins with a small letter may begin a sentence.
 */
/** @typedef {{ from: number, to: number, id: string }} Found */

/** @type {Promise<Term[]> | null} */
let asked = null;

/** All terms, with their spellings in the language of the page; asked for once. */
export function loadGlossary() {
  asked ??= load();
  return asked;
}

/** @returns {Promise<Term[]>} */
async function load() {
  const { terms } = await read('glossary.json');
  const tag = language();
  if (tag === 'en' || tag === PSEUDO) return terms;
  const forms = await read(`languages/${tag}-forms.json`);
  return terms.map((/** @type {Term} */ term) => ({ ...term, forms: forms[term.id] ?? [] }));
}

/** @param {string} file */
async function read(file) {
  const response = await fetch(file, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response.json();
}

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param {string} form */
function patternOf(form) {
  const first = form[0] ?? '';
  const upper = first.toUpperCase();
  const head = first === upper ? escaped(first) : `[${first}${upper}]`;
  return head + escaped(form.slice(1)).replaceAll(' ', '[ \\u00a0]');
}

/**
 * Finds terms in a text: whole words, the longest form first.
 * @param {Pick<Term, 'id' | 'forms'>[]} terms
 * @returns {(text: string) => Found[]}
 */
export function createFinder(terms) {
  /** @type {Map<string, string>} */
  const ids = new Map();
  for (const { id, forms } of terms) for (const form of forms) ids.set(form.toLowerCase(), id);
  const forms = terms.flatMap((term) => term.forms).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${forms.map(patternOf).join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
  return (text) =>
    [...text.matchAll(pattern)].map(({ 0: word, index }) => ({
      from: index,
      to: index + word.length,
      id: ids.get(word.toLowerCase().replaceAll('\u00a0', ' ')) ?? '',
    }));
}
