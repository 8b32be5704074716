// Words of the glossary: the data, the words in the texts of the page, their cards, the page of all of them.

import { readFileSync } from 'node:fs';

import { createFinder } from '../../www/js/session/glossary.js';
import { expect, open, test } from './harness.js';
import { LIMIT, drawer, field, headline, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** @type {{ groups: { id: string }[], terms: import('../../www/js/session/glossary.js').Term[] }} */
const glossary = JSON.parse(readFileSync(new URL('../../www/glossary.json', import.meta.url), 'utf8'));

/**
 * The first door of a word in view.
 * @param {Page} page
 * @param {string} id
 */
const door = (page, id) => page.locator(`main .term[data-term="${id}"]:visible`).first();

/** @param {Page} page */
const card = (page) => page.getByRole('dialog');

/**
 * A scenario with its words marked.
 * @param {Page} page
 * @param {string} url
 */
async function opened(page, url) {
  await open(page, url);
  await expect(page.locator('.lead .term').first()).toBeVisible();
  // The figures of the drawers are made a little later, and their words.
  await page.waitForTimeout(800);
}

test.describe('the data', () => {
  test('every term is whole, and ids and forms are its own', () => {
    const { groups, terms } = glossary;
    expect(terms.length).toBeGreaterThanOrEqual(60);
    expect(new Set(terms.map(({ id }) => id)).size).toBe(terms.length);
    for (const { id, group, short, long, sentence } of terms) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(groups.map((one) => one.id)).toContain(group);
      expect(short.length * long.length, id).toBeGreaterThan(0);
      expect(sentence, id).toMatch(/^[A-Z][^—]*\.$/);
    }
    const forms = terms.flatMap((term) => term.forms.map((form) => form.toLowerCase()));
    expect(forms.filter((form, k) => forms.indexOf(form) !== k)).toEqual([]);
  });

  test('every form is found as a whole, as its own term, also at the head of a sentence', () => {
    const find = createFinder(glossary.terms);
    for (const { id, forms } of glossary.terms) {
      for (const form of forms) {
        expect(find(`of ${form}, and`), form).toEqual([{ from: 3, to: 3 + form.length, id }]);
        const first = `${form[0]?.toUpperCase()}${form.slice(1)}`;
        expect(find(first), first).toEqual([{ from: 0, to: form.length, id }]);
      }
    }
  });

  test('names and parts of words are no terms', () => {
    const find = createFinder(glossary.terms);
    for (const text of ['BSP2', 'isolated', 'feeders_2', 'parent', 'ruled', 'coned', 'adaptive'])
      expect(find(text), text).toEqual([]);
    expect(find('neither BSP2 nor a BSP').map(({ from }) => from)).toEqual([19]);
    // The longest form counts.
    expect(find('distribution factors').map(({ id }) => id)).toEqual(['distribution-factor']);
  });
});

test('a word opens its card in place and closes by Escape, by a press elsewhere and by its button', async ({
  page,
  url,
}) => {
  await opened(page, `${url}#p=zuo-4node`);
  const word = door(page, 'der');
  await word.click();
  await expect(card(page)).toHaveAccessibleName(/distributed energy resource/);
  await expect(card(page)).toContainText('positive when it injects');
  await expect(card(page).locator('math')).toBeVisible();
  await expect(card(page).getByRole('link', { name: 'All words' })).toHaveAttribute('href', 'words.html#der');
  const [at, below] = [await word.boundingBox(), await card(page).boundingBox()];
  expect(Math.abs((below?.y ?? 0) - (at?.y ?? 0) - (at?.height ?? 0))).toBeLessThan(20);
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await expect(word).toBeFocused();

  await word.click();
  // One at a time.
  await door(page, 'aggregator').click();
  await expect(card(page)).toHaveCount(1);
  await expect(card(page)).toHaveAccessibleName(/aggregator/);
  await page.mouse.click(5, 300);
  await expect(card(page)).toHaveCount(0);
  await word.click();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(card(page)).toHaveCount(0);
  await word.click();
  await word.click();
  await expect(card(page)).toHaveCount(0);
});

test('a word is marked once in a block, and not where something is pressed, typed or drawn', async ({ page, url }) => {
  await opened(page, `${url}#p=zuo-4node`);
  const faults = await page.evaluate(() => {
    const inside = document.querySelectorAll(
      ':is(button, a, select, textarea, summary, code, svg, td) .term, .hidden-text .term',
    );
    const lead = [...document.querySelectorAll('.lead .term')].map((term) => term.getAttribute('data-term'));
    return [inside.length, lead.length - new Set(lead).size];
  });
  expect(faults).toEqual([0, 0]);
  expect(await page.locator('.figure .term').count()).toBeGreaterThan(0);
  expect(await page.locator('label .term').count()).toBeGreaterThan(0);
  // A press on the word in a label is no press on its input.
  await opened(page, `${url}#p=wang-day`);
  await page.locator('.levers label .term').first().click();
  await expect(card(page)).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('term-card');
});

