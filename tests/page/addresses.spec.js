// Addresses that other programs have been at, and places where the page may not run.

import { createServer } from 'node:http';

import { mended } from '../../www/js/session/address.js';
import { expect, open, test } from './harness.js';
import { LIMIT, field } from './page.js';

test('the scenario is found where other programs put it', () => {
  expect(mended('', '#p=a')).toBeNull();
  expect(mended('?embed=1&view=flow', '')).toBeNull();
  expect(mended('?utm_source=mail', '')).toBeNull();
  expect(mended('?p=a', '')).toEqual({ search: '', hash: '#p=a' });
  expect(mended('?p=a&v=1&x.y=2&utm_source=mail', '')).toEqual({ search: '', hash: '#p=a&v=1&x.y=2' });
  expect(mended('?embed=1&view=flow&p=a&v=1&theme=dark', '')).toEqual({
    search: '?embed=1&view=flow&theme=dark',
    hash: '#p=a&v=1',
  });
  expect(mended('?preset=a&utm_source=mail', '')).toEqual({ search: '', hash: '#p=a' });
  expect(mended('?embed=1&preset=a&v=1&x.y=2', '')).toEqual({ search: '?embed=1', hash: '#p=a&v=1&x.y=2' });
  expect(mended('?preset=a', '#p=b')).toBeNull();
  expect(mended('', '#preset=a&v=1')).toEqual({ search: '', hash: '#p=a&v=1' });
  expect(mended('?%23p=a&v=1', '')).toEqual({ search: '', hash: '#p=a&v=1' });
  expect(mended('?embed=1&view=flow%23p=a&v=1', '')).toEqual({ search: '?embed=1&view=flow', hash: '#p=a&v=1' });
});

for (const address of [
  `?p=zuo-4node&v=1&${LIMIT}=12`,
  `?preset=zuo-4node&v=1&${LIMIT}=12`,
  `?%23p=zuo-4node&v=1&${LIMIT}=12`,
  `%23p=zuo-4node&v=1&${LIMIT}=12`,
]) {
  test(`${address} opens the scenario`, async ({ page, url, complaints }) => {
    await open(page, url + address);
    await expect(field(page, LIMIT)).toHaveValue('12');
    expect(page.url()).toBe(`${url}#p=zuo-4node&v=1&${LIMIT}=12`);
    // The host has no file of that name and says so.
    complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((one) => !one.includes('404') && !one.includes('%23')),
    );
  });
}

test('a page that is not there says so', async ({ page, url, complaints }) => {
  await page.goto(`${url}nothing`);
  await expect(page.getByText('There is no such page here.')).toBeVisible();
  complaints.length = 0;
});

test('an unknown preset: the nearest ones are offered, and no wall of names', async ({ page, url }) => {
  await page.goto(`${url}#p=smartnet-itly1`);
  const notice = page.getByRole('alert').filter({ hasText: 'This link does not open.' });
  await expect(notice).toContainText('There is no preset “smartnet-itly1”. Did you mean smartnet-italy1');
  await expect(notice.getByRole('link', { name: 'smartnet-italy1' })).toHaveAttribute('href', '#p=smartnet-italy1');
  expect(await notice.getByRole('link').count()).toBeLessThanOrEqual(3);
  await expect(page.locator('.card').first()).toBeVisible();
  // Nothing is near: no names at all.
  await page.goto('about:blank');
  await page.goto(`${url}#p=qqqqqqq`);
  await expect(notice).toContainText('There is no preset “qqqqqqq”.');
  await expect(notice.getByRole('link')).toHaveCount(0);
});

test('an unknown preset in an embedded view: the nearest one opens there', async ({ page, url }) => {
  await page.goto(`${url}?embed=1&view=network#p=triangel`);
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('There is no preset “triangel”. Did you mean triangle?');
  await notice.getByRole('link', { name: 'triangle' }).click();
  await expect(page.locator('.embed .diagram .bus')).toHaveCount(3);
});

test('an unknown preset over a result: the result stays, and the nearest one is offered', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.evaluate(() => (location.hash = '#p=triangel'));
  const notice = page.getByRole('alert').filter({ hasText: 'This link does not open.' });
  await expect(notice).toContainText('Did you mean triangle?');
  await expect(page.locator('.diagram .bus')).toHaveCount(4);
  await notice.getByRole('link', { name: 'triangle' }).click();
  await expect(page.locator('.diagram .bus')).toHaveCount(3);
});

test('in a sandboxed frame the page says why it does not run', async ({ page, url, complaints }) => {
  const outer = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<iframe sandbox="allow-scripts" src="${url}?embed=1&amp;view=flow#p=zuo-4node"></iframe>`);
  });
  await new Promise((done) => outer.listen(0, '127.0.0.1', () => done(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (outer.address());
  await page.goto(`http://127.0.0.1:${port}/`);
  await expect(page.frameLocator('iframe').getByRole('alert')).toContainText('allow-same-origin');
  outer.close();
  complaints.length = 0;
});
