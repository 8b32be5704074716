// Bundles the libraries of the page, one ES module each, from the pinned npm packages.
//
//   node scripts/vendor.js CODE_FOLDER TYPES_FOLDER
//
// Only these files go through a bundler: the d3 modules import their parts by bare names, which a page under a
// strict policy cannot resolve (an import map would be inline script). Nothing is minified, and the
// licence stands at the head of each file.

import { build } from 'esbuild';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Package, its file, the packages it brings along whose licence must be shown as well, its types. */
const LIBRARIES = [
  {
    name: 'd3-force',
    file: 'd3-force',
    parts: ['d3-dispatch', 'd3-quadtree', 'd3-timer'],
    types: "export * from 'd3-force';",
  },
  {
    name: 'd3-hierarchy',
    file: 'd3-hierarchy',
    parts: [],
    types: "export * from 'd3-hierarchy';",
  },
  {
    name: 'qrcode-generator',
    file: 'qrcode',
    parts: [],
    types: "import qrcode from 'qrcode-generator';\nexport default qrcode;",
  },
];

const [code, types] = process.argv.slice(2);
if (!code || !types) throw new Error('usage: node scripts/vendor.js CODE_FOLDER TYPES_FOLDER');

const root = fileURLToPath(new URL('..', import.meta.url));
await mkdir(types, { recursive: true });
for (const { name, file, parts, types: declaration } of LIBRARIES) {
  const notices = await Promise.all([name, ...parts].map(notice));
  await build({
    entryPoints: [name],
    outfile: path.join(code, `${file}.js`),
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'warning',
    banner: { js: `/*\n${notices.join('\n\n')}\n*/` },
  });
  await writeFile(path.join(types, `${file}.d.ts`), `${declaration}\n`);
}

/**
 * Name, version and licence of a package.
 * @param {string} name
 */
async function notice(name) {
  const folder = path.join(root, 'node_modules', name);
  /** @type {{ version: string, license: string, author: string }} */
  const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const head = `${name} ${about.version}, ${about.license}`;
  const own = await readFile(path.join(folder, 'LICENSE'), 'utf8').catch(() => null);
  if (own !== null) return `${head}\n${own.trim()}`;
  if (about.license !== 'MIT') throw new Error(`${name} has no LICENSE file to show`);
  // The package names its licence and author only: the text is the one in LICENSE-MIT.
  const text = await readFile(path.join(root, 'LICENSE-MIT'), 'utf8');
  return `${head}\nCopyright (c) ${about.author}\n\n${text.slice(text.indexOf('Permission')).trim()}`;
}
