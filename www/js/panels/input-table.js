// A table of inputs: one row per bus, line or party, worked in and sorted as in a spreadsheet. Of thousands of rows those
// in sight are made.

import { itemOf, markSelected } from '../session/items.js';
import { h, uid } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';
import { raw, read, unitText } from '../ui/number.js';
import { RowWindow, widest } from '../ui/row-window.js';
import { fieldCell } from './field.js';

/** @import { Field, FieldTable } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */

/** @typedef {FieldTable['rows'][number]} Row */
/** @typedef {ReadonlyMap<string, string>} Refused why inputs are refused, by their paths */
/**
 * @typedef {{
 *   host: Host, refused: () => Refused, selected: () => string | null, paste: (event: ClipboardEvent, order: number[]) => void
 * }} Acts `selected`: the item that is; `order`: the rows that are not filtered out
 */

/** Rows up to which all are made. */
export const WHOLE = 200;
/** How heads sort: as in the scenario, upwards, downwards. */
const ORDERS = ['', 'ascending', 'descending'];
const ALPHABET = new Intl.Collator('en', { numeric: true });

export class InputTable {
  element;
  #table;
  #acts;
  #message = h('p', { class: 'field-message', id: uid('table-message') });
  #body = h('tbody');
  #rows;
  /** The controls of the rows that are made. @type {Map<number, (FieldView | null)[]>} */
  #views = new Map();
  /** @type {HTMLTableCellElement[]} */
  #heads;
  /** What rows are sorted by, and how. */
  #sorted = { column: 0, way: '' };
  /** The row of each path, from the first time that one is looked for. @type {Map<string, number> | null} */
  #places = null;
  /** Labels in the language of the page, from the first time that one is looked for. @type {string[] | null} */
  #labels = null;
  /** Which rows are shown. @type {((label: string) => boolean) | null} */
  #fits = null;

