// The switch between the variants of a question.

import { expect, open, test } from './harness.js';
import { LIMIT, allInputs, field, hashHolds, headline } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const RULE = 'The ISO sees the aggregator by';

test('another variant keeps the edits that are the reader’s own', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const switched = page.getByLabel(RULE);
  await expect(switched).toHaveValue('shares of capacity');
  await field(page, LIMIT).fill('10.5');
  await hashHolds(page, /10\.5/);
  await switched.focus();
  await switched.selectOption('the latest measurement');
  await hashHolds(page, new RegExp(`^#p=zuo-4node-se&v=1&${LIMIT.replaceAll('.', '\\.')}=10\\.5$`));
  await expect(page).toHaveTitle(/Factors from state estimation/);
  await expect(field(page, LIMIT)).toHaveValue('10.5');
  await expect(switched).toHaveValue('the latest measurement');
  await expect(switched).toBeFocused();
  await page.goBack();
  await expect(switched).toHaveValue('shares of capacity');
  await expect(field(page, LIMIT)).toHaveValue('10.5');
});

test('what the variant decides is not taken along, nor what it has no field for', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node&v=1&mechanism.df.rule=unscheduled&mechanism.intervals=9`);
  await expect(page.getByText('changed by you in the inputs')).toBeVisible();
  await page.getByLabel(RULE).selectOption('every DER at its bus: the optimum');
  await hashHolds(page, /^#p=zuo-4node-optimal&v=1&mechanism\.intervals=9$/);
  await expect(page.getByText('changed by you in the inputs')).toBeHidden();

  await page.goto('about:blank');
  await open(page, `${url}#p=chao-peck&v=1&case.balancing.imbalances.imbalance-3.p_mw=[-30]`);
  await page.getByRole('radio', { name: 'outside' }).check();
  await hashHolds(page, /^#p=chao-peck-export$/);
});

test('two dimensions: each moves on its own', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-union-jack-calibrated-m3`);
  const grid = page.getByRole('group', { name: 'Grid, M' });
  await expect(grid.getByRole('radio', { name: '3' })).toBeChecked();
  await grid.getByRole('radio', { name: '5' }).check();
  await hashHolds(page, /^#p=zuo-4node-union-jack-calibrated-m5$/);
  await expect(headline(page)).toBeVisible();
  await expect(grid.getByRole('radio', { name: '5' })).toBeFocused();
  await page.getByRole('radio', { name: 'natural' }).check();
  await hashHolds(page, /^#p=zuo-4node-union-jack-m5$/);
});

test('a preset without variants has no switch', async ({ page, url }) => {
  await open(page, `${url}#p=triangle`);
  await expect(page.locator('.variants')).toHaveCount(0);
});

// One choice has one set of words, whether it is met as a question's variants or as an input.
for (const [preset, path] of /** @type {const} */ ([
  ['wang-day', 'mechanism.settlement'],
  ['theisen-week', 'view.outcome'],
])) {
  test(`variants and options of an input are called alike: ${preset}`, async ({ page, url }) => {
    await open(page, `${url}#p=${preset}`);
    const variants = await page.locator('.variants option, .variants label:has(input)').allTextContents();
    await allInputs(page);
    const options = await field(page, path).locator('option').allTextContents();
    const sorted = (/** @type {string[]} */ all) => all.map((text) => text.trim()).sort();
    expect(sorted(variants)).toEqual(sorted(options));
  });
}
