// Finds presets by the words of a person: in question, title and text, in what they are about, and in words that mean
// the same. Knows nothing of the page.

import { familyOf } from '../session/families.js';
import { GRIDS } from './choices.js';
import { CONCEPTS } from './words.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Grid } from './choices.js' */

/**
 * @typedef {object} Found
 * @property {Preset[]} hits Best first.
 * @property {boolean} all Whether the hits have every word, or only some.
 * @property {string} meant Other words that would find something, where nothing was found.
 * @property {Bring | null} bring The grid of another program that was named.
 */

/** @typedef {{ name: string, file: string, exact: Grid | null, near: Grid[] }} Bring `exact`: built in with as many buses */

/** Words that say nothing of what is looked for. */
export const EMPTY =
  'a an and are as at be by can do does for from how i if in is it me of on or show that the this to what when where which who why will with';
/** What a word found in a field is worth. */
const WORTH = { words: 6, best: 5, title: 5, question: 4, system: 4, mechanism: 3, paper: 3, id: 3, text: 1 };
/** What standing for a question is worth, against a variant of it. */
const QUESTION = 2;
/** Presets of one family among the hits at their head. */
const ALIKE = 2;

/** @typedef {keyof typeof WORTH} Field */
/** @typedef {{ preset: Preset, fields: [Field, string[]][] }} Indexed */

/**
 * The words of a text without accents, signs and plurals.
 * @param {string} text
 */
export function wordsOf(text) {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? [] : plain.split(' ').map(singular);
}

/**
 * The words of a text as it is written and as the page says it.
 * @param {string} text
 * @param {((text: string) => string) | null} say
 */
export function wordsIn(text, say) {
  return [...wordsOf(text), ...(say === null || text === '' ? [] : wordsOf(say(text)))];
}

/** @param {string} word */
function singular(word) {
  return word.length > 3 ? word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '') : word;
}

/**
 * @param {Preset[]} presets
 * @param {((text: string) => string) | null} [say] what the page says a text in, where that is another language than its own
 */
export function createSearch(presets, say = null) {
  const read = (/** @type {string} */ text) => wordsIn(text, say);
  const index = presets.map((preset) => indexed(preset, read));
  const empty = new Set(read(EMPTY));
  const vocabulary = [...new Set(index.flatMap(({ fields }) => fields.flatMap(([, words]) => words)))].filter(
    (word) => word.length > 3,
  );
  /**
   * @param {string} query
   * @returns {Found}
   */
  return (query) => {
    const wanted = wordsOf(query).filter((word) => !empty.has(word));
    const bring = gridOf(query);
    if (wanted.length === 0) return { hits: [], all: true, meant: '', bring };
    const scored = index
      .map(({ preset, fields }) => ({ preset, worths: wanted.map((word) => worthOf(word, fields, say !== null)) }))
      .filter(({ worths }) => worths.some((worth) => worth > 0));
    const whole = scored.filter(({ worths }) => worths.every((worth) => worth > 0));
    const hits = spread(ordered(whole.length > 0 ? whole : scored));
    const meant = hits.length > 0 || bring !== null ? '' : meantBy(wanted, vocabulary);
    return { hits, all: whole.length > 0, meant, bring };
  };
}

/**
 * @param {Preset} preset
 * @param {(text: string) => string[]} read
 * @returns {Indexed}
 */
function indexed(preset, read) {
  const named = (/** @type {string} */ id) =>
    id.endsWith('*') ? preset.id.startsWith(id.slice(0, -1)) : preset.id === id;
  const concepts = CONCEPTS.filter((concept) => concept.presets.some(named));
  const best = concepts.filter((concept) => concept.presets[0] === preset.id);
  const said = (/** @type {typeof concepts} */ those) => those.flatMap(({ words }) => words).flatMap(read);
  const family = familyOf(preset.id);
  const options = family?.variants.find((variant) => variant.preset === preset.id)?.at ?? [];
  return {
    preset,
    fields: [
      ['words', said(concepts)],
      ['best', said(best)],
      ['title', [preset.title, ...options].flatMap(read)],
      ['question', [preset.question, family?.head === preset.id ? family.question : ''].flatMap(read)],
      ['system', read(preset.system)],
      ['mechanism', [preset.mechanism, preset.group].flatMap(read)],
      ['paper', read(preset.paper)],
      ['id', wordsOf(preset.id)],
      ['text', read(preset.text)],
    ],
  };
}

