// What can be reached: the plane, the point that answers on it, and all methods side by side.

import { expect, open, test } from './harness.js';
import { LIMIT, choose, drawing, field, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** @param {Page} page */
function parts(page) {
  const figure = page.locator('[data-chart="region"]');
  return {
    figure,
    handle: figure.locator('.probe-handle'),
    said: figure.locator('.probe-sentence'),
    numbers: figure.locator('.probe-field input'),
    back: figure.getByRole('button', { name: 'Back to the operating point' }),
    rows: figure.locator('.probe-table tbody tr'),
  };
}

test('the region answers beside the network, and its point answers to arrow keys', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-union-jack-m3`);
  const { figure, handle, said, numbers, back, rows } = parts(page);
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator('.picture .surface path').first()).toBeVisible();
  await expect(figure.locator('.picture .triangulation')).toHaveCount(1);
  const charts = await page
    .locator('.pictures > [data-chart]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-chart')));
  expect(charts).toEqual(['region']);

  await expect(said).not.toBeEmpty();
  await expect(rows.first()).toBeVisible();
  const [before, x, y] = [
    await said.textContent(),
    await numbers.first().inputValue(),
    await numbers.last().inputValue(),
  ];
  await expect(back).toBeDisabled();
  await handle.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(said).not.toHaveText(before ?? '');
  expect(Number(await numbers.first().inputValue())).toBeLessThan(Number(x));
  await expect(numbers.last()).toHaveValue(y);
  await page.keyboard.press('Shift+ArrowDown');
  expect(Number(await numbers.last().inputValue())).toBeLessThan(Number(y));
  await expect(handle).toHaveAttribute('aria-valuetext', /MW.*MW/);
  await back.click();
  await expect(numbers.first()).toHaveValue(x);
  await expect(said).toHaveText(before ?? '');
});

test('a point outside the region says so in shape and words', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-exact`);
  const { figure, handle, said, numbers, rows } = parts(page);
  await figure.scrollIntoViewIfNeeded();
  await expect(rows.first()).toBeVisible();
  const [shape, count] = [await handle.locator('.probe-mark').getAttribute('d'), await rows.count()];
  await numbers.first().fill('1000');
  await expect(handle).toHaveClass(/is-outside/);
  await expect(said).toContainText('outside');
  expect(await handle.locator('.probe-mark').getAttribute('d')).not.toBe(shape);
  // What stands below the table does not jump.
  await expect(rows).toHaveCount(count);
  await expect(numbers.first()).toHaveValue('1000');
});

