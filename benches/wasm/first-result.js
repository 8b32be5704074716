// `npm run bench:load`: from navigation to the first result on screen, cold, in Chromium.
//
//   npm run bench:load [-- --runs 5] [ADDRESS ...]
//
// Every run starts a browser of its own, so that nothing is cached: neither files nor compiled code. The
// page marks the moment as `tandem:first-result`. Addresses are what follows the front page, for instance
// `#p=zuo-4node`.

import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { chromium } from '@playwright/test';

import { findChromium } from '../../scripts/chromium.js';
import { serve } from '../../scripts/serve.js';
import { quantile } from './measure.js';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const site = await serve({ root: fileURLToPath(new URL('../../dist', import.meta.url)) });
const executablePath = findChromium() ?? undefined;

for (const address of positionals.length > 0 ? positionals : ['']) {
  /** @type {number[]} */
  const times = [];
  for (let run = 0; run < Number(values.runs); run += 1) times.push(await cold(site.url + address));
  times.sort((a, b) => a - b);
  const all = times.map((ms) => ms.toFixed(0)).join(', ');
  console.log(
    `${(address || 'front page').padEnd(24)} median ${quantile(times, 0.5).toFixed(0)} ms of ${times.length} (${all})`,
  );
}
await site.close();
process.exit();

/**
 * Milliseconds from the start of the navigation to the mark, in a new browser.
 * @param {string} url
 */
async function cold(url) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const mark = await page.waitForFunction(() => performance.getEntriesByName('tandem:first-result')[0]?.startTime);
    return Number(await mark.jsonValue());
  } finally {
    await browser.close();
  }
}
