// The example pages of the packages, as `npm run packages` filled them, and the script of hosts beside a frame made up here.

import path from 'node:path';

import { serve } from '../../scripts/serve.js';
import { dist, expect, test } from './harness.js';
import { overflow, violations } from './page.js';

// Maps of imports stand in the examples, as in a page of whoever tries them.
test.use({ bypassCSP: true });

/** @type {Awaited<ReturnType<typeof serve>>} */
let site;
test.beforeAll(async () => {
  site = await serve({ root: path.dirname(dist) });
});
test.afterAll(() => site.close());

const example = (/** @type {string} */ name) => `${site.url}packages/${name}/example/`;

test('link: a link is read, written and made an address', async ({ page }) => {
  await page.goto(example('link'));
  await expect(page.locator('#said')).toContainText('"preset": "zuo-4node"');
  await expect(page.locator('#address')).toHaveText(
    'https://example.org/?embed=1&view=network,answer&theme=light#p=zuo-4node&v=1&case.branches.2-3.max_p_mw=10.5',
  );
  await page.getByLabel('Link or fragment').fill('p=zuo-4node&x=1');
  await page.getByRole('button', { name: 'Read it' }).click();
  await expect(page.locator('#said')).toContainText('The link holds `x`');
});

test('core: a market is solved in a worker', async ({ page }) => {
  await page.goto(example('core'));
  // (3 · 60 + 60)/2 = 120 MW for 10 $/MWh, the other 60 MW for 50 $/MWh (tests/wasm/core.test.js).
  await expect(page.locator('#headline')).toContainText('4200 $/h');
  await expect(page.locator('#chart svg')).toBeVisible();
  await page.getByLabel('Limit of line 1–3, MW').fill('90');
  await page.getByRole('button', { name: 'Solve' }).click();
  await expect(page.locator('#headline')).toContainText('2400 $/h');
  await expect(page.locator('#why')).toContainText('50 $/MWh');
  await page.getByLabel('Limit of line 1–3, MW').fill('10');
  await page.getByRole('button', { name: 'Solve' }).click();
  await expect(page.locator('#headline')).toContainText('No dispatch exists');
});

