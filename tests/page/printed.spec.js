// Numbers of others beside ours: one line, every number on demand, and what of them is compared.

import { expect, open, test } from './harness.js';
import { allInputs, drawer, field, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const [width, theme] of /** @type {const} */ ([
  [1440, 'light'],
  [390, 'dark'],
])) {
  test(`printed numbers stand in one line, item by interval on demand, ${width} px`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: theme });
    await open(page, `${url}#p=zuo-4node&view.drawer=evidence`);
    const line = page.locator('.beside > summary');
    await expect(line).toHaveText('36 of 36 as printed (Zuo et al., Table II).');
    const table = page.locator('[data-table="published"]');
    await expect(table).toBeHidden();
    await line.press('Enter');
    await expect(table.locator('tbody tr')).toHaveCount(6);
    await expect(table.locator('thead th')).toHaveText(['Item', ...[1, 2, 3, 4, 5, 6].map((k) => `interval ${k}`)]);
    // Theirs, and ours below it where its digits are others.
    const d2 = table.locator('tbody tr', { hasText: 'D,2' }).locator('td');
    await expect(d2.nth(0)).toHaveText(/^1\.00✓ agrees$/);
    await expect(d2.nth(3)).toHaveText(/^2\.13✓ agrees, ours 2\.125$/);
    await expect(d2.nth(3)).toHaveAttribute('title', /^ours 2\.125$/);
    // The note is said once, of the row that it is of.
    await expect(table.locator('sup')).toHaveText([/^ 1$/]);
    await expect(page.locator('.beside ol li')).toHaveText(['printed as 66.7 %']);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}

test('after a change of inputs printed numbers are those of the preset, and none of them differs', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=zuo-4node&case.branches.2-3.max_p_mw=10.5&view.drawer=evidence`);
  const line = page.locator('.beside > summary');
  const those = 'Not compared: the 36 printed numbers are those of the unchanged preset (Zuo et al., Table II).';
  await expect(line).toHaveText(`You changed 1 input. ${those}`);
  await line.press('Enter');
  const table = page.locator('[data-table="published"]');
  await expect(table.locator('td.is-inputs_changed')).toHaveCount(36);
  await expect(page.getByText('differs')).toHaveCount(0);
  const colours = await table.evaluate((box) => {
    const of = (/** @type {Element | null} */ part) => part && getComputedStyle(part).color;
    return [of(box.querySelector('td')), of(box.closest('.beside')?.querySelector('.ours') ?? null)];
  });
  expect(colours[0]).toBe(colours[1]);
  await allInputs(page);
  await field(page, 'case.ders.D2.max_p_mw').fill('3');
  await field(page, 'case.ders.D2.max_p_mw').press('Enter');
  await drawer(page, 'evidence').click();
  await expect(line).toHaveText(`You changed 2 inputs. ${those}`);
  // What was opened is still open.
  await expect(table).toBeVisible();
  // What is only looked at otherwise is no change.
  await open(page, `${url}#p=zuo-4node&view.step=3&view.drawer=evidence`);
  await expect(line).toHaveText('36 of 36 as printed (Zuo et al., Table II).');
});

test('what cannot be compared, what was read off and what differs are told apart', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-interval&view.drawer=evidence`);
  const line = page.locator('.beside > summary');
  await expect(line.first()).toContainText('Of 4 printed numbers, 1 is within reading accuracy and 3 differ (Theisen');
  await expect(line.last()).toContainText('The one number computed another way agrees (by hand');
  await line.first().press('Enter');
  const table = page.locator('[data-table="published"]');
  const price = table.locator('tbody tr').first().locator('td');
  await expect(price).toHaveClass(/is-differs/);
  await expect(price).toHaveText(/^10\.35≠ differs, ours 10\.547778$/);
  await expect(table.locator('td.is-within_reading')).toHaveText(/^120≈ within reading accuracy, ours 118$/);
  expect(await violations(page)).toEqual([]);
});
