// Embedded views in a page of another origin: what they show, tell and let change.

import { createServer } from 'node:http';

import { expect, open, test } from './harness.js';
import { LIMIT, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** The page of somebody else, at an origin of its own. */
const others = createServer((_, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(shown);
});
let shown = '';
test.beforeAll(() => new Promise((resolve) => others.listen(0, '127.0.0.1', () => resolve(undefined))));
test.afterAll(() => void others.close());

/**
 * A page of somebody else with frames and a script.
 * @param {Page} page
 * @param {string} body
 * @param {string} [script]
 */
async function host(page, body, script = '') {
  const head = '<!doctype html><meta charset="utf-8"><title>A course</title><link rel="icon" href="data:,">';
  shown = `${head}${body}<script type="module">${script}</script>`;
  const address = others.address();
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
}

/** A host that keeps every message and answers greetings. @param {string[]} listen */
const keeping = (listen) => `
window.heard = [];
const frame = document.querySelector('iframe');
window.say = (message) => frame.contentWindow.postMessage({ tandem: 1, ...message }, '*');
let id = 0;
window.ask = (message) => new Promise((resolve) => {
  const own = (id += 1);
  const hear = ({ data }) => {
    if (data.id !== own) return;
    removeEventListener('message', hear);
    resolve(data);
  };
  addEventListener('message', hear);
  say({ ...message, id: own });
});
addEventListener('message', ({ data, source }) => {
  heard.push({ ...data, own: source === frame.contentWindow });
  if (data.type === 'hello') say({ type: 'hello', listen: ${JSON.stringify(listen)} });
});`;

/** @param {Page} page @param {object} message */
const ask = (page, message) => page.evaluate((asked) => /** @type {any} */ (window).ask(asked), message);
/** @param {Page} page @param {string} type */
const heard = (page, type) =>
  page.evaluate(
    (kind) => /** @type {any[]} */ (/** @type {any} */ (window).heard).filter((one) => one.type === kind),
    type,
  );

test('messages: inputs are set within their ranges, results are told, what is asked is answered', async ({
  page,
  url,
}) => {
  const source = `${url}?embed=1&view=answer,network&inputs=case.branches.1-3.max_p_mw:20:120:5&lock=inputs#p=triangle`;
  await host(
    page,
    `<iframe src="${source}" title="Figure" width="700" height="600"></iframe>`,
    keeping(['size', 'change', 'result']),
  );
  await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
  const [ready] = await heard(page, 'ready');
  expect(ready).toMatchObject({ tandem: 1, preset: 'triangle', link: 'p=triangle', lock: 'inputs' });
  expect(ready.inputs).toMatchObject([{ path: 'case.branches.1-3.max_p_mw', unit: 'MW', min: 20, max: 120, step: 5 }]);
  await expect.poll(async () => (await heard(page, 'size')).at(-1)?.height ?? 0).toBeGreaterThan(100);
  const slider = page.frameLocator('iframe').getByRole('slider');
  await expect(slider).toHaveAttribute('max', '120');

  // Past the limit of 1-3 the three prices are one: 40 $/MWh of the first unit carries the load.
  const set = await ask(page, { type: 'set', changes: [{ path: 'case.branches.1-3.max_p_mw', value: 100 }] });
  expect(set).toMatchObject({ type: 'answer', status: 'solved' });
  const [change] = await heard(page, 'change');
  expect(change.changes).toEqual([{ path: 'case.branches.1-3.max_p_mw', value: 100 }]);
  await expect(page.frameLocator('iframe').locator('.headline')).toHaveText(set.headline);
  expect((await heard(page, 'result')).at(-1)).toMatchObject({ headline: set.headline });

  const over = await ask(page, { type: 'set', changes: [{ path: 'case.branches.1-3.max_p_mw', value: 121 }] });
  expect(over).toMatchObject({ type: 'error', code: 'input', field: 'case.branches.1-3.max_p_mw' });
  expect(over.message).toContain('from 20 to 120');
  const locked = await ask(page, { type: 'set', changes: [{ path: 'case.branches.1-2.max_p_mw', value: 50 }] });
  expect(locked).toMatchObject({ type: 'error', code: 'locked' });
  expect(await ask(page, { type: 'open', preset: 'zuo-4node' })).toMatchObject({ type: 'error', code: 'locked' });
  expect(await ask(page, { type: 'get', what: 'link' })).toMatchObject({
    link: expect.stringMatching(/^p=triangle&v=1&case\.branches\.1-3\.max_p_mw=100/),
  });
  expect((await ask(page, { type: 'get', what: 'series' })).series).toContainEqual(
    expect.objectContaining({ id: 'lmp:3', unit: '$/MWh' }),
  );
  expect(await ask(page, { type: 'view', views: ['network', 'nothing'] })).toMatchObject({
    type: 'error',
    code: 'view',
  });
  expect(await ask(page, { type: 'export', what: 'svg', view: 'network' })).toMatchObject({
    mime: 'image/svg+xml',
    text: expect.stringContaining('<svg'),
  });
  expect(await ask(page, { type: 'dance' })).toMatchObject({ type: 'error', code: 'message' });
  for (const views of [['why:bus:99'], ['sweep:nope:1:2'], ['sweep:case.branches.1-3.max_p_mw:20:5']])
    expect(await ask(page, { type: 'view', views }), String(views)).toMatchObject({ type: 'error', code: 'view' });
  // No number is no way round the range, and what is refused is no change.
  const told = (await heard(page, 'change')).length;
  const none = await ask(page, { type: 'set', changes: [{ path: 'case.branches.1-3.max_p_mw', value: null }] });
  expect(none).toMatchObject({ type: 'error', code: 'input' });
  expect(await heard(page, 'change')).toHaveLength(told);
  // Typed beyond the author's range: refused beside the input, the figure stays.
  const limit = page.frameLocator('iframe').locator('[data-path="case.branches.1-3.max_p_mw"]').first();
  await limit.fill('130');
  await expect(page.frameLocator('iframe').getByText('Here it can be from 20 to 120\u00a0MW.')).toBeVisible();
});

test('messages: changes are made all or none, one after the other, and another scenario is opened', async ({
  page,
  url,
}) => {
  await host(page, `<iframe src="${url}?embed=1&view=answer#p=triangle" title="Figure"></iframe>`, keeping(['change']));
  await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
  const limit = 'case.branches.1-3.max_p_mw';
  const half = [
    { path: limit, value: 90 },
    { path: 'case.nope', value: 1 },
  ];
  expect(await ask(page, { type: 'set', changes: half })).toMatchObject({ type: 'error', field: 'case.nope' });
  expect(await heard(page, 'change')).toEqual([]);
  expect((await ask(page, { type: 'get', what: 'values' })).values[limit]).toBe(80);
  // By hand: 1 MW more on line 1-3 lets 1.5 MW of 10 $/MWh take the place of 50 $/MWh: 60 $/h less.
  const costs = await page.evaluate(
    ([path, values]) =>
      Promise.all(
        values.map((value) =>
          /** @type {any} */ (window)
            .ask({ type: 'set', changes: [{ path, value }] })
            .then(
              (/** @type {any} */ told) => told.values.find((/** @type {any} */ one) => one.id === 'cost_mean').value,
            ),
        ),
      ),
    /** @type {const} */ ([limit, [80, 81, 82, 85]]),
  );
  expect(costs.map((cost) => Math.round(cost - (costs[0] ?? NaN)))).toEqual([0, -60, -120, -300]);
  expect(await ask(page, { type: 'open', preset: 'zuo-4node', link: 'p=triangle' })).toMatchObject({ code: 'message' });
  expect(await ask(page, { type: 'open', preset: 'zuo-4node' })).toMatchObject({
    type: 'answer',
    preset: 'zuo-4node',
    steps: 6,
  });
  expect(await ask(page, { type: 'play', step: 'x' })).toMatchObject({ type: 'error', code: 'message' });
  expect(await ask(page, { type: 'play', step: 3 })).toMatchObject({ type: 'answer', step: 3 });
});

test('messages: before the host speaks nothing but a greeting leaves the frame, and another window is not heard', async ({
  page,
  url,
}) => {
  await host(
    page,
    `<iframe src="${url}?embed=1&view=answer&inputs=${LIMIT}#p=zuo-4node" title="Figure"></iframe>`,
    `window.heard = [];
     addEventListener('message', ({ data }) => heard.push(data));`,
  );
  await expect(page.frameLocator('iframe').locator('.headline')).toBeVisible();
  await page.frameLocator('iframe').locator(`[data-path="${LIMIT}"]`).first().fill('12');
  await expect.poll(() => heard(page, 'hello').then((all) => all.length)).toBeGreaterThan(2);
  const all = await page.evaluate(() => /** @type {any} */ (window).heard);
  for (const message of all) expect(message).toEqual({ tandem: 1, type: 'hello' });
});

test('a lesson in a frame: the score is told, and its state goes on where it was', async ({ page, url }) => {
  const source = (/** @type {string} */ state) =>
    `${url}?embed=1&view=lesson,answer,task,network${state === '' ? '' : `&state=${encodeURIComponent(state)}`}#p=triangle`;
  await host(page, `<iframe src="${source('')}" title="Figure" width="800" height="900"></iframe>`, keeping(['score']));
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('button', { name: 'That is my prediction' })).toBeVisible();
  await expect(frame.locator('.headline')).toBeHidden();
  await frame.getByRole('button', { name: 'Show the answer' }).click();
  await expect(frame.locator('.headline')).toBeVisible();
  const after = (await heard(page, 'score')).find(({ question }) => question === 'predict');
  expect(after).toMatchObject({ right: false, done: 1, count: 1, score: 0, finished: false });
  const { state } = (await heard(page, 'score')).at(-1);
  expect(state.length).toBeLessThanOrEqual(4000);

  await page.evaluate((next) => Object.assign(document.querySelector('iframe') ?? {}, { src: next }), source(state));
  await expect(frame.getByRole('button', { name: 'That is my prediction' })).toHaveCount(0);
  await expect(frame.locator('.lesson [aria-current="step"]')).toContainText('Try');
});

