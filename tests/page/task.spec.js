// A question at the end of a lesson: right, wrong, the hint, the answer on request.

import { behind } from './fixture.js';
import { expect, open, test } from './harness.js';
import { LIMIT, field } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('a question is asked, checked, hinted at and answered', async ({ page, url, context }) => {
  await behind(
    context,
    `
reported((report, session) => {
  const limit = limitOf(session);
  if (limit < 20) report.task = { question: 'How full is the line?', unit: 'MW', hint: 'Look at line 2-3.', found: 'It is at its limit.', answer: limit, tolerance: 0.05 };
  return report;
});`,
  );
  await open(page, `${url}#p=zuo-4node&v=1&view.lesson=why`);
  const card = page.getByRole('region', { name: 'Check yourself' });
  const input = card.getByLabel('Your answer');
  const reply = card.getByRole('status');
  await expect(card).toContainText('How full is the line?');
  await card.getByRole('button', { name: 'Check' }).click();
  await expect(reply).toHaveText('A number is needed here.');
  await input.fill('9');
  await input.press('Enter');
  await expect(reply).toHaveText('Not yet.');
  await expect(card.getByRole('button', { name: 'Show' })).toBeHidden();
  await input.press('Enter');
  await expect(reply).toHaveText('Not yet. Hint: Look at line 2-3.');
  await card.getByRole('button', { name: 'Show' }).click();
  await expect(reply).toHaveText('It is 10 MW. It is at its limit.');
  await expect(card).not.toHaveClass(/is-found/);
  await input.fill('10.04');
  await input.press('Enter');
  await expect(reply).toContainText('It is at its limit.');
  await expect(card).toHaveClass(/is-found/);

  // Another answer is another question; without one there is no card.
  await field(page, LIMIT).fill('12');
  await expect(reply).toBeEmpty();
  await expect(input).toHaveValue('');
  await field(page, LIMIT).fill('25');
  await expect(card).toBeHidden();
});

const ASKS = `
reported((report) => {
  report.task = { question: 'How full is the line?', unit: 'MW', hint: '', found: 'Found.', answer: 10, tolerance: 0.05 };
  return report;
});`;

test('before the end of a lesson the question gives nothing away', async ({ page, url, context }) => {
  await behind(context, ASKS);
  await open(page, `${url}#p=zuo-4node&v=1&view.lesson=predict`);
  const card = page.locator('.task');
  await expect(card).toBeHidden();
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await lesson.getByRole('button', { name: 'Close the lesson' }).click();
  await expect(page.locator('.answer')).toBeVisible();
  await expect(card).toBeHidden();
  await lesson.getByRole('button', { name: /^Take it as a lesson/ }).click();
  await lesson.getByRole('button', { name: /Why$/ }).click();
  await expect(card).toBeVisible();
  await expect(card.getByRole('heading')).toHaveText('Check yourself');
});

test('without a lesson the question stands under the answer', async ({ page, url, context }) => {
  await behind(context, ASKS.replace('return report', 'report.lesson = undefined;\n  return report'));
  await open(page, `${url}#p=zuo-4node`);
  await expect(page.getByRole('region', { name: 'Find it' })).toBeVisible();
});

test('the sign of an answer counts where it is asked for', async ({ page, url, context }) => {
  await behind(
    context,
    `
reported((report, session) => {
  const limit = limitOf(session);
  report.task = { question: 'By how much?', unit: '%', hint: '', found: 'Found.', answer: -0.84, tolerance: 0.05, sign: limit < 11 ? 'exact' : 'either' };
  return report;
});`,
  );
  await open(page, `${url}#p=zuo-4node&v=1&view.lesson=why`);
  const card = page.getByRole('region', { name: 'Check yourself' });
  const [input, reply] = [card.getByLabel('Your answer'), card.getByRole('status')];
  await input.fill('0,84');
  await input.press('Enter');
  await expect(reply).toHaveText('The size is right, mind the sign.');
  await input.fill('-0,84');
  await input.press('Enter');
  await expect(reply).toContainText('Found.');
  await field(page, LIMIT).fill('12');
  await expect(reply).toBeEmpty();
  await input.fill('0.84');
  await input.press('Enter');
  await expect(reply).toContainText('Found.');
});

for (const [preset, words, answer] of [
  ['mezghani-s3b', 'lose', '2.5'],
  ['mezghani-s4', 'cost', '5'],
  ['mezghani-s4-closed', 'cost', '5'],
  ['lind-5bus', 'save', '18.54'],
]) {
  test(`${preset}: ${answer} is what it does ${words}`, async ({ page, url }) => {
    await open(page, `${url}#p=${preset}&v=1&view.lesson=why`);
    const card = page.getByRole('region', { name: /^(Check yourself|Find it)$/ });
    await expect(card).toContainText(words ?? '');
    for (const typed of [answer ?? '', `\u2212${answer}`]) {
      await card.getByLabel('Your answer').fill(typed);
      await card.getByRole('button', { name: 'Check' }).click();
      await expect(card).toHaveClass(/is-found/);
    }
  });
}
