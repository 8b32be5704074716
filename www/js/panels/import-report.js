// What became of the file a case was read from: a line of counts that opens into sentences.

import { h } from '../ui/dom.js';

/** @import { Import, Report } from '../session/types.js' */

/** @type {[keyof Omit<Import, 'format'>, string][]} */
const LISTS = [
  ['kept', 'Kept'],
  ['changed', 'Changed'],
  ['left_out', 'Left out'],
  ['assumed', 'Assumed'],
];

/**
 * The sentences of an import, list by list.
 * @param {Import} report
 */
export function importLists(report) {
  return h(
    'dl',
    { class: 'import-lists' },
    ...LISTS.filter(([list]) => report[list].length > 0).flatMap(([list, title]) => [
      h('dt', {}, title),
      h('dd', {}, h('ul', {}, ...report[list].map((text) => h('li', {}, text)))),
    ]),
  );
}

/** @param {{ report: Report, on: (event: 'result', heard: () => void) => () => void }} lab */
export function createImportReport(lab) {
  const said = h('summary', {});
  const element = h('details', { class: 'import-report', hidden: true }, said);
  /** @type {string | null} */
  let shown = null;

  function update() {
    const report = lab.report.import;
    element.hidden = report === undefined;
    const text = JSON.stringify(report ?? null);
    if (report === undefined || text === shown) return;
    shown = text;
    const told = LISTS.slice(1).filter(([list]) => report[list].length > 0);
    const counts = told.map(([list, title]) => `${report[list].length} ${title.toLowerCase()}`);
    said.textContent = `From a file: ${report.format}${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`;
    element.replaceChildren(said, importLists(report));
    // What the file does not say may decide the answer.
    element.open = report.assumed.length > 0;
  }

  update();
  return { element, destroy: lab.on('result', update) };
}
