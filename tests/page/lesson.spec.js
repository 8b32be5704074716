// A lesson: predict before the answer is on screen, try, see why; how far it is stands in the link.

import { expect, open, test } from './harness.js';
import { LIMIT, field, hashHolds, headline, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const width of [1440, 390]) {
  test(`predict, try, why, ${width} px`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${url}#p=zuo-4node&v=1&view.lesson=predict`);
    const lesson = page.getByRole('region', { name: 'Lesson' });
    const dots = lesson.getByRole('slider');
    await expect(dots).toHaveCount(5);
    // Nothing that gives the answer away: neither the sentence, nor charts, nor numbers of interval 2 (Table II: 2.50 MW).
    for (const part of ['.answer', '.levers', '.pictures > [data-chart]', '.network', '.drawers'])
      await expect(page.locator(part)).toBeHidden();
    expect(await page.locator('main').innerText()).not.toMatch(/2\.5|1\.75|10\.5/);
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);

    await dots.first().focus();
    await page.keyboard.press('ArrowUp');
    await expect(dots.first()).toHaveAttribute('aria-valuenow', '1.2');
    await lesson.getByRole('button', { name: 'That is my prediction' }).click();
    // By hand from Table II: |1.2 − 2.5|, |1 − 1.75|, |1 − 2.125|, |1 − 1.9375|, |1 − 2.03125|: 1.029 MW on average.
    await expect(lesson.getByRole('status')).toContainText('Your line is off by 1.03 MW on average.');
    await expect(headline(page)).toBeVisible();

    await lesson.getByRole('button', { name: 'Try it', exact: true }).click();
    await hashHolds(page, /view\.lesson=try-1/);
    await lesson.getByRole('button', { name: 'Next' }).click();
    await lesson.getByRole('button', { name: 'Do it for me' }).click();
    await expect(field(page, LIMIT)).toHaveValue('13');
    await expect(lesson).toContainText('Done');
    await lesson.getByRole('button', { name: /Why$/ }).click();
    // Where the pointer rests on the mark of the step, its word can be read.
    const mark = lesson.locator('[aria-current="step"]');
    await mark.hover();
    const colours = () =>
      mark.evaluate((element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]);
    await expect.poll(async () => new Set(await colours()).size).toBe(2);
    // At 13 MW nothing limits anybody, and the why speaks of that.
    await expect(lesson).toContainText('A swing needs two things');
    await hashHolds(page, /view\.lesson=why/);
    expect(await page.evaluate(() => localStorage.getItem('tandem-progress'))).toBe('{"zuo-4node":"done"}');
  });
}

test('a link to a step opens there, with the answer in sight, and the lesson can be closed', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node&v=1&view.lesson=try-2`);
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await expect(lesson.getByRole('button', { name: 'Do it for me' })).toBeVisible();
  await expect(headline(page)).toBeVisible();
  await lesson.getByRole('button', { name: 'Close the lesson' }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe('#p=zuo-4node');
});

test('the end of a lesson says where it stands in its path, and the next one comes first', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node&v=1&view.lesson=why`);
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await expect(lesson).toContainText('Lesson 2 of 7 of the path “Why does dispatch oscillate, and what cures it?”');
  const next = lesson.locator('.lesson-next a');
  await expect(next.first()).toHaveAttribute('href', '#p=zuo-4node-se&v=1&view.lesson=predict');
  await expect(next.first()).toHaveText('Factors from state estimation');
  await expect(lesson.locator('.lesson-next')).toContainText('Next of this path.');
  const hrefs = await next.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(new Set(hrefs).size).toBe(hrefs.length);
  await lesson.getByRole('link', { name: 'Your progress and code' }).click();
  await expect(page.getByRole('region', { name: 'My progress' })).toContainText('1 of 7 done');
});

test('the front page leads to lessons at their first question', async ({ page, url }) => {
  await open(page, url);
  await page.locator('.paths details').first().locator('summary').click();
  await page.locator('.lessons').first().getByRole('link', { name: 'Why dispatch oscillates' }).click();
  await expect(page.getByRole('region', { name: 'Lesson' })).toContainText('Draw what D2 makes');
  await expect(page.locator('.answer')).toBeHidden();
});

test('the lesson of a preset that takes long opens with the answer that ships with the page', async ({ page, url }) => {
  await open(page, `${url}#p=wang-day&v=1&view.lesson=predict`);
  await expect(page.getByText('Computed ahead.')).toBeVisible();
});
