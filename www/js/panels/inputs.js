// The inputs of the scenario, made from the form the module describes; one section per group.

import { allFields } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { markSelected } from '../session/items.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { fieldRow, isChanged } from './field.js';
import { createInputTable } from './input-table.js';
import { pasted } from './paste.js';

/** @import { Field, FieldGroup } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Responses } from './response.js' */

/** only: the paths to show, where that is not all. @typedef {{ only?: () => string[] }} InputOptions */

/**
 * @param {Lab} lab
 * @param {InputOptions} [options]
 */
export function createInputs(lab, options = {}) {
  const inputs = new Inputs(lab, options.only);
  return {
    element: inputs.element,
    reveal: (/** @type {string} */ path) => inputs.reveal(path),
    shown: () => inputs.shown(),
    destroy: () => inputs.destroy(),
  };
}

class Inputs {
  element = h('div', { class: 'inputs-form' });
  #lab;
  #only;
  /** @type {Host} */
  #host;
  /** The controls of each path: a field may stand in more than one section. @type {Map<string, FieldView[]>} */
  #views = new Map();
  /** What brings the sections up to date: how much is changed, what is refused. @type {(() => void)[]} */
  #sections = [];
  /** The shape that the controls were made for. */
  #built = '';
  /** What the sliders do to the answer, from the first one that is taken hold of. @type {Promise<Responses> | null} */
  #responses = null;
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {() => string[]} [only]
   */
  constructor(lab, only) {
    this.#lab = lab;
    this.#only = only;
    this.#host = {
      edit: (path, value, gesture) => lab.edit([{ path, value }], gesture),
      refuse: (path, message) => lab.refuse(path, message),
      last: () => lab.gesture,
      respond: (field, slot) => this.#respond(field, slot),
    };
    this.element.addEventListener('click', (event) => {
      const head = event.target instanceof Element ? event.target.closest('tbody th') : null;
      const item = head?.parentElement?.getAttribute('data-item') ?? null;
      if (item !== null) lab.select(lab.selection === item ? null : item);
    });
    this.#update();
    this.#stops = [
      lab.on('result', () => this.#update()),
      lab.on('refused', () => this.#refuse()),
      lab.on('selection', () => markSelected(this.element, lab.selection)),
      // After a solve that came to nothing, the controls show what the scenario holds.
      lab.on('status', () => lab.trouble !== '' && this.#update()),
    ];
  }

  /** Puts the focus on a field, opening its group. @param {string} path */
  reveal(path) {
    const [view] = this.#views.get(path) ?? [];
    if (view === undefined) return false;
    const details = view.element.closest('details');
    if (details !== null) details.open = true;
    view.control.focus();
    return true;
  }

  /** The inputs come into sight. */
  shown() {
    this.#refuse();
  }

  destroy() {
    for (const stop of this.#stops) stop();
    this.#responses?.then(
      (responses) => responses.destroy(),
      () => {},
    );
  }

  /**
   * @param {Field} field
   * @param {HTMLElement | null} slot null: the slider is let go of
   */
  #respond(field, slot) {
    if (slot === null)
      this.#responses?.then(
        (responses) => responses.hide(),
        () => {},
      );
    else {
      this.#responses ??= import('./response.js').then((part) => new part.Responses(this.#lab));
      // Without a network the slider works as it is.
      this.#responses.then(
        (responses) => responses.show(field, slot),
        () => (this.#responses = null),
      );
    }
  }

  /** Whether these inputs are in sight: only then they say what is refused. */
  get #seen() {
    return this.element.closest('.is-parked') === null;
  }

  get #groups() {
    return this.#only === undefined ? this.#lab.form : [onlyGroup(this.#lab.form, this.#only())];
  }

  #update() {
    const groups = this.#groups;
    const shape = shapeOf(groups);
    if (shape !== this.#built) {
      this.#built = shape;
      this.#build(groups);
    }
    /** @type {Map<string, number>} */
    const met = new Map();
    for (const field of allFields(groups)) {
      const place = met.get(field.path) ?? 0;
      met.set(field.path, place + 1);
      this.#views.get(field.path)?.[place]?.update(field);
    }
    this.#refuse();
  }

  #refuse() {
    for (const [path, views] of this.#views) {
      for (const view of views) view.refuse(this.#lab.refused.get(path), this.#seen);
    }
    for (const update of this.#sections) update();
  }

  /** @param {FieldGroup[]} groups */
  #build(groups) {
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement ? activeElement.dataset['path'] : undefined;
    const sections = [...this.element.querySelectorAll('details')];
    const open = new Map(sections.map((details) => [details.dataset['title'], details.open]));
    this.#views = new Map();
    this.#sections = [];
    this.element.replaceChildren(...groups.map((group) => this.#section(group, open.get(group.title) ?? group.open)));
    markSelected(this.element, this.#lab.selection);
    if (focused !== undefined) this.#views.get(focused)?.[0]?.control.focus();
  }

  /**
   * @param {FieldGroup} group
   * @param {boolean} open
   */
  #section(group, open) {
    const { title, note } = group;
    const rows = group.fields.map((field) => {
      const view = fieldRow(field, this.#host);
      this.#keep(field.path, view);
      return view.element;
    });
    const table = this.#table(group);
    if (title === '') return h('div', { class: 'group' }, ...rows, table);
    const changed = h('span', { class: 'changed-count' });
    const resetLabel = `Reset all of “${title}”`;
    const reset = h(
      'button',
      { type: 'button', class: 'reset', title: resetLabel, 'aria-label': resetLabel },
      icon('reset'),
    );
    this.#sections.push(() => this.#count(title, changed, reset));
    return h(
      'details',
      { class: 'group', open, 'data-title': title },
      h('summary', {}, h('span', {}, title), changed),
      note ? h('p', { class: 'help' }, note) : null,
      ...rows,
      table,
      reset,
    );
  }

  /** @param {FieldGroup} group */
  #table({ table, title }) {
    if (table == null) return null;
    const { element, refuse } = createInputTable(table, title, {
      host: this.#host,
      keep: (path, view) => this.#keep(path, view),
      refused: (path) => (this.#seen ? this.#lab.refused.get(path) : undefined),
      paste: (event, order) => this.#paste(event, title, order),
    });
    this.#sections.push(refuse);
    return element;
  }

  /**
   * @param {string} path
   * @param {FieldView} view
   */
  #keep(path, view) {
    this.#views.set(path, [...(this.#views.get(path) ?? []), view]);
  }

  /**
   * How many fields of a section are changed, and what resets them.
   * @param {string} title
   * @param {HTMLElement} changed
   * @param {HTMLButtonElement} reset
   */
  #count(title, changed, reset) {
    const now = this.#lab.form.find((group) => group.title === title);
    const fields = now === undefined ? [] : allFields([now]).filter(isChanged);
    const ofTable = now?.table != null;
    changed.textContent = fields.length === 0 ? '' : `${fields.length} changed`;
    // A row has a reset of its own, a cell of a table has none.
    reset.hidden = fields.length < 2 && !(fields.length === 1 && ofTable);
    reset.onclick = () =>
      this.#lab.edit(fields.map((field) => ({ path: field.path, value: ofDocument(field, field.initial) })));
  }

  /**
   * A block of cells from a spreadsheet goes in from the focused cell on, as one change.
   * @param {ClipboardEvent} event
   * @param {string} title of the group
   * @param {number[]} order the rows in sight
   */
  #paste(event, title, order) {
    const path = event.target instanceof HTMLElement ? event.target.dataset['path'] : undefined;
    const table = this.#lab.form.find((group) => group.title === title)?.table;
    if (path === undefined || table == null) return;
    const rows = order.flatMap((at) => table.rows[at] ?? []);
    const result = pasted({ ...table, rows }, path, event.clipboardData?.getData('text/plain') ?? '');
    if (result === null) return;
    event.preventDefault();
    if ('changes' in result) {
      const cells = rows.flatMap(({ cells: row }) => row);
      const typed = (/** @type {{ path: string, value: unknown }} */ { path: at, value }) => ({
        path: at,
        value: ofDocument(cells.find((cell) => cell?.path === at) ?? {}, value),
      });
      this.#lab.edit(result.changes.map(typed));
    } else this.#lab.refuse(result.path, result.message);
  }
}

/**
 * What must be the same for the controls to be kept.
 * @param {FieldGroup[]} form
 */
function shapeOf(form) {
  return JSON.stringify(
    form.map((group) => [
      group.title,
      group.fields.map(({ path, kind, label, options }) => [path, kind, label, options]),
      group.table?.columns,
      group.table?.rows.map((row) => [row.label, row.cells.map((cell) => cell?.path)]),
    ]),
  );
}

/**
 * Some fields of a form as one group. A field may stand in more than one section; the one with the slider is wanted.
 * @param {FieldGroup[]} form
 * @param {string[]} paths
 * @returns {FieldGroup}
 */
function onlyGroup(form, paths) {
  const all = allFields(form);
  const best = (/** @type {string} */ path) =>
    all.find((field) => field.path === path && field.slider) ?? all.find((field) => field.path === path);
  const fields = paths.map(best).filter((field) => field !== undefined);
  return { title: '', open: true, note: '', fields, table: null };
}
