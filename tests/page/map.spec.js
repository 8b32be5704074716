// Maps over two inputs under Sweep.

import { expect, open, test } from './harness.js';
import { drawer } from './page.js';

const LOAD = 'case.loads.L24.p_mw';
const LIMIT = 'case.branches.24-25.max_p_mw';

test('a map over two inputs is drawn, and read point by point', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-30bus-optimal`);
  await drawer(page, 'sweep').click();
  const panel = page.locator('.map');
  await panel.getByLabel('Input').selectOption(LOAD);
  await panel.getByLabel('From', { exact: true }).first().fill('0');
  await panel.getByLabel('To', { exact: true }).first().fill('30');
  await panel.getByLabel('and over').selectOption(LIMIT);
  await panel.getByLabel('From', { exact: true }).last().fill('1');
  await panel.getByLabel('To', { exact: true }).last().fill('13');
  await panel.getByLabel('LMP at bus').selectOption('24');
  await panel.getByRole('button', { name: 'Draw the map' }).click();
  await expect(panel.locator('.side-lead')).toContainText('43 regions');
  await expect(panel.locator('.figure .picture svg').first()).toBeVisible();
  await expect(panel.locator('[data-table="regions"] tbody tr')).toHaveCount(43);
  // Where the case stands: 8.7 MW of load over a limit of 6.22 MW.
  const said = panel.locator('.probe-sentence');
  await expect(said).toContainText('G1 and D26 marginal; line 24-25 full');
  await expect(panel.locator('.probe-table tbody tr')).toHaveCount(30);
  // By keys to where nothing is full.
  const handle = panel.getByRole('slider', { name: 'Point asked about' });
  await handle.focus();
  for (let k = 0; k < 40; k += 1) await page.keyboard.press('ArrowUp');
  await expect(said).not.toContainText('full. It costs');
  const [x, y] = [panel.locator('.probe-fields input').first(), panel.locator('.probe-fields input').nth(1)];
  await x.fill('15');
  await y.fill('12.9');
  await expect(said).toContainText(/^Region 27: G1 marginal\. It costs/);
  await panel.getByLabel('and over').selectOption(LOAD);
  await panel.getByRole('button', { name: 'Draw the map' }).click();
  await expect(panel.getByRole('status').first()).toContainText('another field');
});
