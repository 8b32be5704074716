// Against another scenario: the drawer and its address.
//
// Numbers by hand, as in tests/surface/between.rs: the case of all mechanisms costs 24.8 $. With 0.5 MVA on line I-D it costs
// 28.4 $, with hydro at 12 $/MWh 26.4 $, with both 29.4 $. In turn the two make 3.6 and 1, as fair shares (3.6 + 3) / 2 = 3.3 and
// (1.6 + 1) / 2 = 1.3: 4.6 either way.

import { expect, open, test } from './harness.js';
import { drawer, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const LINE = 'case.feeders.F.lines.I-D.max_s_mva';
const HYDRO = 'case.balancing.bids.H1.offers.0.segments.0.usd_per_mwh';
const BOTH = `p=all-schemes&${LINE}=0.5&${HYDRO}=12`;

/** @param {Page} page */
function parts(page) {
  const panel = page.locator('.panel.between');
  return {
    panel,
    other: panel.getByLabel('Link of the other, or a preset'),
    compare: panel.getByRole('button', { name: 'Compare the two' }),
    lead: panel.locator('.side-lead'),
    status: panel.getByRole('status').first(),
    cells: (/** @type {string} */ table) => panel.locator(`[data-table="${table}"] tbody tr`),
  };
}

/** The numbers of a column of the causes. @param {Page} page @param {number} column */
async function sum(page, column) {
  const cells = await page.locator(`[data-table="between:cost"] tbody tr > :nth-child(${column})`).allInnerTexts();
  return cells.reduce((all, cell) => all + Number(cell), 0);
}

test('a pasted link is compared: inputs, outputs, and causes that make the whole difference', async ({ page, url }) => {
  await open(page, `${url}#${BOTH}`);
  await drawer(page, 'between').click();
  const { panel, other, compare, lead, cells } = parts(page);
  await other.fill(`${url}#p=all-schemes`);
  await compare.click();
  await expect(lead).toHaveText(/^2 inputs differ, and \d+ numbers of the answer: cost from 24\.8\s\$ to 29\.4\s\$\.$/);
  await expect(cells('between_inputs')).toHaveText([/^I-D limitMVA0\.80\.5case/, /^H1 price\$\/MWh1012case/]);
  await expect(cells('between_outputs').first()).toHaveText('cost$24.829.44.6');
  await expect(cells('between:cost')).toHaveText(['I-D limit3.63.3', 'H1 price11.3']);
  for (const column of [2, 3]) expect(await sum(page, column)).toBeCloseTo(4.6, 9);
  await expect(panel.locator('[data-chart="turn:cost"] .picture svg')).toBeVisible();
  await panel.getByLabel('taken apart by').selectOption('share');
  await expect(panel.locator('[data-chart="share:cost"] .picture svg')).toBeVisible();
  // Hydro fills the line and is paid its own price, 0.8 · 10 = 8 $; with the smaller line 5 $, with its new price 9.6 $, with
  // both 6 $.
  await panel.getByLabel('Number', { exact: true }).selectOption('net:H1');
  await expect(cells('between:net:H1')).toHaveText(['I-D limit−3−3.3', 'H1 price11.3']);
  expect(await violations(page)).toEqual([]);
});

test('its address opens the same', async ({ page, url }) => {
  await open(page, `${url}?between=${encodeURIComponent('p=all-schemes')}#${BOTH}&view.drawer=between`);
  const { panel, lead, other, cells } = parts(page);
  await expect(lead).toContainText('2 inputs differ');
  await expect(other).toHaveValue('#p=all-schemes');
  await expect(cells('between:cost')).toHaveText(['I-D limit3.63.3', 'H1 price11.3']);
  const link = new URL((await panel.locator('.between-link').getAttribute('href')) ?? '');
  expect(link.searchParams.get('between')).toBe('p=all-schemes');
  await page.goto('about:blank');
  await open(page, link.href);
  await expect(cells('between:cost')).toHaveText(['I-D limit3.63.3', 'H1 price11.3']);
});

test('what cannot be compared says why', async ({ page, url }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${url}#${BOTH}`);
  await drawer(page, 'between').click();
  const { panel, other, compare, lead, status, cells } = parts(page);
  await compare.click();
  await expect(status).toHaveText('Paste the link of another scenario, or type the id of a preset.');
  await other.fill('zuo-4node');
  await compare.click();
  await expect(panel).toContainText('different mechanisms, so no change leads from one to the other');
  await expect(lead).toContainText('the two have no number in common');
  await expect(cells('between_outputs')).toHaveCount(0);
  await other.fill('https://example.org/#z=AgAAAA');
  await compare.click();
  await expect(status).toContainText('link');
  // What stood there was of another link.
  await expect(lead).toBeHidden();
  await other.fill('no-such-preset');
  await compare.click();
  await expect(status).toContainText('No preset is called “no-such-preset”');
  await panel.getByRole('button', { name: 'The preset as it was' }).click();
  await expect(lead).toContainText('2 inputs differ');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});
