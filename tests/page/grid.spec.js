// The map of a grid of more buses than a one-line diagram holds.

import { expect, test } from './harness.js';
import { bring } from './ladder.js';
import { overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

const map = (/** @type {Page} */ page) => page.locator('.grid-map');
const reading = (/** @type {Page} */ page) => page.locator('.network-reading');
const look = async (/** @type {Page} */ page, /** @type {string} */ name) => {
  await page.getByLabel('Find a bus, line or unit').fill(name);
  await page.keyboard.press('Enter');
};

test('a bus is found, read and explained, by keys alone', async ({ page, url }) => {
  await bring(page, url, 80);
  await look(page, '80');
  await expect(reading(page)).toContainText('Bus 80: price 30\u00a0$/MWh');
  await map(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.why-card h2')).toHaveText('Why 30\u00a0$/MWh?');
  await page.keyboard.press('Escape');
  await expect(map(page)).toBeFocused();
  // From the end of a rail there is no way but back.
  await page.keyboard.press('ArrowLeft');
  const left = await reading(page).textContent();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect([left, await reading(page).textContent()].some((text) => /price 10\s/.test(text ?? ''))).toBe(true);
  await look(page, '79-80');
  await expect(reading(page)).toContainText('Line 79-80: 5\u00a0MW from 79 to 80, 100\u00a0% of its limit');
  await look(page, 'nowhere');
  await expect(page.locator('.grid-finder [role="status"]')).toHaveText('There is no bus, line or unit nowhere.');
});

test('the map zooms by buttons and keys, is dragged, and comes back to the whole', async ({ page, url }) => {
  await bring(page, url, 80);
  const picture = () =>
    map(page)
      .locator('canvas')
      .evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  await expect.poll(async () => (await picture()).length).toBeGreaterThan(5000);
  // Two pictures alike: the layout has come to rest.
  let whole = await picture();
  await expect
    .poll(async () => {
      const before = whole;
      whole = await picture();
      return whole === before;
    })
    .toBe(true);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(map(page)).toHaveClass(/is-near/);
  const near = await picture();
  expect(near).not.toBe(whole);
  const box = await map(page).boundingBox();
  if (box === null) throw new Error('the map has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2 + 30, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(box.x + 2, box.y + 2);
  await expect.poll(picture).not.toBe(near);
  await map(page).focus();
  await page.keyboard.press('0');
  await expect(map(page)).not.toHaveClass(/is-near/);
  await expect.poll(picture).toBe(whole);
});

test('the map gets narrower with the window', async ({ page, url }) => {
  await bring(page, url, 80);
  await page.setViewportSize({ width: 800, height: 900 });
  await expect.poll(() => overflow(page)).toBeLessThanOrEqual(0);
});

test('a press on the picture asks why, and a second one closes', async ({ page, url }) => {
  await bring(page, url, 80);
  await look(page, '80');
  const box = await map(page).boundingBox();
  if (box === null) throw new Error('the map has no place');
  // What was found stands in the middle.
  const middle = { position: { x: box.width / 2, y: box.height / 2 } };
  await map(page).click(middle);
  await expect(page.locator('.why-card .why-place')).toHaveText('bus 80');
  await map(page).click(middle);
  await expect(page.locator('.why-card')).toHaveCount(0);
});

test('a table of hundreds of rows is made as it comes into sight, and looked through', async ({ page, url }) => {
  await bring(page, url, 700);
  await page.locator('.network summary', { hasText: 'Table' }).click();
  const rows = page.locator('[data-table="network-buses"] tbody tr[aria-rowindex]');
  await expect(rows.first()).toBeVisible();
  expect(await rows.count()).toBeLessThan(60);
  const block = page.locator('.table-block', { has: page.locator('[data-table="network-buses"]') });
  await block.locator('.scroll').evaluate((scroll) => scroll.scrollTo(0, scroll.scrollHeight));
  await expect(rows.last()).toContainText('bus 700');
  await block.getByLabel('Rows with').fill('bus 699');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('bus 699');
  await expect(rows.first().getByRole('button', { name: 'Why: bus 699' })).toBeVisible();
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ['light', 1440],
  ['dark', 390],
]))
  test(`the map fits and axe finds nothing, ${colorScheme}, ${width} px`, async ({ page, url }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await bring(page, url, 80);
    await look(page, '80');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });

test('in German no word of the map stays English', async ({ page, url }) => {
  await bring(page, url, 80, '?lang=de');
  await expect(page.locator('.grid-finder')).toContainText('Knoten, Leitung oder Einheit suchen');
  await expect(page.getByRole('button', { name: 'Vergrößern' })).toBeVisible();
  await expect(page.locator('.network-legend').first()).not.toContainText(/\b(the|bus|generation)\b/i);
});
