// Shift factors and outage factors of the transmission network, and what the loss of each line would do: asked for when
// they are opened, to be read or saved.

import { createTable } from '../charts/datatable.js';
import { sentence } from '../session/problem.js';
import { h } from '../ui/dom.js';

/** @import { OwnTable } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** Numbers up to which the tables are shown; more are saved only. */
const SHOWN = 20_000;

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]} nothing where the case has no line
 */
export function factorsOf(lab) {
  if ((lab.scenario.case.branches ?? []).length === 0) return [];
  const factors = opened(lab, 'Shift factors of the network (PTDF, LODF)', () => lab.client.call('factors', lab.text));
  const flows = (lab.scenario.case.branches ?? []).every(({ id }) => lab.series(`flow:${id}`) !== undefined);
  const outages = opened(lab, 'What the loss of each line would do', async () => [
    await lab.client.call('outages', { scenario: lab.text, step: lab.cursor + 1 }),
  ]);
  // A secure dispatch tells it by itself.
  const told = lab.report.tables.some(({ id }) => id === 'outages');
  return flows && !told ? [factors, outages] : [factors];
}

/**
 * Tables that are asked for when they are opened.
 * @param {Lab} lab
 * @param {string} title
 * @param {() => Promise<OwnTable[]>} ask
 */
function opened(lab, title, ask) {
  const body = h('div', {}, h('p', { class: 'help' }, 'Solving'));
  const element = h(
    'details',
    { class: 'factors', ontoggle: () => element.open && void fill() },
    h('summary', {}, title),
    body,
  );
  let asked = false;

  async function fill() {
    if (asked) return;
    asked = true;
    try {
      const tables = await ask();
      body.replaceChildren(...tables.map((table) => blockOf(table, lab.report.title)));
    } catch (error) {
      body.replaceChildren(h('p', { role: 'alert' }, sentence(error)));
    }
  }
  return element;
}

/**
 * @param {OwnTable} table
 * @param {string} title of the scenario
 */
function blockOf(table, title) {
  const { rows, columns, note } = table;
  const save = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        const { fileName, saveCsv } = await import('../charts/download.js');
        saveCsv(csvOf(table), fileName(title, table.id));
      },
    },
    'Save as CSV',
  );
  const small = rows.length * columns.length <= SHOWN;
  return h(
    'div',
    {},
    ...(small
      ? [createTable(table)]
      : [
          h('h3', {}, table.title),
          h('p', { class: 'help' }, note ?? ''),
          h('p', { class: 'help' }, 'Too many numbers to be shown here: save them.'),
        ]),
    h('div', { class: 'row' }, save),
  );
}

/** @param {OwnTable} table */
function csvOf({ columns, rows }) {
  const field = (/** @type {unknown} */ cell) => {
    const text = cell == null ? '' : String(cell);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}
