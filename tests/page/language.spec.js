// The page in another language: what a sentence is known by, and that no word of a lab is outside the catalogue.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Catalogue } from '../../www/js/language/catalogue.js';
import { sentences, shapeOf } from '../../www/js/language/shape.js';
import { root } from '../../scripts/setup.js';
import { expect, open, test } from './harness.js';
import { LIMIT, drawer, field, hashHolds, headline } from './page.js';

/** @type {Record<string, string>} */
const GERMAN = JSON.parse(readFileSync(path.join(root, 'www/languages/de.json'), 'utf8'));

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
  for (const [key, template] of Object.entries(GERMAN)) {
    const holes = count(key, /\{\}/g);
    const numbers = [...template.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number));
    const right =
      numbers.length === 0
        ? count(template, /\{\}/g) === holes
        : count(template, /\{\}/g) === 0 && new Set(numbers).size === holes && Math.max(...numbers) === holes;
    expect(right, `${key} → ${template}`).toBe(true);
    expect(template.trim(), key).not.toBe('');
    expect(count(template, /\{text\}/g), key).toBe(count(key, /\{text\}/g));
  }
});

/** One of each mechanism. */
const LABS = ['zuo-4node', 'mezghani-s1', 'wang-table2', 'khojasteh-k33', 'theisen-interval', 'baran-wu-33-flow'];

for (const id of LABS)
  test(`no word of ${id} is outside the catalogue`, async ({ page, url }) => {
    await open(page, `${url}?lang=en-x-pseudo#p=${id}`);
    const outside = async () =>
      page.evaluate(() => {
        /** @type {string[]} */
        const found = [];
        // A word that kept a vowel without an accent, but for units of numbers and names of files and fields.
        const check = (/** @type {string} */ text) => {
          const words = text.replaceAll(/[\d.]+[ \u00a0](?:min|ms|p\.u\.|Mvar)|[\p{L}\d]*[\d_./][\p{L}\d_./-]*/gu, '');
          if (/(?<!\p{L})\p{Lu}?[a-z]*[aeiou][a-z]+(?!\p{L})/u.test(words)) found.push(text.trim());
        };
        const own = 'script, style, textarea, code, pre, math, [translate="no"], noscript';
        const walk = document.createTreeWalker(
          document.documentElement,
          NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
        );
        for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
          const element = node instanceof Element ? node : node.parentElement;
          if (element === null || element.closest(own) !== null) continue;
          if (node instanceof Text) check(node.data);
          else
            for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'])
              check(element.getAttribute(name) ?? '');
        }
        return [...new Set(found)];
      });
    const found = new Set(await outside());
    const drawers = await page.locator('[data-drawer]:visible').evaluateAll((all) => all.map((one) => one.id));
    for (const id of drawers) {
      await page.locator(`[id="${id}"]`).click();
      for (const text of await outside()) found.add(text);
    }
    expect([...found]).toEqual([]);
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
