// Questions for a course, made in the page.

import { readFile } from 'node:fs/promises';

import { expect, open, test } from './harness.js';

test('a bank of questions is made of a changed scenario, read first, and saved', async ({ page, url }) => {
  await open(page, `${url}#p=triangle&v=1&case.loads.L3.p_mw=130`);
  await page.locator('[data-drawer="questions"]').click();
  const panel = page.locator('.panel.questions');
  await panel.getByLabel('Number of questions').fill('0');
  await panel.getByRole('button', { name: 'Make the questions' }).click();
  await expect(panel.getByRole('status')).toHaveText('Number of questions: a whole number from 1 to 500.');
  await panel.getByLabel('Number of questions').fill('12');
  for (const [format, start] of [
    ['moodle', '<?xml'],
    ['gift', '$CATEGORY'],
    ['qti', 'PK'],
  ]) {
    await panel.getByLabel('Format').selectOption(format ?? '');
    await panel.getByRole('button', { name: 'Make the questions' }).click();
    await expect(panel.getByRole('status')).toHaveText(/^12 questions from \d+ solved variants\.$/, {
      timeout: 30_000,
    });
    await expect(panel.locator('.question-bank > ol > li')).toHaveCount(3);
    const waiting = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save the file' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toContain('triangle');
    const text = await readFile(await download.path(), 'latin1');
    expect(text.startsWith(start ?? '')).toBe(true);
    const found = text.match(/<question type="(numerical|multichoice)"|^::|items\/[\w-]+\.xml"><file/gm);
    if (format !== 'qti') expect(found).toHaveLength(12);
  }
  // The changed load is where the variants begin.
  await expect(panel.locator('.question-bank')).toContainText('Load L3');
});
