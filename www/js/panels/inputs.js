// The inputs of the scenario, made from the form the module describes; one section per group.

import { h, uid } from '../ui/dom.js';
import { fieldCell, fieldRow, isChanged } from './field.js';
import { allFields } from '../session/form.js';
import { icon } from '../ui/icon.js';
import { readAll, unitText } from '../ui/number.js';

/** @import { Field, FieldGroup, FieldTable } from '../session/types.js' */
/** @import { FieldView, Host } from './field.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * What must be the same for the controls to be kept.
 * @param {FieldGroup[]} form
 */
function shape(form) {
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
 * @param {Lab} lab
 * @param {{ only?: string[] }} [options] paths to show, for an embedded view
 */
export function createInputs(lab, options = {}) {
  const element = h('div', { class: 'inputs-form' });
  /** The controls of each path: a field may stand in more than one section. @type {Map<string, FieldView[]>} */
  let views = new Map();
  /** @type {(() => void)[]} */
  let resets = [];
  let built = '';

  /** @type {Host} */
  const host = {
    edit: (path, value, gesture) => lab.edit([{ path, value }], gesture),
    refuse: (path, message) => lab.refuse(path, message),
    last: () => lab.gesture,
  };

  function groups() {
    if (options.only === undefined) return lab.form;
    // A field may stand in more than one section; the one with the slider is wanted.
    const all = allFields(lab.form);
    const best = (/** @type {string} */ path) =>
      all.find((field) => field.path === path && field.slider) ?? all.find((field) => field.path === path);
    const fields = options.only.map(best).filter((field) => field !== undefined);
    return [{ title: '', open: true, fields }];
  }

  /**
   * @param {string} path
   * @param {FieldView} view
   */
  function keep(path, view) {
    views.set(path, [...(views.get(path) ?? []), view]);
  }

  function build() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['path'] : undefined;
    const open = new Map(
      [...element.querySelectorAll('details')].map((details) => [details.dataset['title'], details.open]),
    );
    views = new Map();
    resets = [];
    element.replaceChildren(...groups().map((group) => section(group, open.get(group.title) ?? group.open)));
    if (focused !== undefined) views.get(focused)?.[0]?.control.focus();
  }

  /**
   * @param {FieldGroup} group
   * @param {boolean} open
   */
  function section(group, open) {
    const rows = group.fields.map((field) => {
      const view = fieldRow(field, host);
      keep(field.path, view);
      return view.element;
    });
    const table = group.table == null ? null : tableOf(group.table, group.title);
    if (group.title === '') return h('div', { class: 'group' }, ...rows, table);
    const changed = h('span', { class: 'changed-count' });
    const reset = h(
      'button',
      {
        type: 'button',
        class: 'reset',
        title: `Reset all of “${group.title}”`,
        'aria-label': `Reset all of “${group.title}”`,
      },
      icon('reset'),
    );
    const details = h(
      'details',
      { class: 'group', open, 'data-title': group.title },
      h('summary', {}, h('span', {}, group.title), changed),
      group.note ? h('p', { class: 'help' }, group.note) : null,
      ...rows,
      table,
      reset,
    );
    resets.push(() => {
      const now = lab.form.find(({ title }) => title === group.title);
      const fields = now === undefined ? [] : allFields([now]).filter(isChanged);
      changed.textContent = fields.length === 0 ? '' : `${fields.length} changed`;
      reset.hidden = fields.length < 2 && !(fields.length === 1 && group.table != null);
      reset.onclick = () => lab.edit(fields.map(({ path, initial }) => ({ path, value: initial })));
    });
    return details;
  }

  /**
   * @param {FieldTable} table
   * @param {string} title
   */
  function tableOf(table, title) {
    const messageId = uid('table-message');
    const message = h('p', { class: 'field-message', id: messageId });
    const body = table.rows.map((row) =>
      h(
        'tr',
        { 'data-item': itemOfRow(row) },
        h('th', { scope: 'row' }, row.label),
        ...row.cells.map((cell, column) => {
          if (cell == null) return h('td', { class: 'none' });
          const head = table.columns[column];
          const name = `${row.label}, ${head?.name ?? ''}${head?.unit ? `, ${head.unit}` : ''}`;
          const view = fieldCell(cell, host, name, messageId);
          keep(cell.path, view);
          return h('td', {}, view.element);
        }),
      ),
    );
    const element = h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'input-table', 'aria-label': title },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('td', {}),
            ...table.columns.map(({ name, unit }) =>
              h('th', { scope: 'col' }, name, unitText(unit) ? h('span', { class: 'unit' }, unit) : null),
            ),
          ),
        ),
        h('tbody', {}, ...body),
      ),
    );
    element.addEventListener('paste', (event) => pasteInto(event, title));
    element.addEventListener('keydown', moveInTable);
    resets.push(() => {
      const paths = table.rows.flatMap((row) => row.cells.map((cell) => cell?.path));
      const texts = paths.map((path) => (path === undefined ? undefined : lab.refused.get(path)));
      const first = texts.findIndex((text) => text !== undefined);
      const row = table.rows[Math.floor(first / Math.max(1, table.columns.length))];
      message.textContent = first < 0 ? '' : `${row?.label ?? ''}: ${texts[first]}`;
    });
    return h('div', {}, element, message);
  }

  /** @param {{ id: string, cells: (Field | null | undefined)[] }} row */
  function itemOfRow(row) {
    const path = row.cells.find((cell) => cell != null)?.path ?? '';
    if (path.startsWith('case.branches.')) return `branch:${row.id}`;
    if (path.startsWith('case.buses.')) return `bus:${row.id}`;
    return path.startsWith('case.') ? `party:${row.id}` : null;
  }

  /**
   * A block of cells from a spreadsheet goes in from the focused cell on, as one change.
   * @param {ClipboardEvent} event
   * @param {string} title
   */
  function pasteInto(event, title) {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const lines = text
      .replace(/\r/g, '')
      .replace(/\n+$/, '')
      .split('\n')
      .map((line) => line.split('\t'));
    if (lines.length === 1 && lines[0]?.length === 1) return;
    const path = event.target instanceof HTMLElement ? event.target.dataset['path'] : undefined;
    const table = lab.form.find((group) => group.title === title)?.table;
    if (path === undefined || table == null) return;
    const row = table.rows.findIndex(({ cells }) => cells.some((cell) => cell?.path === path));
    const column = table.rows[row]?.cells.findIndex((cell) => cell?.path === path) ?? -1;
    if (row < 0 || column < 0) return;
    event.preventDefault();
    const cells = lines.flatMap((line, down) =>
      line.map((item, across) => ({ text: item.trim(), cell: table.rows[row + down]?.cells[column + across] })),
    );
    const outside = cells.find(({ text, cell }) => cell == null && text !== '');
    if (outside !== undefined) {
      lab.refuse(
        path,
        `There is no cell for \u201c${outside.text}\u201d of the pasted block, which is ${lines.length} by ${Math.max(...lines.map(({ length }) => length))}; nothing was pasted.`,
      );
      return;
    }
    const filled = cells.filter(({ text, cell }) => text !== '' || cell?.optional === false);
    const answer = readAll(filled.map(({ text }) => text));
    if ('message' in answer) {
      const { text, cell } = filled[answer.at] ?? {};
      lab.refuse(cell?.path ?? path, `\u201c${text}\u201d in the pasted block: ${answer.message} Nothing was pasted.`);
      return;
    }
    const values = new Map(filled.map(({ cell }, k) => [cell, answer.values[k]]));
    lab.edit(cells.flatMap(({ cell }) => (cell == null ? [] : [{ path: cell.path, value: values.get(cell) ?? null }])));
  }

  /** Up and down go through the rows of a table as in a spreadsheet (Enter and Shift+Enter). @param {KeyboardEvent} event */
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

  function update() {
    const now = shape(groups());
    if (now !== built) {
      built = now;
      build();
    }
    /** @type {Map<string, number>} */
    const met = new Map();
    for (const field of allFields(groups())) {
      const place = met.get(field.path) ?? 0;
      met.set(field.path, place + 1);
      views.get(field.path)?.[place]?.update(field);
    }
    refuse();
  }

  function refuse() {
    for (const [path, all] of views) {
      for (const view of all) view.refuse(lab.refused.get(path));
    }
    for (const reset of resets) reset();
  }

  element.addEventListener('click', (event) => {
    const head = event.target instanceof Element ? event.target.closest('tbody th') : null;
    const item = head?.parentElement?.getAttribute('data-item') ?? null;
    if (item !== null) lab.select(lab.selection === item ? null : item);
  });
  update();
  // After a solve that came to nothing, the controls show what the scenario holds.
  const stops = [
    lab.on('result', update),
    lab.on('refused', refuse),
    lab.on('status', () => lab.trouble !== '' && update()),
  ];
  return {
    element,
    /** Puts the focus on a field, opening its group. @param {string} path */
    reveal(path) {
      const [view] = views.get(path) ?? [];
      if (view === undefined) return false;
      const details = view.element.closest('details');
      if (details !== null) details.open = true;
      view.control.focus();
      return true;
    },
    destroy: () => stops.forEach((stop) => stop()),
  };
}
