// What the catalogues of the page (www/languages) lack of the sentences that presets, their lessons, reports, charts and
// explanations write, and the pages of text.
//
//   node scripts/catalogue.js [--check]      the shapes that are missing, each with an example, as JSON
//
// With `--check`: fails where one is missing. The words of the page's own code are checked in a browser
// (tests/page/pseudo.spec.js), where each of them stands in the brackets of the pseudo-language.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { Catalogue } from '../www/js/language/catalogue.js';
import { EMPTY } from '../www/js/front/search.js';
import { CONCEPTS } from '../www/js/front/words.js';
import { FAMILIES } from '../www/js/session/families.js';
import { PAPERS } from '../www/js/session/papers.js';
import { LONG, keptAnswer, load } from './ahead.js';
import { root } from './setup.js';
import { Failed } from './steps.js';

/** Fields that nobody reads as words. */
const SILENT = new Set(
  (
    'id ids unit kind status tone look series path paths item_path drawn_in of topic role mark chart drawer number when ' +
    'case mechanism level thumbnail minutes printed change changes until step page view at link subject source_file ' +
    'index_kind opens follow own_series formula explains code type version shade color colour key keys symbol math tex'
  ).split(' '),
);
/** A text of code: a path, an id, a formula. */
const CODE = /^[a-z0-9_.:*[\]/-]+$|^(?:case|mechanism)\./;
/** Presets whose comparison is read: each of another kind. */
const BOARDS = [
  'all-schemes',
  'zuo-4node',
  'zuo-30bus',
  'mezghani-s1',
  'mezghani-s3a',
  'wang-day',
  'khojasteh-k33',
  'theisen-base',
];
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
  for (const { name } of report.series) found(name, 'name');
  texts(session.form(), '', found);
  for (const { id: chart } of report.charts)
    for (const view of VIEWS)
      for (const [, text = ''] of sheet.chart(chart, view).svg.matchAll(/>([^<]+)</g)) found(unescaped(text), 'svg');
  if (kept === null) ofExplanations(session, JSON.parse(document).case, report, found);
  if (kept === null) ofPoints(session, report, found);
  if (BOARDS.includes(id)) {
    const board = session.compare();
    texts(board.report(), '', found);
    for (const { name } of board.report().series) found(name, 'name');
    board.free();
  }
  sheet.free();
  session.free();
}

/** Subjects of a kind, steps and edges that are asked about. */
const ASKED = 4;

/**
 * What a preset says of points of its planes: on edges and where they meet, between and beyond them, and for what a slider
 * moves.
 * @param {InstanceType<Awaited<ReturnType<typeof load>>['Session']>} session a solved one
 * @param {any} report
 * @param {(text: string, key: string) => void} found
 */
function ofPoints(session, report, found) {
  /** @type {import('../www/js/session/data.d.ts').Chart[]} */
  const charts = report.charts;
  for (const { probe, marks, layers = [] } of charts) {
    if (typeof probe !== 'string') continue;
    const edges = some(marks.flatMap((mark) => (mark.mark === 'edges' ? mark.edges : [])));
    const middles = edges.map(({ from, to }) => [0, 1].map((axis) => (from[axis] + to[axis]) / 2));
    const center = [0, 1].map((axis) => mean(middles.map((middle) => middle[axis] ?? 0)));
    const beyond = middles.map((middle) => middle.map((at, axis) => at + 0.2 * (at - (center[axis] ?? 0))));
    const ends = edges.flatMap(({ from, to }) => [from, to]);
    const sliders = layers.flatMap(({ slider }) => (slider === undefined ? [] : [slider]));
    const keys = sliders.flatMap(({ key, from, to }) => [from, to].map((value) => `${probe}:${key}=${value}`));
    const asked = [
      ...[center, ...middles, ...beyond, ...ends].map((at) => /** @type {const} */ ([probe, at])),
      ...keys.map((key) => /** @type {const} */ ([key, center])),
    ];
    for (const [key, [x = 0, y = 0]] of asked) {
      try {
        texts(session.probe(key, x, y), '', found);
      } catch (error) {
        found(String(/** @type {any} */ (error).message), 'point');
      }
    }
  }
}

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * What a preset says of why its numbers are what they are, for some of its subjects and steps.
 * @param {InstanceType<Awaited<ReturnType<typeof load>>['Session']>} session a solved one
 * @param {any} system its case
 * @param {any} report
 * @param {(text: string, key: string) => void} found
 */
function ofExplanations(session, system, report, found) {
  /** @type {Record<string, { id: string }[]>} */
  const subjects = {
    bus: [...system.buses, ...(system.feeders ?? []).flatMap((/** @type {any} */ feeder) => feeder.buses)],
    branch: [
      ...system.branches,
      ...(system.feeders ?? []).flatMap((/** @type {any} */ feeder) =>
        feeder.lines.map((/** @type {any} */ line) => ({ id: `${feeder.id}/${line.id}` })),
      ),
    ],
    party: report.parties ?? [],
    boundary: system.boundaries ?? [],
    zone: system.balancing?.zones ?? [],
  };
  const steps = some(Array.from({ length: report.clock?.steps ?? 1 }, (_, at) => at + 1));
  for (const kind of report.explains ?? [])
    for (const { id } of some(subjects[kind] ?? []))
      for (const step of steps) {
        try {
          texts(session.explain(JSON.stringify({ kind, id }), step), '', found);
        } catch (error) {
          // A refusal is read as well; ids are names, whatever they look like.
          found(String(/** @type {any} */ (error).message).replaceAll(`\`${id}\``, '`G1`'), 'explain');
        }
      }
}

