// What the build computes of every preset, with the page's own module: its picture, its headline, and the whole report
// of those that take long.
//
//   node scripts/ahead.js SITE
//
// Into SITE: `pictures/ID.svg` and `pictures/ID-dark.svg`; `ahead/ID.json` for what takes over `LONG_S` seconds;
// `presets.json`, the menu with what was found out. Answers are kept under target/ahead, by the bytes of the module: a
// build of the same program computes nothing anew.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

import { digest } from '../www/js/session/digest.js';
import { WHOLE } from '../www/js/session/modules.js';
import { root } from './setup.js';

/** @import { Preset, Report, View } from '../www/js/session/types.js' */
/**
 * What the build knows of a preset.
 * @typedef {{
 *   module: string, headline: string, chart: string, card: Picture, page: Picture, says: string, seconds: number,
 *   ahead: Ahead | null
 * }} Known
 * @typedef {{ light: string, dark: string }} Picture SVG, empty where there is none
 */
/**
 * A report computed ahead, as the mechanism writes it. `program`: version of the program; `of`: digest of the document it answers; `seconds`: what
 * that took.
 * @typedef {{ program: string, of: string, seconds: number, report: Report }} Ahead
 */

/** A preset that takes longer ships its report, seconds of the processor, which other work on the machine leaves alone. */
const LONG_S = 0.3;
/** No picture. */
const NONE = { light: '', dark: '' };
/** Sizes of a picture, px: that of a card, and that of a page of its own. */
const CARD = { width: 360, height: 156 };
const PAGE = { width: 480, height: 220 };
/** Presets that are not solved in a build. */
export const LONG = [
  'smartnet-mediumit',
  'smartnet-mediumit-nested',
  'smartnet-italy1',
  'smartnet-italy2',
  'smartnet-denmark',
];
/** Where the answers lie that are too long to compute in a build: `npm run ahead` makes them. */
export const KEPT = path.join(root, 'ahead');

/**
 * The module of the page in this process.
 * @param {string} site
 * @param {string} [name]
 * @returns {Promise<typeof import('../target/types/pkg/tandem.js')>}
 */
export async function load(site, name = 'tandem') {
  const door = await import(`${pathToFileURL(path.join(site, 'pkg/tandem.js')).href}?${name}`);
  await door.default({ module_or_path: readFileSync(path.join(site, 'pkg', `${name}_bg.wasm`)) });
  return door;
}

/**
 * The answer that is kept of a preset, where it is of this very document; else a complaint.
 * @param {string} id
 * @param {string} document
 * @returns {Ahead | null}
 */
export function keptAnswer(id, document) {
  const file = path.join(KEPT, `${id}.json.br`);
  if (!existsSync(file)) return null;
  /** @type {Ahead} */
  const ahead = JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
  if (ahead.of === digest(document)) return ahead;
  console.warn(`ahead/${id}.json.br answers another document and is left out: \`npm run ahead\` makes it anew`);
  return null;
}

/**
 * @param {typeof import('../target/types/pkg/tandem.js')} door
 * @param {Preset} preset
 * @returns {Known}
 */
function known(door, preset) {
  const session = new door.Session();
  const document = session.preset(preset.id);
  const module = session.module();
  const kept = keptAnswer(preset.id, document);
  const start = process.cpuUsage().user;
  if (kept === null && LONG.includes(preset.id)) {
    session.free();
    return { module, headline: '', chart: '', card: NONE, page: NONE, says: '', seconds: Number.NaN, ahead: null };
  }
  if (kept === null) session.solve([]);
  const sheet = kept === null ? session.sheet() : session.given(JSON.stringify(kept.report));
  const seconds = kept?.seconds ?? (process.cpuUsage().user - start) / 1e6;
  /** @type {Report} */
  const report = sheet.report();
  const named = report.look.chart || preset.thumbnail;
  const chart = report.charts.find(({ id }) => id === named) ?? report.charts[0];
  const picture = (/** @type {{ width: number, height: number }} */ size, /** @type {boolean} */ dark) =>
    chart === undefined ? '' : sheet.chart(chart.id, /** @type {View} */ ({ ...size, dark })).svg;
  const both = (/** @type {typeof CARD} */ size) => ({ light: picture(size, false), dark: picture(size, true) });
  const long = seconds > LONG_S;
  const made = {
    module,
    headline: report.answer?.[report.start ?? 0] ?? report.answer?.[0] ?? report.headline,
    chart: chart?.title ?? '',
    card: both(CARD),
    page: both(PAGE),
    says: chart?.summary ?? '',
    seconds,
    ahead: kept ?? (long ? { program: version(), of: digest(document), seconds, report: bare(session) } : null),
  };
  sheet.free();
  session.free();
  return made;
}

