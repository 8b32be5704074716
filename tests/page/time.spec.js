// One time cursor and one selection, the same in the diagram, the charts and the tables.

import { expect, open, test } from './harness.js';
import { allInputs, bring, choose, drawer } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('stepping moves every view', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'tables').click();
  await page.getByRole('button', { name: 'First', exact: true }).click();
  const plot = page.locator('[data-chart="dispatch"] .plot');
  for (const step of [1, 2, 3]) {
    await expect(page.locator('.clock')).toHaveText(`interval ${step}/6`);
    await expect(plot).toHaveAttribute('aria-valuetext', new RegExp(`^interval ${step}: .*D2`));
    await expect(page.locator('tr.is-now').first()).toHaveAttribute('data-step', String(step - 1));
    await page.getByRole('button', { name: 'Step on' }).click();
  }
  // Exact values: D2 in interval 4 of Table II is 2.125.
  await expect(plot).toHaveAttribute('aria-valuetext', /D2 2\.125 MW/);
  await expect(page.locator('[data-chart="dispatch"] .legend [data-series="p:D2"] .series-value')).toHaveText('2.13');
  await expect(page.locator('.pictures .network-reading')).toContainText('line 2-3 at 101 %');
});

test('arrow keys on a chart read values and move the clock', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const plot = (await bring(page, 'flow')).locator('.plot');
  await plot.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.clock')).toHaveText('interval 2/6');
  await expect(plot).toHaveAttribute('aria-valuetext', /10\.5 MW/);
  await page.keyboard.press('End');
  await expect(plot).toHaveAttribute('aria-valuetext', /10\.03125 MW|10\.0313 MW/);
});

test('play, pause and the end', async ({ page, url }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await open(page, `${url}#p=zuo-4node`);
  await page.getByLabel('Speed, steps per second').selectOption('20');
  await page.getByRole('button', { name: 'First', exact: true }).click();
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(page.locator('.clock')).toHaveText('interval 6/6');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('a selection anywhere is marked everywhere', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'tables').click();
  await page.locator('.pictures .diagram .unit[data-item="party:D2"]').click();
  await expect(page.locator('[data-chart="dispatch"] .legend [data-series="p:D2"]')).toHaveClass(/is-selected/);
  await expect(page.locator('[data-chart="dispatch"] .overlay .picked')).toHaveCount(1);
  await expect(page.locator('.pictures .network-reading')).toContainText('DER D2 at bus 2');
  await allInputs(page);
  await expect(page.locator('.input-table tr.is-selected th')).toContainText('D2');
  await expect(page.locator('.input-table tr.is-selected th')).toBeVisible();
  await page.locator('.pictures .diagram .unit[data-item="party:D2"]').click();
  await expect(page.locator('.is-selected')).toHaveCount(0);
});

test('a selected bus is marked on its bar, and a bar selects its bus', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const chart = await bring(page, 'lmp_by_bus');
  const bar = chart.locator('.picture [data-series="lmp:3"]');
  await expect(bar).toHaveCount(1);
  await page.locator('.pictures .diagram .bus[data-item="bus:3"]').click();
  await expect(chart.locator('.overlay .picked')).toHaveCount(1);
  await expect(chart.locator('.overlay .picked')).toHaveAttribute('d', (await bar.getAttribute('d')) ?? '');
  await bar.scrollIntoViewIfNeeded();
  // A figure that comes into view is drawn a moment later.
  await expect(bar).toBeVisible();
  await bar.click({ force: true });
  await expect(page.locator('.picked, .is-selected')).toHaveCount(0);
});

test('the table of a chart selects, and goes to a step', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const chart = page.locator('[data-chart="dispatch"]');
  await chart.locator('summary', { hasText: 'Table' }).click();
  await chart.locator('thead [data-item="party:D2"]').click();
  await expect(page.locator('.pictures .diagram .unit[data-item="party:D2"]')).toHaveClass(/is-selected/);
  await chart.locator('tbody tr').nth(3).locator('th').click();
  await expect(page.locator('.clock')).toHaveText('interval 4/6');
});

test('a selection stays marked among inputs that another method brings', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.locator('.pictures .diagram .unit[data-item="party:D2"]').click();
  const row = page.locator('.input-table tr.is-selected th');
  await expect(row).toContainText('D2');
  await allInputs(page);
  await page.locator('[data-path="mechanism.method"]').selectOption({ label: 'every DER at its own bus' });
  await expect(page.locator('[data-path="mechanism.df.rule"]')).toHaveCount(0);
  await expect(row).toContainText('D2');
});

test('arrow keys walk the network and read it', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.locator('.pictures .diagram [tabindex="0"]').focus();
  await expect(page.locator('.pictures .network-reading')).toContainText('Bus 1');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.pictures .network-reading')).toContainText('Bus 2');
  await page.keyboard.press('Enter');
  await expect(page.locator('.pictures .diagram .bus.is-selected')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.is-selected')).toHaveCount(0);
});

test('zoom by button, by Ctrl and wheel, and fit; a plain wheel scrolls the page', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const figure = page.locator('[data-chart="dispatch"]');
  await allInputs(page);
  const svg = () => figure.locator('.picture svg').evaluate((element) => element.outerHTML);
  const whole = await svg();
  await choose(figure, 'Zoom in');
  await expect.poll(svg).not.toBe(whole);
  await choose(figure, 'Fit');
  await expect.poll(svg).toBe(whole);
  await figure.locator('.plot').hover();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -240);
  await page.keyboard.up('Control');
  await expect.poll(svg).not.toBe(whole);
  const zoomed = await svg();
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
  expect(await svg()).toBe(zoomed);
});

test('the legend names what is drawn, and its list hides and shows a series', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const figure = page.locator('[data-chart="dispatch"]');
  const named = figure.locator('.legend [data-series="p:G1"]');
  await expect(named).toBeVisible();
  await figure.locator('.chooser summary').click();
  const box = figure.getByRole('checkbox', { name: 'G1', exact: true });
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(named).toHaveCount(0);
  await expect(figure.locator('.plot')).not.toHaveAttribute('aria-valuetext', /G1/);
  await box.check();
  await expect(named).toBeVisible();
  await expect(figure.locator('.plot')).toHaveAttribute('aria-valuetext', /G1/);
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
});

test('a chart as a table', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const figure = page.locator('[data-chart="dispatch"]');
  await figure.locator('.data > summary').click();
  await expect(figure.locator('tbody tr')).toHaveCount(6);
});

test('the numbers behind the answer: printed, tables, ledger, certificates', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'evidence').click();
  await expect(page.getByText('36 of 36 as printed (Zuo et al., Table II).')).toBeVisible();
  await drawer(page, 'money').click();
  const sum = page.locator('[data-table="ledger-net"] tr', { hasText: 'Sum' });
  await expect(sum.locator('td')).toHaveText('0');
  await drawer(page, 'evidence').click();
  await expect(page.locator('[data-table="certificates"] tbody tr').first()).toContainText('certified');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /LP file/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.lp$/);
});
