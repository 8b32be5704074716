// What becomes of files that a person chose: one grid to open, which files it is made of, and those that are left out.

import { isZip, unzipped } from '../ui/zip.js';

/** @import { NamedFile } from '../ui/folder.js' */

/**
 * @typedef {{ name: string, folder: NamedFile[] } | { name: string, file: NamedFile }} Grid
 * @typedef {{ grids: Grid[], left: string[] }} Sorted `left`: names of files that no grid is made of
 */

/** Files that are a grid by themselves. */
const WHOLE = /\.(m|json|txt|raw|rawx)$/i;

/** @param {string} name */
const short = (name) => name.split('/').pop() ?? name;

/**
 * @param {NamedFile[]} chosen
 * @returns {Promise<Sorted>}
 */
export async function sorted(chosen) {
  const files = (await Promise.all(chosen.map(unpacked))).flat();
  const [only] = files;
  // A single file may be called anything: the program tells it by what it holds.
  if (only !== undefined && files.length === 1) return { grids: [{ name: short(only.name), file: only }], left: [] };
  const whole = files.filter(({ name }) => WHOLE.test(name));
  const tables = files.filter(({ name }) => /\.csv$/i.test(name));
  // The profiles of a CIM model are one grid together.
  const profiles = files.filter(({ name }) => /\.xml$/i.test(name));
  const models = profiles.length > 0 ? [{ name: 'CIM model', folder: profiles }] : [];
  const grids = [...folders(tables), ...models, ...whole.map((file) => ({ name: short(file.name), file }))];
  const used = [whole, tables, profiles].flat();
  const left = files.filter((file) => !used.includes(file)).map(({ name }) => short(name));
  return { grids, left };
}

/**
 * CSV files are one case for each folder they lie in.
 * @param {NamedFile[]} tables
 * @returns {Grid[]}
 */
function folders(tables) {
  const folderOf = (/** @type {string} */ name) => name.split('/').slice(0, -1).join('/');
  const names = [...new Set(tables.map(({ name }) => folderOf(name)))];
  return names.map((name) => {
    const folder = tables.filter((file) => folderOf(file.name) === name);
    return { name: name === '' ? `${folder.length} CSV files` : `folder ${name}`, folder };
  });
}

/**
 * The files of an archive; anything else, also a workbook, which is an archive too, as it is.
 * @param {NamedFile} file
 */
async function unpacked(file) {
  if (!isZip(file.bytes)) return [file];
  if (!/\.zip$/i.test(file.name)) return [file];
  const inside = await unzipped(file.bytes);
  if (inside.length === 0) throw new Error('There is no file in the zip file.');
  return inside;
}
