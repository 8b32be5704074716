// One input over a range: the drawer, and what stands under a slider that is taken hold of.

import { expect, open, test } from './harness.js';
import { allInputs, drawer, field, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const LIMIT = 'case.branches.1-3.max_p_mw';

// By hand, with F the limit of line 1-3: G3 = 1.5 (100 − F) MW from F = 100 down, at its 100 MW where F is 33 1/3.
test('a sweep finds every breakpoint and says what changes there', async ({ page, url }) => {
  await open(page, `${url}#p=triangle`);
  await drawer(page, 'sweep').click();
  const panel = page.locator('.sweep');
  await panel.getByLabel('Input').selectOption(LIMIT);
  await panel.getByLabel('From', { exact: true }).fill('20');
  await panel.getByLabel('To', { exact: true }).fill('120');
  await panel.getByLabel('Steps').fill('10');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.locator('.side-lead')).toContainText(
    '2 breakpoints between 20 and 120\u00a0MW: straight in between',
  );
  await expect(panel.locator('.side-lead')).toContainText('There is no answer from 20 to 33.3333\u00a0MW.');
  const rows = panel.locator('[data-table="breakpoints"] tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('line 1-3 is no longer full');
  await expect(rows.nth(1)).toContainText('30');
  await expect(rows.nth(1)).toContainText('10');
  // Both ends of each of the three pieces.
  await expect(panel.locator('[data-table="sweep"] tbody tr')).toHaveCount(6);
  await expect(panel.locator('[data-chart="sweep_number"] .picture svg')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a sweep ends where the scenario is changed', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'sweep').click();
  const panel = page.locator('.sweep');
  await panel.getByLabel('Steps').fill('400');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await page.locator('.levers').locator('[data-path="case.branches.2-3.max_p_mw"]').fill('11');
  await expect(panel.getByRole('status')).toContainText('Cancelled');
});

test('a slider that is taken hold of shows what the answer does, until it is let go of', async ({ page, url }) => {
  await open(page, `${url}#p=triangle`);
  const levers = page.locator('.levers');
  const slider = levers.getByRole('slider', { name: /Limit of line 1-3/ });
  const height = (await levers.boundingBox())?.height;
  await slider.focus();
  const response = levers.locator('.response:not([hidden])');
  await expect(response.locator('svg')).toHaveAttribute('aria-hidden', 'true');
  await expect(response.locator('.response-tick')).not.toHaveCount(0);
  const said = response.locator('.response-said');
  await expect(said).toContainText(/Breakpoints: .*100\u00a0MW/);
  // It takes no room: nothing moves under the finger.
  expect((await levers.boundingBox())?.height).toBe(height);
  // Its own value changes nothing of it.
  const before = await said.textContent();
  await page.keyboard.press('ArrowRight');
  await expect(said).toHaveText(before ?? '');
  // Another input does. With 30 MW less at bus 3 the line is free from 80 MW up.
  await field(page, 'case.loads.L3.p_mw').fill('90');
  await expect(response).toHaveCount(0);
  await slider.focus();
  await expect(said).toContainText(/Breakpoints: .*80\u00a0MW/);
  expect(await violations(page)).toEqual([]);
  await slider.blur();
  await expect(response).toHaveCount(0);
});

test('sliders among all inputs show it too, on a phone as well', async ({ page, url }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, `${url}#p=zuo-4node-optimal`);
  await page.locator('.levers').getByRole('slider').first().focus();
  await expect(page.locator('.levers .response:not([hidden]) svg')).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await allInputs(page);
  const slider = page.locator('.drawer .inputs-form').getByRole('slider').first();
  await slider.focus();
  await expect(page.locator('.drawer .response:not([hidden]) svg')).toBeVisible();
});
