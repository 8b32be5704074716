// Files and folders, dropped or picked: those that a grid may be made of, as names and bytes.

/** @typedef {{ name: string, bytes: Uint8Array }} NamedFile */

/**
 * What a file holds; the module tells its encoding.
 * @param {File} file
 */
export async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/** Grids of one folder that are offered; more is a collection, of which a person chooses one. */
const MOST = 40;

/** @param {File} file */
const isCsv = ({ name }) => /\.csv$/i.test(name);
/** @param {File} file */
const isProfile = ({ name }) => /\.xml$/i.test(name);
/** @param {File} file */
const isWhole = ({ name }) => /\.(m|json|raw|rawx)$/i.test(name);

/**
 * What was dropped: files, or what a grid may be made of in a folder.
 * To be called in the event itself: afterwards the browser has forgotten what was dropped.
 * @param {DataTransfer | null} transfer
 * @returns {Promise<NamedFile[]>}
 */
export function dropped(transfer) {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
  const folder = entries.find((entry) => entry?.isDirectory);
  if (folder) return readFolder(/** @type {FileSystemDirectoryEntry} */ (folder));
  return picked(transfer?.files ?? []);
}

/**
 * Files that were picked one by one.
 * @param {Iterable<File>} files
 * @returns {Promise<NamedFile[]>}
 */
export async function picked(files) {
  return Promise.all([...files].map(async (file) => ({ name: file.name, bytes: await bytesOf(file) })));
}

/**
 * The files of a folder picked in a field: of the files in it, not of those in folders below.
 * @param {Iterable<File>} files
 */
export function pickedFolder(files) {
  return ofFolder([...files].filter(({ webkitRelativePath: path }) => path.split('/').length <= 2));
}

/** @param {FileSystemDirectoryEntry} folder */
async function readFolder(folder) {
  const reader = folder.createReader();
  /** @type {File[]} */
  const files = [];
  for (;;) {
    // The browser hands out a part at a time; an empty one is the last.
    /** @type {FileSystemEntry[]} */
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (!entry.isFile) continue;
      files.push(
        await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)),
      );
    }
  }
  return ofFolder(files, folder.name);
}

/**
 * The tables of a folder, or the profiles of a CIM model, are one case; where there are none, each of its case files is one.
 * @param {File[]} files
 * @param {string} [folder]
 * @returns {Promise<NamedFile[]>}
 */
async function ofFolder(files, folder = '') {
  const csv = files.filter(isCsv);
  const tables = csv.length > 0 ? csv : files.filter(isProfile);
  const those = tables.length > 0 ? tables : files.filter(isWhole);
  if (those.length === 0)
    throw new Error(
      'There is no CSV file in this folder, and no .m or .json. Choose the folder that holds Bids.csv and the other files of the case.',
    );
  if (tables.length === 0 && those.length > MOST)
    throw new Error(`There are ${those.length} case files in this folder. Choose the file itself.`);
  return Promise.all(
    those.map(async (file) => {
      const path = folder === '' ? file.webkitRelativePath || file.name : `${folder}/${file.name}`;
      return { name: path, bytes: await bytesOf(file) };
    }),
  );
}
