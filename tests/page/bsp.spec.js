// Bids of balancing service providers on the page: the diagram of the feeder by hour, beating the optimum, what the TSO
// may use.

import { expect, open, test } from './harness.js';
import { allInputs, bring, drawer, field, headline, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const [name, width] of /** @type {const} */ ([
  ['desktop', 1440],
  ['phone', 390],
])) {
  test(`a market of a feeder reads well, ${name}`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${url}#p=khojasteh-k33`);
    await expect(headline(page)).toContainText('The owners: of 56.61 $ saved, 54.62 $ is profit of those who bid');
    for (const badge of ['24 markets certified', 'no overload', 'best bids proven', 'what is handed on is safe']) {
      await expect(page.locator('.badge').filter({ hasText: badge })).toBeVisible();
    }
    // The resources stand at their buses.
    for (const id of ['S18', 'S33', 'R22', 'R25'])
      await expect(page.locator(`.unit[data-item="party:${id}"]`)).toHaveCount(1);
    await bring(page, 'landscape');
    await expect(page.locator('[data-chart="landscape"] .picture svg')).toBeVisible();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}

test('a reader bids against the best answer', async ({ page, url }) => {
  await open(page, `${url}#p=khojasteh-k33`);
  const figure = await bring(page, 'landscape');
  const said = figure.locator('.probe-sentence');
  await expect(said).toContainText('the best answer 1.0941 $: no bids earn more than 1.0941 $');
  const before = Number((await said.innerText()).match(/earn ([\d.]+) \$/)?.[1]);
  expect(before).toBeLessThan(1.0941);
  // S33 just under the price of the TSO, S18 at cost: the best there is.
  const [x, y] = [
    figure.getByLabel('bid up of S18', { exact: true }),
    figure.getByLabel('bid up of S33', { exact: true }),
  ];
  await x.fill('45.9');
  await y.fill('66.47');
  await expect(said).toContainText('earn 1.0');
  await figure.getByRole('button', { name: 'Bid this in every hour' }).click();
  await allInputs(page);
  await expect(field(page, 'mechanism.own.S33.up')).toHaveValue(/^1\.477/);
  await field(page, 'view.outcome').selectOption({ label: 'your bids' });
  await expect(field(page, 'view.outcome').locator('option:checked')).toHaveText('your bids');

  // Another hour, another owner.
  await field(page, 'view.step').fill('19');
  await drawer(page, 'region').click();
  await expect(figure.getByRole('heading')).toContainText('hour 19');
  await allInputs(page);
  await field(page, 'mechanism.strategic.0').selectOption({ label: 'R1' });
  await expect(field(page, 'mechanism.own.R22.up')).toBeVisible();
});

// By hand, as in tests/bsp_bidding/presets.rs: of 0.14 MW R22, R25 and S18 give their offers times 0.64406945, S33 the rest.
test('a point of the surface shows its market on the network, and its lines name the prices that are met', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=khojasteh-k33`);
  const figure = await bring(page, 'landscape');
  const said = figure.locator('.probe-sentence');
  await expect(said).toContainText('the best answer 1.0941 $');
  const [x, y] = [
    figure.getByLabel('bid up of S18', { exact: true }),
    figure.getByLabel('bid up of S33', { exact: true }),
  ];
  await x.fill('60');
  await y.fill('66');
  await expect(said).toContainText('The market takes S18 0.0386 MW and S33 0.0176 MW, at a price of 66 $/MWh');
  const network = page.locator('.pictures .network').first();
  await expect(network).toContainText('S33 +0.02');
  const reading = network.locator('.reading');
  await expect(reading).toContainText('At the point asked about');
  await expect(reading).toContainText('one price, 66 $/MWh');
  await expect(figure.locator('.walk-said')).toHaveText('On none of the lines.');
  // R22 bids 1.05 times the day-ahead price of 45 $/MWh.
  await x.fill('47.25');
  await expect(figure.locator('.walk-said')).toHaveText('On the line: S18 at the price of R22');
  await expect(figure).toContainText('S33 at the price of R25');
  await figure.getByRole('slider', { name: 'Place on the edge' }).press('ArrowRight');
  await expect(figure.locator('.walk-said')).toContainText('at the price of');
  await figure.getByRole('button', { name: /^Back to/ }).click();
  await expect(reading).not.toContainText('At the point asked about');
  expect(await violations(page)).toEqual([]);
});

test('the second stage says what the TSO may use, and why not more', async ({ page, url }) => {
  await open(page, `${url}#p=khojasteh-k33-stage2`);
  await expect(page.locator('[data-chart="forward_down"]')).toHaveCount(1);
  await drawer(page, 'tables').click();
  const table = page.locator('.table-block').filter({ hasText: 'S33' }).filter({ hasText: '6-26' }).first();
  await expect(table).toBeVisible();
});
