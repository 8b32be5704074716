// A scenario on one screen: how long it is, how many stops it has, what stays in sight, what a drawer and a step leave.

import { expect, open, test } from './harness.js';
import { LIMIT, allInputs, drawer, field, hashHolds, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** Windows: a desk, a phone, the phone turned, a page zoomed to 200 %, the narrowest. @type {[number, number][]} */
const WINDOWS = [
  [1440, 900],
  [390, 844],
  [844, 390],
  [720, 450],
  [320, 640],
];

for (const [width, height, most] of /** @type {const} */ ([
  [1440, 900, 1600],
  [390, 844, 2400],
])) {
  test(`a scenario at ${width} px is at most ${most} px long, without the comparison`, async ({ page, url }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-4node`);
    await settled(page);
    const [whole, board] = await page.evaluate(() => [
      document.documentElement.scrollHeight,
      document.querySelector('.board')?.scrollHeight ?? 0,
    ]);
    expect((whole ?? 0) - (board ?? 0)).toBeLessThanOrEqual(most);
  });
}

/** The parts of the page in the order in which Tab goes through them. */
const PARTS = [
  '.top',
  '.lead',
  '.variants',
  '.lesson',
  '.answer',
  '.levers',
  '.pictures',
  '.time-bar',
  '.task',
  '.drawers',
  '.board',
];

test('Tab goes from the answer to the drawers in at most 45 stops, and 30 of the comparison', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await settled(page);
  /** @type {number[]} */
  const places = [];
  await walk(page, async () => {
    const place = await page.evaluate(
      (parts) => parts.findIndex((part) => document.activeElement?.closest(part)),
      PARTS,
    );
    places.push(place);
  });
  const board = PARTS.indexOf('.board');
  expect(places.filter((place) => place !== board).length).toBeLessThanOrEqual(45);
  expect(places.filter((place) => place === board).length).toBeLessThanOrEqual(30);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  for (const part of ['.answer', '.levers', '.pictures', '.time-bar', '.drawers'])
    expect(places, part).toContain(PARTS.indexOf(part));
  // The words of the view are one stop, at the first of them.
  expect(places.filter((place) => place === PARTS.indexOf('.lead')).length).toBeLessThanOrEqual(1);
});

for (const [width, height] of WINDOWS.slice(0, 2)) {
  for (const preset of ['zuo-4node', 'khojasteh-k33', 'theisen-week', 'mezghani-s4']) {
    test(`nothing of ${preset} moves while it is drawn, ${width} px`, async ({ page, url }) => {
      await page.setViewportSize({ width, height });
      await page.addInitScript(() => {
        const shifts = /** @type {number[]} */ ([]);
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of /** @type {any[]} */ (list.getEntries())) {
            if (!entry.hadRecentInput) shifts.push(entry.value);
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await open(page, `${url}#p=${preset}`);
      await settled(page);
      const moved = await page.evaluate(() =>
        /** @type {any} */ (window).shifts.reduce(
          (/** @type {number} */ sum, /** @type {number} */ one) => sum + one,
          0,
        ),
      );
      expect(moved).toBeLessThan(0.05);
    });
  }
}

for (const [width, height] of WINDOWS) {
  test(`what has the focus is never under a bar, ${width} by ${height} px`, async ({ page, url }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-4node`);
    await settled(page);
    await drawer(page, 'prices').click();
    let stops = 0;
    await page.locator('.brand').focus();
    await walk(page, async () => {
      stops += 1;
      expect(await covered(page), `stop ${stops}`).toBe('');
    });
    expect(stops).toBeGreaterThan(20);
  });
}

for (const [width, height] of /** @type {const} */ ([
  [844, 390],
  [720, 450],
])) {
  test(`inputs and time stay in sight at ${width} by ${height} px`, async ({ page, url }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-4node`);
    await settled(page);
    const length = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      await page.evaluate((y) => scrollTo(0, y), share * length);
      await expect(field(page, LIMIT)).toBeInViewport({ ratio: 1 });
      await expect(page.locator('.time-bar')).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole('button', { name: 'Step on' })).toBeInViewport({ ratio: 1 });
      expect(await onTop(page, `[data-path="${LIMIT}"]`)).toBe(true);
      expect(await onTop(page, '.time-bar .scrubber')).toBe(true);
    }
  });
}

test('at 320 px nothing scrolls sideways, whatever is open', async ({ page, url }) => {
  test.slow();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const preset of ['zuo-4node', 'khojasteh-k33']) {
    await page.goto('about:blank');
    await open(page, `${url}#p=${preset}`);
    await settled(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    for (const button of await page.locator('[data-drawer]:visible').all()) {
      await button.click();
      expect(await overflow(page), (await button.textContent()) ?? '').toBeLessThanOrEqual(0);
    }
  }
});

