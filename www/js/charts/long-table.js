// A table of thousands of rows: those in sight are made, and it is looked through by what a cell says.

import { h, uid } from '../ui/dom.js';
import { RowWindow, widest } from '../ui/row-window.js';

/** @import { Cell } from '../session/types.js' */

/**
 * Fills the body of a table, which tells its surroundings of new rows by the event `rows`.
 * @param {HTMLElement} scroll holds the table
 * @param {HTMLTableSectionElement} body
 * @param {Cell[][]} cells row by row
 * @param {(index: number) => HTMLTableRowElement} make a row
 * @returns {HTMLElement[]} what looks for rows, and what paper says of them
 */
export function fillLong(scroll, body, cells, make) {
  const all = cells.map((_, index) => index);
  const id = uid('rows');
  const input = h('input', { id, type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: look });
  const count = h('span', { class: 'help', role: 'status' });
  const paper = h('p', { class: 'help on-paper' });
  const rows = new RowWindow({
    ...{ body, count: cells.length, make, whole: false },
    shown: (from, to) => {
      const places = from + 1 < to ? `${from + 1} to ${to}` : to;
      paper.textContent = `On paper: rows ${places} of ${rows.order.length}.`;
      body.dispatchEvent(new Event('rows', { bubbles: true }));
    },
  });

  function look() {
    const text = input.value.trim().toLowerCase();
    const says = (/** @type {Cell} */ cell) => typeof cell === 'string' && cell.toLowerCase().includes(text);
    rows.reorder(text === '' ? all : all.filter((index) => cells[index]?.some(says)));
    tell();
  }

  function tell() {
    count.textContent = `${rows.order.length} of ${all.length} rows`;
  }

  body.after(ruler(cells, make));
  rows.through(scroll);
  tell();
  return [h('div', { class: 'row long-table' }, h('label', { for: id }, 'Rows with'), input, count), paper];
}

/**
 * Keeps each column as wide as its longest cell.
 * @param {Cell[][]} cells
 * @param {(index: number) => HTMLTableRowElement} make
 */
function ruler(cells, make) {
  /** @type {{ index: number, length: number }[]} */
  const longest = [];
  cells.forEach((row, index) =>
    row.forEach((cell, column) => {
      const length = lengthOf(cell);
      if (length > (longest[column]?.length ?? -1)) longest[column] = { index, length };
    }),
  );
  return widest(longest.flatMap(({ index }, column) => make(index).cells[column] ?? []));
}

/** About how many signs a cell has before its decimals, of which all of a column have as many. @param {Cell} cell */
function lengthOf(cell) {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'number' || !Number.isFinite(cell)) return 0;
  return Number(cell < 0) + Math.max(1, Math.floor(Math.log10(Math.abs(cell) || 1)) + 1);
}
