// A table of inputs: one row per bus, line or party, worked in as in a spreadsheet.

import { itemOf } from '../session/items.js';
import { h, uid } from '../ui/dom.js';
import { unitText } from '../ui/number.js';
import { fieldCell } from './field.js';

/** @import { Field, FieldTable } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */

/** @typedef {FieldTable['rows'][number]} Row */
/**
 * @typedef {{
 *   host: Host, keep: (path: string, view: FieldView) => void, refused: (path: string) => string | undefined,
 *   paste: (event: ClipboardEvent) => void
 * }} Acts `keep`: a control was made for a path; `refused`: why an input was refused
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
  const scroll = h(
    'div',
    { class: 'scroll' },
    h('table', { class: 'input-table', 'aria-label': title }, headOf(table), h('tbody', {}, ...rows)),
  );
  scroll.addEventListener('paste', paste);
  scroll.addEventListener('keydown', moveInTable);
  return {
    element: h('div', {}, scroll, message),
    refuse: () => {
      message.textContent = refusalOf(table, refused);
    },
  };
}

/** @param {FieldTable} table */
function headOf({ columns }) {
  const cells = columns.map(({ name, unit }) =>
    h('th', { scope: 'col' }, name, unitText(unit) ? h('span', { class: 'unit' }, unit) : null),
  );
  return h('thead', {}, h('tr', {}, h('td', {}), ...cells));
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
  const next = event.shiftKey ? row.previousElementSibling : row.nextElementSibling;
  const target = next instanceof HTMLTableRowElement ? next.cells[cell.cellIndex]?.querySelector('input') : null;
  if (target) {
    event.preventDefault();
    target.focus();
    target.select();
  }
}
