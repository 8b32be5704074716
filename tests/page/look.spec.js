// The grid of a scenario in other markets.

import { expect, open, test } from './harness.js';

test('a grid is looked at as coordination schemes and compared in three clicks, and the browser leads back', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=zuo-30bus-optimal`);
  await page.locator('[data-drawer="look"]').click();
  const way = page.getByRole('button', { name: 'TSO-DSO coordination schemes' });
  await expect(page.locator('.looks')).toContainText('Feeder BW33 with 33 buses hangs on bus');
  await way.click();
  await expect(page.locator('h1')).toContainText('TSO-DSO coordination schemes', { timeout: 30_000 });
  await page.getByRole('button', { name: 'Run all schemes' }).click();
  await expect(page.locator('.compare table').first()).toBeVisible({ timeout: 30_000 });
  await page.goBack();
  await expect(page.locator('h1')).not.toContainText('coordination schemes');
});
