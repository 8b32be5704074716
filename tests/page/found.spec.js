// Found state: whatever dies, is blocked or comes wrong, the page says so, keeps the work and can go on.

import { randomBytes } from 'node:crypto';

import { behind } from './fixture.js';
import { expect, firstResult, open, test } from './harness.js';
import { LIMIT, field, hashHolds, headline } from './page.js';

/** @import { BrowserContext, Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** Limits of line 2-3 at which the module misbehaves. */
const HANG = '13.37';
const TRAP = '13.38';
const OVERFLOW = '13.36';

/** @param {BrowserContext} context */
const misbehaving = (context) =>
  behind(
    context,
    `
Session.prototype.solve = function (pieces) {
  const limit = limitOf(this);
  if (limit === ${HANG}) for (;;);
  if (limit === ${TRAP}) throw new WebAssembly.RuntimeError('unreachable');
  if (limit === ${OVERFLOW}) throw new RangeError('Maximum call stack size exceeded');
  return sound.solve.call(this, pieces);
};`,
  );

/**
 * Changes the limit, as a visit of its own to the field.
 * @param {Page} page
 * @param {string} value
 */
async function edit(page, value) {
  await field(page, LIMIT).fill(value);
  await field(page, LIMIT).blur();
}

test('workers that are killed are made again, and the edit is solved', async ({ page, url }) => {
  await page.addInitScript(() => {
    const Sound = Worker;
    const made = /** @type {Worker[]} */ ([]);
    Object.assign(window, { made });
    window.Worker = class extends Sound {
      /** @param {ConstructorParameters<typeof Worker>} words */
      constructor(...words) {
        super(...words);
        made.push(this);
      }
    };
  });
  await open(page, `${url}#p=zuo-4node`);
  await edit(page, '11');
  await hashHolds(page, /max_p_mw=11/);
  await page.waitForFunction(() => /** @type {any} */ (window).made.length === 2);
  await page.evaluate(() =>
    /** @type {any} */ (window).made.forEach((/** @type {Worker} */ worker) => worker.terminate()),
  );
  await edit(page, '12');
  await expect.poll(() => new URL(page.url()).hash, { timeout: 30_000 }).toMatch(/max_p_mw=12/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(field(page, LIMIT)).toHaveValue('11');
});

for (const [name, value] of [
  ['a trap', TRAP],
  ['an overflow of the stack', OVERFLOW],
]) {
  test(`after ${name} the inputs show the scenario, undo and redo work, and the next edit is solved`, async ({
    page,
    url,
    context,
  }) => {
    await misbehaving(context);
    await open(page, `${url}#p=zuo-4node`);
    await edit(page, '11');
    await hashHolds(page, /max_p_mw=11/);
    await field(page, LIMIT).fill(value);
    await expect(page.locator('.progress')).toContainText('The program stopped inside');
    await expect(field(page, LIMIT)).toHaveValue('11');
    await hashHolds(page, /max_p_mw=11/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(field(page, LIMIT)).toHaveValue('10');
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect(field(page, LIMIT)).toHaveValue('11');
    await edit(page, '12');
    await hashHolds(page, /max_p_mw=12/);
    await expect(page.locator('.progress')).toBeHidden();
  });
}

test('cancel stops what waits behind, too', async ({ page, url, context }) => {
  await misbehaving(context);
  await open(page, `${url}#p=zuo-4node`);
  await field(page, LIMIT).fill(HANG);
  const progress = page.locator('.progress');
  await expect(progress).toContainText(/olving/);
  await field(page, 'case.loads.L4.p_mw').fill('14');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toContainText('Cancelled');
  await expect(field(page, LIMIT)).toHaveValue('10');
  await expect(field(page, 'case.loads.L4.p_mw')).toHaveValue('15');
  await edit(page, '12');
  await hashHolds(page, /max_p_mw=12/);
});

test('several steps back at once, and on again', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  for (const value of ['10.5', '11', '11.5']) {
    await edit(page, value);
    await hashHolds(page, new RegExp(`max_p_mw=${value}`));
  }
  await page.evaluate(() => {
    const undo = /** @type {HTMLElement} */ (document.querySelector('[aria-label="Undo"]'));
    for (let k = 0; k < 3; k += 1) undo.click();
  });
  await expect(field(page, LIMIT)).toHaveValue('10');
  for (const value of ['10.5', '11', '11.5']) {
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect(field(page, LIMIT)).toHaveValue(value);
  }
});

test('whoever goes elsewhere during the first opening is followed', async ({ page, url, context }) => {
  // The first solve takes as long as the test needs.
  await behind(
    context,
    `
Session.prototype.solve = function (pieces) {
  if (JSON.parse(this.text).preset === 'zuo-4node') for (const end = Date.now() + 2000; Date.now() < end;);
  return sound.solve.call(this, pieces);
};`,
  );
  await page.goto(`${url}#p=zuo-4node`);
  await expect(page.locator('.opening')).toBeVisible();
  await page.evaluate(() => (location.hash = '#p=triangle'));
  await expect(page.locator('.diagram .bus')).toHaveCount(3);
  await firstResult(page);
  await expect(page.locator('.opening')).toHaveCount(0);
  await expect(page.locator('.diagram .bus')).toHaveCount(3);
});

test('an edit just before leaving is offered again', async ({ page, url }) => {
  await open(page, url);
  await page.evaluate(() => (location.hash = '#p=zuo-4node'));
  const said = await headline(page).textContent();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  await page.goBack();
  await page.getByRole('link', { name: 'Restore', exact: true }).click();
  await expect(field(page, LIMIT)).toHaveValue('12');
});

test('a scenario too large for a link is found again by back', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const text = await page.evaluate(async () => {
    const { client } = await import(/** @type {any} */ (new URL('js/app/start.js', document.baseURI).href));
    return client.call('open', '#p=zuo-4node');
  });
  const scenario = JSON.parse(text);
  scenario.preset = '';
  // Bytes that do not pack: with them no link is short enough.
  scenario.case.source = randomBytes(900_000).toString('base64');
  await page.evaluate(() => (location.hash = ''));
  await page
    .locator('#case-file')
    .setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(scenario)) });
  await edit(page, '12');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  await page.evaluate(() => (location.hash = ''));
  await expect(page.locator('.gallery')).toBeVisible();
  await page.goBack();
  await expect(field(page, LIMIT)).toHaveValue('12');
});

