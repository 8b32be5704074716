// axe-core on every page, light and dark, wide and narrow.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, firstResult, test } from './harness.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Address, and whether the page solves something that must be waited for. */
const PAGES = [
  { address: '', solves: true },
  { address: 'how.html', solves: false },
];

for (const { address, solves } of PAGES) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of [1440, 360]) {
      test(`${address || 'front page'}, ${colorScheme}, ${width} px`, async ({ page, url }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(url + address);
        if (solves) await firstResult(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
        const found = violations.map((/** @type {any} */ { id, help, nodes }) => (
          `${id}: ${help}\n${nodes.map((/** @type {any} */ node) => `  ${node.html}`).join('\n')}`
        ));
        expect(found.join('\n')).toBe('');
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, 'horizontal scrolling of the page, px').toBeLessThanOrEqual(0);
      });
    }
  }
}
