// Communities on the page: the clearing follows the time cursor, a user's own series come in, limits of the feeder.

import { expect, open, test } from './harness.js';
import { allInputs, bring, drawing, field, hashHolds, headline, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

/** @param {Page} page */
const scrubber = (page) => page.locator('.scrubber').first();

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const [name, width] of /** @type {const} */ ([
  ['desktop', 1440],
  ['phone', 390],
])) {
  test(`five days of communities read well, ${name}`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${url}#p=theisen-week`);
    await expect(headline(page)).toContainText('together 7915 $ instead of 8662 $ with idle batteries');
    for (const badge of ['no other way to buy costs less', 'payments sum to zero']) {
      await expect(page.locator('.badge').filter({ hasText: badge })).toBeVisible();
    }
    for (const chart of ['clearing', 'soc', 'net_load', 'prices', 'costs', 'costs_by_community']) {
      await expect(page.locator(`[data-chart="${chart}"]`)).toHaveCount(1);
    }
    await bring(page, 'prices');
    await expect(page.locator('[data-chart="prices"] .picture svg')).toContainText('day 3');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}

test('the clearing follows the time cursor, and a link leads back to it', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-week`);
  await bring(page, 'clearing');
  await expect(page.locator('.clock').first()).toContainText('interval 1234/1440 · day 5, 06:45');
  await expect(
    page.locator('.badge').filter({ hasText: 'interval 1234 as cleared: the communities serve each other' }),
  ).toBeVisible();
  const before = await drawing(page, 'clearing');
  await scrubber(page).fill('100');
  await expect(page.locator('.badge').filter({ hasText: 'interval 100' })).toBeVisible();
  await expect(page.locator('.clock').first()).toContainText('interval 100/1440 · day 1, 08:15');
  await expect.poll(() => drawing(page, 'clearing')).not.toBe(before);
  await hashHolds(page, /view.step=100/);
  // Looking elsewhere is nothing to undo; a change of an input is.
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  const paid = await headline(page).innerText();
  await field(page, 'mechanism.sensitivity').fill('2');
  await expect(headline(page)).not.toHaveText(paid);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(headline(page)).toHaveText(paid);
  await expect(page.locator('.clock').first()).toContainText('interval 100/1440');
});

test("a user's own series stand in for those of a community", async ({ page, url }) => {
  await open(page, `${url}#p=theisen-week`);
  const before = await headline(page).innerText();
  await allInputs(page);
  const section = page.locator('details.import');
  await section.locator('summary').click();
  await section.getByLabel('Community').selectOption('D2');
  const rows = Array.from(
    { length: 96 },
    (_, k) =>
      `2024-06-01T${String(Math.floor(k / 4)).padStart(2, '0')}:${String((k % 4) * 15).padStart(2, '0')},${k === 40 ? '' : 200 + k}`,
  );
  await section.locator('input[type="file"]').setInputFiles({
    name: 'mine.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['time,load_kw', ...rows].join('\n')),
  });
  await expect(section.locator('.import-notes')).toContainText('mine.csv stands in for the series of D2');
  await expect(section.locator('.import-notes')).toContainText('42');
  await expect(headline(page)).not.toHaveText(before);
  await expect(page.locator('.clock').first()).toContainText('/288');
  await section.locator('input[type="file"]').setInputFiles({
    name: 'bad.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('time,load_kw\n2024-06-01T00:00,many\n2024-06-01T00:05,2'),
  });
  await expect(section.locator('.import-notes')).toContainText('line 2');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(headline(page)).toHaveText(before);
});

test('limits of the feeder part the prices of communities', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-feeder-limit`);
  await expect(
    page.locator('.badge').filter({ hasText: 'interval 1310 as cleared: a limit of the feeder is reached' }),
  ).toBeVisible();
  await open(page, `${url}#p=theisen-interval`);
  await expect(headline(page)).toContainText('No: D1 sends 365 kW to the two others at 10.5 ¢/kWh');
  await open(page, `${url}#p=theisen-thread`);
  await expect(headline(page)).toContainText('from 11.4 ¢/kWh to 10.4 ¢/kWh (104 $/MWh at the ISO)');
});

// 10.4 ¢/kWh are 0.104 $/kWh: what is typed is read in the unit beside the box, the link has that of the document.
test('an input is read in the unit of the case, and the link keeps its own', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-interval`);
  const price = field(page, 'mechanism.given.lse_usd_per_kwh');
  await expect(price).toHaveValue('11.42');
  await price.fill('10.4');
  await hashHolds(page, /mechanism\.given\.lse_usd_per_kwh=0\.104(&|$)/);
  await expect(headline(page)).toContainText('at 10.4 ¢/kWh');
  await expect(price).toHaveValue('10.4');
  const row = page.locator('.field').filter({ has: price }).first();
  await expect(row.locator('.unit')).toHaveText('¢/kWh');
  await row.getByRole('button', { name: 'to 11.42 ¢/kWh' }).click();
  await expect(price).toHaveValue('11.42');
});

test('the network of a case of communities is in kW', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-week`);
  const network = page.locator('.network').first();
  await expect(network).toContainText('kW');
  await expect(network).not.toContainText(/\d\sMW/);
  const line = network.locator('[data-item="branch:F/F4-F5"]').first();
  await expect(line).toHaveAttribute('aria-label', /\d\skW from F\d to F\d/);
});
