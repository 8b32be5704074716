// What people type into a number field, and what spreadsheets put there: the number that was meant, or words.

import { read, readList, reading } from '../../www/js/ui/number.js';
import { expect, open, test } from './harness.js';
import { LIMIT, allInputs, drawer, field, hashHolds } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** @type {[string, number][]} */
const READ = [
  ['10.5', 10.5],
  ['10,5', 10.5],
  ['\u221210,5', -10.5],
  ['\u20133', -3],
  ['+2', 2],
  [' 7 ', 7],
  ['10.', 10],
  ['.5', 0.5],
  [',5', 0.5],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['1e\u22123', 0.001],
  ['1,5e3', 1500],
  ['0,125', 0.125],
  ['1234,500', 1234.5],
  ['12.375', 12.375],
  ['12 345,6', 12345.6],
  ['12\u00a0345.6', 12345.6],
  ['12\u202f345', 12345],
  ["1'234.5", 1234.5],
  ['1\u2019234\u2019567', 1234567],
];
/** Neither of two numbers, or none at all. */
const REFUSED = [
  '',
  ' ',
  '-',
  '1.000,5',
  '1,000.5',
  '1,000',
  '-12,500',
  '1.000.000',
  '1,000,000',
  '10.5\t11',
  '10.5\n11',
  '10.5; 11',
  '10 5',
  '1 00',
  '1 0000',
  '1 000 00',
  '10.5 MW',
  '50%',
  '0x10',
  'Infinity',
  'NaN',
  '1_000',
  '1e999',
  '--3',
  '1..5',
  '1,,5',
  '10,5,',
  '\u0661\u0662',
  'e3',
  '1e',
  '1e1.5',
  '3/4',
];

test('a number is read as it was meant, or refused in words', () => {
  for (const [text, value] of READ) expect(read(text), text).toBe(value);
  for (const text of REFUSED) {
    expect(read(text), text).toBeNaN();
    expect(reading(text)).toHaveProperty('message', expect.stringMatching(/^\S.*\.$/));
  }
});

test('a list is read number by number, or refused as a whole', () => {
  /** @type {[string, number[]][]} */
  const lists = [
    ['', []],
    ['1 2 3', [1, 2, 3]],
    ['1,5 2,5', [1.5, 2.5]],
    ['1\n2\n3\n', [1, 2, 3]],
    ['1.5\t2.5', [1.5, 2.5]],
    ['1; 2; 3', [1, 2, 3]],
    ['1, 2, 3', [1, 2, 3]],
    ['1 2\n3 4', [1, 2, 3, 4]],
    ['1\u00a0234,5\n2', [1234.5, 2]],
  ];
  for (const [text, values] of lists) {
    if (text.includes('\u00a0')) expect(readList(text)).toHaveProperty('message');
    else expect(readList(text), text).toEqual({ values });
  }
  // A blank between thousands would make two numbers of one, a comma in a list of points another number.
  for (const text of ['1 000,5 2', '100 200\n300 400', '1,5 2.5', '1 x 3', '1.000,5\n2'])
    expect(readList(text), text).toHaveProperty('message');
});

for (const locale of ['en-US', 'de-DE']) {
  test.describe(`in a browser in ${locale}`, () => {
    test.use({ locale });

    test('a decimal comma is one, and what could be two numbers is refused', async ({ page, url }) => {
      await open(page, `${url}#p=zuo-4node`);
      const limit = field(page, LIMIT);
      await limit.click();
      await limit.press('Control+a');
      await limit.pressSequentially('10,5');
      await hashHolds(page, /max_p_mw=10\.5$/);
      await expect(limit).toHaveValue('10,5');
      await limit.fill('1.000,5');
      await expect(page.locator('.field > .field-message', { hasText: 'several points or commas' })).toBeVisible();
      await limit.fill('10,500');
      await expect(page.locator('.field > .field-message', { hasText: 'may be 10500 or 10.500' })).toBeVisible();
      await hashHolds(page, /max_p_mw=10\.5$/);
      await limit.fill('10,25');
      await limit.blur();
      await hashHolds(page, /max_p_mw=10\.25$/);
      await expect(limit).toHaveValue('10.25');
    });
  });
}

