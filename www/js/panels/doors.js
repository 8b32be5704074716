// Terms of the glossary in the texts of the page: each opens its card where it stands.
//
// Reached how? With a mouse, a finger or the cursor of a screen reader every marked word is a button. For the Tab key all
// words of a view are one stop, the first of them, from which the arrow keys go to the next and the one before: a stop for
// each would put dozens of them between the reader and the inputs. The drawer "Words" lists the words of the view as
// ordinary controls, for whom neither suits: small targets, speech input, paper.

import { createFinder, loadGlossary } from '../session/glossary.js';
import { h } from '../ui/dom.js';
import { closeCard, explanationOf, namesOf, toggleCard } from './term-card.js';

/** @import { Found, Term } from '../session/glossary.js' */

/** Where no word becomes a door: what is pressed itself, typed, code, drawn, or a cell of data. */
const CLOSED =
  'button, a, input, select, textarea, summary, code, pre, svg, math, output, td, .term, .hidden-text, .top, .words-here, .brand';
/** A term is marked once in each of these. */
const BLOCK =
  '.lead, .variants, .lesson, .answer, .levers, .task, .figure, .table-block, .input-table, fieldset, details, section, main';
/** Texts that change while something is dragged are searched when they have been still for this long, ms. */
const STILL_MS = 200;

/** Marks the words of the page from now on, as its texts come and change. */
export async function openDoors() {
  const root = document.getElementById('app');
  if (root === null) return;
  const terms = await loadGlossary();
  style();
  new Doors(root, terms).start();
}

function style() {
  document.head.append(h('link', { rel: 'stylesheet', href: 'css/words.css' }));
}

class Doors {
  #root;
  /** @type {Map<string, Term>} */
  #terms;
  #find;
  #observer = new MutationObserver((records) => this.#changed(records));
  /** @type {Set<Element>} */
  #dirty = new Set();
  #timer = 0;
  /** The ids that the list of words shows. */
  #listed = '';

  /**
   * @param {HTMLElement} root
   * @param {Term[]} terms
   */
  constructor(root, terms) {
    this.#root = root;
    this.#terms = new Map(terms.map((term) => [term.id, term]));
    this.#find = createFinder(terms);
  }

