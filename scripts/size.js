// Size of the page over the network, file by file as it lies packed in `.gz`, and the limit of its WebAssembly.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { root } from './setup.js';
import { Failed } from './steps.js';

/** What each WebAssembly module may weigh after gzip, in kB (1000 bytes): it grows no further unnoticed. */
const LIMITS_KB = {
  tandem: 1870,
  rt_sced: 995,
  residual_supply: 940,
  bargaining: 830,
  bsp_bidding: 1090,
  community: 830,
  figures: 1150,
  formats: 950,
};

/** What the first load of a preset's page may weigh in all, kB: page, style, code, module and the font of its text. */
const FIRST_KB = 1130;

/** What the fonts of the page may weigh together, in kB. */
const FONTS_KB = 120;

/** Print the sizes; fails if a module, the first load or the fonts are over their limit. */
export function sizes() {
  const dist = path.join(root, 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      const bytes = readFileSync(file);
      const name = path.relative(dist, file).replaceAll('\\', '/');
      const sent = existsSync(`${file}.gz`) ? statSync(`${file}.gz`).size : bytes.length;
      return { name, raw: bytes.length, gzip: sent };
    })
    .sort((a, b) => b.gzip - a.gzip);
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
  for (const { name, raw, gzip } of files.slice(0, 12)) console.log(`${kb(raw)} ${kb(gzip)} gzip  ${name}`);
  for (const [module, limit] of Object.entries(LIMITS_KB)) {
    const size = files.find(({ name }) => name === `pkg/${module}_bg.wasm`)?.gzip ?? 0;
    if (size > limit * 1000) throw new Failed(`${module} weighs ${kb(size).trim()} gzip, over ${limit} kB`);
  }
  const first = firstLoad(readFileSync(path.join(dist, 'index.html'), 'utf8'), 'rt_sced');
  const load = files.filter(({ name }) => first.has(name)).reduce((sum, { gzip }) => sum + gzip, 0);
  if (load > FIRST_KB * 1000) throw new Failed(`the first load weighs ${kb(load).trim()} gzip, over ${FIRST_KB} kB`);
  const total = files.reduce((sum, { gzip }) => sum + gzip, 0);
  const fonts = files.filter(({ name }) => name.endsWith('.woff2')).reduce((sum, { raw }) => sum + raw, 0);
  if (fonts > FONTS_KB * 1000) throw new Failed(`the fonts weigh ${kb(fonts).trim()}, over ${FONTS_KB} kB`);
  return `first load ${kb(load).trim()} gzip (limit ${FIRST_KB}), all files ${kb(total).trim()}`;
}

/**
 * What a preset of one mechanism loads before its first result, as the page names it.
 * @param {string} html
 * @param {string} module
 */
function firstLoad(html, module) {
  // Pictures that wait until they are seen: on the page of a scenario they are not.
  const needed = html.replaceAll(/<img[^>]* loading="lazy">/g, '');
  const named = [...needed.matchAll(/(?:href|src)="([^"#]+\.(?:js|css|woff2|svg|webmanifest))"/g)].map(
    ([, name]) => name,
  );
  return new Set(['index.html', 'js/session/worker.js', 'pkg/tandem.js', `pkg/${module}_bg.wasm`, ...named]);
}
