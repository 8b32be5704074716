// The page in another language: every text is said by the catalogue as it comes onto the page, before it is painted.

import { PSEUDO, setLanguage } from '../ui/language.js';
import { Catalogue, pseudo } from './catalogue.js';

/** Attributes that are read. */
const READ = ['aria-label', 'aria-valuetext', 'aria-roledescription', 'title', 'placeholder', 'alt', 'label'];
/** What is a person's own, not words, or the title of a paper. */
const OWN = 'script, style, textarea, code, pre, math, .text-page em, [translate="no"], [contenteditable]';

/** Blocks of a page of text: their sentences go through formulas, code and links. */
const BLOCKS = '.text-page :is(p, h1, h2, h3, li, td, th)';
/** Stands in a sentence for an element, and is a name to the catalogue. */
const MARK = 'ℵ';
/** Words and numbers in the formulas of a page of text. */
const IN_FORMULAS = 'math :is(mtext, mn)';

/**
 * Shows the page in a language from now on.
 * @param {string} language
 * @param {string} [own] the catalogue of one page, `languages/TAG-OWN.json`
 */
export async function translatePage(language, own) {
  const name = [language === PSEUDO ? 'de' : language, ...(own === undefined ? [] : [own])].join('-');
  const response = await fetch(`languages/${name}.json`, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`languages/${name}.json: ${response.status}`);
  const templates = await response.json();
  const catalogue = language === PSEUDO ? pseudo(templates) : new Catalogue(templates, language);
  document.documentElement.lang = language;
  setLanguage((text) => catalogue.say(text));
  new Page(catalogue).start();
  addEventListener('click', carry, true);
  return catalogue;
}

/**
 * A language that only the address names goes along to the other pages.
 * @param {MouseEvent} event
 */
function carry({ target }) {
  const asked = new URLSearchParams(location.search).get('lang');
  const link = target instanceof Element ? target.closest('a') : null;
  if (asked === null || link === null || link.origin !== location.origin || link.pathname === location.pathname) return;
  // A file that is saved has the origin of the page and an address of its own kind.
  if (link.protocol !== location.protocol) return;
  const to = new URL(link.href);
  to.searchParams.set('lang', asked);
  link.href = to.href;
}

class Page {
  /** What was said last in a text or an attribute: not to be said again. @type {WeakMap<Node, Map<string, string>>} */
  #said = new WeakMap();
  #catalogue;
  /** Whether it is a page of text. */
  #isText = document.querySelector('.text-page') !== null;

  /** @param {Catalogue} catalogue */
  constructor(catalogue) {
    this.#catalogue = catalogue;
  }

  start() {
    const observer = new MutationObserver((records) => {
      for (const { type, target, addedNodes, attributeName } of records) {
        if (type === 'childList') for (const node of addedNodes) this.#all(node);
        else if (type === 'characterData') this.#text(/** @type {Text} */ (target));
        else this.#attribute(/** @type {Element} */ (target), attributeName ?? '');
      }
    });
    observer.observe(document.documentElement, {
      childList: true,
      characterData: true,
      subtree: true,
      attributes: true,
      attributeFilter: READ,
    });
    this.#all(document.documentElement);
  }

  /** @param {Node} root */
  #all(root) {
    if (root instanceof Text) this.#text(root);
    if (!(root instanceof Element) || root.closest(OWN) !== null) return;
    if (this.#isText) {
      for (const { firstChild } of root.querySelectorAll(IN_FORMULAS))
        if (firstChild instanceof Text) this.#say(firstChild, '', firstChild.data, (said) => (firstChild.data = said));
    }
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node instanceof Element && node.matches(OWN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    for (let node = /** @type {Node | null} */ (walk.root); node !== null; node = walk.nextNode()) {
      if (node instanceof Element) {
        for (const name of READ) this.#attribute(node, name);
        if (this.#isText && node.matches(BLOCKS)) this.#block(node);
      } else if (node instanceof Text) this.#text(node);
    }
  }

  /**
   * Says the sentences of a block with its elements as names in them, which are put back in their new places.
   * @param {Element} block
   */
  #block(block) {
    const parts = [...block.childNodes];
    const elements = parts.filter((part) => part instanceof Element);
    const words = parts.filter((part) => part instanceof Text && /\p{L}/u.test(part.data));
    if (elements.length === 0 || words.length === 0) return;
    const text = parts
      .map((part) => (part instanceof Element ? MARK + elements.indexOf(part) : (part.textContent ?? '')))
      .join('')
      .replaceAll(/\s+/g, ' ');
    const said = this.#catalogue.say(text).split(new RegExp(`${MARK}(\\d+)`));
    block.replaceChildren(
      ...said.map((part, k) => {
        const element = k % 2 === 1 ? elements[Number(part)] : undefined;
        if (element !== undefined) return element;
        const node = new Text(part);
        this.#said.set(node, new Map([['', part]]));
        return node;
      }),
    );
  }

  /** @param {Text} node */
  #text(node) {
    if (node.data.trim() === '' || (node.parentElement?.closest(OWN) ?? null) !== null) return;
    const before = node.data.length;
    this.#say(node, '', node.data, (text) => {
      node.data = text;
      const parent = node.parentElement;
      if (parent instanceof SVGTextElement && text.length > before) fit(parent);
    });
  }

  /**
   * @param {Element} element
   * @param {string} name
   */
  #attribute(element, name) {
    const text = element.getAttribute(name);
    if (text === null || text.trim() === '' || element.closest('[translate="no"]') !== null) return;
    this.#say(element, name, text, (said) => element.setAttribute(name, said));
  }

  /**
   * @param {Node} node
   * @param {string} name of the attribute; empty for a text
   * @param {string} text
   * @param {(text: string) => void} show
   */
  #say(node, name, text, show) {
    const last = this.#said.get(node) ?? new Map();
    if (last.get(name) === text) return;
    const said = this.#catalogue.say(text);
    this.#said.set(node, last.set(name, said));
    if (said !== text) show(said);
  }
}

/**
 * A drawing was laid out for the shorter English: what now ends beyond it is drawn narrower.
 * @param {SVGTextElement} text
 */
function fit(text) {
  const view = text.ownerSVGElement?.viewBox.baseVal;
  const { x, width } = text.getBBox();
  if (view == null || width === 0 || x + width <= view.x + view.width) return;
  text.setAttribute('textLength', String(Math.max(1, view.x + view.width - x)));
  text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
}
