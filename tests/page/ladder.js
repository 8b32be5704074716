// A grid of more buses than a one-line diagram holds.
//
// A ladder by hand: two rails of buses 1, 3, 5, … and 2, 4, 6, … with rungs between. G1 at bus 1 sells at 10 $/MWh, G2 at
// the last bus at 30. That bus hangs on one line of 5 MW and takes 40 MW: 5 come from G1 and 35 from G2, so that its price
// is 30 $/MWh and that of all others 10.

import { expect, open } from './harness.js';

/** @import { Page } from '@playwright/test' */

/** @param {number} count of buses, even */
function ladder(count) {
  const ids = Array.from({ length: count }, (_, k) => k + 1);
  const bus = ids.map((id) => `${id} ${id === 1 ? 3 : 1} ${id === count ? 40 : 1} 0 0 0 1 1 0 10 1 1.1 0.9`);
  const ends = [
    ...ids.filter((id) => id + 2 < count).map((id) => [id, id + 2]),
    ...ids.filter((id) => id % 2 === 1).map((id) => [id, id + 1]),
  ];
  const limit = (/** @type {number[]} */ pair) => (pair.includes(count) ? 5 : 0);
  const branch = ends.map((pair) => `${pair.join(' ')} 0 0.1 0 ${limit(pair)} 0 0 0 0 1 -360 360`);
  return `function mpc = ladder
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [${bus.join(';\n')}];
mpc.gen = [1 0 0 0 0 1 100 1 2000 0; ${count} 0 0 0 0 1 100 1 100 0];
mpc.branch = [${branch.join(';\n')}];
mpc.gencost = [2 0 0 2 10 0; 2 0 0 2 30 0];
`;
}

/**
 * Opens a ladder as a person's own file.
 * @param {Page} page
 * @param {string} url
 * @param {number} count
 * @param {string} [query]
 */
export async function bring(page, url, count, query = '') {
  await open(page, `${url}${query}`);
  const file = { name: 'ladder.m', mimeType: 'application/octet-stream', buffer: Buffer.from(ladder(count)) };
  await page.locator('#case-file').setInputFiles(file);
  await expect(page.locator('.grid-map canvas')).toBeVisible();
}
