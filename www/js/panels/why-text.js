// An explanation to be pasted elsewhere: as text, as it stands on the card, and as LaTeX.

import { factorsOf } from '../session/products.js';
import { plain, unitText } from '../ui/number.js';

/** @import { Explained } from '../session/types.js' */

/**
 * What the card says, in the language in which it is read.
 * @param {HTMLElement} card
 */
export function textOf(card) {
  const lines = (/** @type {string} */ selector) =>
    [...card.querySelectorAll(selector)].map((element) =>
      [...element.children].length === 0 || element.matches('p, li.why-said')
        ? (element.textContent ?? '').trim()
        : [...element.querySelectorAll('.part-name, .part-value, th, td')].map(cellText).join('\t'),
    );
  const blocks = [
    lines('.why-headline'),
    lines('.waterfall > li'),
    lines('.why-sentences > li'),
    ...[...card.querySelectorAll('details[data-id]')].map((details) => [
      details.querySelector('summary')?.textContent ?? '',
      ...[...details.querySelectorAll('tr')].map((row) => [...row.querySelectorAll('th, td')].map(cellText).join('\t')),
    ]),
    lines('.why-proofs tr'),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** A cell without what can be pressed in it, its unit apart. @param {Element} cell */
function cellText(cell) {
  const texts = [...cell.childNodes]
    .filter((node) => !(node instanceof HTMLButtonElement))
    .map(({ textContent }) => textContent ?? '');
  return texts.filter((text) => text !== '').join(cell.querySelector('.unit') === null ? '' : ', ');
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[\\{}$&#%_^~]/g, (sign) =>
    sign === '\\' ? '\\textbackslash{}' : sign === '^' || sign === '~' ? `\\${sign}{}` : `\\${sign}`,
  );
}

/** @param {number} value */
function number(value) {
  return plain(value)
    .replace('−', '-')
    .replaceAll('\u202f', '\\,')
    .replace(/e(-?\d+)$/, '\\cdot 10^{$1}');
}

/** @param {number} value a negative one in parentheses */
function enclosed(value) {
  return value < 0 ? `(${number(value)})` : number(value);
}

/**
 * The number by its parts: in symbols, where the program gives them, then with the numbers of each part, as a product where
 * the table `parts` says of what.
 * @param {Explained} explained
 */
export function latexOf(explained) {
  const { formula, value, unit, parts } = explained;
  const terms = parts.map((part) => {
    const factors = factorsOf(explained, part);
    const text = factors.length > 0 ? factors.map(enclosed).join(' \\cdot ') : enclosed(part.value);
    return `\\underbrace{${text}}_{\\text{${escaped(part.name)}}}`;
  });
  const measure = unitText(unit) === '' ? '' : `\\ \\text{${escaped(unitText(unit))}}`;
  const numbers = `${terms.join(' + ')} = ${number(value)}${measure}`;
  return formula
    ? `\\begin{aligned}\n${formula.replace('=', '&=')} \\\\\n&= ${numbers}\n\\end{aligned}\n`
    : `${numbers}\n`;
}
