// Tables of results: a unit in each head, numbers aligned on the decimal point, the row of the time cursor marked.

import { itemOf } from '../session/items.js';
import { h } from '../ui/dom.js';
import { aligned, decimals, unitText } from '../ui/number.js';
import { typeset } from '../ui/symbols.js';
import { fillLong } from './long-table.js';

/** @import { Board } from '../session/board.js' */
/** @import { Cell, OwnTable } from '../session/types.js' */

/** Rows of a table that are shown at first, and how many it may have to be shown whole. */
const FIRST = 20;
const WHOLE = 50;
/** Rows up to which all are made. */
const LONG = 600;

/**
 * @param {OwnTable} table
 * @param {{ caption?: boolean, series?: (id: string) => ArrayLike<number> | undefined }} [options]
 *   series: values by the clock, for cells that show one at the time cursor
 */
export function createTable(table, options = {}) {
  const numeric = table.columns.map((_, column) =>
    table.rows.some((row) => typeof row[column] === 'number' || isAt(row[column] ?? null)),
  );
  const places = table.columns.map((_, column) => decimals(numbersOf(table.rows, column, options.series)));
  const head = h(
    'tr',
    {},
    ...table.columns.map(({ name, unit, subject }, column) =>
      h(
        'th',
        { scope: 'col', class: numeric[column] ? 'number' : null, 'data-item': itemOf(subject) },
        ...typeset(name),
        unitText(unit) === '' ? null : h('span', { class: 'unit' }, unit),
      ),
    ),
  );
  const make = (/** @type {number} */ index) =>
    h(
      'tr',
      { 'data-item': itemOf(table.row_subjects?.[index]), 'data-step': table.by_clock ? index : null },
      ...table.columns.map(({ subject }, at) =>
        cellOf(table.rows[index]?.[at] ?? null, places[at] ?? 0, at === 0, itemOf(subject)),
      ),
    );
  const body = h('tbody');
  const scroll = h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': table.title },
    h('table', { 'data-table': table.id }, h('thead', {}, head), body),
  );
  const isLong = table.rows.length > LONG;
  if (!isLong) body.append(...table.rows.map((_, index) => make(index)));
  const isFolded = !isLong && !table.by_clock && table.rows.length > WHOLE;
  return h(
    'div',
    { class: 'table-block' },
    options.caption === false
      ? null
      : h('div', { class: 'table-head' }, h('h3', {}, ...typeset(table.title)), exportButton(table, options.series)),
    ...(isLong ? fillLong(scroll, body, table.rows, make) : []),
    scroll,
    isFolded ? fold(/** @type {HTMLElement[]} */ ([...body.children])) : null,
    table.note ? h('p', { class: 'help' }, ...typeset(table.note)) : null,
  );
}

/**
 * Offers the table as a file, where the view around it takes `export-table`.
 * @param {OwnTable} table
 * @param {((id: string) => ArrayLike<number> | undefined) | undefined} series
 */
function exportButton(table, series) {
  const button = h('button', { type: 'button', class: 'quiet table-export' }, 'Export…');
  button.setAttribute('aria-label', `${table.title}: export`);
  button.addEventListener('click', () => {
    button.dispatchEvent(new CustomEvent('export-table', { bubbles: true, detail: { table, series } }));
  });
  return button;
}

/**
 * The numbers of a column.
 * @param {Cell[][]} rows
 * @param {number} column
 * @param {((id: string) => ArrayLike<number> | undefined) | undefined} series
 */
function numbersOf(rows, column, series) {
  /** @type {number[]} */
  const numbers = [];
  for (const row of rows) {
    const cell = row[column];
    if (typeof cell === 'number') numbers.push(cell);
    else if (isAt(cell)) for (const value of Array.from(series?.(cell.series) ?? [])) numbers.push(value);
  }
  return numbers;
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
  if (isAt(cell))
    return h(tag, {
      ...scope,
      class: 'number',
      'data-series-now': cell.series,
      'data-places': places,
      'data-item': item,
    });
  return h(tag, { ...scope, 'data-item': item }, ...typeset(cell ?? ''));
}

/**
 * @param {Cell | undefined} cell
 * @returns {cell is { series: string }}
 */
function isAt(cell) {
  return typeof cell === 'object' && cell !== null;
}

/**
 * Brings tables to the time cursor: the row of its step is marked, cells that follow a series show its value.
 * @param {ParentNode} root
 * @param {number} step 0-based
 * @param {(id: string) => ArrayLike<number> | undefined} series
 */
export function markStep(root, step, series) {
  for (const row of root.querySelectorAll('tr[data-step]')) {
    row.classList.toggle('is-now', row.getAttribute('data-step') === String(step));
  }
  for (const cell of root.querySelectorAll('[data-series-now]')) {
    const value = series(cell.getAttribute('data-series-now') ?? '')?.[step] ?? NaN;
    const { text, tail } = aligned(value, Number(cell.getAttribute('data-places')));
    cell.textContent = text;
    cell.setAttribute('data-tail', tail);
  }
}

/**
 * A press on what stands for an item selects it, on another cell of a row by the clock goes to its step.
 * @param {Board} board
 * @param {Element} root
 * @param {Event} event
 */
export function pressCell(board, root, { target }) {
  const hit = target instanceof Element ? target.closest('[data-item], tr[data-step]') : null;
  if (hit === null || !root.contains(hit)) return;
  const item = hit.getAttribute('data-item');
  const step = hit.closest('tr[data-step]')?.getAttribute('data-step');
  if (item !== null) board.select(board.selection === item ? null : item);
  else if (step != null) board.moveTo(Number(step));
}

/**
 * Hides all but the first rows of a long table until they are asked for.
 * @param {HTMLElement[]} rows
 */
function fold(rows) {
  const more = rows.slice(FIRST);
  for (const row of more) row.classList.add('is-folded');
  const button = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: () => {
        for (const row of more) row.classList.remove('is-folded');
        button.remove();
      },
    },
    `Show all ${rows.length} rows`,
  );
  return button;
}