test('by keyboard: one stop for all words, arrows between them, Enter, and Tab goes on from the word', async ({
  page,
  url,
}) => {
  await opened(page, `${url}#p=zuo-4node`);
  await expect(page.locator('.term[tabindex="0"]')).toHaveCount(1);
  const stop = page.locator('.term[tabindex="0"]');
  await stop.focus();
  const first = await stop.getAttribute('data-term');
  await page.keyboard.press('ArrowRight');
  await expect(stop).toHaveCount(1);
  await expect(stop).toBeFocused();
  expect(await stop.getAttribute('data-term')).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(card(page)).toBeFocused();
  await expect(stop).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(stop).toBeFocused();
  await expect(stop).not.toHaveAttribute('aria-expanded');
  await page.keyboard.press('Enter');
  for (let k = 0; k < 4; k += 1) await page.keyboard.press('Tab');
  await expect(card(page)).toHaveCount(0);
  const after = await page.evaluate(() => document.activeElement?.closest('main, .top') !== null);
  expect(after).toBe(true);
});

test('a changed answer has its words again, and still one stop', async ({ page, url }) => {
  await opened(page, `${url}#p=zuo-4node`);
  await expect(page.locator('.answer .term').first()).toBeVisible();
  const before = await headline(page).textContent();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(before ?? '');
  await expect(page.locator('.answer .term').first()).toBeVisible();
  await expect(page.locator('.term[tabindex="0"]')).toHaveCount(1);
});

test('marking words moves nothing', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const lines = () =>
    page.locator('.lead p, .answer p, .levers label').evaluateAll((all) =>
      all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join();
      }),
    );
  await expect(page.locator('.lead .term').first()).toBeVisible();
  await page.waitForTimeout(800);
  const marked = await lines();
  await page.evaluate(() => {
    for (const term of document.querySelectorAll('.term')) term.replaceWith(term.textContent ?? '');
  });
  expect(await lines()).toEqual(marked);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a tap opens the card within the window, light and dark, and axe has nothing to say', async ({ page, url }) => {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme });
      await page.goto('about:blank');
      await opened(page, `${url}#p=zuo-4node`);
      await door(page, 'der').tap();
      const box = await card(page).boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(
        await page.evaluate(() => document.body.clientWidth),
      );
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.touchscreen.tap(200, 830);
      await expect(card(page)).toHaveCount(0);
    }
  });
});

test('the drawer lists the words of the view as controls of their own', async ({ page, url }) => {
  await opened(page, `${url}#p=zuo-4node`);
  await drawer(page, 'words').click();
  const entry = page.locator('.words-here [data-word="distribution-factor"]');
  await entry.locator('summary').click();
  await expect(entry).toContainText('not a shift factor');
  await expect(entry.getByRole('link', { name: 'Equation' })).toHaveAttribute('href', 'how.html#eq-zuo2022-1');
  expect(await violations(page)).toEqual([]);
  // Words of other scenarios are not among them.
  await expect(page.locator('.words-here [data-word="nash-bargain"]')).toHaveCount(0);
});

test('all words stand on a page, are searched and have an address each', async ({ page, url }) => {
  for (const [colorScheme, width] of /** @type {const} */ ([
    ['light', 1440],
    ['dark', 360],
  ])) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto('about:blank');
    await page.goto(`${url}words.html#ads`);
    await expect(page.locator('#ads')).toBeInViewport();
    await expect(page.locator('.word')).toHaveCount(glossary.terms.length);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Find a word').fill('shift factor');
    await expect(page.locator('#ptdf')).toBeVisible();
    await expect(page.locator('#ads')).toBeHidden();
    await page.getByLabel('Find a word').fill('no such word');
    await expect(page.getByRole('status')).toHaveText('No word holds this.');
  }
  await page.goto('about:blank');
  await open(page, url);
  await expect(page.getByRole('link', { name: 'Words', exact: true }).first()).toHaveAttribute('href', 'words.html');
});

test('symbols have their index below the line, in drawings and in texts', async ({ page, url }) => {
  await opened(page, `${url}#p=zuo-4node`);
  // Axes of the region have words; the exchange of the two prices keeps the symbols of the paper.
  await drawer(page, 'stability').click();
  const figure = page.locator('[data-chart="cobweb"]');
  await expect(figure.locator('.picture text tspan', { hasText: /^A$/ }).first()).toBeVisible();
  await figure.locator('details.data summary').click();
  await expect(figure.locator('th sub', { hasText: /^A$/ }).first()).toBeVisible();
  await drawer(page, 'region').click();
  await expect(page.locator('[data-chart="region"] .picture svg')).toBeVisible();
  const left = await page.evaluate(() => {
    for (const tex of document.querySelectorAll('annotation')) tex.remove();
    return document.querySelector('#app')?.textContent?.match(/P_[al]/g) ?? [];
  });
  expect(left).toEqual([]);
});
