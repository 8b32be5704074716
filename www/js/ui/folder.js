// A folder of CSV files, dropped or picked: its files as names and bytes.

/** @typedef {{ name: string, bytes: Uint8Array }} NamedFile */

/**
 * What a file holds; the module tells its encoding.
 * @param {File} file
 */
export async function bytesOf(file) {
  return new Uint8Array(await file.arrayBuffer());
}

/** @param {string} name */
const isCsv = (name) => /\.csv$/i.test(name);

/**
 * The files that were dropped, where that is a folder or several CSV files; null for a single file.
 * To be called in the event itself: afterwards the browser has forgotten what was dropped.
 * @param {DataTransfer | null} dropped
 * @returns {Promise<NamedFile[]> | null}
 */
export function droppedFolder(dropped) {
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry());
  const folder = entries.find((entry) => entry?.isDirectory);
  if (folder) return readFolder(/** @type {FileSystemDirectoryEntry} */ (folder));
  const files = [...(dropped?.files ?? [])].filter(({ name }) => isCsv(name));
  return files.length > 1 ? contents(files) : null;
}

/**
 * The files of a folder picked in a field: of the files in it, not of those in folders below.
 * @param {Iterable<File>} files
 */
export function pickedFolder(files) {
  return contents(
    [...files].filter(({ name, webkitRelativePath: path }) => isCsv(name) && path.split('/').length <= 2),
  );
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
      if (!entry.isFile || !isCsv(entry.name)) continue;
      files.push(
        await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)),
      );
    }
  }
  return contents(files, folder.name);
}

/**
 * @param {File[]} files
 * @param {string} [folder]
 * @returns {Promise<NamedFile[]>}
 */
async function contents(files, folder = '') {
  if (files.length === 0)
    throw new Error(
      'There is no CSV file in this folder. Choose the folder that holds Bids.csv and the other files of the case.',
    );
  return Promise.all(
    files.map(async (file) => {
      const path = folder === '' ? file.webkitRelativePath || file.name : `${folder}/${file.name}`;
      return { name: path, bytes: await bytesOf(file) };
    }),
  );
}
