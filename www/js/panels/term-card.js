// The card behind a word: its name in full, a sentence, symbol and unit, the way to its equation.

import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';

/** @import { Term } from '../session/glossary.js' */

/** Least distance of a card from the edges of the window and from its word, px. */
const MARGIN = 8;
const GAP = 6;

/**
 * What is said of a term, below its name.
 * @param {Term} term
 */
export function explanationOf({ id, sentence, math, unit, equation }) {
  const facts = [
    math === undefined ? null : h('span', {}, 'Symbol ', mathOf(math)),
    unit === undefined ? null : h('span', {}, 'Unit ', h('span', { class: 'term-unit' }, unit)),
  ].filter((fact) => fact !== null);
  const link = (/** @type {string} */ href, /** @type {string} */ text) =>
    h('a', { href, target: '_blank', rel: 'noopener' }, text);
  return [
    h('p', {}, sentence),
    facts.length === 0 ? null : h('p', { class: 'term-facts' }, ...facts),
    h(
      'p',
      { class: 'term-links' },
      equation === undefined ? null : link(`how.html#${equation}`, 'Equation'),
      link(`words.html#${id}`, 'All words'),
    ),
  ];
}

/**
 * The names of a term, the full one first.
 * @param {Term} term
 */
export function namesOf({ short, long }) {
  return long.toLowerCase().startsWith(short.toLowerCase()) ? [long] : [long, short];
}

/** @param {string} text MathML of the build */
function mathOf(text) {
  const parsed = new DOMParser().parseFromString(text, 'text/html').body.firstElementChild;
  return parsed === null ? null : document.importNode(parsed, true);
}

/** The card that is open, if one is. @type {{ element: HTMLElement, door: HTMLElement } | null} */
let open = null;

/** @param {boolean} [back] whether the focus goes back to the word */
export function closeCard(back = false) {
  if (open === null) return;
  const { element, door } = open;
  open = null;
  document.removeEventListener('keydown', pressKey, true);
  document.removeEventListener('pointerdown', pressElsewhere, true);
  element.remove();
  door.removeAttribute('aria-expanded');
  if (back && door.isConnected) door.focus({ preventScroll: true });
}

/**
 * Opens the card of a word in place; a second press closes it.
 * @param {HTMLElement} door
 * @param {Term} term
 */
export function toggleCard(door, term) {
  const own = open?.door === door;
  closeCard(own);
  if (own) return;
  const id = uid('term');
  const [name, ...others] = namesOf(term);
  const element = h(
    'div',
    { class: 'term-card', role: 'dialog', 'aria-labelledby': id, tabindex: -1 },
    h(
      'div',
      { class: 'term-head' },
      h('p', { id }, h('strong', {}, name ?? ''), ...others.map((other) => h('span', {}, ` ${other}`))),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', title: 'Close', onclick: () => closeCard(true) },
        icon('close'),
      ),
    ),
    ...explanationOf(term).filter((part) => part !== null),
  );
  door.setAttribute('aria-expanded', 'true');
  document.body.append(element);
  open = { element, door };
  place(element, door);
  element.focus({ preventScroll: true });
  document.addEventListener('keydown', pressKey, true);
  document.addEventListener('pointerdown', pressElsewhere, true);
}

/**
 * Below the word where there is room, else above it; never beyond the window.
 * @param {HTMLElement} element
 * @param {HTMLElement} door
 */
function place(element, door) {
  const word = door.getClientRects()[0] ?? door.getBoundingClientRect();
  const card = element.getBoundingClientRect();
  // The body ends before the room that is kept for a scroll bar.
  const width = document.body.clientWidth;
  const below = word.bottom + GAP;
  const fits = below + card.height + MARGIN <= innerHeight || word.top - GAP - card.height < MARGIN;
  const left = Math.max(MARGIN, Math.min(word.left, width - MARGIN - card.width));
  element.style.left = `${left + scrollX}px`;
  element.style.top = `${(fits ? below : word.top - GAP - card.height) + scrollY}px`;
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  if (open === null) return;
  if (event.key === 'Escape') {
    event.stopPropagation();
    closeCard(true);
  } else if (event.key === 'Tab' && open.element.contains(document.activeElement)) {
    // The card stands at the end of the document, but is part of the text at its word: Tab goes on from there.
    const stops = [...open.element.querySelectorAll('button, a')];
    const edge = event.shiftKey ? [open.element, stops[0]] : [stops[stops.length - 1]];
    if (edge.some((stop) => stop === document.activeElement)) closeCard(true);
  }
}

/** @param {PointerEvent} event */
function pressElsewhere({ target }) {
  if (open === null || !(target instanceof Node)) return;
  // A press on the word itself closes by its click.
  if (!open.element.contains(target) && !open.door.contains(target)) closeCard();
}