  /**
   * @param {FieldTable} table
   * @param {string} title
   * @param {Acts} acts
   */
  constructor(table, title, acts) {
    this.#table = table;
    this.#acts = acts;
    this.#rows = new RowWindow({
      ...{ body: this.#body, count: table.rows.length, whole: table.rows.length <= WHOLE },
      make: (index) => this.#make(index),
      gone: (index) => this.#views.delete(index),
      kept: () => this.#busy(),
      shown: () => markSelected(this.#body, acts.selected()),
    });
    this.#heads = this.#headCells();
    const parts = [h('thead', {}, h('tr', {}, ...this.#heads)), this.#body];
    if (table.rows.length > WHOLE) parts.push(this.#ruler());
    const scroll = h('div', { class: 'scroll' }, h('table', { class: 'input-table', 'aria-label': title }, ...parts));
    scroll.addEventListener('paste', (event) => acts.paste(event, this.#rows.order));
    scroll.addEventListener('keydown', (event) => this.#enter(event));
    this.element = h('div', {}, scroll, this.#message);
    this.#rows.through(scroll);
  }

  /** The same rows with other values. @param {FieldTable} table */
  update(table) {
    this.#table = table;
    for (const [index, views] of this.#views) {
      table.rows[index]?.cells.forEach((cell, column) => {
        if (cell != null) views[column]?.update(cell);
      });
    }
  }

  /** Shows what is refused, or nothing any more. @param {boolean} seen */
  refuse(seen) {
    const refused = this.#acts.refused();
    for (const [index, views] of this.#views) this.#tell(index, views, seen);
    /** The first one in the order of rows and columns. @type {{ row: number, column: number, text: string } | null} */
    let first = null;
    for (const [path, text] of refused) {
      const row = this.#place(path);
      if (row === undefined) continue;
      const column = this.#column(row, path);
      if (first === null || row < first.row || (row === first.row && column < first.column))
        first = { row, column, text };
    }
    const label = this.#table.rows[first?.row ?? -1]?.label ?? '';
    this.#message.textContent = first === null || !seen ? '' : `${label}: ${first.text}`;
  }

  /**
   * The control of a path, brought into sight.
   * @param {string} path
   * @returns {HTMLElement | undefined}
   */
  control(path) {
    const index = this.#place(path);
    if (index === undefined) return undefined;
    this.#rows.show(index);
    return this.#views.get(index)?.[this.#column(index, path)]?.control;
  }

  /**
   * Shows the rows whose labels fit.
   * @param {(label: string) => boolean} fits
   * @returns {number} how many there are
   */
  narrow(fits) {
    this.#fits = fits;
    this.#order();
    return this.#rows.order.length;
  }

  /** @param {number} index */
  #make(index) {
    const row = this.#table.rows[index];
    if (row === undefined) throw new RangeError(`row ${index} of ${this.#table.rows.length}`);
    const { columns } = this.#table;
    const views = row.cells.map((cell, column) => {
      if (cell == null) return null;
      const { name = '', unit = '' } = columns[column] ?? {};
      const said = `${row.label}, ${name}${unit ? `, ${unit}` : ''}`;
      return fieldCell(cell, this.#acts.host, said, this.#message.id);
    });
    this.#views.set(index, views);
    this.#tell(index, views, true);
    return h(
      'tr',
      { 'data-item': itemOf(row.subject) },
      h('th', { scope: 'row' }, row.label),
      ...views.map((view) => (view === null ? h('td', { class: 'none' }) : h('td', {}, view.element))),
    );
  }

  /**
   * @param {number} index
   * @param {(FieldView | null)[]} views
   * @param {boolean} seen
   */
  #tell(index, views, seen) {
    const refused = this.#acts.refused();
    views.forEach((view, column) => {
      view?.refuse(refused.get(this.#table.rows[index]?.cells[column]?.path ?? ''), seen);
    });
  }

  /** The rows that are worked in: of the focus, and of what is refused. */
  #busy() {
    const focused = document.activeElement;
    const path = focused instanceof HTMLElement && this.#body.contains(focused) ? focused.dataset['path'] : undefined;
    const paths = [...this.#acts.refused().keys(), ...(path === undefined ? [] : [path])];
    return paths.map((one) => this.#place(one)).filter((index) => index !== undefined);
  }

  /**
   * @param {number} index of a row
   * @param {string} path
   */
  #column(index, path) {
    return this.#table.rows[index]?.cells.findIndex((cell) => cell?.path === path) ?? -1;
  }

  /** The row of a path. @param {string} path */
  #place(path) {
    this.#places ??= new Map(
      this.#table.rows.flatMap(({ cells }, index) =>
        cells.flatMap((cell) => (cell == null ? [] : [/** @type {[string, number]} */ ([cell.path, index])])),
      ),
    );
    return this.#places.get(path);
  }

  /** Heads that sort: upwards, downwards, as in the scenario. The order stays while the values are edited. */
  #headCells() {
    return [{ name: 'Name', unit: '' }, ...this.#table.columns].map(({ name, unit }, column) => {
      const units = unitText(unit) ? h('span', { class: 'unit' }, unit) : null;
      const sort = () => {
        const { column: before, way } = this.#sorted;
        const next = ORDERS[((before === column ? ORDERS.indexOf(way) : 0) + 1) % ORDERS.length] ?? '';
        this.#sorted = { column, way: next };
        for (const head of this.#heads) head.removeAttribute('aria-sort');
        if (next !== '') this.#heads[column]?.setAttribute('aria-sort', next);
        this.#order();
      };
      return h('th', { scope: 'col' }, h('button', { type: 'button', onclick: sort }, name, units));
    });
  }

  /** Shows the rows that fit, as they are sorted. */
  #order() {
    const all = Array.from({ length: this.#table.rows.length }, (_, index) => index);
    const fits = this.#fits;
    this.#labels ??= this.#table.rows.map(({ label }) => inLanguage(label));
    const labels = this.#labels;
    const wanted = fits === null ? all : all.filter((index) => fits(labels[index] ?? ''));
    const { column, way } = this.#sorted;
    this.#rows.reorder(way === '' ? wanted : this.#inOrder(wanted, column, way === 'descending'));
  }

  /**
   * Rows by what stands in a column: numbers by size, words by the alphabet, nothing last.
   * @param {number[]} rows
   * @param {number} column
   * @param {boolean} down
   */
  #inOrder(rows, column, down) {
    const keyed = rows.map((index) => {
      const row = this.#table.rows[index];
      const text = column === 0 ? (row?.label ?? '') : textOf(row?.cells[column - 1]);
      return { index, text, number: read(text) };
    });
    keyed.sort((a, b) => {
      if (a.text === '' || b.text === '') return Number(a.text === '') - Number(b.text === '');
      const rise = a.number - b.number || ALPHABET.compare(a.text, b.text);
      return down ? -rise : rise;
    });
    return keyed.map(({ index }) => index);
  }

  /** Keeps the columns as wide as their longest names. */
  #ruler() {
    const longest = this.#table.rows.reduce((most, { label }) => (label.length > most.length ? label : most), '');
    return widest([h('th', {}, longest), ...this.#table.columns.map(() => h('td'))]);
  }

  /** Enter and Shift+Enter go down and up through the rows as in a spreadsheet. @param {KeyboardEvent} event */
  #enter(event) {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    const index = this.#place(event.target.dataset['path'] ?? '');
    const cell = event.target.closest('td');
    if (index === undefined || cell === null) return;
    const { order } = this.#rows;
    const next = order[order.indexOf(index) + (event.shiftKey ? -1 : 1)];
    const target = next === undefined ? null : this.#rows.show(next)?.cells[cell.cellIndex]?.querySelector('input');
    if (target == null) return;
    event.preventDefault();
    target.focus();
    target.select();
  }
}

/** What a cell says. @param {Field | null | undefined} cell */
function textOf(cell) {
  if (cell == null) return '';
  if (cell.kind !== 'choice') return raw(cell.value);
  const value = JSON.stringify(cell.value ?? null);
  return inLanguage(cell.options?.find((option) => JSON.stringify(option.value ?? null) === value)?.label ?? '');
}
