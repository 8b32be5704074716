// Twenty embedded figures on one page: how long until all show an answer, and until all have answered a change, with workers
// that they share and with one each.
//
//   npm run bench:frames

import { createServer } from 'node:http';
import process from 'node:process';

import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/chromium.js';
import { serve } from '../../scripts/serve.js';

const FRAMES = 20;
const PATH = 'case.branches.2-3.max_p_mw';

const site = await serve({ root: 'dist' });
const figure = `<tandem-figure preset="zuo-4node-se" view="answer" inputs="${PATH}" page="${site.url}"></tandem-figure>`;
const script = `import '${site.url}embed.js'; window.ready = 0; addEventListener('tandem-ready', () => (window.ready += 1));`;
const body = `<!doctype html><title>Frames</title>${figure.repeat(FRAMES)}<script type="module">${script}</script>`;
const host = createServer((_, response) => response.setHeader('content-type', 'text/html').end(body));
await new Promise((resolve) => host.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = host.address();
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
});

/** @param {boolean} shared */
async function run(shared) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (!shared)
    await page.addInitScript(() => {
      // @ts-expect-error a browser that has none to share
      delete globalThis.SharedWorker;
    });
  const begin = performance.now();
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  await page.waitForFunction((count) => /** @type {any} */ (window).ready >= count, FRAMES, { timeout: 120_000 });
  const shown = performance.now() - begin;
  const changed = await page.evaluate(async (path) => {
    const since = performance.now();
    const figures = [...document.querySelectorAll('tandem-figure')];
    await Promise.all(figures.map((one) => /** @type {any} */ (one).set([{ path, value: 12 }])));
    return performance.now() - since;
  }, PATH);
  const workers = page.workers().length;
  await context.close();
  return { shown, changed, workers };
}

const median = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const runs = [];
for (let k = 0; k < 5; k += 1) runs.push({ shared: await run(true), own: await run(false) });
for (const kind of /** @type {const} */ (['shared', 'own'])) {
  const [shown, changed] = [median(runs.map((one) => one[kind].shown)), median(runs.map((one) => one[kind].changed))];
  console.log(
    `${kind.padEnd(6)} ${shown.toFixed(0)} ms until ${FRAMES} figures answer, ${changed.toFixed(0)} ms for a change in all; ${runs[0]?.[kind].workers} workers of their own`,
  );
}
await browser.close();
await site.close();
host.close();
process.exit(0);
