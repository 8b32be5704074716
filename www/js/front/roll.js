// A class list that was pasted: names with codes, and what each code says.

import { PATHS } from '../session/paths.js';
import { readCode } from '../session/progress.js';

/** @import { Path } from '../session/paths.js' */

/**
 * What one code says: the lessons of a path that are done, or why it does not count.
 * @typedef {{ name: string, code: string, path: Path, done: boolean[] } | { name: string, code: string, message: string }} Entry
 */

/** Two parts behind a letter, as a code has; what is in them is told by `readCode`. */
const LIKE_CODE = /^[a-z]\s*[-\u2010-\u2015\u2212]\s*[a-z0-9]+\s*[-\u2010-\u2015\u2212]\s*[a-z0-9]+$/i;
/** A first line that names its columns. */
const HEAD = /^(code|codes|kod)\b/i;

/**
 * @param {string} text lines of a name and its codes, apart by commas, semicolons or tabs
 * @returns {Entry[]}
 */
export function rollOf(text) {
  return text
    .split(/\r?\n/)
    .map(cellsOf)
    .filter((cells) => cells.length > 0 && !HEAD.test(cells.at(-1) ?? ''))
    .flatMap(entriesOf);
}

/** @param {string} line */
function cellsOf(line) {
  const apart = line.includes('\t') ? '\t' : /[;]/.test(line) ? ';' : ',';
  /** @type {string[]} */
  const cells = [];
  // A cell in quotation marks may hold what stands between cells.
  const pattern = new RegExp(`\\s*(?:"((?:[^"]|"")*)"|([^${apart}]*))\\s*(?:${apart}|$)`, 'y');
  while (pattern.lastIndex < line.length) {
    const found = pattern.exec(line);
    if (found === null) break;
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
  }
  return cells.filter((cell) => cell !== '');
}

/** @param {string[]} cells @returns {Entry[]} */
function entriesOf(cells) {
  const first = cells.findIndex((cell) => LIKE_CODE.test(cell));
  if (first < 0) {
    const [name = '', ...rest] = cells;
    if (rest.length === 0) return [{ name, code: '', message: 'There is no code.' }];
    return [
      {
        name: cells.slice(0, -1).join(', '),
        code: rest.at(-1) ?? '',
        message: 'This is no code; one looks like A-7K-4Q9.',
      },
    ];
  }
  const name = cells.slice(0, first).join(', ');
  if (name === '') return [{ name, code: cells[first] ?? '', message: 'There is no name before the code.' }];
  return cells
    .slice(first)
    .map((code) => entryOf(name, code.replace(/[\u2010-\u2015\u2212]/g, '-').replace(/\s/g, '')));
}

/** @param {string} name @param {string} code @returns {Entry} */
function entryOf(name, code) {
  const read = readCode(code, name);
  if ('message' in read) return { name, code, message: read.message };
  const path = PATHS.find(({ letter }) => letter === read.path);
  if (path === undefined)
    return { name, code, message: `There is no path ${read.path} here; a newer page may know it.` };
  return { name, code, path, done: path.presets.map((_, k) => read.done[k] ?? false) };
}

/**
 * The entries as rows of a table: what a spreadsheet gets.
 * @param {Entry[]} entries
 * @param {(preset: string) => string} titled
 * @returns {string[][]}
 */
export function rowsOf(entries, titled) {
  const head = ['Name', 'Code', 'Path', 'Done', 'Of', 'Lessons done', 'Does not count because'];
  return [
    head,
    ...entries.map((entry) => {
      if ('message' in entry) return [entry.name, entry.code, '', '', '', '', entry.message];
      const { name, code, path, done } = entry;
      const which = path.presets.filter((_, k) => done[k]).map(titled);
      return [name, code, path.question, String(which.length), String(done.length), which.join('; '), ''];
    }),
  ];
}

/**
 * A table as comma-separated values; what a spreadsheet would run as a formula stands behind an apostrophe.
 * @param {string[][]} rows
 */
export function csvOf(rows) {
  const cell = (/** @type {string} */ text) => {
    const plain = harmless(text);
    return /[",\n;]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** The same for a spreadsheet's clipboard. @param {string[][]} rows */
export function cellsText(rows) {
  return rows.map((row) => row.map(harmless).join('\t')).join('\n');
}

/** @param {string} text */
function harmless(text) {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
