// The page in another language: every text is said by the catalogue as it comes onto the page, before it is painted.

import { PSEUDO, setLanguage } from '../ui/language.js';
import { Catalogue, pseudo } from './catalogue.js';

/** Attributes that are read. */
const READ = ['aria-label', 'aria-valuetext', 'aria-roledescription', 'title', 'placeholder', 'alt', 'label'];
/** What is a person's own, or not words. */
const OWN = 'script, style, textarea, code, pre, math, [translate="no"], [contenteditable]';

/**
 * Shows the page in a language from now on.
 * @param {string} language
 */
export async function translatePage(language) {
  const response = await fetch(`languages/${language === PSEUDO ? 'de' : language}.json`, {
    credentials: 'same-origin',
  });
  if (!response.ok) throw new Error(`languages/${language}.json: ${response.status}`);
  const templates = await response.json();
  const catalogue = language === PSEUDO ? pseudo(templates) : new Catalogue(templates, language);
  document.documentElement.lang = language;
  setLanguage((text) => catalogue.say(text));
  new Page(catalogue).start();
  return catalogue;
}

class Page {
  /** What was said last in a text or an attribute: not to be said again. @type {WeakMap<Node, Map<string, string>>} */
  #said = new WeakMap();
  #catalogue;

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
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node instanceof Element && node.matches(OWN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    for (let node = /** @type {Node | null} */ (walk.root); node !== null; node = walk.nextNode()) {
      if (node instanceof Element) for (const name of READ) this.#attribute(node, name);
      else if (node instanceof Text) this.#text(node);
    }
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
