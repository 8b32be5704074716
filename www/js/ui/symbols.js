// Symbols in words: `P_a`, `P_G,1` or `P_l''` are shown with their index below the line. The drawings do the same:
// src/chart/symbols.rs.

import { h } from './dom.js';

/** A letter that carries an index in the texts of reports; an underscore after anything else is part of a name. */
const SYMBOL = /(?<![\p{L}\p{N}_.])([PCVx])_([\p{L}\p{N}]{1,8}(?:,[\p{L}\p{N}]{1,6})?)('{0,2})(?![\p{L}\p{N}_])/gu;

/**
 * A text with its symbols set, as children of an element.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function typeset(text) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let from = 0;
  for (const { 0: whole, 1: base = '', 2: index = '', 3: primes = '', index: at } of text.matchAll(SYMBOL)) {
    parts.push(text.slice(from, at) + base, h('sub', {}, index));
    if (primes !== '') parts.push(primes === "'" ? '′' : '″');
    from = at + whole.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== '');
}
