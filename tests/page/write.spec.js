// A lesson is written without code: from a preset's lesson or from nothing, checked beside its scenario, kept, saved, opened.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { dist, expect, open, test } from './harness.js';
import { hashHolds, overflow, violations } from './page.js';
import { fileOf, gaps, wordsOf } from '../../www/js/write/words.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/** @param {Page} page @param {string} at */
const box = (page, at) => page.locator(`[data-at="${at}"]`).locator('input, textarea, select').first();
/** @param {Page} page @param {string} at */
const said = (page, at) => page.locator(`[data-at="${at}"] > .field-message`);
/** @param {Page} page */
const state = (page) => page.locator('.write-state');
/** An entry of the lists beside the form. @param {Page} page @param {string} id */
const entry = (page, id) =>
  page.locator('.pick-entry').filter({ has: page.locator('code', { hasText: new RegExp(`^${id}$`) }) });

/** @param {Page} page @param {string} url @param {string} start */
async function begin(page, url, start) {
  await open(page, `${url}#write`);
  await page.getByLabel('A preset').selectOption('zuo-4node');
  await page.getByRole('button', { name: start }).click();
  await expect(state(page)).toHaveText('Nothing is wrong.');
}

test('every lesson there is goes through the form unchanged', () => {
  const folder = path.join(dist, 'lessons');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) {
    const file = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const words = wordsOf(file);
    const hide = [...(file.predict?.hide ?? [])].sort();
    const again = fileOf(words, file.scenario);
    expect([...(again.predict?.hide ?? [])].sort(), name).toEqual(hide);
    // What is left out is written out: only the size of a number counts.
    const sign = file.predict?.kind === 'number' ? { sign: 'either' } : {};
    const predict = file.predict && { predict: { ...sign, ...file.predict, hide: undefined } };
    expect({ ...again, predict: again.predict && { ...again.predict, hide: undefined } }, name).toEqual({
      ...file,
      ...predict,
    });
    expect(gaps(words), name).toEqual([]);
  }
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ['light', 1440],
  ['dark', 390],
])) {
  test(`the lesson of a preset is told with its numbers, ${colorScheme}, ${width} px`, async ({ page, url }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    await open(page, `${url}#write`);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await begin(page, url, 'Start from its lesson');
    await expect(box(page, 'predict.of')).toHaveValue('p:D2');
    await expect(box(page, 'steps.1.until')).toHaveValue('overloaded_intervals = 0 and swing_all = 0');
    for (const tab of ['Inputs', 'Charts', 'As told']) {
      await page.getByRole('button', { name: tab, exact: true }).click();
      expect(await violations(page), tab).toEqual([]);
    }
    // Table II of the paper: 2.50, 1.75, 2.125 MW.
    const told = page.locator('.told');
    await expect(told).toContainText('D2 makes 2.5 MW, then 1.75 MW, and 2.03 MW in the last interval');
    await expect(told).toContainText('from step 2 on: 2.5, 1.75, 2.13, 1.94, 2.03 MW');
    await expect(told).toContainText('Tried: done after its change.');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
}

test('an empty lesson is filled from the lists, and what is wrong stands beside its field', async ({ page, url }) => {
  await begin(page, url, 'Start with an empty lesson');
  await box(page, 'title').fill('My own lesson');
  await box(page, 'predict.kind').selectOption('number');
  await expect(said(page, 'predict.ask')).toHaveText('Ask something.');
  await box(page, 'predict.ask').fill('How many intervals are over a limit?');
  await box(page, 'predict.of').focus();
  await entry(page, 'overload_max').click();
  await expect(box(page, 'predict.of')).toHaveValue('overload_max');
  await expect(box(page, 'predict.unit')).toHaveValue('MW');
  await box(page, 'predict.tolerance').fill('0,1');

  // By keyboard: the cursor stands where the number goes, and the field has the focus again.
  await box(page, 'predict.reply').fill('It is , no more.');
  await page.keyboard.press('Home');
  for (let k = 0; k < 6; k += 1) await page.keyboard.press('ArrowRight');
  await entry(page, 'overload_max').focus();
  await page.keyboard.press('Enter');
  await expect(box(page, 'predict.reply')).toHaveValue('It is {overload_max}, no more.');
  await expect(box(page, 'predict.reply')).toBeFocused();
  await expect(state(page)).toHaveText('Nothing is wrong.');

  // A step with a change; what its end is tried with.
  await page.getByRole('button', { name: 'Add a step' }).click();
  await expect(box(page, 'steps.0.say')).toBeFocused();
  await box(page, 'steps.0.say').fill('Raise the limit.');
  await page.getByRole('button', { name: 'Inputs', exact: true }).click();
  await entry(page, 'case.branches.2-3.max_p_mw').click();
  const change = page.getByLabel('Limit of line 2-3', { exact: true });
  await expect(change).toHaveValue('10');
  await box(page, 'steps.0.until').fill('overload_max = 0');
  await expect(said(page, 'steps.0.until')).toHaveText('This does not hold after the change of the step.');
  await change.fill('13');
  await expect(said(page, 'steps.0.until')).toBeEmpty();
  await change.fill('a lot');
  await expect(said(page, 'steps.0.change')).not.toBeEmpty();
  await change.fill('13');

  await page.getByRole('button', { name: 'Add a paragraph' }).click();
  await box(page, 'why.0.say').fill('The line is over by {overlod}.');
  await expect(said(page, 'why.0.say')).toContainText('The report has no number “overlod”.');
  await expect(box(page, 'why.0.say')).toHaveAttribute('aria-invalid', 'true');
  await expect(state(page)).toHaveText('One thing to mend.');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show the first' }).click();
  await expect(box(page, 'why.0.say')).toBeFocused();
  await box(page, 'why.0.say').fill('The line is over by {overload_max}.');
  await expect(state(page)).toHaveText('Nothing is wrong.');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('my-own-lesson.json');
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual({
    lesson: 1,
    scenario: 'zuo-4node',
    title: 'My own lesson',
    predict: {
      kind: 'number',
      ask: 'How many intervals are over a limit?',
      of: 'overload_max',
      unit: 'MW',
      tolerance: 0.1,
      sign: 'either',
      reply: 'It is {overload_max}, no more.',
    },
    steps: [{ say: 'Raise the limit.', change: { 'case.branches.2-3.max_p_mw': 13 }, until: 'overload_max = 0' }],
    why: [{ say: 'The line is over by {overload_max}.' }],
  });

  // In the lab it begins with the prediction; the way back leads to the lesson as it was left.
  await page.getByRole('button', { name: 'Open it' }).click();
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await expect(lesson).toContainText('How many intervals are over a limit?');
  await expect(page.locator('.answer')).toBeHidden();
  await expect(page).toHaveTitle(/My own lesson/);
  await page.goBack();
  await expect(box(page, 'why.0.say')).toHaveValue('The line is over by {overload_max}.');
  // Someone else's lesson is none of the preset's own.
  expect(await page.evaluate(() => localStorage.getItem('tandem-progress'))).toBeNull();
});

test('statements: exactly one is right, and a kind that is left keeps its words', async ({ page, url }) => {
  await begin(page, url, 'Start with an empty lesson');
  await box(page, 'predict.kind').selectOption('choose');
  await box(page, 'predict.ask').fill('Does it settle?');
  for (const [k, when] of ['swing > 0', 'swing = 0'].entries()) {
    await box(page, `predict.choices.${k}.say`).fill(`Statement ${k}`);
    await box(page, `predict.choices.${k}.when`).fill('swing > 0');
    await box(page, `predict.choices.${k}.reply`).fill('Swing {swing}.');
    if (k === 1) {
      await expect(page.locator('[data-at="predict.choices"] .field-message')).toContainText('2 of the 2 choices hold');
      await box(page, `predict.choices.${k}.when`).fill(when);
    }
  }
  await expect(state(page)).toHaveText('Nothing is wrong.');
  await page.getByRole('button', { name: 'Down Statement 1' }).click();
  await expect(box(page, 'predict.choices.1.say')).toHaveValue('Statement 0');
  await box(page, 'predict.kind').selectOption('none');
  await expect(box(page, 'predict.ask')).toHaveCount(0);
  await page.reload();
  await box(page, 'predict.kind').selectOption('choose');
  await expect(box(page, 'predict.choices.1.say')).toHaveValue('Statement 0');
});

test('a lesson is kept, offered again, and deleted on request alone', async ({ page, url }) => {
  await begin(page, url, 'Start with an empty lesson');
  await box(page, 'question').fill('Kept?');
  await hashHolds(page, /^#write&draft=/);
  await page.getByRole('button', { name: 'Another lesson' }).click();
  const kept = page.getByRole('region', { name: 'Lessons kept in this browser' });
  await kept.getByRole('link', { name: 'Kept?' }).click();
  await expect(box(page, 'question')).toHaveValue('Kept?');
  await page.getByRole('button', { name: 'Another lesson' }).click();
  await kept.getByRole('button', { name: 'Delete Kept?' }).click();
  await expect(kept).toContainText('Kept?');
  await kept.getByRole('button', { name: 'Delete Kept? for good?' }).click();
  await expect(kept).toBeHidden();
});

test('a lesson file and the link of a lesson are written on; a file that is none says so', async ({ page, url }) => {
  await open(page, `${url}#write`);
  const give = (/** @type {string} */ text) =>
    page
      .getByLabel('Choose a scenario or a lesson')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await give('{"lesson":1,"scenario":"no-such-preset"}');
  await expect(page.getByRole('alert')).toContainText('no-such-preset');
  await give(
    JSON.stringify({
      lesson: 1,
      scenario: 'p=zuo-4node&v=1&case.branches.2-3.max_p_mw=12',
      title: 'With 12 MW',
      answer: [{ say: 'Over by {overload_max}.' }],
      why: [{ say: 'Limit.' }],
    }),
  );
  await expect(box(page, 'title')).toHaveValue('With 12 MW');
  await expect(page.locator('.write-about')).toContainText('Why dispatch oscillates');
  await expect(state(page)).toHaveText('Nothing is wrong.');
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  const link = await page.getByLabel('Link of the lesson').inputValue();
  await open(page, link);
  await expect(page.getByRole('region', { name: 'Lesson' })).toContainText('Limit.');
  await expect(page.locator('.headline')).toContainText('Over by');
  await open(page, `${url}#write`);
  await page.getByLabel('or a link').fill(link);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(box(page, 'why.0.say')).toHaveValue('Limit.');
  await expect(box(page, 'title')).toHaveValue('With 12 MW');
});

test('the lab leads to a lesson about the scenario as it was changed', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node&v=1&case.branches.2-3.max_p_mw=12`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('link', { name: 'Write a lesson from this scenario' }).click();
  await page.getByRole('button', { name: 'Start with an empty lesson' }).click();
  await page.getByRole('button', { name: 'Inputs', exact: true }).click();
  await expect(entry(page, 'case.branches.2-3.max_p_mw')).toContainText('12 MW');
});

test('what takes long is told with the answer that ships with the page, and solved on request alone', async ({
  page,
  url,
}) => {
  await open(page, `${url}#write&p=wang-day`);
  await page.getByRole('button', { name: 'Start with an empty lesson' }).click();
  await expect(state(page)).toContainText('The sentences are checked when you press Check: solving takes about');
  await expect(page.locator('.pick-entry').first()).toBeVisible();
  await page.getByRole('button', { name: 'Add a paragraph' }).click();
  const id = await page.locator('.pick-entry code').first().innerText();
  await box(page, 'why.0.say').fill('A number: ');
  await entry(page, id).click();
  await page.getByRole('button', { name: 'As told' }).click();
  await expect(page.locator('.told')).toContainText(/A number: .*\d/);
});

test('on a phone the field that a pick goes into stays in sight above the lists', async ({ page, url }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await begin(page, url, 'Start from its lesson');
  await box(page, 'why.2.say').focus();
  await page.getByRole('button', { name: 'Numbers' }).click();
  await entry(page, 'overload_max').click();
  await expect(box(page, 'why.2.say')).toHaveValue(/\{overload_max\}/);
  const above = async () => {
    const [field, lists] = await Promise.all([
      box(page, 'why.2.say').boundingBox(),
      page.getByRole('complementary', { name: 'To pick from' }).boundingBox(),
    ]);
    return field !== null && lists !== null && field.y >= 0 && field.y + field.height <= lists.y;
  };
  await expect.poll(above).toBe(true);
});
