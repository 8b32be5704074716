// The bargaining day on the page: a published table settled again, bargaining powers dragged along the edge,
// and a day that is dispatched once and settled many times.

import { expect, open, test } from './harness.js';
import { allInputs, bring, drawer, field, headline, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const [name, width] of /** @type {const} */ ([
  ['desktop', 1440],
  ['phone', 390],
])) {
  test(`the published table is settled again, ${name}`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${url}#p=wang-table2`);
    await expect(headline(page)).toContainText('Yes, nearly: DSO2 pays 2332 $ over the day');
    await expect(page.locator('.badge').filter({ hasText: "Jain's index 0.817" })).toBeVisible();
    await expect(page.locator('.badge').filter({ hasText: 'payments sum to zero' })).toBeVisible();
    await expect(page.locator('.badge').filter({ hasText: 'everyone gains over the day' })).toBeVisible();
    const bargain = await bring(page, 'bargain');
    await expect(bargain.locator('.picture svg')).toBeVisible();
    // The whole table of the powers is there without scrolling sideways.
    const table = bargain.locator('.probe-table .scroll');
    await expect(table.locator('tbody tr')).toHaveCount(6);
    expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}

test('a bargaining power is dragged, used, and taken back', async ({ page, url }) => {
  await open(page, `${url}#p=wang-table2`);
  const before = await headline(page).innerText();
  const figure = await bring(page, 'bargain');
  const said = figure.locator('.probe-sentence');
  await expect(said).toContainText('With weights 1 of ISO and 1 of DSO2');
  const offer = figure.getByRole('button', { name: 'Use these weights' });
  await expect(offer).toBeHidden();
  const handle = figure.locator('.probe-handle');
  await handle.focus();
  for (let k = 0; k < 3; k += 1) {
    const was = await said.innerText();
    await page.keyboard.press('Shift+ArrowRight');
    await expect(said).not.toHaveText(was);
  }
  const weights = (await said.innerText()).match(/With weights ([\d.]+) of ISO and ([\d.]+) of DSO2/);
  expect(Number(weights?.[1]) + Number(weights?.[2])).toBeCloseTo(2, 2);
  expect(Number(weights?.[1])).toBeGreaterThan(1.3);
  const walk = figure.locator('.walk-said');
  await expect(walk).toHaveText('Binds here: all of the surplus is divided');
  await offer.click();
  await expect(headline(page)).not.toHaveText(before);
  const weight = field(page, 'mechanism.powers.ISO.weight');
  expect(Number(await weight.inputValue())).toBeCloseTo(Number(weights?.[1]), 2);
  await expect(offer).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(headline(page)).toHaveText(before);
  await expect(weight).toHaveValue('1');

  // Any two players.
  await allInputs(page);
  await field(page, 'view.players.0').selectOption({ label: 'DSO3' });
  await drawer(page, 'region').click();
  await expect(figure.getByRole('heading')).toContainText('The bargain of DSO3 and DSO2');
  await allInputs(page);
  await field(page, 'view.players.1').selectOption({ label: 'DSO3' });
  await expect(page.getByText('The same player twice. Choose two.')).toBeVisible();
});

test('a day is dispatched once and settled again at once', async ({ page, url }) => {
  await open(page, `${url}#p=wang-congested`);
  await expect(headline(page)).toContainText('the price at bus 14 rises to 113 $/MWh');
  await expect(page.locator('[data-chart="bargain"] .summary')).toContainText('The network stays as it is');
  // It starts where prices are widest.
  await expect(page.locator('[data-chart="lmp"]')).toBeVisible();
  await expect(page.locator('.badge').filter({ hasText: '121 solves certified' })).toBeVisible();
  for (const chart of ['dispatch', 'renewables', 'imports', 'gains', 'payments', 'benefits_nash', 'benefits_lmp']) {
    await expect(page.locator(`[data-chart="${chart}"]`)).toHaveCount(1);
  }
  // The answer was computed ahead: the first change dispatches the day here. Settling it again after that is quick.
  await field(page, 'mechanism.settlement').selectOption({ label: 'telescoping Nash bargain' });
  const even = page.locator('.badge').filter({ hasText: /^Jain's index 1$/ });
  await expect(even).toBeVisible({ timeout: 30_000 });
  await allInputs(page);
  await field(page, 'mechanism.powers.DSO4.weight').fill('3');
  await expect(even).toBeHidden({ timeout: 3000 });
  expect(await violations(page)).toEqual([]);
});
