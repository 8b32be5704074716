// Links: round trips, bad ones, newer ones, cut ones; files; embedded views.

import { readFile } from 'node:fs/promises';

import { expect, open, test } from './harness.js';
import { LIMIT, field, hashHolds, headline } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('a shared link brings the same scenario back', async ({ page, url, context }) => {
  await open(page, `${url}#p=zuo-4node-se`);
  await field(page, LIMIT).fill('10.5');
  await hashHolds(page, /10\.5/);
  const said = await headline(page).textContent();
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  const link = dialog.getByLabel('Link', { exact: true });
  await expect(link).toHaveValue(/#p=zuo-4node-se&v=1&/);
  await expect(dialog.getByText(/nothing is uploaded/)).toBeVisible();
  await expect(dialog.getByText(new RegExp(`^${(await link.inputValue()).length} characters`))).toBeVisible();
  await expect(dialog.locator('.qr svg')).toBeVisible();
  const other = await context.newPage();
  await open(other, await link.inputValue());
  await expect(field(other, LIMIT)).toHaveValue('10.5');
  await expect(headline(other)).toHaveText(said ?? '');

  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Share' })).toBeFocused();
});

test('a scenario goes to a file and comes back', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await field(page, LIMIT).fill('11.5');
  await hashHolds(page, /11\.5/);
  await page.getByRole('button', { name: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /as a file/ }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(text).case.branches[1].max_p_mw).toBe(11.5);
  await open(page, `${url}#`);
  await page.goto(url);
  await page
    .locator('#case-file')
    .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await expect(field(page, LIMIT)).toHaveValue('11.5');
  await hashHolds(page, /11\.5/);
});

test('a file that is no scenario says what is wrong, and the gallery stays', async ({ page, url }) => {
  await open(page, url);
  for (const text of ['{"version":1,', '[1,2,3]', '{"version":1}', 'not json']) {
    await page
      .locator('#case-file')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await expect(page.locator('.open-case .field-message')).not.toBeEmpty();
    await expect(page.locator('.hero')).toBeVisible();
  }
});

test('a pasted link opens', async ({ page, url }) => {
  await open(page, url);
  await page.getByLabel('or paste a link').fill(`https://example.org/deep/?x=1#p=zuo-4node&v=1&${LIMIT}=11`);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(field(page, LIMIT)).toHaveValue('11');
});

/** Hash, and what the page must say. */
const BAD = [
  { name: 'an unknown preset', hash: '#p=no-such-preset', says: /no-such-preset/ },
  { name: 'an unknown field', hash: '#p=zuo-4node&v=1&case.branches.9-9.max_p_mw=3', says: /9-9/ },
  { name: 'a refused value', hash: '#p=zuo-4node&v=1&case.branches.2-3.x_pu=0', says: /reactance/i },
  { name: 'a value of no meaning', hash: '#p=zuo-4node&v=1&mechanism.method=best', says: /mechanism\.method/ },
  { name: 'nothing of use', hash: '#hello', says: /scenario|link/ },
  { name: 'a cut packed part', hash: '#z=AasdkjhASDkjh', says: /cut|link/ },
  { name: 'a megabyte', hash: `#z=${'A'.repeat(1 << 20)}`, says: /long|kB|cut|link/ },
];

for (const { name, hash, says } of BAD) {
  test(`a link with ${name} says so and offers the presets`, async ({ page, url }) => {
    await page.goto(url + hash);
    const notice = page.getByRole('alert').filter({ hasText: 'This link does not open.' });
    await expect(notice).toContainText(says);
    await expect(page.locator('.card').first()).toBeVisible();
  });
}

test('the dialog of sharing fits a phone', async ({ page, url }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, `${url}#p=wang-table2`);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expect(dialog.locator('.qr svg')).toBeVisible();
  expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
});

test('a link of a newer version says so', async ({ page, url }) => {
  await page.goto(`${url}#p=zuo-4node&v=99&${LIMIT}=11`);
  await expect(page.getByRole('alert')).toContainText('newer');
  await expect(page.locator('.card').first()).toBeVisible();
});

test('a bad link over a result leaves the result', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  await page.evaluate(() => (location.hash = '#p=zuo-4node&v=1&case.branches.2-3.x_pu=0'));
  await expect(page.getByRole('alert')).toContainText(/reactance/i);
  await expect(headline(page)).toHaveText(said ?? '');
  await page.getByRole('button', { name: 'Keep what is on screen' }).click();
  await hashHolds(page, /^#p=zuo-4node$/);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('back and forward go through scenarios', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.evaluate(() => (location.hash = '#p=triangle'));
  await expect(page.locator('.diagram .bus')).toHaveCount(3);
  await page.goBack();
  await expect(page.locator('.diagram .bus')).toHaveCount(4);
  await page.goForward();
  await expect(page.locator('.diagram .bus')).toHaveCount(3);
});

test('embedded: one view, its time, and the way to the full page', async ({ page, url }) => {
  await open(page, `${url}?embed=1&view=flow&ui=min&theme=dark#p=zuo-4node`);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('.figure')).toHaveCount(1);
  await expect(page.locator('.top')).toHaveCount(0);
  await page.getByRole('button', { name: 'Step on' }).click();
  const link = page.getByRole('link', { name: 'Open in full' });
  await expect(link).toHaveAttribute('href', `${url}#p=zuo-4node`);
  await expect(link).toHaveAttribute('target', '_blank');
});

test('embedded: chosen inputs, and the edit goes along to the full page', async ({ page, url }) => {
  await open(page, `${url}?embed=1&view=answer,network&inputs=${LIMIT}#p=zuo-4node`);
  const said = await headline(page).textContent();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  await expect(page.getByRole('link', { name: 'Open in full' })).toHaveAttribute('href', /max_p_mw=12(\.0)?$/);
  await page.goto(`${url}?embed=1&view=network&inputs=${LIMIT}&lock=all#p=zuo-4node`);
  await expect(page.locator('.diagram')).toBeVisible();
  await expect(field(page, LIMIT)).toHaveCount(0);
});

test('embedded: a view that does not exist, a link that does not open', async ({ page, url }) => {
  await page.goto(`${url}?embed=1&view=nothing#p=zuo-4node`);
  await expect(page.getByText(/no view “nothing”; there are network, answer, dispatch/)).toBeVisible();
  await page.goto(`${url}?embed=1#p=nothing`);
  await expect(page.getByRole('alert')).toContainText('nothing');
  await expect(page.getByRole('link', { name: 'Open in full' })).toBeVisible();
});

test('embedded with run=0: nothing is computed before the press', async ({ page, url }) => {
  await page.goto(`${url}?embed=1&view=network&run=0#p=zuo-4node`);
  const run = page.getByRole('button', { name: 'Run' });
  await expect(run).toBeVisible();
  await page.waitForTimeout(300);
  expect(page.workers()).toHaveLength(0);
  await run.click();
  await expect(page.locator('.diagram')).toBeVisible();
});
