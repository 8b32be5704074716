// Who can use it, and on what: keyboard alone, a phone, a zoomed page, a screen reader's rules, paper.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { dist, expect, firstResult, open, test } from './harness.js';
import { LIMIT, clashes, field, hashHolds, headline, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/**
 * Presses Tab until an element has the focus.
 * @param {Page} page
 * @param {string} selector
 */
async function tabTo(page, selector) {
  for (let k = 0; k < 120; k += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

test('keyboard alone, from the gallery to a shared link', async ({ page, url }) => {
  await open(page, url);
  await tabTo(page, '.card a[href="#p=zuo-4node"]');
  await page.keyboard.press('Enter');
  await expect(headline(page)).toContainText('2-3');
  await tabTo(page, `[data-path="${LIMIT}"]`);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('10.5');
  await hashHolds(page, /10\.5/);
  await tabTo(page, '[data-chart="dispatch"] .plot');
  await page.keyboard.press('End');
  await expect(page.locator('.clock')).toHaveText('interval 6/6');
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+z');
  await expect(field(page, LIMIT)).toHaveValue('10');
  await page.keyboard.press('Control+Shift+z');
  await expect(field(page, LIMIT)).toHaveValue('10.5');
  await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.brand')).focus());
  await tabTo(page, '.share-button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(/10\.5/);
  await page.keyboard.press('Escape');
  await expect(page.locator('.share-button')).toBeFocused();
  await page.keyboard.press('Shift+?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
});

test('the skip link goes to the answer and leaves the address alone', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  expect(new URL(page.url()).hash).toBe('#p=zuo-4node');
});

for (const [colorScheme, width, height] of /** @type {const} */ ([
  ['light', 1440, 900],
  ['dark', 390, 844],
  ['light', 360, 640],
])) {
  test(`axe finds nothing in a scenario, ${colorScheme}, ${width} px`, async ({ page, url }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    for (const preset of ['zuo-4node', 'zuo-30bus']) {
      await open(page, `${url}#p=${preset}`);
      await expect(page.locator('.diagram')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      for (const button of await page.locator('[data-drawer]:visible').all()) {
        await button.click();
        await expect(button).toHaveAttribute('aria-expanded', 'true');
        expect(await overflow(page), (await button.textContent()) ?? '').toBeLessThanOrEqual(0);
        // Without the rest of the page, which is looked at before and after.
        const panel = `#${await button.getAttribute('aria-controls')}`;
        if (preset === 'zuo-4node') expect(await violations(page, {}, panel), panel).toEqual([]);
      }
      expect(await violations(page)).toEqual([]);
      await page.goto('about:blank');
    }
  });
}

test('axe finds nothing in dialogs, notices, embedded and infeasible views', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.locator('.qr svg')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Help and keys' }).click();
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await field(page, 'case.loads.L4.p_mw').fill('100');
  await expect(page.locator('.cure').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.goto(`${url}?embed=1&view=network,flow#p=zuo-4node`);
  await firstResult(page);
  expect(await violations(page)).toEqual([]);
  await page.goto('about:blank');
  await page.goto(`${url}#p=nothing`);
  await expect(page.getByRole('alert').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('on a phone the inputs stand under the figure wherever it is scrolled to', async ({ page, url }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${url}#p=zuo-4node`);
  await expect(page.locator('.diagram')).toBeInViewport();
  await expect(field(page, LIMIT)).toBeInViewport({ ratio: 1 });
  await page.locator('[data-chart="dispatch"]').scrollIntoViewIfNeeded();
  await expect(field(page, LIMIT)).toBeInViewport({ ratio: 1 });
  const said = await headline(page).textContent();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  await expect(page.locator('[data-chart="dispatch"] .plot')).toBeInViewport();
  await page.locator('.levers').getByRole('button', { name: 'All inputs' }).click();
  await expect(field(page, 'case.loads.L1.p_mw').or(page.locator('.drawer .inputs input').first())).toBeInViewport();
});

test('zoomed to 200 % nothing is lost and nothing scrolls sideways', async ({ page, url }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  for (const hash of ['', '#p=zuo-30bus']) {
    await page.goto('about:blank');
    await open(page, url + hash);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
});

for (const [width, height] of [
  [1440, 900],
  [1024, 768],
  [390, 844],
]) {
  test(`the 30-bus diagram has no overlapping labels at ${width} px`, async ({ page, url }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-30bus`);
    await expect(page.locator('.diagram .bus')).toHaveCount(30);
    await expect(page.locator('.diagram .label.is-over')).toContainText('105 %');
    expect(await clashes(page)).toEqual([]);
  });
}

test('288 intervals play and read', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-30bus&v=1&mechanism.intervals=288`);
  await expect(page.locator('.clock')).toHaveText(/\/288$/);
  await page.getByRole('button', { name: 'Last', exact: true }).click();
  await expect(page.locator('.clock')).toHaveText('interval 288/288');
  await expect(page.locator('[data-chart="dispatch"] .plot')).toHaveAttribute('aria-valuetext', /^interval 288/);
});

test('on paper: results and their numbers, no controls', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.emulateMedia({ media: 'print' });
  // What stands behind the answer comes a moment after it.
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await expect(page.locator('[data-table="published"]')).toBeVisible({ timeout: 100 });
  }).toPass();
  for (const selector of ['.inputs', '.levers', '.time-bar', '.figure .menu', '.drawer-button']) {
    for (const control of await page.locator(selector).all()) await expect(control, selector).toBeHidden();
  }
  for (const table of ['published', 'ledger-net', 'certificates']) {
    await expect(page.locator(`[data-table="${table}"]`)).toBeVisible();
  }
});

test('the theme is the system’s until chosen', async ({ page, url }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, `${url}#p=zuo-4node`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light colours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('[data-chart="dispatch"] .picture svg')).toHaveAttribute('data-dark', 'false');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('the page preloads every module its first view needs', async ({ page, url }) => {
  await page.goto(`${url}#p=zuo-4node`);
  await firstResult(page);
  // What comes when the page is idle, the store for offline use, is no part of it.
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => startTime < (performance.getEntriesByName('tandem:first-result')[0]?.startTime ?? 0))
      .map(({ name }) => new URL(name))
      .filter(({ pathname }) => pathname.includes('/js/') && !pathname.endsWith('worker.js'))
      .map(({ href }) => href.slice(document.baseURI.split('#')[0]?.length)),
  );
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:modulepreload" href|script [^>]*src)="([^"]+)"/g)].map((match) => match[1]);
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.filter((name) => !named.includes(name))).toEqual([]);
  const files = readdirSync(path.join(dist, 'js'), { recursive: true }).map((name) => `js/${name}`);
  expect(named.filter((name) => !files.includes(name ?? ''))).toEqual([]);
});
