// What the catalogues of the page (www/languages) lack of the sentences that presets, their lessons, reports and charts
// write.
//
//   node scripts/catalogue.js [--check]      the shapes that are missing, each with an example, as JSON
//
// With `--check`: fails where one is missing. The words of the page's own code are checked in a browser
// (tests/page/language.spec.js), where each of them stands in the brackets of the pseudo-language.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { Catalogue } from '../www/js/language/catalogue.js';
import { FAMILIES } from '../www/js/session/families.js';
import { LONG, keptAnswer, load } from './ahead.js';
import { root } from './setup.js';
import { Failed } from './steps.js';

/** Fields that nobody reads as words. */
const SILENT = new Set(
  (
    'id ids unit kind status tone look series path paths item_path drawn_in of topic role mark chart drawer number when ' +
    'case mechanism level thumbnail minutes printed change changes until step page view at link subject source_file ' +
    'index_kind follow own_series code type version shade color colour key keys symbol math tex'
  ).split(' '),
);
/** A text of code: a path, an id, a formula. */
const CODE = /^[a-z0-9_.:*[\]/-]+$|^(?:case|mechanism)\./;
const VIEWS = [
  { width: 480, height: 220, dark: false },
  { width: 900, height: 420, dark: false },
];

/**
 * Every text of a value, as far as it is read.
 * @param {unknown} value
 * @param {string} key
 * @param {(text: string, key: string) => void} found
 */
function texts(value, key, found) {
  if (SILENT.has(key)) return;
  if (typeof value === 'string') found(value, key);
  else if (Array.isArray(value)) for (const item of value) texts(item, key, found);
  else if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const [name, item] of Object.entries(value)) texts(item, name, found);
}

/**
 * The texts that a preset shows.
 * @param {Awaited<ReturnType<typeof load>>} door
 * @param {string} id
 * @param {(text: string, key: string) => void} found
 */
function ofPreset(door, id, found) {
  const session = new door.Session();
  const document = session.preset(id);
  const kept = keptAnswer(id, document);
  if (kept === null && LONG.includes(id)) return;
  if (kept === null) session.solve([]);
  const sheet = kept === null ? session.sheet() : session.given(JSON.stringify(kept.report));
  const report = sheet.report();
  texts(report, '', found);
  texts(session.form(), '', found);
  for (const { id: chart } of report.charts)
    for (const view of VIEWS)
      for (const [, text = ''] of sheet.chart(chart, view).svg.matchAll(/>([^<]+)</g)) found(unescaped(text), 'svg');
  sheet.free();
  session.free();
}

/** @param {string} text of XML */
const unescaped = (text) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** What a template writes: an amount for each of its numbers. */
const sample = (/** @type {string} */ text) => text.replaceAll(/\{[^{}]*\}/g, '7\u00a0MW');

/**
 * The shapes that a catalogue lacks, each with texts in which it stands.
 * @param {string} language
 */
async function missing(language) {
  const templates = JSON.parse(readFileSync(path.join(root, `www/languages/${language}.json`), 'utf8'));
  const catalogue = new Catalogue(templates, language);
  /** @type {Map<string, string>} */
  const examples = new Map();
  const found = (/** @type {string} */ text, /** @type {string} */ key) => {
    if (!/\p{L}{2}/u.test(text) || CODE.test(text)) return;
    catalogue.missing.clear();
    catalogue.say(sample(text));
    for (const shape of catalogue.missing) if (!examples.has(shape)) examples.set(shape, `${key}: ${text}`);
  };
  for (const folder of ['src/scenario/gallery', 'src/scenario/lessons'])
    for (const name of readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.json')))
      texts(JSON.parse(readFileSync(path.join(root, folder, name), 'utf8')), '', found);
  texts(JSON.parse(readFileSync(path.join(root, 'www/glossary.json'), 'utf8')).terms.map(read), '', found);
  const families = FAMILIES.map(({ title, question, dimensions }) => [
    ...[title, question],
    ...dimensions.map(({ name, options }) => [name, options]),
  ]);
  texts(families, 'variants', found);
  const door = await load(path.join(root, 'dist'));
  for (const { id } of door.gallery()) ofPreset(door, id, found);
  return examples;
}

/** @param {{ short: string, long: string, sentence: string }} term what is read of a term */
const read = ({ short, long, sentence }) => ({ short, long, sentence });

for (const name of readdirSync(path.join(root, 'www/languages')).filter((file) => /^[a-z]+\.json$/.test(file))) {
  const language = name.replace('.json', '');
  const lacking = await missing(language);
  if (process.argv.includes('--check')) {
    if (lacking.size > 0) {
      const some = [...lacking].slice(0, 10).map(([shape, example]) => `  ${shape}\n    ${example}`);
      throw new Failed(`www/languages/${name} lacks ${lacking.size} sentences:\n${some.join('\n')}`);
    }
  } else console.log(JSON.stringify(Object.fromEntries(lacking), null, 1));
}
