// A table of inputs: one row per bus, line or party, worked in and sorted as in a spreadsheet.

import { itemOf } from '../session/items.js';
import { h, uid } from '../ui/dom.js';
import { read, unitText } from '../ui/number.js';
import { fieldCell } from './field.js';

/** @import { Field, FieldTable } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */

/** @typedef {FieldTable['rows'][number]} Row */
/**
 * @typedef {{
 *   host: Host, keep: (path: string, view: FieldView) => void, refused: (path: string) => string | undefined,
 *   paste: (event: ClipboardEvent, order: number[]) => void
 * }} Acts `keep`: a control was made for a path; `refused`: why an input was refused; `order`: the rows in sight
 */

/**
 * @param {FieldTable} table
 * @param {string} title
 * @param {Acts} acts
 * @returns {{ element: HTMLElement, refuse: () => void }} `refuse` shows what is refused, or nothing any more
 */
export function createInputTable(table, title, { host, keep, refused, paste }) {
  const messageId = uid('table-message');
  const message = h('p', { class: 'field-message', id: messageId });
  const cellOf = (
    /** @type {Row} */ row,
    /** @type {Field | null | undefined} */ cell,
    /** @type {number} */ column,
  ) => {
    if (cell == null) return h('td', { class: 'none' });
    const head = table.columns[column];
    const name = `${row.label}, ${head?.name ?? ''}${head?.unit ? `, ${head.unit}` : ''}`;
    const view = fieldCell(cell, host, name, messageId);
    keep(cell.path, view);
    return h('td', {}, view.element);
  };
  const rows = table.rows.map((row) =>
    h(
      'tr',
      { 'data-item': itemOf(row.subject) },
      h('th', { scope: 'row' }, row.label),
      ...row.cells.map((cell, column) => cellOf(row, cell, column)),
    ),
  );
  const body = h('tbody', {}, ...rows);
  const scroll = h(
    'div',
    { class: 'scroll' },
    h('table', { class: 'input-table', 'aria-label': title }, headOf(table, rows, body), body),
  );
  scroll.addEventListener('paste', (event) => {
    const inSight = /** @type {HTMLTableRowElement[]} */ ([...body.children]).filter((row) => !row.hidden);
    paste(
      event,
      inSight.map((row) => rows.indexOf(row)),
    );
  });
  scroll.addEventListener('keydown', moveInTable);
  return {
    element: h('div', {}, scroll, message),
    refuse: () => {
      message.textContent = refusalOf(table, refused);
    },
  };
}

/**
 * Heads that sort: upwards, downwards, as in the scenario. The order stays while the values are edited.
 * @param {FieldTable} table
 * @param {HTMLTableRowElement[]} rows
 * @param {HTMLElement} body
 */
function headOf({ columns }, rows, body) {
  const names = [{ name: 'Name', unit: '' }, ...columns];
  const heads = names.map(({ name, unit }, column) => {
    const units = unitText(unit) ? h('span', { class: 'unit' }, unit) : null;
    const head = h('th', { scope: 'col' }, h('button', { type: 'button', onclick: sort }, name, units));
    function sort() {
      const way = ORDERS[(ORDERS.indexOf(head.getAttribute('aria-sort') ?? '') + 1) % ORDERS.length] ?? '';
      for (const other of heads) other.removeAttribute('aria-sort');
      if (way !== '') head.setAttribute('aria-sort', way);
      body.append(...(way === '' ? rows : sorted(rows, column, way === 'descending')));
    }
    return head;
  });
  return h('thead', {}, h('tr', {}, ...heads));
}

const ORDERS = ['', 'ascending', 'descending'];

/**
 * Rows by what stands in a column: numbers by size, words by the alphabet, nothing last.
 * @param {HTMLTableRowElement[]} rows
 * @param {number} column
 * @param {boolean} down
 */
function sorted(rows, column, down) {
  const text = (/** @type {HTMLTableRowElement} */ row) => {
    const cell = row.cells[column];
    const control = cell?.querySelector('input, select');
    if (control instanceof HTMLSelectElement) return control.selectedOptions[0]?.label ?? '';
    return control instanceof HTMLInputElement ? control.value.trim() : (cell?.textContent ?? '');
  };
  const keyed = rows.map((row) => ({ row, text: text(row), number: read(text(row)) }));
  keyed.sort((a, b) => {
    if (a.text === '' || b.text === '') return Number(a.text === '') - Number(b.text === '');
    const rise = a.number - b.number || a.text.localeCompare(b.text, 'en', { numeric: true });
    return down ? -rise : rise;
  });
  return keyed.map(({ row }) => row);
}

/**
 * The first refusal of a table, with the name of its row.
 * @param {FieldTable} table
 * @param {(path: string) => string | undefined} refused
 */
function refusalOf({ rows }, refused) {
  for (const { label, cells } of rows) {
    for (const cell of cells) {
      const text = cell == null ? undefined : refused(cell.path);
      if (text !== undefined) return `${label}: ${text}`;
    }
  }
  return '';
}

/** Enter and Shift+Enter go down and up through the rows of a table as in a spreadsheet. @param {KeyboardEvent} event */
function moveInTable(event) {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  const cell = event.target.closest('td');
  const row = cell?.parentElement;
  if (!(cell instanceof HTMLTableCellElement) || !(row instanceof HTMLTableRowElement)) return;
  const beside = (/** @type {Element} */ one) => (event.shiftKey ? one.previousElementSibling : one.nextElementSibling);
  let next = beside(row);
  while (next instanceof HTMLTableRowElement && next.hidden) next = beside(next);
  const target = next instanceof HTMLTableRowElement ? next.cells[cell.cellIndex]?.querySelector('input') : null;
  if (target) {
    event.preventDefault();
    target.focus();
    target.select();
  }
}
