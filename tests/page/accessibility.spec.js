// axe-core on every page, light and dark, wide and narrow.

import { expect, firstResult, test } from './harness.js';
import { overflow, violations } from './page.js';

/** Address, and whether the page solves something that must be waited for. */
const PAGES = [
  { address: '', solves: true },
  { address: 'how.html', solves: false },
  { address: '#room', solves: true },
];

for (const { address, solves } of PAGES) {
  for (const [colorScheme, width] of /** @type {const} */ ([
    ['light', 1440],
    ['dark', 360],
  ])) {
    test(`${address || 'front page'}, ${colorScheme}, ${width} px`, async ({ page, url }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(url + address);
      if (solves) await firstResult(page);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page), 'horizontal scrolling of the page, px').toBeLessThanOrEqual(0);
    });
  }
}
