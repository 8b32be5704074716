// The picture of a preset for other pages, 1200 × 630 px: what a link to its page shows, what stands in a PDF.
//
// Title, question and the chart as the program draws it, as one SVG that resvg turns into a PNG, in WebAssembly and with
// the fonts of the page alone: the same bytes on every machine. Pictures are kept under target/cards, by what they show.

import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
// @ts-expect-error the package brings no types
import subsetFont from 'subset-font';

import { root } from './setup.js';

/** Size of a picture, px, as those who show links ask for it. */
export const WIDTH = 1200;
export const HEIGHT = 630;
/** Distance of text from the edges, px. */
const EDGE = 56;
/** Sizes of text and the height of their lines, px. */
const TITLE = { size: 52, line: 62, weight: 600 };
const QUESTION = { size: 31, line: 41, weight: 400 };
const packages = path.join(root, 'node_modules');
const kept = path.join(root, 'target/cards');
const SANS = '@fontsource-variable/source-sans-3/files/source-sans-3-';
const MATH = '@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2';

/** What is in a picture beside what a preset says. */
const PROGRAM = createHash('sha256');
for (const file of [new URL(import.meta.url), path.join(root, 'package-lock.json')]) PROGRAM.update(readFileSync(file));
const program = PROGRAM.digest('hex');

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @type {Promise<Uint8Array[]> | undefined} */
let opened;

/** The fonts of the page as resvg reads them, and resvg itself, once. */
async function open() {
  await initWasm(readFileSync(path.join(packages, '@resvg/resvg-wasm/index_bg.wasm')));
  const codes = (/** @type {[number, number][]} */ ...ranges) =>
    ranges
      .flatMap(([from, to]) => Array.from({ length: to - from }, (_, k) => String.fromCodePoint(from + k)))
      .join('');
  const cut = (/** @type {string} */ file, /** @type {string} */ text, /** @type {object} */ axes) =>
    subsetFont(readFileSync(path.join(packages, file)), text, { targetFormat: 'truetype', ...axes });
  const latin = codes([0x20, 0x300], [0x2000, 0x2215]);
  const weight = (/** @type {number} */ wght) => ({ variationAxes: { wght } });
  return Promise.all([
    cut(`${SANS}latin-wght-normal.woff2`, latin, weight(400)),
    cut(`${SANS}latin-wght-normal.woff2`, latin, weight(600)),
    cut(`${SANS}greek-wght-normal.woff2`, codes([0x370, 0x400]), weight(400)),
    cut(MATH, codes([0x20, 0x400], [0x2000, 0x2300]), {}),
  ]);
}

/** @param {string} svg @param {Uint8Array[]} fontBuffers */
const drawn = (svg, fontBuffers) =>
  new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'Source Sans 3', sansSerifFamily: 'Source Sans 3' } });

/**
 * The text in lines no wider than `width`.
 * @param {string} text
 * @param {{ size: number, weight: number }} font
 * @param {number} width px
 * @param {Uint8Array[]} fonts
 */
function lines(text, { size, weight }, width, fonts) {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" font-family="Source Sans 3" font-size="${size}" font-weight="${weight}">`;
  /** @type {string[]} */
  const found = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    const box = drawn(`${head}<text y="100">${escaped(longer)}</text></svg>`, fonts).getBBox();
    if (line !== '' && (box?.width ?? 0) > width) found.push(line);
    line = line !== '' && (box?.width ?? 0) > width ? word : longer;
  }
  return [...found, line];
}

/**
 * @param {{ title: string, question: string }} preset
 * @param {string} chart SVG, empty where there is none
 * @param {Uint8Array[]} fonts
 */
function sheet({ title, question }, chart, fonts) {
  const large = lines(title, TITLE, WIDTH - 2 * EDGE - 150, fonts);
  const small = lines(question, QUESTION, WIDTH - 2 * EDGE, fonts);
  const titleAt = EDGE + 26;
  const questionAt = titleAt + large.length * TITLE.line - 8;
  const band = questionAt + small.length * QUESTION.line + 2;
  const texts = (
    /** @type {string[]} */ all,
    /** @type {typeof TITLE} */ { size, line, weight },
    /** @type {number} */ y,
  ) =>
    all.map(
      (text, k) =>
        `<text x="${EDGE}" y="${y + k * line}" font-size="${size}" font-weight="${weight}">${escaped(text)}</text>`,
    );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="Source Sans 3">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<rect width="${WIDTH}" height="${chart === '' ? HEIGHT : band}" fill="#16324a"/>
<g fill="#ffffff">${texts(large, TITLE, titleAt).join('')}</g>
<g fill="#d5e3ee">${texts(small, QUESTION, questionAt).join('')}</g>
<g transform="translate(${WIDTH - EDGE - 142} ${EDGE - 10})" fill="none" stroke-width="5" stroke-linecap="round">
<path d="M0 12C7 -2 13 -2 20 12S33 26 40 12" stroke="#56b4e9"/><path d="M0 28C7 14 13 14 20 28S33 42 40 28" stroke="#e69f00"/>
<text x="52" y="29" font-size="26" font-weight="600" fill="#ffffff" stroke="none">Tandem</text></g>
${chart === '' ? '' : placed(chart, band + 18)}
</svg>`;
}

/** The chart as large as there is room for. @param {string} chart @param {number} top px */
function placed(chart, top) {
  const [, width, height] = /^<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(chart)?.map(Number) ?? [];
  if (!width || !height) throw new Error('a chart without a size');
  const room = { width: WIDTH - 2 * EDGE, height: HEIGHT - top - 22 };
  const scale = Math.min(room.width / width, room.height / height);
  const size = `x="${(WIDTH - width * scale) / 2}" y="${top}" width="${width * scale}" height="${height * scale}"`;
  return chart.replace(/(<svg [^>]*?)width="\d+" height="\d+"/, (_, start) => `${start}${size}`);
}

/**
 * The picture of a preset as a PNG.
 * @param {{ title: string, question: string }} preset
 * @param {string} chart its card as SVG, empty where there is none
 * @returns {Promise<Buffer>}
 */
export async function card(preset, chart) {
  const { title, question } = preset;
  const key = createHash('sha256')
    .update(JSON.stringify([program, title, question, chart]))
    .digest('hex');
  const file = path.join(kept, `${key.slice(0, 32)}.png`);
  if (existsSync(file)) return readFileSync(file);
  opened ??= open();
  const fonts = await opened;
  const png = drawn(sheet(preset, chart, fonts), fonts)
    .render()
    .asPng();
  mkdirSync(kept, { recursive: true });
  writeFileSync(file, png);
  return Buffer.from(png);
}