/**
 * Pastes a text where the focus is.
 * @param {import('@playwright/test').Locator} target
 * @param {string} text
 */
async function paste(target, text) {
  await target.evaluate((element, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

test('pasted cells: one field takes one number, a table the block, or nothing', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const limit = field(page, LIMIT);
  for (const text of ['10.5\t11', '10.5\n11\n']) {
    await paste(limit, text);
    await expect(page.locator('.field > .field-message', { hasText: 'These are several numbers' })).toBeVisible();
  }
  await hashHolds(page, /^#p=zuo-4node$/);
  await allInputs(page);
  const first = page.locator('.input-table [data-path^="case.generators.G1."]').first();
  const before = await first.inputValue();
  await paste(first, '1,5\t2.5');
  await expect(page.locator('.field-message', { hasText: 'same decimal mark' })).toBeVisible();
  await paste(first, Array(40).fill('1\t2').join('\n'));
  await expect(page.locator('.field-message', { hasText: 'There is no cell for' })).toBeVisible();
  await expect(first).toHaveValue(before);
  await paste(first, '0\t7,5');
  await hashHolds(page, /=7\.5/);
});

test('arrow keys go by the step of the field, within its range', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const limit = field(page, LIMIT);
  await limit.focus();
  await limit.press('ArrowUp');
  const value = Number(await limit.inputValue());
  expect(value).toBeGreaterThan(10);
  expect(value).toBeLessThan(10.2);
  await limit.press('ArrowDown');
  await expect(limit).toHaveValue('10');
  await limit.fill('0');
  await limit.press('ArrowDown');
  await expect(limit).toHaveValue('0');
});

test('the slider stays where it is while its field is typed into', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  const slider = page.getByRole('slider', { name: /Limit of line 2-3/ });
  const range = () => slider.evaluate((input) => [input.getAttribute('min'), input.getAttribute('max')]);
  const before = await range();
  await field(page, LIMIT).fill('105');
  await hashHolds(page, /max_p_mw=105/);
  expect(await range()).toEqual(before);
  await expect(slider).toHaveCount(1);
});

test('an embedded input has its slider', async ({ page, url }) => {
  await open(page, `${url}?embed=1&view=network&inputs=${LIMIT}#p=zuo-4node`);
  await expect(page.getByRole('slider', { name: /Limit of line 2-3/ })).toBeVisible();
});

test('the other number fields read the same', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-exact`);
  const point = page.locator('.probe-fields input').first();
  await point.fill('4,25');
  await expect(page.locator('.probe-sentence').first()).toContainText('4.25');
  await point.fill('4.000,5');
  await expect(page.locator('.probe-sentence').first()).toContainText('several points or commas');
  await drawer(page, 'sweep').click();
  const panel = page.locator('.sweep');
  await panel.getByLabel('From', { exact: true }).fill('9,5');
  await panel.getByLabel('To', { exact: true }).fill('1.000,5');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.getByRole('status')).toContainText(/^To: .*several points or commas/);
});

test('tables are copied with plain minus signs', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'tables').click();
  await expect(page.locator('.drawer table', { hasText: '\u22126' }).first()).toBeVisible();
  const copied = await page.evaluate(() => {
    const table = [...document.querySelectorAll('table')].find((one) => (one.textContent ?? '').includes('\u22126'));
    if (table === undefined) return null;
    getSelection()?.selectAllChildren(table);
    const clipboardData = new DataTransfer();
    table.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
    return [clipboardData.getData('text/plain'), clipboardData.getData('text/html')];
  });
  for (const text of copied ?? ['']) {
    expect(text).toContain('-6');
    expect(text).not.toContain('\u2212');
  }
});
