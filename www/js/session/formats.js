// Grids in the formats of other programs: a module of its own makes MATPOWER files of them, loaded when there is one.

import { NotLoaded } from './problem.js';

/** @import { NamedFile } from '../ui/folder.js' */
/** @import { Import } from './types.js' */

async function loaded() {
  const module = await import('../../pkg/formats.js');
  await module.default();
  return module;
}

/**
 * The grid that these files are, as a MATPOWER file with what the way there did; none where no format is recognised.
 * @param {NamedFile[]} files
 * @returns {Promise<{ text: string, told: Import } | undefined>}
 */
export async function converted(files) {
  const module = await loaded().catch(() => {
    throw new NotLoaded();
  });
  const all = new module.Files();
  try {
    for (const { name, bytes } of files) all.add(name, bytes);
    const made = all.convert();
    return made === undefined ? undefined : JSON.parse(made);
  } finally {
    all.free();
  }
}

/**
 * Whether the files of a folder are those of another program: PyPSA's, or the profiles of a CIM model.
 * @param {NamedFile[]} files
 */
export function isForeign(files) {
  const names = files.map(({ name }) => name.split('/').pop()?.toLowerCase() ?? '');
  const has = (/** @type {string} */ name) => names.includes(name);
  const pypsa = has('buses.csv') && (has('network.csv') || has('snapshots.csv'));
  return pypsa || names.some((name) => name.endsWith('.xml'));
}