test('views of their own: a comparison, a sweep over a given range, a price explained', async ({ page, url }) => {
  const views = 'sweep:case.branches.1-3.max_p_mw:20:120,why:bus:3';
  await open(
    page,
    `${url}?embed=1&view=answer,${views}&question=${encodeURIComponent('What does line 1-3 cost bus 3?')}#p=triangle`,
  );
  await expect(page.getByText('What does line 1-3 cost bus 3?')).toBeVisible();
  await expect(page.locator('.sweep .side-lead')).toContainText('between 20 and 120\u00a0MW');
  await expect(page.locator('.sweep').getByLabel('From', { exact: true })).toHaveCount(0);
  await expect(page.locator('.why-card h2')).toContainText('Why');
  await expect(page.locator('.why-card').getByRole('button', { name: 'Close' })).toHaveCount(0);
  await open(page, `${url}?embed=1&view=answer,compare#p=zuo-4node`);
  await expect(page.locator('.compare [data-chart="method_costs"] .picture svg')).toBeVisible();
});

test('a poster shows the preset until it is pressed; a message starts it as well', async ({ page, url }) => {
  await host(
    page,
    `<iframe src="${url}?embed=1&view=answer&run=0#p=triangle" title="Figure" height="500" width="700"></iframe>`,
    keeping(['result']),
  );
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('button', { name: 'Run' })).toBeVisible();
  await expect(frame.locator('.poster .first-picture svg').first()).toBeAttached();
  expect(await heard(page, 'ready')).toEqual([]);
  expect(await ask(page, { type: 'get', what: 'result' })).toMatchObject({ status: 'solved' });
});

