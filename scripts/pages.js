// The first page as it is read before any code runs: of every preset, `p/ID.html` with its title, its question, the answer
// in a sentence and the first picture; and the front page with what it leads to.
//
//   node scripts/pages.js SITE [ADDRESS]
//
// Both are made of SITE/index.html, whose code then takes over: a page of a preset becomes its lab. Beside each page lies its
// picture as `p/ID.png`. ADDRESS is where the site will be: with it `p/ID.json` (oEmbed), `sitemap.xml` and what has to be
// absolute in the heads are written, too.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { all } from './ahead.js';
import { card } from './cards.js';
import { escaped, head, oembed, robots, siteAddress, siteMap } from './told.js';

/** @import { Preset } from '../www/js/session/types.js' */
/** @import { Known } from './ahead.js' */

/** Where index.html holds what is shown first. */
const PLACE = /<main class="first-load">.*?<\/main>/s;
const LOADING = '<p class="loading" role="status">Loading the program…</p>';
const NOSCRIPT =
  '<noscript><p>Tandem computes in your browser: changing an input needs JavaScript and WebAssembly.</p></noscript>';

/**
 * What is known of a preset before the program runs.
 * @param {Preset} preset
 * @param {Known} known
 */
function opening({ title, question, text }, { headline, page, chart, says }) {
  const picture =
    page.light === ''
      ? ''
      : `<figure class="first-picture">
<figcaption><strong>${escaped(chart)}</strong> ${escaped(says)}</figcaption>
<div class="in-light">${page.light}</div>
<div class="in-dark">${page.dark}</div>
</figure>`;
  return `<main class="first-load first-preset">
<p class="brand"><a href="./">Tandem</a></p>
<h1>${escaped(title)}</h1>
<p class="first-question">${escaped(question)}</p>
<p>${escaped(text)}</p>
${headline === '' ? '' : `<p class="first-answer">${escaped(headline)}</p>`}
${picture}
${LOADING}
${NOSCRIPT}
</main>`;
}

/**
 * The first preset of every group, as a link that works without code.
 * @param {Preset[]} presets
 */
function front(presets) {
  const groups = presets.filter(({ group }, k) => presets.findIndex((other) => other.group === group) === k);
  const cards = groups.map(
    ({ id, title, question }) =>
      `<li><a href="p/${id}.html"><img src="pictures/${id}.svg" alt="" width="360" height="156" loading="lazy">` +
      `<strong>${escaped(title)}</strong> ${escaped(question)}</a></li>`,
  );
  return `<main class="first-load first-front">
<p class="brand">Tandem</p>
<h1>Electricity markets between transmission and distribution, in the browser</h1>
<ul class="first-cards">
${cards.join('\n')}
</ul>
${LOADING}
${NOSCRIPT}
</main>`;
}

const site = path.resolve(process.argv[2] ?? 'dist');
const address = siteAddress(process.argv[3]);
const index = readFileSync(path.join(site, 'index.html'), 'utf8');
if (!PLACE.test(index)) throw new Error('www/index.html has no place for what is shown first');
const { presets, of } = await all(site);
mkdirSync(path.join(site, 'p'), { recursive: true });

const write = (/** @type {string} */ name, /** @type {string | Uint8Array} */ content) =>
  writeFileSync(path.join(site, name), content);

/**
 * The page with what it tells at the end of its head.
 * @param {string} page
 * @param {import('./told.js').Told} told
 */
const telling = (page, told) => page.replace('</head>', () => `${head(told, address)}\n</head>`);

/**
 * The page of a preset, its picture and its oEmbed.
 * @param {Preset} preset
 * @param {Known} known
 */
async function writePreset(preset, known) {
  const { id, title, question } = preset;
  const page = index
    .replace(/(href|src)="(?!#|https?:)/g, '$1="../')
    .replace(PLACE, () => opening(preset, known).replace('href="./"', 'href="../"'))
    .replace(/<title>.*?<\/title>/, () => `<title>${escaped(title)} · Tandem</title>`)
    .replace(/(name="description" content=")[^"]*/, (_, start) => `${start}${escaped(question)}`);
  const told = {
    ...{ title, description: question, page: `p/${id}.html`, picture: `p/${id}.png`, oembed: `p/${id}.json` },
    alt: `${title}. ${question}${known.chart === '' ? '' : ` ${known.chart}: ${known.says}`}`,
  };
  write(`p/${id}.html`, telling(page, told));
  write(`p/${id}.png`, await card(preset, known.card.light));
  if (address !== null) write(`p/${id}.json`, JSON.stringify(oembed(preset, address)));
}

for (const preset of presets) {
  const known = of.get(preset.id);
  if (known !== undefined) await writePreset(preset, known);
}
const FRONT = {
  title: 'Tandem',
  question: 'Electricity markets between transmission and distribution, in the browser',
};
const told = { page: '', picture: 'p/front.png', oembed: null, alt: `${FRONT.title}. ${FRONT.question}` };
write(
  'index.html',
  telling(
    index.replace(PLACE, () => front(presets)),
    { ...told, title: FRONT.title, description: FRONT.question },
  ),
);
write('p/front.png', await card(FRONT, ''));
const pages = ['', 'how.html', 'words.html', ...presets.map(({ id }) => `p/${id}.html`)];
write('robots.txt', robots(address));
if (address !== null) write('sitemap.xml', siteMap(pages, address));
else {
  console.log(
    'Without --address (npm run build -- --address https://HOST/PATH/) there is no sitemap.xml, no oEmbed, and no ' +
      'picture in the boxes that others draw for links: these name the site in full.',
  );
}