  start() {
    // Before others: a word in a label or a head of a table is not also a press on that.
    this.#root.addEventListener('click', (event) => this.#press(event), true);
    this.#root.addEventListener('keydown', (event) => this.#key(event), true);
    addEventListener('hashchange', () => closeCard());
    this.#observer.observe(this.#root, { childList: true, characterData: true, subtree: true });
    this.#dirty.add(this.#root);
    this.#later();
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      if (element === null || !element.isConnected || element.closest(CLOSED) !== null) continue;
      const spoken = element.closest('[aria-live]');
      // What is read out must not change again after it was: its words are marked before it is seen.
      if (spoken !== null) this.#mark(spoken);
      else this.#dirty.add(element.closest(BLOCK) ?? this.#root);
    }
    this.#observer.takeRecords();
    this.#later();
  }

  #later() {
    window.clearTimeout(this.#timer);
    if (this.#dirty.size === 0 && this.#stopIsThere()) return;
    this.#timer = window.setTimeout(() => {
      const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act));
      idle(() => this.#work());
    }, STILL_MS);
  }

  #work() {
    for (const block of this.#dirty) if (block.isConnected) this.#mark(block);
    this.#dirty.clear();
    this.#keepStop();
    this.#list();
    this.#observer.takeRecords();
  }

  /** @param {Element} root */
  #mark(root) {
    /** @type {Map<Element, Set<string>>} */
    const seen = new Map();
    for (const text of textsIn(root)) {
      const found = this.#find(text.data);
      if (found.length === 0) continue;
      const block = text.parentElement?.closest(BLOCK) ?? this.#root;
      const known = seen.get(block) ?? knownIn(block);
      seen.set(block, known);
      const fresh = found.filter(({ id }) => !known.has(id) && known.add(id));
      if (fresh.length > 0) text.replaceWith(...pieces(text.data, fresh));
    }
  }

  get #doors() {
    return /** @type {HTMLElement[]} */ ([...this.#root.querySelectorAll('.term')]).filter(
      (door) => door.closest('.is-parked, [hidden]') === null,
    );
  }

  #stopIsThere() {
    const stop = this.#root.querySelector('.term[tabindex="0"]');
    return stop !== null && stop.closest('.is-parked, [hidden]') === null;
  }

  /** One word takes the Tab key: the first, where the last one went. */
  #keepStop() {
    if (this.#stopIsThere()) return;
    this.#stopAt(this.#doors[0]);
  }

  /** @param {HTMLElement | undefined} door */
  #stopAt(door) {
    for (const other of this.#root.querySelectorAll('.term[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    door?.setAttribute('tabindex', '0');
  }

  /** @param {MouseEvent} event */
  #press(event) {
    const door = doorOf(event);
    const term = this.#terms.get(door?.dataset['term'] ?? '');
    if (door === null || term === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#stopAt(door);
    toggleCard(door, term);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const door = doorOf(event);
    if (door === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (way !== undefined) {
      const doors = this.#doors;
      const next = doors[doors.indexOf(door) + way];
      if (next !== undefined) {
        this.#stopAt(next);
        next.focus();
      }
    } else if (event.key === 'Enter' || event.key === ' ') door.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Fills the drawer with the words of the view. */
  #list() {
    const place = this.#root.querySelector('.words-here');
    if (place === null) {
      this.#listed = '';
      return;
    }
    const ids = new Set([...this.#root.querySelectorAll('.term')].map((door) => door.getAttribute('data-term') ?? ''));
    const listed = [...ids].sort().join();
    if (listed === this.#listed && place.childElementCount > 0) return;
    this.#listed = listed;
    const terms = [...this.#terms.values()].filter(({ id }) => ids.has(id));
    terms.sort((a, b) => a.short.localeCompare(b.short, 'en', { sensitivity: 'base' }));
    place.replaceChildren(
      h(
        'p',
        { class: 'help' },
        'Words that stand on this page with a dotted line. ',
        h('a', { href: 'words.html', target: '_blank', rel: 'noopener' }, 'All words'),
      ),
      h(
        'div',
        { class: 'words-list' },
        ...terms.map((term) =>
          h(
            'details',
            { class: 'word', 'data-word': term.id },
            h('summary', {}, ...headOf(term)),
            ...explanationOf(term).filter((part) => part !== null),
          ),
        ),
      ),
    );
  }
}

/**
 * A term in a list: as it is looked for, then its name in full.
 * @param {Term} term
 */
function headOf(term) {
  const [name, short] = namesOf(term);
  return [h('strong', {}, short ?? name ?? ''), short === undefined ? null : ` ${name}`];
}

/** @param {Event} event */
function doorOf({ target }) {
  const door = target instanceof Element ? target.closest('.term') : null;
  return door instanceof HTMLElement ? door : null;
}

/**
 * Texts that may hold words, in their order.
 * @param {Element} root
 */
function textsIn(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node instanceof Text) return node.data.length > 1 ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
    return /** @type {Element} */ (node).matches(CLOSED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  return texts;
}

/**
 * The terms that a block has marked.
 * @param {Element} block
 */
function knownIn(block) {
  const doors = [...block.querySelectorAll('.term')].filter((door) => door.closest(BLOCK) === block);
  return new Set(doors.map((door) => door.getAttribute('data-term') ?? ''));
}

/**
 * A text with its words as doors.
 * @param {string} text
 * @param {Found[]} found
 */
function pieces(text, found) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let at = 0;
  for (const { from, to, id } of found) {
    parts.push(
      text.slice(at, from),
      h(
        'span',
        { class: 'term', role: 'button', tabindex: -1, 'aria-haspopup': 'dialog', 'data-term': id },
        text.slice(from, to),
      ),
    );
    at = to;
  }
  return [...parts, text.slice(at)].filter((part) => part !== '');
}
