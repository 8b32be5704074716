// Text is drawn in the fonts of the page, whatever the machine has.

import { expect, open, test } from './harness.js';
import { drawer, overflow } from './page.js';

test('the fonts of the page are used, and nothing scrolls sideways', async ({ page, url }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const loaded = () =>
    page.evaluate(async () => {
      await document.fonts.ready;
      return [
        ...new Set(
          [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family.replace(/"/g, '')),
        ),
      ].sort();
    });
  await page.goto(`${url}how.html`);
  await expect.poll(loaded).toEqual(['STIX Two Math', 'Source Sans 3']);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await open(page, `${url}#p=zuo-4node`);
  await expect.poll(loaded).toContain('Source Sans 3');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

/** Widths at weight 400 and 100 px that src/chart/metric.rs states for the same texts, 1.08 times the font's own. */
const WIDTHS = {
  '10.5 MW': 345.3 * 1.08,
  'interval 12': ((246 + 547 + 338 + 496 + 347 + 467 + 504 + 255 + 200 + 497 + 497) / 10) * 1.08,
};

test('the program measures text as the page draws it', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const widths = await page.evaluate(async (texts) => {
    await document.fonts.load('100px "Source Sans 3"');
    const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    pen.font = '100px "Source Sans 3"';
    pen.fontKerning = 'none';
    return texts.map((text) => pen.measureText(text).width);
  }, Object.keys(WIDTHS));
  for (const [k, stated] of Object.values(WIDTHS).entries())
    expect(Math.abs((widths[k] ?? 0) / stated - 1)).toBeLessThan(0.01);
});

test('in forced colours the legend of the network keeps its colours', async ({ page, url }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await open(page, `${url}#p=zuo-4node`);
  const colours = await page
    .locator('.network-legend .key, .network-legend .price-key li[class^="price-"]:not(.price-unit)')
    .evaluateAll((keys) => keys.map((key) => getComputedStyle(key).backgroundColor));
  expect(new Set(colours).size).toBeGreaterThan(4);
});

test('on paper the dark page is ink on white', async ({ page, url }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'tables').click();
  await expect(page.locator('tr.is-now > *').first()).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const contrasts = await page.evaluate(() => {
    const light = (/** @type {string} */ colour) => {
      const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    return [...document.querySelectorAll('.badge, tr.is-now > *')].map((element) => {
      let ground = /** @type {Element | null} */ (element);
      while (ground !== null && /rgba\(0, 0, 0, 0\)|transparent/.test(getComputedStyle(ground).backgroundColor))
        ground = ground.parentElement;
      const [a, b] = [
        light(getComputedStyle(element).color),
        ground === null ? 1 : light(getComputedStyle(ground).backgroundColor),
      ];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
  });
  expect(contrasts.length).toBeGreaterThan(3);
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
});