for (const [width, height] of WINDOWS) {
  test(`wider text loses nothing, ${width} by ${height} px`, async ({ page, url }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-4node`);
    await settled(page);
    // The spacing that readers may set: WCAG 2.2, 1.4.12.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
      );
      document.adoptedStyleSheets = [sheet];
    });
    await allInputs(page);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await clipped(page)).toEqual([]);
    await drawer(page, 'evidence').click();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await clipped(page)).toEqual([]);
  });
}

for (const [width, height] of WINDOWS.slice(0, 2)) {
  test(`every target is 24 px large or stands apart, ${width} px`, async ({ page, url }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    await open(page, `${url}#p=zuo-4node`);
    await settled(page);
    const small = () => violations(page, { runOnly: ['target-size'] });
    expect(await small()).toEqual([]);
    for (const button of await page.locator('[data-drawer]:visible').all()) {
      await button.click();
      await settled(page);
      expect(await small(), (await button.textContent()) ?? '').toEqual([]);
    }
  });
}

for (const width of [390, 320]) {
  test(`at ${width} px the strip shows one whole input at a time, and a button the next`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 844 });
    await open(page, `${url}#p=khojasteh-k33`);
    const fields = page.locator('.levers .field');
    await expect(fields).toHaveCount(3);
    const group = page.locator('.levers .group');
    const whole = async (/** @type {number} */ k) => {
      const [box, strip] = [await fields.nth(k).boundingBox(), await group.boundingBox()];
      if (box === null || strip === null) return false;
      return box.x >= strip.x - 1 && box.x + box.width <= strip.x + strip.width + 1;
    };
    const next = page.getByRole('button', { name: /^Next input/ });
    for (const k of [0, 1, 2]) {
      await expect(next).toHaveAccessibleName(`Next input, ${k + 1}/3`);
      for (const other of [0, 1, 2]) expect(await whole(other)).toBe(other === k);
      await next.click();
    }
    await expect(next).toHaveAccessibleName('Next input, 1/3');
  });
}

test('in forced colours the open drawer and the swatches of the legend are seen', async ({ page, url }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, `${url}#p=zuo-4node`);
  await settled(page);
  await drawer(page, 'money').click();
  const border = (/** @type {string} */ name) =>
    drawer(page, name).evaluate((button) => {
      const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(button);
      return { drawn: borderTopStyle === 'solid' && Number.parseFloat(borderTopWidth) > 0, colour: borderTopColor };
    });
  const [closed, opened] = [await border('prices'), await border('money')];
  expect([closed.drawn, opened.drawn]).toEqual([true, true]);
  expect(opened.colour).not.toBe(closed.colour);
  const colours = await page
    .locator('[data-chart="dispatch"] .legend > [data-series] .swatch')
    .evaluateAll((swatches) =>
      swatches.map((swatch) =>
        [swatch, ...swatch.querySelectorAll('*')]
          .map((part) => getComputedStyle(part))
          .map(({ fill, stroke }) => `${fill} ${stroke}`)
          .join(),
      ),
    );
  expect(colours.length).toBeGreaterThan(2);
  expect(new Set(colours).size).toBe(colours.length);
});

test('an opened drawer is kept for the mechanism, stands in the link, and is nothing to undo', async ({
  page,
  url,
  context,
}) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'money').click();
  await expect(drawer(page, 'money')).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('[data-table="ledger-net"]')).toBeVisible();
  await hashHolds(page, /view\.drawer=money$/);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  const link = page.url();
  // At most one is open.
  await drawer(page, 'prices').click();
  await expect(drawer(page, 'money')).toHaveAttribute('aria-expanded', 'false');
  await hashHolds(page, /view\.drawer=prices$/);

  const next = await context.newPage();
  await open(next, `${url}#p=zuo-30bus`);
  await expect(drawer(next, 'prices')).toHaveAttribute('aria-expanded', 'true');
  await open(next, `${url}#p=mezghani-s4`);
  await expect(next.locator('[data-drawer][aria-expanded="true"]')).toHaveCount(0);
  // The link leads over what was kept.
  await next.goto('about:blank');
  await open(next, link);
  await expect(drawer(next, 'money')).toHaveAttribute('aria-expanded', 'true');
  await expect(next.locator('[data-table="ledger-net"]')).toBeVisible();

  await drawer(page, 'prices').click();
  await hashHolds(page, /^#p=zuo-4node$/);
  await expect(page.locator('[data-drawer][aria-expanded="true"]')).toHaveCount(0);
});

test('the step that is looked at stands in the link', async ({ page, url, context }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.getByRole('button', { name: 'Last', exact: true }).click();
  await hashHolds(page, /view\.step=6$/);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  const other = await context.newPage();
  await open(other, page.url());
  await expect(other.locator('.clock')).toHaveText('interval 6/6');
});

test('paper shows the figures and tables of every drawer', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  // What stands behind the answer comes a moment after it.
  await expect(async () => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await expect(page.locator('[data-table="published"]')).toBeVisible({ timeout: 100 });
  }).toPass();
  for (const chart of ['dispatch', 'lmp', 'lmp_by_bus', 'flow', 'cost', 'region', 'cobweb'])
    await expect(page.locator(`[data-chart="${chart}"] .picture svg`), chart).toBeVisible();
  for (const table of ['summary', 'ledger-net', 'ledger-entries', 'published', 'certificates'])
    await expect(page.locator(`[data-table="${table}"]`), table).toBeVisible();
  await expect(page.locator('.drawer-title', { hasText: 'Prices' })).toBeVisible();
});

