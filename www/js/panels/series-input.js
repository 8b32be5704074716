// A user's own load, PV and prices from a CSV file, by file picker or dropped, for one community of the case.

import { h, uid } from '../ui/dom.js';
import { bytesOf } from '../ui/folder.js';
import { importLists } from './import-report.js';
import { findings } from '../session/problem.js';

/** @import { Lab } from '../session/lab.js' */

const COLUMNS = [
  ['time', '2022-11-14T00:05, with Z or an offset such as +01:00 if wanted'],
  ['load_kw', 'load; also load_mw, load_w, load_kwh (energy of the line)'],
  ['pv_kw', 'PV; the same units'],
  ['price_usd_per_kwh', 'price of the LSE; also price_usd_per_mwh, price_c_per_kwh'],
];

/** @param {Lab} lab */
export function createSeriesInput(lab) {
  const ids = { who: uid('series'), offset: uid('series'), file: uid('series'), title: uid('series') };
  const who = h('select', { id: ids.who });
  const offset = h('input', { id: ids.offset, type: 'text', placeholder: '+00:00', autocomplete: 'off', size: 7 });
  const file = h('input', { id: ids.file, type: 'file', accept: '.csv,text/csv,text/plain' });
  const said = h('div', { class: 'import-notes', role: 'status' });
  const drop = h('div', { class: 'drop' }, h('label', { for: ids.file }, 'Drop a CSV file here, or choose one'), file);
  const element = h(
    'details',
    { class: 'group import', hidden: true },
    h('summary', { id: ids.title }, 'Your own data'),
    h(
      'p',
      { class: 'help' },
      'One header line, then one line per interval of any length. Series given take the place of the community\u2019s; all are cut to the shortest.',
    ),
    h(
      'dl',
      { class: 'columns' },
      ...COLUMNS.flatMap(([name = '', text = '']) => [h('dt', {}, h('code', {}, name)), h('dd', {}, text)]),
    ),
    h('div', { class: 'field' }, h('label', { for: ids.who }, 'Community'), who),
    h('div', { class: 'field' }, h('label', { for: ids.offset }, 'Offset of times without one'), offset),
    drop,
    said,
  );

  /** @param {File} chosen */
  async function take(chosen) {
    said.textContent = `Reading ${chosen.name}\u2026`;
    try {
      const bytes = await bytesOf(chosen);
      const { scenario, import: report } = await lab.client.call('importSeries', {
        scenario: lab.text,
        bytes,
        community: who.value,
        offset: offset.value.trim(),
      });
      said.replaceChildren(
        h('p', {}, `${chosen.name} stands in for the series of ${who.value}. Undo brings them back.`),
        importLists(report),
      );
      lab.replace(scenario);
    } catch (error) {
      said.replaceChildren(
        h('p', { class: 'bad' }, `${chosen.name} was not read.`),
        h('ul', {}, ...findings(error).map((text) => h('li', {}, text))),
      );
    }
  }

  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined) void take(chosen);
    file.value = '';
  });
  element.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('is-over');
  });
  element.addEventListener('dragleave', () => drop.classList.remove('is-over'));
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('is-over');
    const [dropped, ...more] = event.dataTransfer?.files ?? [];
    if (more.length > 0) said.textContent = `${more.length + 1} files were dropped. Drop one.`;
    else if (dropped !== undefined) void take(dropped);
  });

  function update() {
    const names = lab.report.own_series ?? [];
    element.hidden = names.length === 0;
    if (names.join('\n') === [...who.options].map(({ value }) => value).join('\n')) return;
    who.replaceChildren(...names.map((id) => h('option', { value: id }, id)));
  }

  update();
  const stop = lab.on('result', update);
  return { panel: element, destroy: stop };
}
