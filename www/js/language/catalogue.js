// Sentences of the page in another language, by their shapes.

import { PSEUDO } from '../ui/language.js';
import { bracketed, clauses, filled, pieces, sentences, shapeOf, uncapitalised } from './shape.js';

/** @typedef {{ and: string, or: string, to: string, point: string, thousands: string }} Signs how a language writes lists and numbers */

/** @type {Record<string, Signs>} */
const SIGNS = {
  de: { and: 'und', or: 'oder', to: 'bis', point: ',', thousands: '.' },
  [PSEUDO]: { and: 'ànd', or: 'ör', to: 'tö', point: '.', thousands: ',' },
};
const ENGLISH = { and: 'and', or: 'or', to: 'to', point: '.', thousands: ',' };
/** Texts whose translations are kept at hand. */
const KEPT = 4000;
const HAS_WORD = /(?<!\p{L})\p{Lu}?\p{Ll}{2}/u;
/** A number by itself, not the digits of a name such as `BW33.6` or of a version. */
const DECIMAL = /(?<![\p{L}\d_.,])\d+(?:,\d{3})*(?:\.\d+)?(?:e[−+-]?\d+)?(?!\.\d|[\p{L}\d_])/gu;
/** Stands in a template for another text. */
const TEXT = '{text}';

export class Catalogue {
  /** Shapes that were looked for in vain. */
  missing = new Set();
  /** @type {Map<string, string>} */
  #said = new Map();
  #templates;
  /** Templates with other texts in them: "Reset {text} to {text}". @type {{ pattern: RegExp, template: string }[]} */
  #frames;
  #signs;

  /**
   * @param {Record<string, string>} templates translations by the shapes of what is translated
   * @param {string} language
   */
  constructor(templates, language) {
    this.#templates = new Map(Object.entries(templates));
    // What says more comes first: "Delete {text} for good" before "Delete {text}".
    this.#frames = Object.entries(templates)
      .filter(([key]) => key.includes(TEXT))
      .sort(([a], [b]) => b.length - a.length)
      .map(([key, template]) => ({ pattern: patternOf(key), template }));
    this.#signs = SIGNS[language] ?? ENGLISH;
  }

  /**
   * A text in the language of the catalogue; what it does not know stays as it is.
   * @param {string} text
   */
  say(text) {
    const known = this.#said.get(text);
    if (known !== undefined) return known;
    const [, before = '', body = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
    const said = before + this.#text(body) + after;
    if (this.#said.size > KEPT) this.#said.clear();
    this.#said.set(text, said);
    return said;
  }

  /** @param {string} text */
  #text(text) {
    return sentences(text)
      .map((part) => this.#sentence(part))
      .join('');
  }

  /** @param {string} text one sentence or label, with its sign at the end and the space behind it */
  #sentence(text) {
    const [, body = '', end = ''] = /^(.*?)([.!?…:]*\s*)$/s.exec(text) ?? [];
    const said =
      this.#one(body) ??
      this.#framed(body) ??
      this.#parted(body, [clauses, bracketed, pieces]) ??
      this.#parted(body, [bracketed, clauses, pieces], true);
    return said === null ? text : said + end;
  }

  /**
   * A text with others in it, which are said as they would be by themselves.
   * @param {string} text
   * @returns {string | null}
   */
  #framed(text) {
    for (const { pattern, template } of this.#frames) {
      const texts = pattern.exec(text)?.slice(1);
      if (texts === undefined) continue;
      const said = template.replaceAll(TEXT, () => this.say(texts.shift() ?? ''));
      return uncapitalised(text).capital ? capitalised(said) : said;
    }
    return null;
  }

  /**
   * A text as it is known, else by its parts.
   * @param {string} text
   * @param {((text: string) => string[])[]} ways to part it, from the largest parts to the smallest
   * @param {boolean} [note] whether what is not known is noted
   * @returns {string | null} null where one of them is not known
   */
  #parted(text, [way, ...smaller], note = false) {
    const whole = this.#one(text);
    if (whole !== null || way === undefined) return whole;
    const said = way(text).map((one, k) => (k % 2 === 1 ? one : this.#parted(one, smaller, note)));
    if (!said.includes(null)) return said.join('');
    // What is asked for is a clause: smaller parts have no meaning of their own.
    if (note && way === pieces) this.missing.add(uncapitalised(shapeOf(text).key).small);
    return null;
  }

  /**
   * @param {string} text
   * @returns {string | null} null where the catalogue does not know it
   */
  #one(text) {
    if (text === '') return '';
    const { key, holes } = shapeOf(text);
    const shown = holes.map((hole) => this.#hole(hole));
    const as = this.#templates.get(key);
    if (as !== undefined) return filled(as, shown);
    const { small, capital } = uncapitalised(key);
    const template = capital ? this.#templates.get(small) : undefined;
    if (template !== undefined) return capitalised(filled(template, shown));
    return HAS_WORD.test(key.replaceAll('{}', '')) ? null : filled(key, shown);
  }

  /** @param {string} hole numbers or names, one or a list */
  #hole(hole) {
    const { and, or, to, point, thousands } = this.#signs;
    return hole
      .replaceAll(DECIMAL, (number) => number.replaceAll(/[.,]/g, (sign) => (sign === '.' ? point : thousands)))
      .replaceAll(/ (and|or|to) /g, (_, word) => ` ${{ and, or, to }[/** @type {'and' | 'or' | 'to'} */ (word)]} `);
  }
}

/** @param {string} key a template with other texts in it */
function patternOf(key) {
  const parts = key.split(TEXT).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.+?)')}$`, 'is');
}

/** @param {string} text */
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A catalogue of English with an accent, for tests: each text that it knows stands in brackets.
 * @param {Record<string, string>} templates
 */
export function pseudo(templates) {
  const accents = new Map([...'aeiouAEIOU'].map((letter, k) => [letter, 'àéîöüÀÉÎÖÜ'[k] ?? letter]));
  const accented = (/** @type {string} */ key) =>
    key.replaceAll(/[aeiouAEIOU]/g, (letter) => accents.get(letter) ?? '');
  return new Catalogue(Object.fromEntries(Object.keys(templates).map((key) => [key, `⟦${accented(key)}⟧`])), PSEUDO);
}
