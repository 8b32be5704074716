// The page in another language: what a sentence is known by, and how German reads.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Catalogue } from '../../www/js/language/catalogue.js';
import { sentences, shapeOf } from '../../www/js/language/shape.js';
import { root } from '../../scripts/setup.js';
import { expect, open, test } from './harness.js';
import { LIMIT, drawer, field, hashHolds, headline } from './page.js';

/** @param {string} name @returns {Record<string, string>} */
const catalogueOf = (name) => JSON.parse(readFileSync(path.join(root, `www/languages/${name}.json`), 'utf8'));
const GERMAN = catalogueOf('de');

test('a sentence is known by its words; numbers, names and their lists are holes', () => {
  expect(shapeOf('G1 and G2 sell 0.5\u00a0MW in hours 19 and 20.')).toEqual({
    key: '{} sell {} in hours {}.',
    holes: ['G1 and G2', '0.5\u00a0MW', '19 and 20'],
  });
  // A comma between two amounts parts clauses; the article is no name.
  expect(shapeOf('A MW of D26 costs −8901 $, 0.39 $ more').key).toBe('A MW of {} costs {}, {} more');
  expect(shapeOf('bus A, B and C of the 33-bus feeder').key).toBe('bus {} of the 33-bus feeder');
  expect(sentences('At 0.9 p.u. it holds. 5 lines are full. Fig. 3 says so.')).toEqual([
    'At 0.9 p.u. it holds. ',
    '5 lines are full. ',
    'Fig. 3 says so.',
  ]);
});

test('numbers are written as the language does, holes change their places, what is unknown stays', () => {
  const catalogue = new Catalogue(
    {
      '{} pays {} to {}': '{3} erhält {2} von {1}',
      'line {}': 'Leitung {}',
      'in hours {}': 'in den Stunden {}',
      'reset {text} to {text}': '{text} auf {text} zurücksetzen',
      'the price': 'der Preis',
    },
    'de',
  );
  expect(catalogue.say('G1 pays 1,200.5 $ to T.')).toBe('T erhält 1.200,5 $ von G1.');
  expect(catalogue.say(' Line 2-3 · in hours 19 and 20')).toBe(' Leitung 2-3 · in den Stunden 19 und 20');
  expect(catalogue.say('Reset the price to 2.5')).toBe('Der Preis auf 2,5 zurücksetzen');
  expect(catalogue.say('0.25')).toBe('0,25');
  // The digits of a name are no number.
  expect(catalogue.say('line BW33.6')).toBe('Leitung BW33.6');
  expect(catalogue.say('0.1.0')).toBe('0.1.0');
  expect(catalogue.say('Line 2-3. Something else, 0.5 MW.')).toBe('Leitung 2-3. Something else, 0.5 MW.');
  expect([...catalogue.missing]).toEqual(['something else, {}']);
});

test('every translation has the holes of its sentence', () => {
  const count = (/** @type {string} */ text, /** @type {RegExp} */ hole) => [...text.matchAll(hole)].length;
  const wrong = [];
  for (const [key, template] of [...Object.entries(GERMAN), ...Object.entries(catalogueOf('de-how'))]) {
    const holes = count(key, /\{\}/g);
    const numbers = [...template.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number));
    const right =
      numbers.length === 0
        ? count(template, /\{\}/g) === holes
        : count(template, /\{\}/g) === 0 && new Set(numbers).size === holes && Math.max(...numbers) === holes;
    const texts = count(template, /\{text\}/g) === count(key, /\{text\}/g);
    if (!right || !texts || template.trim() === '') wrong.push(`${key} → ${template}`);
  }
  expect(wrong).toEqual([]);
});

