// From the gallery into a scenario: edit it, see it change, undo, come back.

import { expect, open, test } from './harness.js';
import { LIMIT, allInputs, drawing, field, hashHolds, headline } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('gallery, scenario, an edit, and back', async ({ page, url }) => {
  await open(page, url);
  await page.locator('.card a[href="#p=zuo-4node"]').click();
  await expect(headline(page)).toContainText('2-3');
  await expect(page).toHaveTitle(/· Tandem$/);
  const before = await drawing(page, 'flow');
  const said = await headline(page).textContent();
  await field(page, LIMIT).fill('12');
  await expect(headline(page)).not.toHaveText(said ?? '');
  await expect.poll(() => drawing(page, 'flow')).not.toBe(before);
  await hashHolds(page, /^#p=zuo-4node&v=1&case\.branches\.2-3\.max_p_mw=12/);

  // The edit did not become a step of the history: back is where the person came from.
  await page.goBack();
  await expect(page.locator('.gallery')).toBeVisible();
  await expect(page.getByText(/^Restore “/)).toBeVisible();
  await expect(page.getByText(/^You changed 1 input of it .* in this browser\.$/)).toBeVisible();
  // Who comes back finds the card again.
  await expect(page.locator('.card a[href="#p=zuo-4node"]')).toBeFocused();
  await page.getByRole('link', { name: 'Restore', exact: true }).click();
  await expect(field(page, LIMIT)).toHaveValue('12');
});

test('an opened link is fresh: the last work is only offered', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node&v=1&${LIMIT}=12`);
  await expect(page.getByText(/Restore/)).toHaveCount(0);
  await field(page, LIMIT).fill('11');
  await hashHolds(page, /=11(\.0)?$/);
  await page.goto('about:blank');
  await open(page, `${url}#p=zuo-4node`);
  await expect(field(page, LIMIT)).toHaveValue('10');
  await expect(page.getByText(/Restore/)).toHaveCount(0);
});

test('a changed value is marked and can be reset alone', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  const reset = page.getByRole('button', { name: 'Reset Limit of line 2-3 to 10 MW' });
  await expect(reset).toBeHidden();
  await field(page, LIMIT).fill('10.5');
  await reset.click();
  await expect(field(page, LIMIT)).toHaveValue('10');
  await expect(headline(page)).toHaveText(said ?? '');
  await expect(reset).toBeHidden();
});

test('undo and redo take inputs back, and the clock stays', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await page.getByRole('button', { name: 'Last', exact: true }).click();
  await expect(page.locator('.clock')).toHaveText('interval 6/6');
  const limit = field(page, LIMIT);
  await limit.fill('11');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  await limit.blur();
  await limit.fill('12');
  await hashHolds(page, /=12(\.0)?&view\.step=6$/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(limit).toHaveValue('11');
  await page.locator('.headline').click();
  await page.keyboard.press('Control+z');
  await expect(limit).toHaveValue('10');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await page.keyboard.press('Control+Shift+z');
  await expect(limit).toHaveValue('11');
  await expect(page.locator('.clock')).toHaveText('interval 6/6');
});

test('one drag of a slider is one undo step and follows the finger', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const slider = page.getByRole('slider', { name: /Limit of line 2-3/ });
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the slider has no box');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let k = 1; k <= 12; k += 1) await page.mouse.move(box.x + box.width / 2 + 4 * k, box.y + box.height / 2);
  await page.mouse.up();
  await expect.poll(async () => Number(await field(page, LIMIT).inputValue())).toBeGreaterThan(11);
  const apart = async () => Number(await field(page, LIMIT).inputValue()) - Number(await slider.inputValue());
  await expect.poll(apart).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(field(page, LIMIT)).toHaveValue('10');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('a refused value says why beside the field, and the last result stays', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const said = await headline(page).textContent();
  const limit = field(page, LIMIT);
  await limit.fill('-1');
  const message = page.locator(`.levers .field:has([data-path="${LIMIT}"]) .field-message`);
  await expect(message).toContainText(/0/);
  await expect(limit).toHaveAttribute('aria-invalid', 'true');
  await expect(headline(page)).toHaveText(said ?? '');
  await limit.fill('10.5');
  await expect(message).toBeEmpty();
  await expect(limit).not.toHaveAttribute('aria-invalid', 'true');

  // What the module itself refuses, in a cell of a table.
  await allInputs(page);
  const reactance = field(page, 'case.branches.2-3.x_pu');
  await reactance.fill('0');
  await expect(reactance).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.field-message', { hasText: /reactance/i })).toBeVisible();
});

test('a block of cells goes in from a spreadsheet', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await allInputs(page);
  const cell = field(page, 'case.ders.D2.max_p_mw');
  await cell.focus();
  await cell.evaluate((input) => {
    const data = new DataTransfer();
    data.setData('text/plain', '3,5\t11\r\n1,5\t7\r\n');
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(field(page, 'case.ders.D3.offer.0.usd_per_mwh')).toHaveValue('7');
  await expect(field(page, 'case.ders.D2.max_p_mw')).toHaveValue('3.5');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(field(page, 'case.ders.D2.max_p_mw')).toHaveValue('4');
  await expect(field(page, 'case.ders.D3.max_p_mw')).toHaveValue('2');
});

test('an infeasible market names the limits and offers cures as buttons', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await field(page, 'case.loads.L4.p_mw').fill('100');
  await expect(page.locator('.answer')).toHaveClass(/is-infeasible/);
  const cure = page.locator('.cure').first();
  await expect(cure).toBeVisible();
  await cure.click();
  await expect(page.locator('.answer')).not.toHaveClass(/is-infeasible/);
  await expect(page.locator('[data-chart="dispatch"] .picture svg')).toBeVisible();
});

test('lines that coincide are one stroke with both names', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-block`);
  // D2 and D3 give 2 MW each in every interval.
  const figure = page.locator('[data-chart="dispatch"]').first();
  await expect(figure.locator('.legend [data-series]', { hasText: 'D2 and D3' })).toHaveCount(1);
  await expect(figure.locator('.legend [data-series]')).toHaveCount(3);
  await expect(figure.locator('svg [data-series="p:D2"]')).toHaveCount(1);
  await expect(figure.locator('svg [data-series="p:D3"]')).toHaveCount(0);
});

test('a bid may rise to a price at its end', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-optimal`);
  await allInputs(page);
  const before = await headline(page).textContent();
  const end = field(page, 'case.generators.G4.offer.0.end_usd_per_mwh');
  await expect(end).toHaveValue('');
  await end.fill('40');
  await expect(headline(page)).not.toHaveText(before ?? '');
  await expect(page.locator('.answer')).not.toHaveClass(/is-infeasible/);
  await end.fill('10');
  await expect(page.locator('.field-message', { hasText: 'less than it starts at' })).toBeVisible();
  await end.fill('');
  await expect(headline(page)).toHaveText(before ?? '');
});
