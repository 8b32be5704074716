// What is there before the program is, and which of its modules come.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { dist, expect, firstResult, open, test } from './harness.js';
import { field, headline } from './page.js';

const LIMIT = 'case.branches.2-3.max_p_mw';

/** @param {import('@playwright/test').Page} page the modules of the program asked for, each once */
function modulesOf(page) {
  /** @type {Set<string>} */
  const asked = new Set();
  page.on('request', (request) => {
    const name = /pkg\/(\w+)_bg\.wasm$/.exec(request.url())?.[1];
    if (name !== undefined) asked.add(name);
  });
  return asked;
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page of a preset reads: title, question, answer, picture', async ({ page, url }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${url}p/zuo-4node.html`);
    const presets = JSON.parse(readFileSync(path.join(dist, 'presets.json'), 'utf8'));
    const { title, question } = presets.find((/** @type {any} */ { id }) => id === 'zuo-4node');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.locator('.first-question')).toHaveText(question);
    await expect(page.locator('.first-answer')).not.toBeEmpty();
    await expect(page.locator('.first-picture svg').first()).toBeVisible();
    await expect(page.locator('.first-picture')).toContainText(/\$|MW/);
    // Nothing is wider than a phone.
    for (const part of await page.locator('.first-preset > *, .first-picture > *').all()) {
      const box = await part.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    }
  });

  test('the front page leads to pages of presets', async ({ page, url }) => {
    await page.goto(url);
    await page.locator('.first-cards a').first().click();
    await expect(page.locator('.first-question')).toBeVisible();
  });
});

test('the page of a preset becomes its lab, at the address of every other', async ({ page, url }) => {
  await page.goto(`${url}p/zuo-4node.html`);
  await firstResult(page);
  await expect(page).toHaveURL(`${url}#p=zuo-4node`);
  await expect(headline(page)).toBeVisible();
});

test('a link shows what is known of its preset while the program loads', async ({ page, url, context }) => {
  let release = () => {};
  const held = new Promise((done) => (release = () => done(undefined)));
  await context.route('**/pkg/*_bg.wasm', async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto(`${url}#p=zuo-4node`);
  await expect(page.locator('.first-picture svg').first()).toBeVisible();
  // With a changed input neither picture nor answer would be true.
  await page.goto('about:blank');
  await page.goto(`${url}#p=zuo-4node&${LIMIT}=12`);
  await expect(page.locator('.first-question')).toBeVisible();
  await expect(page.locator('.first-picture, .first-answer')).toHaveCount(0);
  release();
  await firstResult(page);
  await expect(page.locator('.first-question')).toHaveCount(0);
});

test('a preset loads the module of its mechanism; another is opened by the whole', async ({ page, url }) => {
  const asked = modulesOf(page);
  await open(page, `${url}#p=zuo-4node`);
  expect(asked.has('rt_sced')).toBe(true);
  await page.evaluate(() => (location.hash = '#p=mezghani-s1'));
  await expect(page).toHaveTitle(/^(?!.*loop).*Tandem/i);
  await expect(page.locator('[data-path^="mechanism.scheme"]').first()).toBeAttached();
  expect([...asked].sort()).toEqual(['rt_sced', 'tandem']);
});

test('what a module refuses the whole is asked', async ({ page, url }) => {
  const asked = modulesOf(page);
  await open(page, `${url}#p=theisen-interval`);
  expect(asked.has('community')).toBe(true);
  // A packed scenario names its mechanism, too.
  const link = await page.evaluate(async () => {
    const { client } = await import(/** @type {any} */ (new URL('js/app/start.js', document.baseURI).href));
    const scenario = JSON.parse(await client.call('open', '#p=wang-table2'));
    scenario.preset = '';
    return (await client.call('link', JSON.stringify(scenario))).fragment;
  });
  expect(link).toMatch(/^z=/);
  expect([...asked].sort()).toEqual(['community', 'tandem']);
  asked.clear();
  await page.goto('about:blank');
  await open(page, `${url}#${link}`);
  expect(asked.has('bargaining')).toBe(true);
});

test('without the module of its mechanism a preset is solved by the whole', async ({
  page,
  url,
  context,
  complaints,
}) => {
  await context.route('**/pkg/rt_sced_bg.wasm', (route) => route.fulfill({ status: 503, body: '' }));
  await open(page, `${url}#p=zuo-4node`);
  await field(page, LIMIT).fill('12');
  await expect(field(page, LIMIT)).toHaveValue('12');
  complaints.length = 0;
});

test('a preset that takes long opens from the answer computed ahead, and a change solves', async ({ page, url }) => {
  test.setTimeout(180_000);
  await open(page, `${url}#p=wang-day`);
  const notice = page.locator('.notice', { hasText: 'Computed ahead' });
  await expect(notice).toContainText(/takes about \d+ (s|min)/);
  const said = await headline(page).textContent();
  const input = page.locator('.levers input[type="text"], .levers input[type="number"]').first();
  const before = Number(await input.inputValue());
  await input.fill(String(before * 1.1));
  await input.press('Enter');
  await expect(notice).toHaveCount(0, { timeout: 60_000 });
  await expect(page).toHaveURL(/#p=wang-day&/, { timeout: 60_000 });
  // Undone, it is solved here, and says what was computed ahead.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(headline(page)).toHaveText(said ?? '', { timeout: 60_000 });
});

test('a link with a change of such a preset is solved', async ({ page, url }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => request.url().includes('/ahead/') && asked.push(request.url()));
  await open(page, `${url}#p=khojasteh-k33-cone&title=Mine`);
  await expect(page.locator('.notice', { hasText: 'Computed ahead' })).toHaveCount(0);
  expect(asked).toEqual([]);
});

test('compressed files are sent to browsers that take them', async ({ request, url }) => {
  for (const [accept, encoding] of [
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
  ]) {
    const response = await request.fetch(`${url}css/page.css`, { headers: { 'Accept-Encoding': accept ?? '' } });
    expect(response.headers()['content-encoding']).toBe(encoding);
    expect(response.headers()['content-type']).toContain('text/css');
    expect(response.headers()['vary']).toBe('Accept-Encoding');
    expect(await response.text()).toBe(readFileSync(path.join(dist, 'css/page.css'), 'utf8'));
  }
});
