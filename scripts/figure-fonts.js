// `node scripts/figure-fonts.js`: the fonts that figures for papers carry with them, `figures/fonts/`, out of the npm packages
// of the page's fonts, as TrueType of one weight each: an SVG, a PDF and a PNG then have the letters of the page wherever they
// are made. The files are kept in the repository, as the terminal is built without npm.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the package brings no types
import subsetFont from 'subset-font';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = path.join(root, 'figures', 'fonts');
const SANS = path.join(root, 'node_modules', '@fontsource-variable/source-sans-3');
const MATH = path.join(root, 'node_modules', '@fontsource/stix-two-math');
const LATIN = path.join(SANS, 'files/source-sans-3-latin-wght-normal.woff2');
const GREEK = path.join(SANS, 'files/source-sans-3-greek-wght-normal.woff2');
const SIGNS = path.join(MATH, 'files/stix-two-math-latin-400-normal.woff2');

/**
 * @param {[number, number][]} ranges
 */
function letters(...ranges) {
  return ranges
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, k) => String.fromCodePoint(from + k)))
    .join('');
}

/**
 * @param {string} source
 * @param {string} text
 * @param {string} name
 * @param {number} [weight]
 */
async function write(source, text, name, weight) {
  const options = { targetFormat: 'truetype', ...(weight === undefined ? {} : { variationAxes: { wght: weight } }) };
  await writeFile(path.join(target, name), await subsetFont(await readFile(source), text, options));
}

await mkdir(target, { recursive: true });
const latin = letters([0x20, 0x17f], [0x2000, 0x2215]);
await write(LATIN, latin, 'SourceSans3-Regular.ttf', 400);
await write(LATIN, latin, 'SourceSans3-Semibold.ttf', 600);
await write(GREEK, letters([0x370, 0x3ff]), 'SourceSans3-Greek.ttf', 400);
// Of the signs that the sans lacks: primes, indices, arrows, relations, shapes.
await write(
  SIGNS,
  `${letters([0x2032, 0x2034], [0x2070, 0x209c], [0x2190, 0x2195])}${letters([0x302, 0x304])}≈≠≤≥∈∞∑√·∂∇∪∫‖⇒⇔∓ℓẼᵀ▲▼◆●○■□△▽◇✓✗`,
  'STIXTwoMath-Signs.ttf',
);
await copyFile(path.join(SANS, 'LICENSE'), path.join(target, 'SourceSans3-LICENSE.txt'));
await copyFile(path.join(MATH, 'LICENSE'), path.join(target, 'STIXTwoMath-LICENSE.txt'));