/**
 * The answer of a preset, solved here.
 * @param {typeof import('../target/types/pkg/tandem.js')} door
 * @param {string} id
 * @returns {Ahead}
 */
export function computed(door, id) {
  const session = new door.Session();
  const document = session.preset(id);
  const start = process.cpuUsage().user;
  session.solve([]);
  const seconds = (process.cpuUsage().user - start) / 1e6;
  const ahead = { program: version(), of: digest(document), seconds, report: bare(session) };
  session.free();
  return ahead;
}

/**
 * The report of a solved session as its mechanism wrote it, as JSON holds it.
 * @param {import('../target/types/pkg/tandem.js').Session} session
 * @returns {Report}
 */
function bare(session) {
  const sheet = session.bare();
  const report = sheet.report();
  sheet.free();
  return JSON.parse(JSON.stringify(report, (_, value) => (value instanceof Float64Array ? [...value] : value)));
}

/** One digit of seconds, which differ from machine to machine. @param {number} seconds */
function round(seconds) {
  return Number(seconds.toPrecision(1));
}

/** Version of the program. */
function version() {
  return /^version = "(.*)"$/m.exec(readFileSync(path.join(root, 'Cargo.toml'), 'utf8'))?.[1] ?? '';
}

/**
 * Everything that is known of all presets, from the store where it is there.
 * @param {string} site
 * @returns {Promise<{ presets: Preset[], of: Map<string, Known> }>}
 */
export async function all(site) {
  const hash = createHash('sha256').update(readFileSync(path.join(site, 'pkg/tandem_bg.wasm')));
  hash.update(readFileSync(new URL(import.meta.url)));
  for (const file of existsSync(KEPT) ? readdirSync(KEPT).sort() : []) hash.update(readFileSync(path.join(KEPT, file)));
  const store = path.join(root, 'target/ahead');
  const file = path.join(store, `${hash.digest('hex').slice(0, 16)}.json`);
  if (existsSync(file)) {
    const { presets, of } = JSON.parse(readFileSync(file, 'utf8'));
    return { presets, of: new Map(of) };
  }
  const door = await load(site);
  /** @type {Preset[]} */
  const presets = door.gallery();
  const of = new Map(presets.map((preset) => [preset.id, known(door, preset)]));
  rmSync(store, { recursive: true, force: true });
  mkdirSync(store, { recursive: true });
  writeFileSync(file, JSON.stringify({ presets, of: [...of] }));
  return { presets, of };
}

/** @param {string} site */
async function write(site) {
  const { presets, of } = await all(site);
  for (const folder of ['pictures', 'ahead']) mkdirSync(path.join(site, folder), { recursive: true });
  for (const [id, { card, ahead }] of of) {
    const { light, dark } = card;
    if (light !== '') {
      writeFileSync(path.join(site, `pictures/${id}.svg`), light);
      writeFileSync(path.join(site, `pictures/${id}-dark.svg`), dark);
    }
    if (ahead !== null) writeFileSync(path.join(site, `ahead/${id}.json`), JSON.stringify(ahead));
  }
  writeFileSync(path.join(site, 'presets.json'), JSON.stringify(presets));
  // For scripts/bundle.js, which writes it into www/js/session/modules.js.
  /** @type {Record<string, string[]>} */
  const modules = {};
  for (const [id, { module }] of of) {
    const name = existsSync(path.join(site, `pkg/${module}_bg.wasm`)) ? module : WHOLE;
    modules[name] = [...(modules[name] ?? []), id];
  }
  const ahead = Object.fromEntries(
    [...of].flatMap(([id, known]) => (known.ahead === null ? [] : [[id, round(known.seconds)]])),
  );
  const taught = readdirSync(path.join(site, 'lessons')).map((file) => [path.basename(file, '.json'), true]);
  writeFileSync(
    path.join(site, 'facts.json'),
    JSON.stringify({ modules, ahead, lessons: Object.fromEntries(taught.sort()) }),
  );
  const long = [...of].filter(([, { ahead }]) => ahead !== null).map(([id]) => id);
  console.log(`${presets.length} presets, ${long.length} computed ahead: ${long.join(', ')}`);
}

const site = process.argv[2];
if (path.basename(process.argv[1] ?? '') === 'ahead.js' && site !== undefined) await write(site);
