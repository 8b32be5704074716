// Tables of thousands of rows: those in sight are made, the others are reached all the same.

import { fileURLToPath } from 'node:url';

import { serve } from '../../scripts/serve.js';
import { expect, test } from './harness.js';
import { bring } from './ladder.js';
import { allInputs, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

const COUNT = 700;
/** Loads are at all buses, as the ladder has them. */
const section = (/** @type {Page} */ page, /** @type {string} */ title) =>
  page.locator(`.drawer details[data-title="${title}"]`);
const rowsOf = (/** @type {import('@playwright/test').Locator} */ part) => part.locator('tbody tr[aria-rowindex]');
const load = (/** @type {Page} */ page, /** @type {number} */ bus) =>
  section(page, 'Loads').locator(`[data-path="case.loads.L${bus}.p_mw"]`);

/** Opens the loads of a ladder. @param {Page} page @param {string} url @param {string} [query] */
async function loads(page, url, query) {
  await bring(page, url, COUNT, query);
  await allInputs(page);
  await section(page, 'Loads').locator('summary').click();
  await expect(load(page, 1)).toBeVisible();
}

test('inputs of hundreds of rows are made when they are opened, those in sight', async ({ page, url }) => {
  await bring(page, url, COUNT);
  for (const title of ['Loads', 'Lines']) await expect(section(page, title).locator('input')).toHaveCount(0);
  await allInputs(page);
  await section(page, 'Loads').locator('summary').click();
  const rows = rowsOf(section(page, 'Loads'));
  await expect(load(page, 1)).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
  await expect(section(page, 'Loads').locator('table')).toHaveAttribute('aria-rowcount', String(COUNT + 1));
  await section(page, 'Loads')
    .locator('.scroll')
    .evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
  await expect(load(page, COUNT)).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
  await expect(load(page, 1)).toHaveCount(0);
  await expect(section(page, 'Lines').locator('input')).toHaveCount(0);
});

test('Enter goes on through rows that are not made yet, and back', async ({ page, url }) => {
  await loads(page, url);
  await load(page, 1).focus();
  for (let k = 0; k < 70; k += 1) await page.keyboard.press('Enter');
  await expect(load(page, 71)).toBeFocused();
  await expect(load(page, 71)).toBeInViewport();
  for (let k = 0; k < 70; k += 1) await page.keyboard.press('Shift+Enter');
  await expect(load(page, 1)).toBeFocused();
  await expect(load(page, 1)).toBeInViewport();
});

test('a row keeps the focus and what is refused while others are looked at', async ({ page, url }) => {
  await loads(page, url);
  const scroll = section(page, 'Loads').locator('.scroll');
  await load(page, 3).fill('x');
  await expect(section(page, 'Loads').locator('.field-message')).toContainText('L3');
  await load(page, 5).focus();
  await scroll.evaluate((element) => element.scrollTo(0, 9000));
  await expect(load(page, 320)).toHaveCount(1);
  await expect(load(page, 5)).toBeFocused();
  await expect(load(page, 3)).toHaveValue('x');
  await page.keyboard.press('Enter');
  await expect(load(page, 6)).toBeFocused();
  await expect(load(page, 6)).toBeInViewport();
});

test('rows sort by their values, all of them, and go back', async ({ page, url }) => {
  await loads(page, url);
  const head = section(page, 'Loads').locator('thead th').nth(1);
  await head.getByRole('button').click();
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  const first = section(page, 'Loads').locator('tbody input').first();
  // 40 MW at the last bus, 1 at all others.
  await expect(first).toHaveAttribute('data-path', `case.loads.L${COUNT}.p_mw`);
  await expect(section(page, 'Loads').locator('tbody input').nth(1)).toHaveValue('1');
  await head.getByRole('button').click();
  await expect(first).toHaveAttribute('data-path', 'case.loads.L1.p_mw');
});

test('a block is pasted over rows that are not made, as one change', async ({ page, url }) => {
  await loads(page, url);
  await load(page, 1).evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', Array(100).fill('1.5').join('\n'));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(section(page, 'Loads').locator('.changed-count')).toHaveText('100 changed', { timeout: 30_000 });
  await section(page, 'Loads')
    .locator('.scroll')
    .evaluate((element) => element.scrollTo(0, 90 * 30));
  await expect(load(page, 100)).toHaveValue('1.5');
  await expect(load(page, 101)).toHaveValue('1');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(section(page, 'Loads').locator('.changed-count')).toHaveText('', { timeout: 30_000 });
  await expect(load(page, 100)).toHaveValue('1');
});

test('an input is found by its name in a section that was not opened', async ({ page, url }) => {
  await bring(page, url, COUNT);
  await allInputs(page);
  await page.getByLabel('Find an input').fill('L650');
  await expect(load(page, 650)).toBeVisible();
  await expect(rowsOf(section(page, 'Loads'))).toHaveCount(1);
  await expect(section(page, 'Lines')).toBeHidden();
  await page.getByLabel('Find an input').fill('');
  await expect(section(page, 'Lines')).toBeVisible();
  expect(await rowsOf(section(page, 'Loads')).count()).toBeGreaterThan(10);
});

test('what is selected is marked in rows as they come into sight', async ({ page, url }) => {
  await loads(page, url);
  await rowsOf(section(page, 'Loads')).nth(1).locator('th').click();
  const marked = section(page, 'Loads').locator('tr.is-selected th');
  await expect(marked).toContainText('L2');
  const scroll = section(page, 'Loads').locator('.scroll');
  await scroll.evaluate((element) => element.scrollTo(0, 9000));
  await expect(marked).toHaveCount(0);
  await scroll.evaluate((element) => element.scrollTo(0, 0));
  await expect(marked).toContainText('L2');
});

test('axe finds nothing in a long table of inputs, and German says all of it', async ({ page, url }) => {
  await loads(page, url, '?lang=de');
  expect(await violations(page)).toEqual([]);
  await expect(rowsOf(section(page, 'Loads')).first().locator('th')).not.toContainText(' at bus ');
});

/** A table of results that was made up, with the page's own code. @param {Page} page @param {boolean} by_clock */
async function madeUp(page, by_clock) {
  const site = await serve({ root: fileURLToPath(new URL('../../www', import.meta.url)) });
  await page.goto(`${site.url}404.html`);
  const took = await page.evaluate(async (clock) => {
    const { createTable, markStep } = await import(/** @type {string} */ ('/js/charts/datatable.js'));
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/css/tables.css' });
    const loaded = new Promise((resolve) => sheet.addEventListener('load', resolve));
    document.head.append(sheet);
    await loaded;
    const rows = Array.from({ length: 50_000 }, (_, k) => [`row ${k + 1}`, k * 0.25, -k, null, 'word']);
    const columns = ['Name', 'A', 'B', 'C', 'D'].map((name) => ({ name, unit: name === 'A' ? 'MW' : '' }));
    const start = performance.now();
    const block = createTable({ id: 'made-up', title: 'Made up', columns, rows, by_clock: clock });
    document.body.replaceChildren(block);
    block.addEventListener('rows', () => markStep(block, 40_000, () => undefined));
    return performance.now() - start;
  }, by_clock);
  return { took, close: () => site.close() };
}

test('a table of 50,000 rows opens at once, and its last row is one move away', async ({ page }) => {
  const { took, close } = await madeUp(page, false);
  // Making all rows took 30 times as long.
  expect(took).toBeLessThan(3000);
  const rows = rowsOf(page.locator('.table-block'));
  await expect(rows.first()).toContainText('row 1');
  expect(await rows.count()).toBeLessThan(60);
  await page.locator('.scroll').evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
  await expect(rows.last()).toContainText('row 50000');
  await expect(rows.last()).toBeInViewport();
  await expect(rows.last()).toHaveAttribute('aria-rowindex', '50001');
  await page.getByLabel('Rows with').fill('row 4999');
  await expect(page.getByRole('status')).toHaveText('11 of 50000 rows');
  await expect(rows).toHaveCount(11);
  await page.getByLabel('Rows with').fill('row 49990');
  await expect(rows).toHaveText([/row 49990/]);
  await page.getByLabel('Rows with').fill('');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.on-paper')).toHaveText(/^On paper: rows 1 to \d+ of 50000\.$/);
  await close();
});

test('columns keep their width while the rows go by', async ({ page }) => {
  const { close } = await madeUp(page, false);
  const widths = () => page.locator('thead th').evaluateAll((heads) => heads.map((head) => head.clientWidth));
  const first = await widths();
  await page.locator('.scroll').evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
  await expect(rowsOf(page.locator('.table-block')).last()).toContainText('row 50000');
  expect(await widths()).toEqual(first);
  await close();
});

test('the step of the clock is marked in a row as it comes into sight', async ({ page }) => {
  const { close } = await madeUp(page, true);
  await expect(page.locator('tr.is-now')).toHaveCount(0);
  const height = await rowsOf(page.locator('.table-block'))
    .first()
    .evaluate((row) => row.getBoundingClientRect().height);
  await page.locator('.scroll').evaluate((scroll, top) => scroll.scrollTo(0, top), 40_000 * height);
  await expect(page.locator('tr.is-now')).toContainText('row 40001');
  await close();
});