/**
 * What a word is worth to a preset; its beginning counts while it is typed, the whole a little more.
 * @param {string} wanted
 * @param {Indexed['fields']} fields
 * @param {boolean} joined whether words are joined to one, as in German, and may end in what is wanted
 */
function worthOf(wanted, fields, joined) {
  const part = joined && wanted.length > 3;
  let worth = 0;
  for (const [field, words] of fields) {
    if (words.includes(wanted)) worth += WORTH[field] + 0.5;
    else if (wanted.length > 1 && words.some((word) => (part ? word.includes(wanted) : word.startsWith(wanted))))
      worth += WORTH[field];
  }
  return worth;
}

/** @param {{ preset: Preset, worths: number[] }[]} scored @returns {Preset[]} */
function ordered(scored) {
  const total = (/** @type {{ preset: Preset, worths: number[] }} */ { preset, worths }) =>
    1000 * worths.filter((worth) => worth > 0).length +
    worths.reduce((sum, worth) => sum + worth, 0) +
    ((familyOf(preset.id)?.head ?? preset.id) === preset.id ? QUESTION : 0);
  return scored.sort((a, b) => total(b) - total(a)).map(({ preset }) => preset);
}

/**
 * Puts what is a variant of hits before it behind the others.
 * @param {Preset[]} hits
 */
function spread(hits) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const late = hits.filter(({ id }) => {
    const head = familyOf(id)?.head ?? id;
    seen.set(head, (seen.get(head) ?? 0) + 1);
    return (seen.get(head) ?? 0) > ALIKE;
  });
  return [...hits.filter((preset) => !late.includes(preset)), ...late];
}

/**
 * A grid that MATPOWER has under this name, or of so many buses as none here.
 * @param {string} query
 * @returns {Bring | null}
 */
export function gridOf(query) {
  const text = query.trim().toLowerCase();
  const named = /^(case_?[a-z]*_?(\d+)\w*?)(\.m)?$/.exec(text);
  const sized = /^(?:the )?(?:ieee[ -]?)?(\d+)[ -]?bus(?:es)?(?: (?:system|grid|network|case))?$/.exec(text);
  const buses = Number(named?.[2] ?? sized?.[1] ?? Number.NaN);
  if (!Number.isFinite(buses)) return null;
  const exact = GRIDS.find((grid) => grid.buses === buses) ?? null;
  if (named === null && exact !== null) return null;
  const far = (/** @type {Grid} */ grid) => Math.abs(Math.log(grid.buses / Math.max(buses, 1)));
  const near = [...GRIDS].sort((a, b) => far(a) - far(b)).slice(0, 3);
  const name = named === null ? `${buses} buses` : query.trim().replace(/\.m$/i, '');
  return { name, file: named === null ? `case${buses}.m` : `${name}.m`, exact, near };
}

/**
 * The words with those that nothing has put right.
 * @param {string[]} wanted
 * @param {string[]} vocabulary
 */
function meantBy(wanted, vocabulary) {
  const right = wanted.map((word) => {
    const most = word.length > 5 ? 2 : word.length > 3 ? 1 : 0;
    const near = vocabulary
      .map((known) => ({ known, far: distance(word, known.slice(0, word.length + most)) }))
      .filter(({ far }) => far <= most)
      .sort((a, b) => a.far - b.far || a.known.length - b.known.length);
    return near[0]?.known ?? '';
  });
  return right.filter((word) => word !== '').join(' ');
}

/**
 * Letters to be put in, left out or changed to make one word of another (Levenshtein).
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
