// A block of cells from a spreadsheet, put into an input table.

import { readAll } from '../ui/number.js';

/** @import { Change, Field, FieldTable } from '../session/types.js' */

/** A cell of the block with the field it falls on. @typedef {{ text: string, cell: Field | null | undefined }} Pasted */

/**
 * What pasting a block into a field of a table does, or why it does nothing; null where the text is no block.
 * @param {FieldTable} table
 * @param {string} path of the field that has the focus
 * @param {string} text
 * @returns {{ changes: Change[] } | { path: string, message: string } | null}
 */
export function pasted(table, path, text) {
  const block = blockOf(text);
  if (block.length === 1 && block[0]?.length === 1) return null;
  const row = table.rows.findIndex(({ cells }) => cells.some((cell) => cell?.path === path));
  const column = table.rows[row]?.cells.findIndex((cell) => cell?.path === path) ?? -1;
  if (row < 0 || column < 0) return null;
  const cells = block.flatMap((line, down) =>
    line.map((item, across) => ({ text: item.trim(), cell: table.rows[row + down]?.cells[column + across] })),
  );
  const outside = cells.find((one) => one.cell == null && one.text !== '');
  if (outside !== undefined) return { path, message: outsideMessage(outside.text, block) };
  return changesOf(cells, path);
}

/** @param {string} text */
function blockOf(text) {
  return text
    .replace(/\r/g, '')
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => line.split('\t'));
}

/**
 * @param {string} text
 * @param {string[][]} block
 */
function outsideMessage(text, block) {
  const size = `${block.length} by ${Math.max(...block.map(({ length }) => length))}`;
  return `There is no cell for \u201c${text}\u201d of the pasted block, which is ${size}; nothing was pasted.`;
}

/**
 * @param {Pasted[]} cells
 * @param {string} path
 */
function changesOf(cells, path) {
  // A number that has to be there cannot be emptied: it says so itself.
  const filled = cells.filter(({ text, cell }) => text !== '' || cell?.optional === false);
  const answer = readAll(filled.map(({ text }) => text));
  if ('message' in answer) {
    const { text, cell } = filled[answer.at] ?? {};
    const message = `\u201c${text}\u201d in the pasted block: ${answer.message} Nothing was pasted.`;
    return { path: cell?.path ?? path, message };
  }
  const values = new Map(filled.map(({ cell }, k) => [cell, answer.values[k]]));
  const changes = cells.flatMap(({ cell }) =>
    cell == null ? [] : [{ path: cell.path, value: values.get(cell) ?? null }],
  );
  return { changes };
}
