// What every page test starts from: a server of its own, and a page on which any complaint of the browser
// (console error or warning, uncaught error, failed request, breach of the policy) fails the test.

import { expect, test as base } from '@playwright/test';
import { fileURLToPath } from 'node:url';

import { serve } from '../../scripts/serve.js';

export { expect };

export const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/**
 * @typedef {object} Fixtures
 * @property {string} url The front page, served from the root of a host.
 * @property {string[]} complaints What the browser complained of so far; a test that expects one removes it.
 */

export const test = base.extend(
  /** @type {import('@playwright/test').Fixtures<Fixtures, {}, import('@playwright/test').PlaywrightTestArgs>} */ ({
    url: async ({}, use) => {
      const site = await serve({ root: dist });
      await use(site.url);
      await site.close();
    },
    complaints: [
      async ({ context }, use) => {
        /** @type {string[]} */
        const complaints = [];
        const blocked = 'Service Worker registration blocked by Playwright';
        context.on('console', (message) => {
          const complains = message.type() === 'error' || message.type() === 'warning';
          if (complains && message.text() !== blocked) {
            complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
          }
        });
        context.on('weberror', (failure) => complaints.push(`uncaught: ${failure.error().message}`));
        context.on('response', (response) => {
          if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
        });
        // Breaches inside workers are reported on the console; those of the page are caught by the event, too.
        await context.addInitScript(() => {
          document.addEventListener('securitypolicyviolation', (event) => {
            console.error(
              `policy: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
            );
          });
        });
        await use(complaints);
        expect(complaints, 'complaints of the browser').toEqual([]);
      },
      { auto: true },
    ],
  }),
);

/**
 * Open a page and wait until the first result is drawn.
 * @param {import('@playwright/test').Page} page
 * @param {string} url
 */
export async function open(page, url) {
  await page.goto(url);
  await firstResult(page);
}

/**
 * Wait for the mark that the page sets when its first result is drawn.
 * @param {import('@playwright/test').Page} page
 */
export async function firstResult(page) {
  await page.waitForFunction(() => performance.getEntriesByName('tandem:first-result').length > 0);
}

/**
 * Wait until the service worker keeps every file and serves this page.
 * @param {import('@playwright/test').Page} page
 */
export async function kept(page) {
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.ready;
    return registration.active?.state === 'activated' && navigator.serviceWorker.controller !== null;
  });
}
