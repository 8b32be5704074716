// Everything there is to publish of a scenario: figures, tables, scenario, report with its schema, citations.

import { fileName } from '../charts/download.js';
import { openExport, styleNow } from '../charts/export.js';
import { chartOf } from '../charts/figure-export.js';
import { heightOf } from '../charts/figure-state.js';
import { drawn, figureOf, tableOf, written } from '../charts/sheet.js';
import { networkOfLab } from '../network/export.js';
import { citePaper, citeProgram } from '../session/cite.js';
import { textOf } from '../session/program.js';
import { sha256 } from '../session/sha256.js';
import { citeSource } from '../session/source.js';
import { save } from '../ui/dom.js';
import { zipped } from '../ui/zipped.js';
import { summaryOf } from './tables.js';

/** @import { Exported } from '../charts/sheet.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { OwnTable, Report } from '../session/types.js' */

/** What a figure is written as. */
const PICTURES = /** @type {const} */ (['svg', 'pdf', 'tex']);

/**
 * Offers a table of the scenario as a file.
 * @param {Lab} lab
 * @param {OwnTable} table
 * @param {((id: string) => ArrayLike<number> | undefined) | undefined} series
 */
export function exportTable(lab, table, series) {
  const values = series ?? ((/** @type {string} */ id) => lab.series(id)?.values);
  const now = (/** @type {string} */ id) => values(id)?.[lab.cursor];
  openExport({
    ...{ name: lab.report.title, title: table.title, caption: '', origin: lab.origin },
    table: async () => tableOf(table, now),
  });
}

/**
 * The archive of all of it, in the style that was chosen last.
 * @param {Lab} lab
 * @param {(done: number, all: number) => void} progress
 */
export async function archiveOf(lab, progress) {
  const style = styleNow();
  const { report, origin } = lab;
  const { text, link } = await citeSource(origin);
  /** @type {[string, Exported][]} */
  const figures = report.charts.map((chart) => {
    const asked = (/** @type {number} */ width) => ({
      ...{ id: chart.id },
      view: {
        ...{ width, height: heightOf(chart, width), dark: style.dark },
        cursor: lab.steps > 0 ? lab.cursor : null,
      },
    });
    const summary = report.captions?.find((one) => one.chart === chart.id)?.steps[lab.cursor] ?? chart.summary;
    return [`figures/${chart.id}`, chartOf(lab, { ...chart, summary }, asked)];
  });
  const network = await networkOfLab(lab);
  if (network !== null) figures.unshift(['figures/network', network]);
  const now = (/** @type {string} */ id) => lab.series(id)?.values[lab.cursor];
  const tables = [summaryOf(report), ...report.tables].filter((table) => table !== null);
  const all = figures.length + tables.length;
  /** @type {{ name: string, bytes: Uint8Array<ArrayBuffer> }[]} */
  const files = [];
  const add = (/** @type {string} */ name, /** @type {string | Uint8Array<ArrayBuffer>} */ made) => {
    files.push({ name, bytes: typeof made === 'string' ? new TextEncoder().encode(made) : made });
  };
  add('README.txt', readme(report, text, link));
  add('scenario.json', lab.text);
  add('report.json', `${JSON.stringify(whole(report), listed, 2)}\n`);
  for (const name of ['scenario.schema.json', 'report.schema.json']) add(name, await textOf(name));
  let done = 0;
  for (const [name, figure] of figures) {
    const made = await figureOf(figure, style);
    for (const kind of PICTURES) add(`${name}.${kind}`, await drawn(made, style, kind));
    if (figure.table !== undefined) add(`${name}.csv`, await written(figure, style, 'csv'));
    done += 1;
    progress(done, all);
  }
  for (const table of tables) {
    const what = { ...{ name: '', title: table.title, caption: '', origin }, table: async () => tableOf(table, now) };
    add(`tables/${table.id}.csv`, await written(what, style, 'csv'));
    add(`tables/${table.id}.tex`, await written(what, style, 'latex'));
    done += 1;
    progress(done, all);
  }
  const version = await lab.client.call('version', undefined);
  const program = citeProgram({ version, digest: sha256(lab.text), title: report.title, address: link });
  add('citations.bib', `${[citePaper(lab.scenario.preset ?? ''), program].filter((entry) => entry !== '').join('\n')}`);
  return zipped(files);
}

/**
 * Saves the archive.
 * @param {Lab} lab
 * @param {(done: number, all: number) => void} progress
 */
export async function publish(lab, progress) {
  save(`${fileName(lab.report.title)}.zip`, await archiveOf(lab, progress));
}

/**
 * A report as its schema has it: what came packed as the lists that it stands for.
 * @param {Report} report
 */
function whole(report) {
  const { series, ledger } = report;
  return { ...report, packed: undefined, payments: undefined, series, ledger };
}

/** Arrays of the browser as lists. @param {string} _ @param {unknown} value */
function listed(_, value) {
  return value instanceof Float64Array
    ? Array.from(value, (number) => (Number.isFinite(number) ? number : null))
    : value;
}

/**
 * @param {{ title: string, headline: string }} report
 * @param {string} source
 * @param {string} link
 */
function readme({ title, headline }, source, link) {
  return `${title}

${headline}

${source}
${link === '' ? '' : `Open it: ${link}\n`}
scenario.json         what was asked; scenario.schema.json says what its fields are
report.json           the whole answer; report.schema.json says what its fields are
figures/              the network and every chart as SVG, PDF and TikZ with pgfplots, numbers as CSV
tables/               every table as CSV and for LaTeX (booktabs)
citations.bib         the paper whose market it is, and the program
`;
}
