// The page without a network, and the change to a new version.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { serve } from '../../scripts/serve.js';
import { dist, expect, firstResult, kept, open, test } from './harness.js';

test.use({ serviceWorkers: 'allow' });

for (const base of ['/', '/sub/path/']) {
  test(`works without a network after the first visit, served under ${base}`, async ({ page, context }) => {
    const site = await serve({ root: dist, base });
    await open(page, site.url);
    await kept(page);
    const title = await page.locator('h1').first().innerText();

    // No network for the browser, and no server either.
    await context.setOffline(true);
    await site.close();
    await page.reload();
    // The first result needs the worker and the WebAssembly module.
    await firstResult(page);
    expect(await page.locator('h1').first().innerText()).toBe(title);

    // Every address that a link may hold: the file name, a query, a hash, the other page.
    for (const address of ['index.html', '?embed=1', 'how.html']) {
      await page.goto(site.url + address);
      await expect(page.locator('main')).toBeVisible();
    }
    await expect(page.locator('math').first()).toBeVisible();
  });
}

test('every served file is kept', async ({ page, url }) => {
  await open(page, url);
  await kept(page);
  const files = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return { caches: names.length, urls: requests.flat().map((request) => request.url) };
  });
  expect(files.caches).toBe(1);
  const worker = readFileSync(path.join(dist, 'sw.js'), 'utf8');
  const listed = [...worker.matchAll(/\['([^']+)', 'sha256-/g)].map((match) => new URL(match[1] ?? '', url).href);
  expect(listed.length).toBeGreaterThan(5);
  expect(files.urls.sort()).toEqual(listed.sort());
});

test('a new version is announced, waits while the page is open, and takes over on request', async ({ page }, info) => {
  const { site, publish } = await changing(info.outputPath('site'));
  await open(page, `${site.url}#kept`);
  await kept(page);
  await publish('second');

  const announced = page.evaluate(
    () =>
      new Promise((done) => {
        document.addEventListener('tandem:update-ready', () => done(true), { once: true });
        void navigator.serviceWorker.getRegistration().then((registration) => registration?.update());
      }),
  );
  expect(await announced).toBe(true);
  expect(await served(page)).toBe('');

  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate(async () =>
      (await import(/** @type {any} */ (new URL('js/app/offline.js', document.baseURI).href))).applyUpdate(),
    ),
  ]);
  await firstResult(page);
  expect(await served(page)).toBe('second');
  expect(new URL(page.url()).hash).toBe('#kept');
  expect(await page.evaluate(() => caches.keys())).toHaveLength(1);
  await site.close();
});

test('a new version takes over at the next load when no other tab is open', async ({ page, context }, info) => {
  const { site, publish } = await changing(info.outputPath('site'));
  await open(page, site.url);
  await kept(page);
  await publish('second');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
  });
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);

  // With a second tab open it goes on waiting: files of two versions must not meet.
  const other = await context.newPage();
  await open(other, site.url);
  await page.reload();
  await firstResult(page);
  await page.waitForTimeout(300);
  expect(await served(page)).toBe('');
  await other.close();

  // The browser counts a closed tab for a moment longer, so the next load may have to be the one after.
  const nextLoad = async () => {
    await page.reload();
    await page.waitForTimeout(500);
    return served(page).catch(() => '');
  };
  await expect.poll(nextLoad, { timeout: 25_000 }).toBe('second');
  await site.close();
});

/**
 * A copy of the page that can be published again with a mark in its style sheet.
 * @param {string} folder
 */
async function changing(folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(dist, folder, { recursive: true });
  const site = await serve({ root: folder });
  const publish = async (/** @type {string} */ mark) => {
    const style = path.join(folder, 'css', 'page.css');
    const before = readFileSync(style, 'utf8');
    const after = `/*${mark}*/\n${before}`;
    writeFileSync(style, after);
    const worker = path.join(folder, 'sw.js');
    const text = readFileSync(worker, 'utf8')
      .replace(await digest(before), await digest(after))
      .replace(/version: '[^']*'/, `version: '${mark}'`);
    writeFileSync(worker, text);
    // The compressed copies are of the version before.
    for (const file of [style, worker]) for (const kind of ['br', 'gz']) rmSync(`${file}.${kind}`, { force: true });
  };
  return { site, publish };
}

/** @param {string} text */
async function digest(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256-${Buffer.from(bytes).toString('base64')}`;
}

/**
 * The mark of the version that serves this page; empty for the first.
 * @param {import('@playwright/test').Page} page
 */
function served(page) {
  return page.evaluate(async () => {
    const text = await (await fetch('css/page.css')).text();
    return /^\/\*([a-z]*)\*\/\n/.exec(text)?.[1] ?? '';
  });
}
