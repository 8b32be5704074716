// Tables of results: a unit in each head, numbers aligned on the decimal point, the row of the time cursor marked.

import { h } from './dom.js';
import { aligned, decimals } from './number.js';

/** @import { Cell, Column, Table } from './types.js' */

/**
 * @param {Table} table
 * @param {{ items?: Map<string, string>, caption?: boolean }} [options]
 */
export function createTable(table, options = {}) {
  const { items } = options;
  const numeric = table.columns.map((_, column) => table.rows.some((row) => typeof row[column] === 'number'));
  const places = table.columns.map((_, column) =>
    decimals(table.rows.map((row) => row[column]).filter((cell) => typeof cell === 'number')),
  );
  const head = h(
    'tr',
    {},
    ...table.columns.map(({ name, unit }, column) =>
      h(
        'th',
        { scope: 'col', class: numeric[column] ? 'number' : null, 'data-item': items?.get(name) },
        name,
        unit === '' ? null : h('span', { class: 'unit' }, unit),
      ),
    ),
  );
  const rows = table.rows.map((row, index) => {
    const name = typeof row[0] === 'string' ? row[0] : '';
    return h(
      'tr',
      { 'data-item': items?.get(name), 'data-step': table.by_clock ? index : null },
      ...table.columns.map((column, at) => cellOf(row[at], places[at] ?? 0, at === 0, items?.get(column.name))),
    );
  });
  return h(
    'div',
    { class: 'table-block' },
    options.caption === false ? null : h('h3', {}, table.title),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': table.title },
      h('table', { 'data-table': table.id }, h('thead', {}, head), h('tbody', {}, ...rows)),
    ),
    table.note ? h('p', { class: 'help' }, table.note) : null,
  );
}

/**
 * @param {Cell} cell
 * @param {number} places
 * @param {boolean} first
 * @param {string | undefined} item
 */
function cellOf(cell, places, first, item) {
  const tag = first ? 'th' : 'td';
  const scope = first ? { scope: 'row' } : {};
  if (typeof cell === 'number') {
    const { text, tail } = aligned(cell, places);
    return h(tag, { ...scope, class: 'number', 'data-tail': tail === '' ? null : tail, 'data-item': item }, text);
  }
  return h(tag, { ...scope, 'data-item': item }, cell ?? '');
}

/**
 * Marks the row of the time cursor in every table that follows the clock.
 * @param {ParentNode} root
 * @param {number} step 0-based
 */
export function markStep(root, step) {
  for (const row of root.querySelectorAll('tr[data-step]')) {
    row.classList.toggle('is-now', row.getAttribute('data-step') === String(step));
  }
}