for (const storage of ['throws', 'is full']) {
  test(`storage that ${storage} takes only the offer to restore away`, async ({ page, url }) => {
    await page.addInitScript((how) => {
      const refuse = () => {
        throw new DOMException('denied', how === 'throws' ? 'SecurityError' : 'QuotaExceededError');
      };
      if (how === 'throws') Object.defineProperty(window, 'localStorage', { get: refuse });
      else Storage.prototype.setItem = refuse;
    }, storage);
    await open(page, `${url}#p=zuo-4node`);
    await edit(page, '12');
    await hashHolds(page, /max_p_mw=12/);
    await page.evaluate(() => (location.hash = ''));
    await expect(page.locator('.gallery')).toBeVisible();
  });
}

test('what was kept leads to a scenario of this page, or nowhere', async ({ page, url }) => {
  for (const kept of [
    'not json',
    '[]',
    '{"hash":"https://example.org/","title":"x","at":1}',
    '{"hash":"javascript:alert(1)","title":"x","at":1}',
  ]) {
    await page.addInitScript(
      (text) => location.protocol.startsWith('http') && localStorage.setItem('tandem:last', text),
      kept,
    );
    await page.goto('about:blank');
    await open(page, url);
    await expect(page.locator('.gallery')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Restore', exact: true })).toHaveCount(0);
  }
});

/** What does not come as it should, how, and what is said. */
const BROKEN = [
  {
    file: 'pkg/*_bg.wasm',
    how: { status: 200, contentType: 'text/html', body: '<html>log in</html>' },
    says: /Another page came/,
  },
  {
    file: 'pkg/*_bg.wasm',
    how: { status: 200, contentType: 'application/wasm', body: '\0asm\x01\0\0\0\x7f' },
    says: /came damaged/,
  },
  { file: 'js/session/worker.js', how: { status: 404, body: 'no' }, says: /could not be started in a worker/ },
  { file: 'js/app/lab-view.js', how: { status: 404, body: 'no' }, says: /A part of the page did not load/ },
  { file: 'js/app/main.js', how: { status: 404, body: 'no' }, says: /The program did not load/ },
];
for (const { file, how, says } of BROKEN) {
  test(`${file} as ${how.contentType ?? how.status}: the page says ${says.source}`, async ({
    page,
    url,
    context,
    complaints,
  }) => {
    await context.route(`**/${file}`, (route) => route.fulfill(how));
    // The module comes after the worker has failed.
    if (file === 'js/session/worker.js') {
      await context.route('**/pkg/*_bg.wasm', async (route) => {
        await new Promise((done) => setTimeout(done, 1000));
        await route.continue().catch(() => {});
      });
    }
    await page.goto(`${url}#p=zuo-4node`);
    await expect(page.getByRole('alert').filter({ hasText: says })).toBeVisible({ timeout: 20_000 });
    complaints.length = 0;
  });
}