test('German: the answer, its numbers, the words of the field, and back', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.getByRole('button', { name: 'DE', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(headline(page)).toContainText('Leitung 2-3');
  await expect(page.locator('main')).not.toContainText('The line');
  // What is typed is read as before, what is said follows.
  await field(page, LIMIT).fill('9,5');
  await hashHolds(page, /case\.branches\.2-3\.max_p_mw=9\.5/);
  await expect(headline(page)).toContainText('0,5');
  await drawer(page, 'prices').click();
  await expect(page.locator('.term').first()).toBeVisible();
  await page.locator('.term').first().click();
  await expect(page.locator('.term-card')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(headline(page)).toContainText('0.5 times');
});

test('German: the pages of text, with the button of the language, at the address that was asked for', async ({
  page,
  url,
}) => {
  await page.goto(`${url}how.html#locational-marginal-price`);
  await page.getByRole('button', { name: 'DE', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { name: 'Knotenpreis', exact: true })).toBeInViewport();
  // A sentence goes through its formulas, whose words and numbers are German, too.
  const share = page.locator('#eq-zuo2022-1 + p');
  await expect(share).toHaveText(/^Der Anteil der Erzeugung des Aggregators .+, der an Knoten .+ erwartet wird:$/s);
  await expect(share.locator('math')).toHaveCount(2);
  await expect(page.locator('mtext', { hasText: 'u. d. N.' }).first()).toBeAttached();
  await expect(page.locator('mn', { hasText: '0,3' }).first()).toBeAttached();
  await expect(page.locator('code', { hasText: 'network::Network::flows_mw' }).first()).toBeVisible();

  // The language of an address goes along, and no further than that.
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${url}words.html?lang=de`);
  await page.locator('#word-search').fill('engpassrente');
  await expect(page.locator('#rent')).toBeVisible();
  await expect(page.locator('#ads')).toBeHidden();
  await page.getByRole('link', { name: 'Wie gerechnet wird' }).click();
  await expect(page.locator('h1')).toHaveText('Wie gerechnet wird');
  await page.goto(`${url}words.html`);
  await expect(page.locator('h1')).toHaveText('Words');
  expect(await page.locator('body').innerText()).not.toContain('&');
});

test('English asks for no catalogue', async ({ page, url }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const name of ['how.html', 'words.html']) await page.goto(`${url}${name}`, { waitUntil: 'networkidle' });
  await open(page, url);
  expect(asked.filter((one) => one.includes('/languages/'))).toEqual([]);
});

test('German: presets are found by German words, whole or in a longer one, and by English ones', async ({
  page,
  url,
}) => {
  await open(page, `${url}?lang=de`);
  const search = page.getByRole('searchbox');
  for (const [query, id] of [
    ['Schwingung', 'zuo-4node'],
    ['Netzengpass', 'triangle'],
    ['Schattenpreis', 'triangle'],
    ['negativer Preis', 'lind-5bus'],
    ['Wärmepumpe', 'theisen-thermal'],
    ['Speicher', 'wang-storage'],
    ['Gleichgewicht', 'khojasteh-k33'],
    ['wie wird der Blindleistung', 'baran-wu-33-flow'],
    ['negative price', 'lind-5bus'],
  ]) {
    await search.fill(query ?? '');
    await expect(page.locator(`.hits a[href="#p=${id}"]`), query).toBeVisible();
  }
  await search.fill('');
  await page.locator('.examples button').first().click();
  await expect(search).toHaveValue('negativer Preis');
  await expect(page.locator('.hits a').first()).toHaveAttribute('href', '#p=lind-5bus');
});

test('what is not found is said in both languages', async ({ page, url, complaints }) => {
  await page.goto(`${url}404.html`);
  await expect(page.locator('h1')).toHaveText('There is no such page here.');
  await expect(page.locator('[lang="de"] h2')).toHaveText('Diese Seite gibt es hier nicht.');
  expect(complaints).toEqual([]);
});

test('a file is saved in another language, too', async ({ page, url }) => {
  await open(page, `${url}?lang=de#p=triangle`);
  await page.locator('.share-button').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /als Datei/ }).click(),
  ]);
  expect(await download.failure()).toBeNull();
});
