// A section of the inputs: its fields and its table, made when it is first opened where they are many.

import { fieldsOf } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { inLanguage } from '../ui/language.js';
import { fieldRow, isChanged } from './field.js';
import { InputTable, WHOLE } from './input-table.js';
import { pasted } from './paste.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { FieldGroup } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */

export class Section {
  element;
  #lab;
  #host;
  #group;
  /** Its controls are made. */
  #isMade = false;
  /** @type {FieldView[]} */
  #fields = [];
  /** @type {InputTable | null} */
  #table = null;
  #changed = h('span', { class: 'changed-count' });
  /** @type {HTMLButtonElement | null} */
  #reset = null;

  /**
   * @param {Lab} lab
   * @param {Host} host
   * @param {FieldGroup} group without a title it is no section of its own
   * @param {boolean} open
   */
  constructor(lab, host, group, open) {
    this.#lab = lab;
    this.#host = host;
    this.#group = group;
    const { title } = group;
    if (title === '') this.element = h('div', { class: 'group' });
    else {
      const toggle = () => this.isOpen && this.make();
      const summary = h('summary', {}, h('span', {}, title), this.#changed);
      this.element = h('details', { class: 'group', open, 'data-title': title, ontoggle: toggle }, summary);
    }
    if (open || title === '' || (group.table?.rows.length ?? 0) <= WHOLE) this.make();
  }

  get title() {
    return this.#group.title;
  }

  get isOpen() {
    return !(this.element instanceof HTMLDetailsElement) || this.element.open;
  }

  /** Makes the controls, if they are not made yet. */
  make() {
    if (this.#isMade) return;
    this.#isMade = true;
    const { title, note, fields, table } = this.#group;
    const lab = this.#lab;
    this.#fields = fields.map((field) => fieldRow(field, this.#host));
    this.#table =
      table == null
        ? null
        : new InputTable(table, title, {
            host: this.#host,
            refused: () => lab.refused,
            selected: () => lab.selection,
            paste: (event, order) => this.#paste(event, order),
          });
    if (title !== '') {
      const label = `Reset all of “${title}”`;
      this.#reset = h(
        'button',
        { type: 'button', class: 'reset', title: label, 'aria-label': label, onclick: () => this.#resetAll() },
        icon('reset'),
      );
      if (note) this.element.append(h('p', { class: 'help' }, note));
    }
    this.element.append(...this.#fields.map(({ element }) => element));
    if (this.#table !== null) this.element.append(this.#table.element);
    if (this.#reset !== null) this.element.append(this.#reset);
    this.refuse(true);
    this.#count();
  }

  /**
   * The same inputs with other values.
   * @param {FieldGroup} group
   */
  update(group) {
    this.#group = group;
    this.#fields.forEach((view, k) => {
      const field = group.fields[k];
      if (field !== undefined) view.update(field);
    });
    if (group.table != null) this.#table?.update(group.table);
    this.#count();
  }

  /** Shows what is refused, or nothing any more. @param {boolean} seen */
  refuse(seen) {
    const { refused } = this.#lab;
    this.#fields.forEach((view, k) => view.refuse(refused.get(this.#group.fields[k]?.path ?? ''), seen));
    this.#table?.refuse(seen);
  }

  /**
   * The control of a path, made and in sight in its section.
   * @param {string} path
   * @returns {HTMLElement | undefined}
   */
  control(path) {
    if (!fieldsOf(this.#group).some((field) => field.path === path)) return undefined;
    this.make();
    const k = this.#group.fields.findIndex((field) => field.path === path);
    if (k >= 0) return this.#fields[k]?.control;
    if (this.element instanceof HTMLDetailsElement) this.element.open = true;
    return this.#table?.control(path);
  }

  /** Opens it, where it can be. */
  open() {
    if (!(this.element instanceof HTMLDetailsElement)) return;
    this.make();
    this.element.open = true;
  }

  /**
   * Shows the inputs whose names fit.
   * @param {(text: string) => boolean} fits
   * @param {boolean} isWanted by words, so that the section opens where there are some
   * @returns {number} how many there are
   */
  narrow(fits, isWanted) {
    const title = this.element.querySelector('summary')?.textContent ?? '';
    const { fields, table } = this.#group;
    if (!this.#isMade && isWanted) {
      const names = [...fields, ...(table?.rows ?? [])];
      if (names.some(({ label }) => fits(`${title} ${inLanguage(label)}`))) this.make();
    }
    let count = 0;
    if (this.#isMade) {
      for (const { element } of this.#fields) {
        element.hidden = !fits(`${title} ${element.querySelector('label')?.textContent ?? ''}`);
        if (!element.hidden) count += 1;
      }
      count += this.#table?.narrow((label) => fits(`${title} ${label}`)) ?? 0;
    } else if (!isWanted) count = fields.length + (table?.rows.length ?? 0);
    this.element.hidden = count === 0;
    if (isWanted && count > 0) this.open();
    return count;
  }

  get #ofChanged() {
    return fieldsOf(this.#group).filter(isChanged);
  }

  /** How many inputs are changed, and whether they can be reset together. */
  #count() {
    if (this.#group.title === '') return;
    const { length } = this.#ofChanged;
    const text = length === 0 ? '' : `${length} changed`;
    if (this.#changed.textContent !== text) this.#changed.textContent = text;
    // A row has a reset of its own, a cell of a table has none.
    if (this.#reset !== null) this.#reset.hidden = length < 2 && !(length === 1 && this.#group.table != null);
  }

  #resetAll() {
    const changes = this.#ofChanged.map((field) => ({ path: field.path, value: ofDocument(field, field.initial) }));
    this.#lab.edit(changes);
  }

  /**
   * A block of cells from a spreadsheet goes in from the focused cell on, as one change.
   * @param {ClipboardEvent} event
   * @param {number[]} order the rows that are not filtered out
   */
  #paste(event, order) {
    const path = event.target instanceof HTMLElement ? event.target.dataset['path'] : undefined;
    const { table } = this.#group;
    if (path === undefined || table == null) return;
    const rows = order.flatMap((at) => table.rows[at] ?? []);
    const result = pasted({ ...table, rows }, path, event.clipboardData?.getData('text/plain') ?? '');
    if (result === null) return;
    event.preventDefault();
    if ('changes' in result) {
      const cells = new Map(rows.flatMap(({ cells: row }) => row.flatMap((cell) => (cell ? [[cell.path, cell]] : []))));
      this.#lab.edit(
        result.changes.map(({ path: at, value }) => ({ path: at, value: ofDocument(cells.get(at) ?? {}, value) })),
      );
    } else this.#lab.refuse(result.path, result.message);
  }
}
