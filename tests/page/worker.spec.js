// When the program hangs, dies, or may not run: the page stays alive and says so.

import { behind } from './fixture.js';
import { expect, open, test } from './harness.js';
import { LIMIT, choose, drawer, drawing, field, hashHolds, headline } from './page.js';

/** @import { BrowserContext } from '@playwright/test' */

test.use({ serviceWorkers: 'allow' });

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** Limits of line 2-3 at which the module misbehaves. */
const HANG = 13.37;
const PANIC = 13.38;
const SLOW = 13.39;

/**
 * A `solve` that hangs, dies or dawdles at certain limits.
 * @param {BrowserContext} context
 */
const misbehaving = (context) =>
  behind(
    context,
    `
Session.prototype.solve = function (pieces) {
  const limit = limitOf(this);
  if (limit === ${HANG}) for (;;);
  if (limit === ${PANIC}) throw new WebAssembly.RuntimeError('unreachable');
  if (limit === ${SLOW}) for (const end = Date.now() + 900; Date.now() < end;);
  return sound.solve.call(this, pieces);
};`,
  );

test('a solve that hangs shows progress, can be cancelled, and the next edit works', async ({ page, url, context }) => {
  await misbehaving(context);
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  await field(page, LIMIT).fill(String(HANG));
  const progress = page.locator('.progress');
  await expect(progress).toContainText(/olving/);
  await expect(headline(page)).toHaveText(said ?? '');
  await expect(progress).toContainText('Still solving');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toContainText('Cancelled');
  await expect(headline(page)).toHaveText(said ?? '');
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  await expect(progress).toBeHidden();
});

test('a module that dies is started again, and the last result can still be drawn', async ({ page, url, context }) => {
  await misbehaving(context);
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  const before = await drawing(page, 'dispatch');
  await field(page, LIMIT).fill(String(PANIC));
  await expect(page.locator('.progress')).toContainText('started again');
  await expect(headline(page)).toHaveText(said ?? '');
  // The new worker has never seen this scenario: it solves it again to draw it.
  await choose(page.locator('[data-chart="dispatch"]'), 'Zoom in');
  await expect.poll(() => drawing(page, 'dispatch')).not.toBe(before);
  await choose(page.locator('[data-chart="dispatch"]'), 'Fit');
  await expect.poll(() => drawing(page, 'dispatch')).toBe(before);
});

test('while a solve runs only the newest edit waits', async ({ page, url, context }) => {
  await misbehaving(context);
  await open(page, `${url}#p=zuo-4node`);
  const limit = field(page, LIMIT);
  await limit.fill(String(SLOW));
  for (const value of ['10.1', '10.2', '10.3', '12']) await limit.fill(value);
  await field(page, 'case.loads.L4.p_mw').fill('14');
  await expect(page.locator('.progress')).toBeHidden();
  // No edit of another field was lost on the way.
  await hashHolds(page, /max_p_mw=12.*L4\.p_mw=14/);
});

test('WebAssembly blocked: a plain message', async ({ page, url }) => {
  await page.addInitScript(() => {
    // @ts-expect-error what a locked-down browser looks like
    delete globalThis.WebAssembly;
  });
  await page.goto(url);
  await expect(page.getByRole('alert')).toContainText('WebAssembly is blocked');
});

test('the program does not load: a plain message', async ({ page, url, context, complaints }) => {
  await context.route('**/pkg/*_bg.wasm', (route) => route.fulfill({ status: 503, body: '' }));
  await page.goto(url);
  await expect(page.getByRole('alert')).toContainText('The program did not load');
  complaints.length = 0;
});

test('without a network the page says so and goes on', async ({ page, url, context, complaints }) => {
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  // What the page fetches when it is idle has come.
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await expect(page.locator('.offline')).toBeVisible();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  // The browser asks for the icon again; nothing else may be missing.
  expect(complaints.filter((complaint) => !complaint.includes('icon.svg'))).toEqual([]);
  complaints.length = 0;
});

test('a sweep runs beside the page, draws its charts, and can be cancelled', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'sweep').click();
  const panel = page.locator('.sweep');
  await panel.getByLabel('Input').selectOption(LIMIT);
  await panel.getByLabel('From', { exact: true }).fill('9');
  await panel.getByLabel('To', { exact: true }).fill('12');
  await panel.getByLabel('Steps').fill('12');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.getByRole('status')).toContainText(/^\d+ solves\./);
  await expect(panel.locator('.side-lead')).toContainText('between 9 and 12\u00a0MW');
  await expect(panel.locator('[data-table="sweep"] tbody tr').first()).toBeVisible();
  await expect(panel.locator('.figure .picture svg').first()).toBeVisible();
  await panel.getByLabel('Steps').fill('400');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByRole('status')).toContainText(/Cancelled/);
  await panel.getByLabel('To', { exact: true }).fill('9');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.getByRole('status')).toContainText('two different numbers');
});