test('element: nothing loads before it is pressed; then the page itself solves', async ({ page }) => {
  const loaded = /** @type {string[]} */ ([]);
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  const own = () => loaded.filter((name) => name.startsWith('/packages/core/'));
  await page.goto(example('element'));
  const figure = page.locator('#inline');
  const start = figure.getByRole('button', { name: 'Start' });
  await expect(start).toBeVisible();
  await expect(page.frameLocator('#frame iframe').locator('main')).toBeVisible();
  expect(own()).toEqual([]);
  await start.press('Enter');
  await expect(figure.getByRole('heading', { name: 'Three buses, three prices' })).toBeVisible();
  await expect(figure.locator('figure svg').first()).toBeVisible();
  expect(own()).toContain('/packages/core/dist/worker.js');
  const limit = figure.getByRole('slider', { name: 'Limit of line 1-3' });
  await expect(limit).toHaveValue('80');
  await limit.fill('110');
  await expect(figure.getByRole('spinbutton')).toHaveValue('110');
  await expect(page.locator('#log')).toContainText('inline: change: case.branches.1-3.max_p_mw = 110');
  await expect(figure.getByRole('link')).toHaveAttribute('href', /#p=triangle&v=1&case\.branches\.1-3\.max_p_mw=110/);
  await page.evaluate(() => document.querySelector('#inline')?.setAttribute('theme', 'dark'));
  await expect(figure.locator('figure svg').first()).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  // What a frame answers, the page itself answers.
  const answers = await page.evaluate(async () => {
    const one = /** @type {any} */ (document.querySelector('#inline'));
    const path = 'case.branches.1-3.max_p_mw';
    const told = (/** @type {any} */ error) => [error.code, error.field];
    const set = await one.set([{ path, value: 60 }]);
    return {
      cost: set.values.find((/** @type {any} */ { id }) => id === 'cost_mean').value,
      value: (await one.get('values')).values[path],
      refused: await one.set([{ path, value: 121 }]).catch(told),
      view: await one.view(['network']).catch(told),
      opened: (await one.open({ preset: 'zuo-4node' })).steps,
      step: (await one.play({ step: 4 })).step,
      csv: (await one.export('csv', 'lmp')).text.split('\n').length,
    };
  });
  expect(answers).toEqual({
    ...{
      cost: 4200,
      value: 60,
      refused: ['input', 'case.branches.1-3.max_p_mw'],
      view: ['view', null],
      opened: 6,
      step: 4,
    },
    csv: expect.any(Number),
  });
  await expect(figure.getByRole('slider', { name: 'interval' })).toHaveValue('4');
});

/** A frame of another origin that speaks as docs/EMBEDDING.md says; it writes down what it hears. */
const FRAME = `<!doctype html><title>A frame</title><script>
  let origin = '';
  const heard = (window.heard = []);
  const say = (type, fields) => parent.postMessage({ tandem: 1, type, ...fields }, origin || '*');
  say('hello');
  const timer = setInterval(() => (origin ? clearInterval(timer) : say('hello')), 50);
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== parent || data.tandem !== 1) return;
    origin ||= from;
    heard.push(data);
    const { id, type } = data;
    if (type === 'hello') {
      say('ready', { title: 'Made up' });
      say('size', { height: 333 });
    } else if (type === 'set') say('error', { id, code: 'input', field: data.changes[0].path, message: 'Too much.' });
    else say('answer', { id, what: data.what, views: data.views });
  });
</script>`;
/** The page around, with the rules of style that break heights most often. */
const HOST = `<!doctype html><title>A host</title>
  <style>* { box-sizing: border-box } iframe { border: 3px solid; padding: 2px }</style>
  <iframe id="plain" width="300" src="FRAMES/?embed=1#p=triangle"></iframe>
  <iframe id="other" width="300" height="99" src="FRAMES/?view=network"></iframe>
  <div style="transform: scale(0.5); width: 1600px"><tandem-figure id="wide" page="FRAMES/" preset="triangle"></tandem-figure></div>
  <tandem-figure id="bad" page="javascript:alert(1)//" preset="triangle"></tandem-figure>
  <script type="module" src="embed.js"></script>`;

test('embed.js: heights, promises, and no ear for others', async ({ page, url }) => {
  const frames = 'http://frames.example';
  const html = (/** @type {string} */ body) => ({ contentType: 'text/html', body: body.replaceAll('FRAMES', frames) });
  await page.route(`${frames}/**`, (route) => route.fulfill(html(FRAME)));
  await page.route('http://strange.example/**', (route) =>
    route.fulfill(html(`<script>parent.postMessage({ tandem: 1, type: 'size', height: 777 }, '*')</script>`)),
  );
  await page.route(`${url}host.html`, (route) => route.fulfill(html(HOST)));
  await page.goto(`${url}host.html`);
  const height = (/** @type {string} */ css) =>
    page.evaluate((one) => /** @type {HTMLElement} */ (document.querySelector(one)).offsetHeight, css);
  // 3 px of border and 2 px of padding above and below stand around what is 333 px high.
  await expect.poll(() => height('#plain')).toBe(343);
  // Half as large to the eye, not to the layout.
  await expect.poll(() => height('#wide')).toBe(333);
  expect(await height('#other')).toBe(99);
  const told = await page.evaluate(async () => {
    const figure = /** @type {any} */ (document.querySelector('#wide'));
    const refused = await figure.set([{ path: 'case.x', value: 1 }]).catch((/** @type {any} */ error) => error);
    const answers = [await figure.get('values'), await figure.view(['answer'])];
    // Properties that frameworks write are attributes; what was asked of the frame before is answered by the new one.
    figure.view = 'answer,network';
    await Promise.resolve();
    const { src } = figure.shadowRoot.querySelector('iframe');
    const { what } = await figure.get('link');
    const bad = /** @type {any} */ (document.querySelector('#bad')).shadowRoot;
    return { refused: [refused.message, refused.code, refused.field], answers, src, what, bad: bad.textContent };
  });
  expect(told).toEqual({
    refused: ['Too much.', 'input', 'case.x'],
    answers: [expect.objectContaining({ what: 'values' }), expect.objectContaining({ views: ['answer'] })],
    src: `${frames}/?embed=1&view=answer%2Cnetwork#p=triangle`,
    what: 'link',
    bad: expect.stringContaining('javascript:'),
  });
  // A frame that comes later is fitted, and asked for its height alone; one that went elsewhere is not heard.
  await page.evaluate((src) => {
    const late = Object.assign(document.createElement('iframe'), { id: 'late', src: `${src}/?embed=1#p=triangle` });
    document.body.append(late);
  }, frames);
  await expect.poll(() => height('#late')).toBe(343);
  const late = page
    .frames()
    .find((frame) => frame.url().startsWith(frames) && frame.parentFrame() === page.mainFrame() && frame.name() === '');
  expect(late).toBeDefined();
  const asked = await (await page.locator('#late').elementHandle())
    ?.contentFrame()
    .then((frame) => frame?.evaluate('heard'));
  expect(asked).toContainEqual({ tandem: 1, type: 'hello', listen: ['size'] });
  await (await page.locator('#plain').elementHandle())
    ?.contentFrame()
    .then((frame) => frame?.goto('http://strange.example/'));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  expect(await height('#plain')).toBe(343);
});