test('layers say what to see, M lays another grid, and beyond the edge stands the overload', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-exact`);
  const { figure, numbers, said } = parts(page);
  await figure.scrollIntoViewIfNeeded();
  const layer = (/** @type {string} */ id) => figure.locator(`[data-layer="${id}"]`);
  await expect(layer('region')).toBeChecked();
  await expect(layer('exact')).toBeChecked();
  const sentence = (/** @type {string} */ id) =>
    figure.locator('.layer', { has: page.locator(`[data-layer="${id}"]`) }).locator('.layer-says');
  await expect(sentence('exact')).toContainText('8 $/MWh up to 2 MW and 12 $/MWh up to 4 MW');
  await layer('region').uncheck();
  await expect(figure.locator('.picture .surface')).toHaveCount(0);
  await expect(page).toHaveURL(/view\.layers=/);
  // M = 4 costs 1 $/h above 136 $/h on the natural rectangle (its preset).
  await layer('jack').check();
  await expect(sentence('jack')).toContainText('With M = 3');
  await figure.getByRole('slider', { name: 'M', exact: true }).press('ArrowRight');
  await expect(sentence('jack')).toContainText(
    'With M = 4 the grid has 17 by 17 points, and the last interval costs 1 $/h',
  );
  // The paper prints 139.08, 137.00 and 136.63 $/h for M = 3, 4, 5, and 136.00 $/h for the optimum.
  await expect(sentence('jack')).toContainText('Printed in Zuo et al., Table III: 1.00 $/h, as ours');
  await figure.getByRole('slider', { name: 'M', exact: true }).press('ArrowRight');
  await expect(sentence('jack')).toContainText('0.63 $/h, 0.07 $/h less than ours');
  await figure.getByRole('slider', { name: 'M', exact: true }).press('ArrowLeft');
  await expect(figure.locator('.layer-net path').first()).toBeVisible();
  // D3 has 2 MW at most, so D2 gives 2.5 MW, and with 8 MW of G1 that is 0.5 MW over line 2-3.
  await numbers.first().fill('4.5');
  await expect(figure.locator('.layer-arrow text')).toHaveText('0.5 MW over line 2-3');
  await expect(page.locator('.pictures .network .reading').first()).toContainText('line 2-3 at 105');
  await figure.getByRole('slider', { name: 'Place on the edge' }).press('ArrowRight');
  await expect(figure.locator('.walk-said')).toContainText('Binds here:');
  await expect(said).toContainText('On the edge:');
  await expect(page.locator('.pictures .network .reading').first()).not.toContainText('over the limit');
  expect(await violations(page)).toEqual([]);
  // The link opens what was seen.
  const link = page.url();
  await page.goto('about:blank');
  await open(page, link);
  await expect(layer('region')).not.toBeChecked();
  await expect(layer('jack')).toBeChecked();
});

test('a mouse drags the point, the picture zooms, and time moves the walk', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-exact`);
  const { figure, handle, said, numbers, back } = parts(page);
  await figure.scrollIntoViewIfNeeded();
  await expect(said).not.toBeEmpty();
  await figure.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  const grip = await handle.locator('.probe-reach').boundingBox();
  if (grip === null) throw new Error('the handle is not on the page');
  const [px, py] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  const before = await numbers.first().inputValue();
  await page.mouse.move(px, py);
  await page.mouse.down();
  await page.mouse.move(px - 30, py + 40, { steps: 5 });
  await page.mouse.up();
  await expect(back).toBeEnabled();
  const dragged = await numbers.first().inputValue();
  expect(Number(dragged)).toBeLessThan(Number(before));

  const whole = await drawing(page, 'region');
  await choose(figure, 'Zoom in');
  await expect.poll(() => drawing(page, 'region')).not.toBe(whole);
  await expect(numbers.first()).toHaveValue(dragged);
  await choose(figure, 'Fit');
  await expect.poll(() => drawing(page, 'region')).toBe(whole);
  await page.getByRole('button', { name: 'Last', exact: true }).click();
  await expect.poll(() => drawing(page, 'region')).not.toBe(whole);
  await expect(numbers.first()).toHaveValue(dragged);
});

test('the region on a phone and embedded', async ({ page, url }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, `${url}#p=zuo-4node-exact`);
  const { figure, said } = parts(page);
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator('.picture .surface path').first()).toBeVisible();
  await expect(said).not.toBeEmpty();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.goto('about:blank');
  await open(page, `${url}?embed=1&view=region&ui=min#p=zuo-4node-exact`);
  await expect(figure.locator('.picture .surface path').first()).toBeVisible();
  await expect(said).not.toBeEmpty();
});

test('all methods stand side by side: one is looked at, one is chosen, and inputs are followed', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=zuo-4node`);
  const board = page.locator('.board');
  await board.scrollIntoViewIfNeeded();
  await expect(board.locator('.side-lead')).not.toBeEmpty();
  await expect(board.locator('[data-chart="method_costs"] .picture svg')).toBeVisible();
  await expect(board.locator('.figures.is-small > figure')).toHaveCount(6);
  // Looking: factors from state estimation put 4 MW at D2 in interval 2 and 12 MW on the line of 10 (by hand).
  const choice = (/** @type {string} */ name) => board.getByRole('button', { name, exact: true });
  await choice('factors from state estimation').focus();
  await expect(board.locator('.board-caption')).toHaveText('If it were: factors from state estimation');
  await expect(board.locator('.board-network .reading')).toContainText('line 2-3 at 120');
  await expect(choice('fixed factors')).toHaveAttribute('aria-pressed', 'true');
  // Choosing.
  await choice('exact curve').click();
  await expect(choice('exact curve')).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/mechanism\.method=exact_curve/);
  await expect(page.locator('.pictures .network .reading').first()).not.toContainText('over the limit');
  // Following: no method breaks a limit that nothing reaches.
  const said = board.locator('[data-chart="method_costs"] .summary');
  await expect(said).toContainText('by 2 of them');
  await field(page, LIMIT).fill('100');
  await expect(said).not.toContainText('by 2 of them');
  await expect(board.getByText('The inputs have changed since')).toBeHidden();
  expect(await violations(page)).toEqual([]);
});
