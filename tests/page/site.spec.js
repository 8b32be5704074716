// The served folder: policy, types, sub-paths, nothing missing.

import { readFileSync, readdirSync } from 'node:fs';
import { request as http } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';

import { POLICY, serve } from '../../scripts/serve.js';
import { dist, expect, kept, open, test } from './harness.js';

test.use({ serviceWorkers: 'allow' });

const pages = readdirSync(dist).filter((name) => name.endsWith('.html'));

test('there is a front page and a page of equations', () => {
  expect(pages).toEqual(expect.arrayContaining(['index.html', 'how.html']));
});

for (const name of pages) {
  test(`${name} carries the policy and no inline script or style`, async () => {
    const html = readFileSync(path.join(dist, name), 'utf8');
    const metas = [...html.matchAll(/<meta\s+http-equiv="Content-Security-Policy"\s+content="([^"]*)"\s*\/?>/gi)];
    expect(metas.map((match) => match[1])).toEqual([POLICY]);
    const beforeMeta = html.slice(0, metas[0]?.index ?? 0);
    expect(beforeMeta).not.toMatch(/<(script|link|style)\b/i);
    expect(html).not.toMatch(/<style\b|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [, attributes, body] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
      expect(attributes).toMatch(/\ssrc=/);
      expect((body ?? '').trim()).toBe('');
    }
    // Addresses from the root of the host would break under a sub-path.
    expect(html).not.toMatch(/\s(href|src)="\//);
  });
}

test('no served file names a folder of the machine that built it', () => {
  const folders = [`${homedir()}/`, path.dirname(dist)];
  const found = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => folders.some((folder) => readFileSync(file).includes(folder)));
  expect(found).toEqual([]);
});

test('the page works from the root of a host, without a complaint', async ({ page, url }) => {
  await open(page, url);
  await kept(page);
  await page.goto(`${url}how.html`);
  await expect(page.locator('h1').first()).toBeVisible();
});

test('the page works from a sub-path', async ({ page }) => {
  const site = await serve({ root: dist, base: '/some/deep.path/' });
  const outside = /** @type {string[]} */ ([]);
  page.on('request', (request) => {
    if (!request.url().startsWith(site.url) && /^https?:/.test(request.url())) outside.push(request.url());
  });
  await open(page, site.url);
  await kept(page);
  await page.goto(`${site.url}how.html`);
  await expect(page.locator('math').first()).toBeVisible();
  expect(outside).toEqual([]);
  await site.close();
});

test('every equation has an anchor that the address finds', async ({ page, url }) => {
  await page.goto(`${url}how.html`);
  const broken = await page.evaluate(() =>
    [...document.querySelectorAll('a[href^="#"]')]
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => href.length > 1 && !document.getElementById(href.slice(1))),
  );
  expect(broken).toEqual([]);
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.some((id) => id.startsWith('eq-'))).toBe(true);
});

test('the server gives the right types and nothing outside the folder', async ({ request, url, complaints }) => {
  for (const [name, type] of [
    ['', 'text/html'],
    ['js/session/worker.js', 'text/javascript'],
    ['pkg/tandem_bg.wasm', 'application/wasm'],
    ['css/page.css', 'text/css'],
  ]) {
    const response = await request.get(url + name);
    expect(response.headers()['content-type']).toContain(type);
    expect(response.headers()['content-security-policy']).toBe(POLICY);
    expect(response.headers()['x-content-type-options']).toBe('nosniff');
  }
  for (const address of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/js/../../Cargo.toml',
    '//etc/passwd',
    '/%00',
    '/%ff',
  ]) {
    expect([400, 404], address).toContain(await status(url, address));
  }
  expect(complaints).toEqual([]);
});

/**
 * The status of an address as written: other clients tidy it up before they ask.
 * @param {string} url
 * @param {string} address
 * @returns {Promise<number | undefined>}
 */
function status(url, address) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    http({ hostname, port, path: address }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
