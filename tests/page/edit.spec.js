// The grid changed on the page: buses, lines and units added, taken out, moved and grouped; undo, link and file follow.

import { readFile } from 'node:fs/promises';

import { expect, open, test } from './harness.js';
import { bring } from './ladder.js';
import { drawer, hashHolds, overflow, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const card = (/** @type {Page} */ page) => page.locator('.edit-card');
const done = (/** @type {Page} */ page) => page.locator('.edit-done');
const part = (/** @type {Page} */ page, /** @type {string} */ item) =>
  page.locator(`.diagram g[data-item="${item}"]`).first();
const reading = (/** @type {Page} */ page) => page.locator('.network-reading');

/** @param {Page} page @param {string} address */
async function start(page, address) {
  await open(page, address);
  await page.locator('.network .change-grid').click();
  await expect(card(page)).toBeFocused();
}

/**
 * The form that adds an item of a kind.
 * @param {Page} page
 * @param {string} kind
 */
async function adding(page, kind) {
  await page.locator('.edit-kinds').getByRole('button', { name: kind, exact: true }).click();
  return page.getByRole('form', { name: `Add: ${kind}` });
}

test('a generator is added by keys, and link, undo, redo and file follow', async ({ page, url, context }) => {
  await start(page, `${url}#p=zuo-4node-optimal`);
  await part(page, 'bus:4').press('Enter');
  await expect(page.locator('.why-card')).toHaveCount(0);
  const form = await adding(page, 'Generator');
  await expect(form.getByLabel('Name')).toHaveValue('G4-2');
  await form.getByLabel('Name').fill('G5');
  await form.getByLabel('Capacity').fill('15');
  await form.getByLabel('Block 1, Price, $/MWh', { exact: true }).fill('10');
  await page.keyboard.press('Enter');
  await expect(done(page)).toContainText('Added: generator G5.');
  // By hand: 8 MW of G1 at 6 and 2 MW of D3 at 8 $/MWh, the last 5 of 15 MW from G5 at 10; line 2-3 has room for 8.
  await part(page, 'bus:1').click();
  await expect(reading(page)).toContainText('Bus 1: price 10\u00a0$/MWh');
  await expect(part(page, 'party:G5')).toBeVisible();
  // Another grid is no preset any more, with its question and words.
  await expect(page.locator('.lead-question')).toBeHidden();
  await hashHolds(page, /^#z=/);
  const other = await context.newPage();
  await open(other, page.url());
  await expect(part(other, 'party:G5')).toBeVisible();
  await other.close();
  await page.getByRole('button', { name: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /as a file/ }).click(),
  ]);
  const { case: system } = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(system.generators.at(-1)).toMatchObject({ id: 'G5', bus: '4', max_p_mw: 15 });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(part(page, 'party:G5')).toHaveCount(0);
  await hashHolds(page, /^#p=zuo-4node-optimal(?!.*case)/);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(part(page, 'party:G5')).toBeVisible();
});

test('a bus comes with its line, goes with all it has, and is undone beside what is said', async ({ page, url }) => {
  await start(page, `${url}#p=zuo-4node`);
  await part(page, 'bus:4').click();
  const form = await adding(page, 'Bus');
  await expect(form.getByLabel('Connected to bus')).toHaveValue('4');
  await form.getByLabel('Limit').fill('3');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: bus 5, line 4-5.');
  await expect(part(page, 'bus:5')).toHaveClass(/is-selected/);
  const load = await adding(page, 'Load');
  await expect(load.getByLabel('Bus')).toHaveValue('5');
  await load.getByLabel('Load').fill('2');
  await load.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: load L5.');
  await part(page, 'branch:4-5').click();
  // By hand: what hangs behind line 4-5 is 2 MW of its 3.
  await expect(reading(page)).toContainText('Line 4-5: 2\u00a0MW from 4 to 5, 67\u00a0% of its limit');
  await card(page).getByRole('button', { name: 'bus 5' }).click();
  await page.getByRole('form', { name: 'Bus 5' }).getByLabel('Name').fill('Mill');
  await page.keyboard.press('Enter');
  await expect(done(page)).toContainText('Changed: bus Mill.');
  await expect(part(page, 'bus:Mill')).toHaveClass(/is-selected/);
  await card(page).getByRole('button', { name: 'Take out' }).click();
  await expect(done(page)).toContainText('Removed: bus Mill, line 4-5, load L5.');
  await expect(part(page, 'bus:Mill')).toHaveCount(0);
  await done(page).getByRole('button', { name: 'Undo' }).click();
  await expect(part(page, 'party:L5')).toBeVisible();
});

test('what the program does not take is said beside the form, and what was typed stays', async ({ page, url }) => {
  await start(page, `${url}#p=zuo-4node`);
  await part(page, 'branch:2-3').click();
  await card(page).getByRole('button', { name: 'Take out' }).click();
  await expect(done(page)).toContainText('No branch in service connects buses "3" and "4" to the rest of the network.');
  await expect(part(page, 'branch:2-3')).toBeVisible();
  await part(page, 'party:G4').click();
  const form = page.getByRole('form', { name: 'Generator G4' });
  await form.getByRole('button', { name: 'Another block' }).click();
  await form.getByLabel('Block 2, Price, $/MWh', { exact: true }).fill('3');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(form.getByRole('alert')).toContainText('Order the blocks from cheap to dear.');
  await expect(form.getByLabel('Block 2, Price, $/MWh', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('Block 2, Price, $/MWh', { exact: true }).fill('many');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(form.getByRole('alert')).toHaveText('This is not a number.');
  await form.getByLabel('Block 2, Price, $/MWh', { exact: true }).fill('20');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(done(page)).toContainText('Changed: generator G4.');
  // Numbers alone leave it the preset's grid.
  await expect(page.locator('.lead-question')).toBeVisible();
  await page.getByRole('form', { name: 'Generator G4' }).getByLabel('Bus').selectOption('3');
  await page.getByRole('form', { name: 'Generator G4' }).getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('.lead-question')).toBeHidden();
  await expect(done(page)).toContainText('Changed: generator G4.');
  await hashHolds(page, /^#z=/);
});

test('a bus moves where it is dragged, and by keys; the grid stays the preset’s', async ({ page, url, context }) => {
  await start(page, `${url}#p=zuo-30bus`);
  const bus = part(page, 'bus:9');
  const box = await bus.boundingBox();
  if (box === null) throw new Error('the bus has no place');
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.move(at.x - 30, at.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(done(page)).toContainText('Moved: bus 9.');
  const now = await bus.boundingBox();
  // It is drawn about where it was let go: what would lie on something else is moved apart.
  expect(Math.hypot((now?.x ?? 0) - box.x + 30, (now?.y ?? 0) - box.y - 10)).toBeLessThan(16);
  await hashHolds(page, /^#p=zuo-30bus&v=1&case\.buses\.9\.x=[\d.]+&case\.buses\.9\.y=[\d.]+$/);
  const left = (await bus.boundingBox())?.x ?? 0;
  await bus.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => ((await bus.boundingBox())?.x ?? 0) - left).toBeGreaterThan(8);
  await expect(bus).toBeFocused();
  await expect(page.locator('.lead-question')).toBeVisible();
  const other = await context.newPage();
  await hashHolds(page, /^#p=zuo-30bus/);
  await open(other, page.url());
  await expect(part(other, 'bus:9')).toBeVisible();
  await other.close();
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a bus moves under a finger, and a tap selects it', async ({ page, url }) => {
    await start(page, `${url}#p=zuo-30bus`);
    const bus = part(page, 'bus:9');
    await bus.tap();
    await expect(card(page).getByRole('heading', { name: 'Bus 9' })).toBeVisible();
    const box = await bus.boundingBox();
    if (box === null) throw new Error('the bus has no place');
    const finger = await page.context().newCDPSession(page);
    const at = (/** @type {number} */ by) => [{ x: box.x + box.width / 2 - by, y: box.y + box.height / 2 + by, id: 1 }];
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (const by of [4, 8, 12, 16, 20])
      await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(by) });
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(done(page)).toContainText('Moved: bus 9.');
  });
});

test('DERs are grouped into an aggregator, and leave the one they were in', async ({ page, url }) => {
  await start(page, `${url}#p=zuo-4node`);
  const form = await adding(page, 'Aggregator');
  await expect(form.getByLabel('Name')).toHaveValue('B');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(form.getByRole('alert')).toContainText('Aggregator "B" has no DER.');
  await form.getByLabel('D2').check();
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: aggregator B.');
  await part(page, 'party:D2').click();
  await card(page).getByRole('button', { name: 'aggregator B' }).click();
  const own = page.getByRole('form', { name: 'Aggregator B' });
  await own.getByLabel('D3').check();
  await own.getByRole('button', { name: 'Apply' }).click();
  await expect(done(page)).toContainText('Changed: aggregator B, without aggregator A.');
});

test('a grid that is drawn as a map is changed by names and tables', async ({ page, url }) => {
  await bring(page, url, 118);
  await drawer(page, 'inputs').click();
  await page.locator('.panel.inputs .change-grid').click();
  await expect(card(page)).toBeFocused();
  await card(page).getByLabel('Find').fill('bus 60');
  await expect(card(page).getByRole('heading', { name: 'Bus 60' })).toBeVisible();
  const form = await adding(page, 'Generator');
  await expect(form.getByLabel('Bus')).toHaveValue('60');
  await form.getByLabel('Block 1, Price, $/MWh', { exact: true }).fill('5');
  await form.getByLabel('Capacity').fill('200');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: generator G60.');
  // By hand: 117 MW outside bus 118, and 5 MW through its line, all of it at 5 in the place of 10 $/MWh.
  await page.getByLabel('Find a bus, line or unit').fill('60');
  await page.keyboard.press('Enter');
  await expect(reading(page)).toContainText('Bus 60: price 5\u00a0$/MWh');
  await card(page).getByRole('button', { name: 'generator G60' }).click();
  await card(page).getByRole('button', { name: 'Take out' }).click();
  await expect(done(page)).toContainText('Removed: generator G60.');
});

test('a feeder grows by a bus with its line, and loses what lies behind one', async ({ page, url }) => {
  await start(page, `${url}#p=mezghani-3node`);
  await part(page, 'bus:3').click();
  const form = await adding(page, 'Bus');
  await expect(form.getByLabel('Connected to bus')).toHaveValue('3');
  await form.getByLabel('Resistance').fill('0.2');
  await form.getByLabel('Load', { exact: true }).fill('0.1');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: bus 4, line 3-4.');
  await expect(page.getByRole('form', { name: 'Bus 4' }).getByLabel('Load', { exact: true })).toHaveValue('0.1');
  await part(page, 'bus:3').click();
  await card(page).getByRole('button', { name: 'Take out' }).click();
  await expect(done(page)).toContainText('Removed: bus 3, bus 4, line 2-3, line 3-4, imbalance BRP3, bid BSP3.');
});

test('a feeder is hung below a bus', async ({ page, url }) => {
  await start(page, `${url}#p=mezghani-3node`);
  const form = await adding(page, 'Feeder');
  await form.getByLabel('Feeder').selectOption({ index: 0 });
  await form.getByLabel('Limit of the exchange').fill('8');
  await form.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: feeder F1.');
  await expect(part(page, 'bus:F1-33')).toBeVisible();
  // Somebody has to serve its 3.715 MW: bids of transmission have 3.
  await expect(page.locator('.answer')).toContainText('without an answer');
  await part(page, 'bus:1').click();
  const bid = await adding(page, 'Bid');
  await expect(bid.getByLabel('Bus')).toHaveValue('1');
  await bid.getByLabel('Block 1, To, MW').fill('9');
  await bid.getByRole('button', { name: 'Add' }).click();
  await expect(done(page)).toContainText('Added: bid BSP1-2.');
  await expect(page.locator('.answer')).not.toContainText('without an answer');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(page.locator('.answer')).toContainText('without an answer');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(part(page, 'bus:F1-33')).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(part(page, 'bus:F1-33')).toBeVisible();
  await part(page, 'boundary:F1').click();
  await card(page).getByRole('button', { name: 'Take out' }).click();
  await expect(done(page)).toContainText('Removed: feeder F1.');
  await done(page).getByRole('button', { name: 'Undo' }).click();
  await expect(part(page, 'bus:F1-33')).toBeVisible();
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ['light', 1440],
  ['dark', 390],
]))
  test(`the card fits and axe finds nothing, ${colorScheme}, ${width} px`, async ({ page, url }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await start(page, `${url}#p=zuo-4node`);
    await part(page, 'party:D2').click();
    for (const kind of ['Bus', 'Line', 'DER', 'Aggregator']) {
      await adding(page, kind);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    await card(page).getByRole('button', { name: 'Apply' }).click();
    await expect(done(page)).toContainText('This is how it is already.');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(card(page)).toHaveCount(0);
    await expect(page.locator('.network .change-grid')).toBeFocused();
  });