/**
 * A few of a list, its first and its last among them.
 * @template T
 * @param {T[]} list
 */
function some(list) {
  const step = Math.max(1, (list.length - 1) / (ASKED - 1));
  return [...new Set(Array.from({ length: ASKED }, (_, k) => list[Math.round(k * step)]))].filter(
    (one) => one !== undefined,
  );
}

/** @param {string} text of XML */
const unescaped = (text) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&');

/** Blocks of a page of text, and what stands in their sentences as a name (www/js/language/page.js). */
const BLOCK = /<(title|p|h1|h2|h3|li|td|th|dt|summary|label)\b[^>]*>(.*?)<\/\1>/gs;
const ELEMENT = /<(?:math|code|em)\b.*?<\/(?:math|code|em)>|<(a|span|label)\b[^>]*>(.*?)<\/\1>|<[^>]*>/gs;

/**
 * The texts of a page of text.
 * @param {string} html
 * @param {(text: string) => void} found
 */
function ofPage(html, found) {
  for (const [, name, inside = ''] of html.matchAll(BLOCK)) {
    /** @type {string[]} */
    const inner = [];
    const text = inside.replaceAll(
      ELEMENT,
      (_, _link, words = '') => `ℵ${inner.push(words.replaceAll(ELEMENT, '')) - 1}`,
    );
    // A term and its longer name are texts of their own.
    for (const one of [...(name === 'dt' ? text.split(/ℵ\d/) : [text]), ...inner])
      found(unescaped(one).replaceAll(/\s+/g, ' ').trim());
  }
  for (const [, words = ''] of html.matchAll(/<mtext\b[^>]*>([^<]*)<\/mtext>/g)) found(unescaped(words).trim());
}

/** What a template writes: an amount for each of its numbers. */
const sample = (/** @type {string} */ text) => text.replaceAll(/\{[^{}]*\}/g, '7\u00a0MW');

/**
 * Collects what a catalogue lacks.
 * @param {string} language
 * @param {string} [own] the page that has a catalogue of its own
 */
function collector(language, own) {
  const name = own === undefined ? language : `${language}-${own}`;
  const templates = JSON.parse(readFileSync(path.join(root, `www/languages/${name}.json`), 'utf8'));
  const catalogue = new Catalogue(templates, language);
  /** Shapes, each with a text in which it stands. @type {Map<string, string>} */
  const examples = new Map();
  const say = (/** @type {string} */ text, /** @type {string} */ where) => {
    catalogue.missing.clear();
    catalogue.say(text);
    for (const shape of catalogue.missing) if (!examples.has(shape)) examples.set(shape, `${where}: ${text}`);
  };
  return { examples, say };
}

/**
 * The shapes that the catalogues of a language lack, each with a text in which it stands.
 * @param {string} language
 */
async function missing(language) {
  const { examples, say } = collector(language);
  const found = (/** @type {string} */ text, /** @type {string} */ key) => {
    if (/\p{L}{2}/u.test(text) && !CODE.test(text)) say(sample(text), key);
  };
  for (const folder of ['src/scenario/gallery', 'src/scenario/lessons'])
    for (const name of readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.json')))
      texts(JSON.parse(readFileSync(path.join(root, folder, name), 'utf8')), '', found);
  for (const { id } of PAPERS) {
    const paper = JSON.parse(readFileSync(path.join(root, `www/papers/${id}.json`), 'utf8'));
    const read = (/** @type {any} */ { name, title, note, says, why }) => ({ name, title, note, says, why });
    texts([paper.basis, paper.places.map(read), paper.claims.map(read)], 'paper', found);
  }
  texts(JSON.parse(readFileSync(path.join(root, 'www/glossary.json'), 'utf8')).terms.map(read), '', found);
  const families = FAMILIES.map(({ title, question, dimensions }) => [
    ...[title, question],
    ...dimensions.map(({ name, options }) => [name, options]),
  ]);
  texts(families, 'variants', found);
  for (const word of [EMPTY, ...CONCEPTS.flatMap(({ words }) => words)]) say(word, 'search');
  const door = await load(path.join(root, 'dist'));
  for (const { id } of door.gallery()) ofPreset(door, id, found);
  const page = (/** @type {string} */ name) => readFileSync(path.join(root, 'dist', name), 'utf8');
  ofPage(page('words.html'), (text) => say(text, 'words.html'));
  const how = collector(language, 'how');
  ofPage(page('how.html'), (text) => how.say(text, 'how.html'));
  return new Map([...examples, ...how.examples]);
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
