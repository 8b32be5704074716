// A table of thousands of rows: made as they are asked for, and looked through by what a cell says.

import { h, uid } from '../ui/dom.js';

/** @import { Cell } from '../session/types.js' */

/** Rows shown at first, and how many more at a time. */
const FIRST = 20;
const MORE = 500;

/**
 * Fills the body of a table, which tells its surroundings of new rows by the event `rows`.
 * @param {HTMLElement} body
 * @param {Cell[][]} cells row by row
 * @param {(index: number) => HTMLElement} make a row
 * @returns {HTMLElement} what asks for more
 */
export function fillLong(body, cells, make) {
  const all = cells.map((_, index) => index);
  let wanted = all;
  let shown = 0;
  const id = uid('rows');
  const input = h('input', { id, type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: () => look() });
  const button = h('button', { type: 'button', class: 'quiet', onclick: () => show(MORE) });
  const count = h('span', { class: 'help', role: 'status' });

  /** @param {number} more */
  function show(more) {
    const next = wanted.slice(shown, shown + more);
    body.append(...next.map(make));
    shown += next.length;
    const left = wanted.length - shown;
    button.hidden = left === 0;
    button.textContent = `Show ${Math.min(MORE, left)} more rows`;
    count.textContent = `${shown} of ${wanted.length} rows`;
    body.dispatchEvent(new Event('rows', { bubbles: true }));
  }

  function look() {
    const text = input.value.trim().toLowerCase();
    const says = (/** @type {Cell} */ cell) => typeof cell === 'string' && cell.toLowerCase().includes(text);
    wanted = text === '' ? all : all.filter((index) => cells[index]?.some(says));
    body.replaceChildren();
    shown = 0;
    show(FIRST);
  }

  show(FIRST);
  return h('div', { class: 'row long-table' }, h('label', { for: id }, 'Rows with'), input, button, count);
}
