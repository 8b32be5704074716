// `npm run bench:load`: what a cold load takes until the first picture and until the first result that answers to changes,
// in Chromium, how many bytes that is, and what a step of an input takes then.
//
//   npm run bench:load [-- --runs 5] [--beside FOLDER] [ADDRESS ...]
//
// Every run starts a browser of its own, so that nothing is cached: neither files nor compiled code. `--beside` is another
// build of the page, measured turn about in the same run. The page marks `tandem:first-picture` and
// `tandem:first-result`; a build without the first mark has its first picture with its first result. Addresses are what
// follows the front page, for instance `#p=zuo-4node`. Bytes are those of the files asked for, each after gzip.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/chromium.js';
import { serve } from '../../scripts/serve.js';
import { quantile } from './measure.js';

/** @typedef {{ picture: number, result: number, kb: number, step: number }} Load ms, kB after gzip */

/** Steps of an input that are timed, after as many that are not. */
const STEPS = 6;

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, beside: { type: 'string' } },
  allowPositionals: true,
});
const folders = [fileURLToPath(new URL('../../dist', import.meta.url)), ...(values.beside ? [values.beside] : [])];
const sites = await Promise.all(folders.map(async (root) => ({ root, ...(await serve({ root })) })));
const executablePath = findChromium() ?? undefined;

for (const address of positionals.length > 0 ? positionals : ['#p=zuo-4node', '#p=baran-wu-33', '']) {
  /** @type {Load[][]} */
  const loads = sites.map(() => []);
  for (let run = 0; run < Number(values.runs); run += 1)
    for (const [k, { root, url }] of sites.entries()) loads[k]?.push(await cold(root, url, address));
  for (const [k, runs] of loads.entries()) {
    const median = (/** @type {keyof Load} */ what) => {
      const sorted = runs.map((load) => load[what]).sort((a, b) => a - b);
      return quantile(sorted, 0.5).toFixed(0);
    };
    console.log(
      `${(address || 'front page').padEnd(18)} ${path.relative('.', folders[k] ?? '').padEnd(16)} picture ${median('picture')} ms, ` +
        `result ${median('result')} ms, ${median('kb')} kB, step ${median('step')} ms`,
    );
  }
}
await Promise.all(sites.map((site) => site.close()));
process.exit();

/**
 * One load in a new browser.
 * @param {string} root
 * @param {string} url
 * @param {string} address
 * @returns {Promise<Load>}
 */
async function cold(root, url, address) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  try {
    const page = await browser.newPage();
    /** @type {Set<string>} */
    const asked = new Set();
    page.on('request', (request) => asked.add(request.url().replace(/[?#].*/, '')));
    await page.goto(url + address);
    const mark = await page.waitForFunction(() => performance.getEntriesByName('tandem:first-result')[0]?.startTime);
    const bytes = [...asked].map((name) => gzipped(root, name.slice(url.length) || 'index.html'));
    const result = Number(await mark.jsonValue());
    const picture = await page.evaluate(() => performance.getEntriesByName('tandem:first-picture')[0]?.startTime);
    const step = address === '' ? Number.NaN : await page.evaluate(steps, { address, count: STEPS });
    return { picture: picture ?? result, result, kb: bytes.reduce((sum, one) => sum + one, 0) / 1000, step };
  } finally {
    await browser.close();
  }
}

/** @param {string} root @param {string} name */
function gzipped(root, name) {
  const bytes = readFileSync(path.join(root, name));
  return Math.min(bytes.length, gzipSync(bytes, { level: 9 }).length);
}

/**
 * In the page: the time of a step of the first input with a slider, solved, reported, drawn; the middle of several.
 * @param {{ address: string, count: number }} options
 */
async function steps({ address, count }) {
  const { client } = await import(/** @type {any} */ (new URL('js/app/start.js', document.baseURI).href));
  const scenario = await client.call('open', address);
  let answer = await client.solve({ scenario, key: -1 });
  /** @type {any[]} */
  const fields = answer.form.flatMap((/** @type {any} */ group) => group.fields);
  const sliding = fields.find((field) => field.slider && typeof field.value === 'number' && field.value !== 0);
  const { path: input, value } =
    sliding ?? fields.find((field) => typeof field.value === 'number' && field.value !== 0);
  const view = { width: 640, height: 300, dark: false };
  const charts = answer.report.charts.slice(0, 3).map((/** @type {any} */ { id }) => ({ id, view }));
  /** @type {number[]} */
  const times = [];
  for (let k = 0; k < 2 * count; k += 1) {
    const start = performance.now();
    const changes = [{ path: input, value: value * (1 + (k + 1) * 1e-3) }];
    answer = await client.solve({ scenario: answer.scenario, changes, charts, key: -2 - k });
    times.push(performance.now() - start);
  }
  return times.slice(count).sort((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}
