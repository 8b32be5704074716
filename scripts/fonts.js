// The fonts of the page, from pinned npm packages under the SIL Open Font License, so that text is as wide everywhere.
//
//   node scripts/fonts.js SITE
//
// The sans comes in the subsets of its package. The mathematical font, 400 kB whole, is cut down to the
// signs that the page and the program write and to the italic letters that MathML makes of plain ones.

import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the package brings no types
import subsetFont from 'subset-font';

const [site] = process.argv.slice(2);
if (!site) throw new Error('usage: node scripts/fonts.js SITE');
const root = fileURLToPath(new URL('..', import.meta.url));
const packages = path.join(root, 'node_modules');
const target = path.join(site, 'fonts');
await mkdir(target, { recursive: true });

const SANS = '@fontsource-variable/source-sans-3';
const MATH = '@fontsource/stix-two-math';
await copyFile(
  path.join(packages, SANS, 'files', 'source-sans-3-greek-wght-normal.woff2'),
  path.join(target, 'source-sans-3-greek.woff2'),
);
const latin = await readFile(path.join(packages, SANS, 'files', 'source-sans-3-latin-wght-normal.woff2'));
await writeFile(
  path.join(target, 'source-sans-3-latin.woff2'),
  // Written anew it is a sixth smaller, with every sign that it had but accents to be put on letters.
  await subsetFont(latin, [...range(0x20, 0x2ff), ...range(0x2000, 0x2215)].join(''), { targetFormat: 'woff2' }),
);
const whole = await readFile(path.join(packages, MATH, 'files', 'stix-two-math-latin-400-normal.woff2'));
await writeFile(
  path.join(target, 'stix-two-math.woff2'),
  await subsetFont(whole, await signs(), { targetFormat: 'woff2' }),
);
// Chromium does not start a page on a machine without any font: its tests bring this one (scripts/test-fonts.js).
const plain = Array.from({ length: 0x5f }, (_, k) => String.fromCodePoint(0x20 + k)).join('');
await mkdir(path.join(root, 'target', 'fonts'), { recursive: true });
await writeFile(
  path.join(root, 'target', 'fonts', 'sans.ttf'),
  await subsetFont(latin, plain, { targetFormat: 'truetype' }),
);
await copyFile(path.join(packages, SANS, 'LICENSE'), path.join(target, 'source-sans-3-LICENSE.txt'));
await copyFile(path.join(packages, MATH, 'LICENSE'), path.join(target, 'stix-two-math-LICENSE.txt'));

/**
 * @param {number} from
 * @param {number} to
 */
function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, k) => String.fromCodePoint(from + k));
}

/** ASCII, mathematical italics, and every other sign that stands in a file of the page or of the program. */
async function signs() {
  const found = new Set([...range(0x20, 0x7e), ...range(0x1d434, 0x1d467), '\u210e', ...range(0x1d6e2, 0x1d71b)]);
  for (const folder of [site ?? '', path.join(root, 'src')]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(html|js|css|rs|json|md)$/.test(entry.name)) continue;
      for (const sign of await readFile(path.join(entry.parentPath ?? entry.path, entry.name), 'utf8')) found.add(sign);
    }
  }
  return [...found].sort().join('');
}
