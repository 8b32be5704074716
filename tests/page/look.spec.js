// The grid of a scenario in other markets.

import { expect, open, test } from './harness.js';

test('a grid is looked at as coordination schemes and compared without another click, and the browser leads back', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=zuo-30bus-optimal`);
  await page.locator('[data-drawer="look"]').click();
  const way = page.getByRole('button', { name: 'TSO-DSO coordination schemes', exact: true });
  await expect(page.locator('.looks')).toContainText('Feeder BW33 with 33 buses hangs on bus');
  await way.click();
  await expect(page.locator('h1')).toContainText('TSO-DSO coordination schemes', { timeout: 30_000 });
  await page.locator('.board').scrollIntoViewIfNeeded();
  await expect(page.locator('.board [data-chart="scheme_costs"] .picture svg')).toBeVisible({ timeout: 30_000 });
  await page.goBack();
  await expect(page.locator('h1')).not.toContainText('coordination schemes');
});

test('radial parts of a grid are chosen as distribution', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-30bus-optimal`);
  await page.locator('[data-drawer="look"]').click();
  const way = page.locator('.look', { hasText: 'of its radial parts' });
  const choose = way.getByRole('button', { name: 'TSO-DSO coordination schemes of its radial parts' });
  const part = way.getByRole('checkbox', { name: /Behind line 25-26 at bus 25/ });
  await expect(part).toBeChecked();
  await part.uncheck();
  await choose.click();
  await expect(page.locator('.panel [role="status"]', { hasText: 'Tick a part' })).toBeVisible();
  await part.check();
  await choose.click();
  await expect(page.locator('h1')).toContainText('of its radial parts', { timeout: 30_000 });
  await page.goBack();
  await expect(page.locator('h1')).not.toContainText('coordination schemes');
});
