// A teacher's side: pasted names and codes become a table of who did which lessons.

import { h, save, uid } from '../ui/dom.js';
import { cellsText, csvOf, rollOf, rowsOf } from './roll.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Entry } from './roll.js' */

/** @param {Preset[]} presets */
export function createClassProgress(presets) {
  const ids = { title: uid('class'), box: uid('class'), help: uid('class') };
  const titles = new Map(presets.map(({ id, title }) => [id, title]));
  const titled = (/** @type {string} */ preset) => titles.get(preset) ?? preset;
  const count = h('p', { role: 'status' });
  const body = h('tbody');
  const said = h('span', { class: 'help', role: 'status' });
  /** @type {Entry[]} */
  let entries = [];
  const box = h('textarea', {
    id: ids.box,
    rows: 6,
    class: 'wide',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-describedby': ids.help,
    placeholder: 'Anna Miller, A-7K-4Q9',
    oninput: () => fill(),
  });
  const table = h(
    'div',
    { class: 'sideways', tabindex: 0, role: 'region', 'aria-label': 'Lessons by name' },
    h(
      'table',
      { class: 'progress-table' },
      h('caption', { class: 'hidden-text' }, 'Lessons by name'),
      h(
        'thead',
        {},
        h('tr', {}, ...['Name', 'Path', 'Done', 'Which lessons'].map((name) => h('th', { scope: 'col' }, name))),
      ),
      body,
    ),
  );
  const out = h(
    'p',
    { class: 'row' },
    h(
      'button',
      {
        type: 'button',
        onclick: () => save('lessons.csv', new Blob([`\uFEFF${csvOf(rowsOf(entries, titled))}`], { type: 'text/csv' })),
      },
      'Save as CSV',
    ),
    h('button', { type: 'button', onclick: () => void copy() }, 'Copy the table'),
    said,
  );

  async function copy() {
    try {
      await navigator.clipboard.writeText(cellsText(rowsOf(entries, titled)));
      said.textContent = 'Copied: paste it into a spreadsheet.';
    } catch {
      said.textContent = 'This browser lets nothing be copied here: save the CSV.';
    }
  }

  function fill() {
    entries = rollOf(box.value);
    said.textContent = '';
    const good = entries.filter((entry) => !('message' in entry)).length;
    count.textContent = entries.length === 0 ? '' : `${good} of ${entries.length} codes count.`;
    table.hidden = out.hidden = entries.length === 0;
    body.replaceChildren(...entries.map((entry) => row(entry, titled)));
  }

  fill();
  return h(
    'section',
    { class: 'progress-class', 'aria-labelledby': ids.title },
    h('h2', { id: ids.title }, 'My class'),
    h(
      'p',
      {},
      'A code proves that the lessons were gone through to the end in some browser under this name. It is no exam: it does not say by whom, nor what was predicted.',
    ),
    h('label', { for: ids.box }, 'Names and codes'),
    box,
    h(
      'p',
      { id: ids.help, class: 'help' },
      'One student a line: name, code; further codes behind it. Or paste the columns of a spreadsheet. Nothing is uploaded, and it works offline.',
    ),
    count,
    table,
    out,
  );
}

/**
 * @param {Entry} entry
 * @param {(preset: string) => string} titled
 */
function row(entry, titled) {
  const name =
    entry.name === '' ? h('th', { scope: 'row' }, 'no name') : h('th', { scope: 'row', translate: 'no' }, entry.name);
  if ('message' in entry)
    return h(
      'tr',
      { class: 'is-void' },
      name,
      h(
        'td',
        { colspan: 3 },
        entry.code === '' ? '' : h('code', {}, entry.code),
        entry.code === '' ? entry.message : ` does not count. ${entry.message}`,
      ),
    );
  const { path, done } = entry;
  const which = path.presets.filter((_, k) => done[k]).map(titled);
  return h(
    'tr',
    {},
    name,
    h('td', {}, path.question),
    h('td', { class: 'number' }, `${which.length} of ${done.length}`),
    h('td', { class: 'help' }, which.length === done.length ? 'all' : which.join('; ')),
  );
}