test('twenty frames share the workers of one page and stay responsive', async ({ page, url }) => {
  const frame = `<tandem-figure preset="zuo-4node-se" view="answer" inputs="${LIMIT}" page="${url}"></tandem-figure>`;
  await host(
    page,
    frame.repeat(20),
    `import '${url}embed.js'; window.ready = 0; addEventListener('tandem-ready', () => (window.ready += 1));`,
  );
  await expect.poll(() => page.evaluate(() => /** @type {any} */ (window).ready), { timeout: 30_000 }).toBe(20);
  const own = page.workers().filter((worker) => worker.url().includes('/session/worker.js'));
  expect(own).toHaveLength(0);
  // A change in each of them at once is answered in all of them.
  const headlines = await page.evaluate(
    (path) =>
      Promise.all(
        [...document.querySelectorAll('tandem-figure')].map((figure) =>
          /** @type {any} */ (figure).set([{ path, value: 12 }]).then((/** @type {any} */ told) => told.headline),
        ),
      ),
    LIMIT,
  );
  expect(new Set(headlines).size).toBe(1);
  expect(headlines).toHaveLength(20);
});

test('a frame that may not run says so to its host', async ({ page, url, complaints }) => {
  await host(
    page,
    `<iframe sandbox="allow-scripts" src="${url}?embed=1&view=answer#p=triangle" title="Figure"></iframe>`,
    `window.heard = [];
     addEventListener('message', ({ data }) => heard.push(data));`,
  );
  await expect.poll(() => heard(page, 'error').then((all) => all[0]?.code)).toBe('sandbox');
  await expect(page.frameLocator('iframe').getByRole('alert')).toContainText('allow-same-origin');
  complaints.length = 0;
});

