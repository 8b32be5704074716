// The words of the field: where one glossary is read, and how its terms are found in a text.

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

/** All terms; asked for once. */
export function loadGlossary() {
  asked ??= fetch('glossary.json', { credentials: 'same-origin' }).then(async (response) => {
    if (!response.ok) throw new Error(`glossary.json: ${response.status}`);
    return (await response.json()).terms;
  });
  return asked;
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