test('an input table sorts by its heads, keeps the order while edited, and is pasted as it stands', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=zuo-4node`);
  await allInputs(page);
  const table = page.locator('.input-table').filter({ has: page.locator('[data-path="case.ders.D2.max_p_mw"]') });
  const names = () => table.locator('tbody th').allTextContents();
  const before = await names();
  expect(before.length).toBeGreaterThan(1);
  const most = field(page, 'case.ders.D2.max_p_mw');
  const column = await most.evaluate((input) => input.closest('td')?.cellIndex ?? 0);
  const head = table.locator('thead th').nth(column);
  const values = async () =>
    (await table.locator(`tbody td:nth-child(${column + 1}) input`).all()).map((one) => one.inputValue());
  const numbers = async () => (await Promise.all(await values())).map(Number);
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  expect(await numbers()).toEqual([...(await numbers())].sort((a, b) => a - b));
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  const falling = await numbers();
  expect(falling).toEqual([...falling].sort((a, b) => b - a));
  const order = await names();
  expect(order).not.toEqual([]);

  // Typing moves no row.
  const first = table.locator(`tbody td:nth-child(${column + 1}) input`).first();
  await first.fill('0.5');
  await hashHolds(page, /=0\.5/);
  expect(await names()).toEqual(order);
  // Rows take a block in the order in which they stand.
  await first.evaluate((input) => {
    const data = new DataTransfer();
    data.setData('text/plain', '3.25\n2.75\n');
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect.poll(async () => (await numbers()).slice(0, 2)).toEqual([3.25, 2.75]);
  expect(await names()).toEqual(order);
  await head.getByRole('button').click();
  await expect(head).not.toHaveAttribute('aria-sort');
  expect(await names()).toEqual(before);
});

/** Waits until every figure is drawn, those of drawers too. @param {Page} page */
async function settled(page) {
  await page.waitForTimeout(400);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.lab .figure[data-chart]')].every(
      (figure) => figure.querySelector('.picture svg') !== null,
    ),
  );
}

/**
 * Goes through the page by Tab, from where the focus is, to its end.
 * @param {Page} page
 * @param {() => Promise<void>} stop
 */
async function walk(page, stop) {
  for (let k = 0; k < 300; k += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body)) return;
    await stop();
  }
  throw new Error('Tab does not come to an end');
}

/**
 * What lies over the element with the focus, or that it is out of the window; nothing where it is seen.
 * @param {Page} page
 */
function covered(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null) return 'nothing has the focus';
    const box = element.getBoundingClientRect();
    const words = element.outerHTML.slice(0, 120);
    const bars = [...document.querySelectorAll('.top, .levers, .time-bar')];
    // A large thing is seen where a part of it is, a small one where its middle is.
    const shares = box.height > 80 ? [0.1, 0.3, 0.5, 0.7, 0.9] : [0.5];
    for (const share of shares) {
      const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + share * box.height];
      const top = document.elementFromPoint(x, y);
      if (top === null) continue;
      const over = bars.find((bar) => bar.contains(top) && !bar.contains(element));
      if (over === undefined) return '';
    }
    return `${words} at ${Math.round(box.top)} to ${Math.round(box.bottom)} of ${innerHeight}`;
  });
}

/**
 * Whether an element is what a press on its middle meets.
 * @param {Page} page
 * @param {string} selector
 */
function onTop(page, selector) {
  return page.evaluate((wanted) => {
    const element = document.querySelector(wanted);
    if (element === null) return false;
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  }, selector);
}

/**
 * Words that a box without a scroll bar cuts off.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
function clipped(page) {
  return page.evaluate(() => {
    const found = [];
    const texts = document.createTreeWalker(
      document.querySelector('.lab > main') ?? document.body,
      NodeFilter.SHOW_TEXT,
    );
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const owner = text.parentElement;
      if (owner === null || (text.textContent ?? '').trim() === '') continue;
      if (
        owner.closest('svg, select, .hidden-text, .is-parked') !== null ||
        !owner.checkVisibility({ visibilityProperty: true })
      )
        continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const own = range.getBoundingClientRect();
      if (own.width === 0) continue;
      for (
        let box = /** @type {Element | null} */ (owner);
        box !== null && box !== document.body;
        box = box.parentElement
      ) {
        const { overflowX, overflowY } = getComputedStyle(box);
        const over = box.getBoundingClientRect();
        const cuts = (/** @type {string} */ way) => way === 'hidden' || way === 'clip';
        const wide = cuts(overflowX) && (own.left < over.left - 1 || own.right > over.right + 1);
        const high = cuts(overflowY) && (own.top < over.top - 1 || own.bottom > over.bottom + 1);
        if (wide || high) found.push(`“${(text.textContent ?? '').trim().slice(0, 60)}” in ${box.className}`);
      }
    }
    return found;
  });
}