test('WebAssembly blocked: the host is told within three seconds', async ({ page, url }) => {
  await page.addInitScript(() => {
    // @ts-expect-error what a locked-down browser looks like
    delete globalThis.WebAssembly;
    // @ts-expect-error so that no worker has it either
    delete globalThis.SharedWorker;
  });
  const since = Date.now();
  await host(page, `<iframe src="${url}?embed=1&view=answer#p=triangle" title="Figure"></iframe>`, keeping([]));
  await expect.poll(() => heard(page, 'error').then((all) => all[0]?.code)).toBe('wasm');
  expect(Date.now() - since).toBeLessThan(3000);
});

test('the builder makes the address, shows the figure and writes what is pasted', async ({ page, url }) => {
  await open(page, `${url}#p=triangle`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Embed in a page or course' }).click();
  const dialog = page.getByRole('dialog', { name: 'Embed this scenario' });
  await dialog.getByLabel('Answer').check();
  await dialog.getByLabel('A question of your own').fill('Why three prices?');
  await dialog.getByLabel('Theme').selectOption('dark');
  await dialog.getByLabel('Everything else is locked').check();
  const preview = dialog.frameLocator('iframe');
  await expect(preview.getByText('Why three prices?')).toBeVisible();
  await expect(preview.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(preview.locator('.headline')).toBeVisible();
  const text = dialog.getByLabel('Text to paste');
  await expect(text).toHaveValue(
    /^<iframe src="[^"]*embed=1&amp;view=[^"]*answer[^"]*lock=inputs[^"]*question=Why\+three\+prices%3F[^"]*#p=triangle"/,
  );
  await dialog.getByLabel('To paste into').selectOption('element');
  await expect(text).toHaveValue(/embed\.js"><\/script>\n<tandem-figure preset="triangle" view="/);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await overflow(page), 'horizontal scrolling of the page, px').toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  const slide = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Picture with QR code' }).click();
  expect((await slide).suggestedFilename()).toMatch(/slide\.png$/);
});
