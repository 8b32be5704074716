// The rooms of www/js: each imports only from those below it, and no files import each other in a circle.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './setup.js';
import { Failed } from './steps.js';

/** From the lowest to the highest; a file imports from its own room and from those before it. */
const ROOMS = [
  'ui',
  'language',
  'session',
  'charts',
  'network',
  'grid',
  'panels',
  'edit',
  'write',
  'front',
  'embed',
  'class',
  'app',
];

/** What `import`, `import()` and the types of a comment name. */
const NAMED = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Fails if a file of the page imports from a room above its own, or files import each other in a circle. */
export function roomsAreInOrder() {
  const imports = importsOf(path.join(root, 'www/js'));
  const faults = [...upward(imports), ...circles(imports)];
  if (faults.length > 0) throw new Failed(`www/js:\n${faults.join('\n')}`);
}

/**
 * The files of a folder with those that each one names.
 * @param {string} folder
 * @returns {Map<string, string[]>}
 */
function importsOf(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.js'))
    .sort();
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const named = [...text.matchAll(NAMED)].map(([, name]) => path.posix.join(path.posix.dirname(file), name ?? ''));
      // The program and the libraries, which the build writes, are no files of a room.
      return [file, [...new Set(named)].filter((name) => !name.startsWith('../'))];
    }),
  );
}

/** @param {Map<string, string[]>} imports */
function upward(imports) {
  const height = (/** @type {string} */ file) => ROOMS.indexOf(file.split('/')[0] ?? '');
  const homeless = [...imports.keys()].filter((file) => height(file) < 0).map((file) => `${file} is in no room`);
  const faults = [...imports].flatMap(([file, names]) =>
    names.filter((name) => height(name) > height(file)).map((name) => `${file} imports ${name}, of a room above`),
  );
  return [...homeless, ...faults];
}

/** @param {Map<string, string[]>} imports */
function circles(imports) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const faults = [];
  /** @param {string} file @param {string[]} way */
  const visit = (file, way) => {
    if (way.includes(file)) faults.push(`a circle: ${[...way.slice(way.indexOf(file)), file].join(' → ')}`);
    if (way.includes(file) || done.has(file)) return;
    for (const name of imports.get(file) ?? []) visit(name, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return faults;
}
