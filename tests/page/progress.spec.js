// Progress: a student's codes, and the table that a teacher makes of them.

import { readFileSync } from 'node:fs';

import { expect, kept, open, test } from './harness.js';
import { overflow, violations } from './page.js';
import { PATHS } from '../../www/js/session/paths.js';
import { codeOf, readCode } from '../../www/js/session/progress.js';
import { cellsText, csvOf, rollOf } from '../../www/js/front/roll.js';

test.use({ serviceWorkers: 'allow' });

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

// Codes are out there: a lesson may be appended to a path, nothing else may change here.
const OUT_THERE = {
  A: 'triangle zuo-4node zuo-4node-se zuo-4node-unscheduled zuo-30bus-unscheduled zuo-4node-union-jack-m4 zuo-4node-exact',
  B: 'mezghani-s1 mezghani-s2 mezghani-s3a mezghani-s4 mezghani-s5 mezghani-s5-balancing-price baran-wu-33',
  C: 'wang-day wang-uncongested wang-congested wang-telescoping',
  D: 'khojasteh-k33-tso-only khojasteh-k33-truthful khojasteh-k33 khojasteh-k33-two-bsps khojasteh-k33-stage2',
  E: 'theisen-base theisen-tariff theisen-prices-to-devices theisen-week theisen-interval theisen-feeder-limit',
};

test('letters of paths, the order of their lessons, and codes stay', () => {
  const letters = PATHS.map(({ letter }) => letter);
  expect(new Set(letters).size).toBe(PATHS.length);
  for (const [letter, lessons] of Object.entries(OUT_THERE)) {
    const presets = PATHS.find((path) => path.letter === letter)?.presets ?? [];
    expect(presets.slice(0, lessons.split(' ').length).join(' ')).toBe(lessons);
  }
  // Bits 1 and 2 make 3, the sign after 2, 3 and 4; the sum is FNV-1a of the letter, the signs and the name.
  const code = codeOf('A', [true, true, false, false, false, false, false], 'Anna Miller');
  expect(code).toBe('A-52-42Q');
  expect(readCode(code, ' anna  MILLER ')).toEqual({ path: 'A', done: [true, true, ...Array(8).fill(false)] });
  expect(readCode(code, 'Bob')).toHaveProperty('message');
  expect(readCode('A-62-42Q', 'Anna Miller')).toHaveProperty('message');
});

test('lines of a class are read however they were pasted', () => {
  const [, , more] = [codeOf('C', [true], 'x'), 0, codeOf('C', [true, true, true, true], 'Miller, Anna')];
  const own = codeOf('A', [true], 'Miller, Anna');
  const said = rollOf(
    [
      'Name\tCode',
      `Miller, Anna\t${own}\t${more}`,
      `"Miller, Anna",${own}`,
      `Miller, Anna, ${own.replaceAll('-', '\u2013').toLowerCase()}`,
      '',
      'Bob; hello',
      'Carla',
      own,
    ].join('\r\n'),
  ).map((entry) => [entry.name, 'message' in entry ? entry.message : entry.done.filter(Boolean).length]);
  expect(said).toEqual([
    ['Miller, Anna', 1],
    ['Miller, Anna', 4],
    ['Miller, Anna', 1],
    ['Miller, Anna', 1],
    ['Bob', 'This is no code; one looks like A-7K-4Q9.'],
    ['Carla', 'There is no code.'],
    ['', 'There is no name before the code.'],
  ]);
});

test('a name is no formula of a spreadsheet', () => {
  expect(csvOf([['=HYPERLINK("x")', 'a;b', '2']])).toBe('"\'=HYPERLINK(""x"")","a;b",2\r\n');
  expect(cellsText([['@SUM(1)', 'b']])).toBe("'@SUM(1)\tb");
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ['light', 1440],
  ['dark', 390],
])) {
  test(`from a student's code to a teacher's table, ${colorScheme}, ${width} px`, async ({ page, url, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 844 });
    await page.addInitScript(() => {
      localStorage.setItem('tandem-progress', '{"triangle":"done","zuo-4node":"done","mezghani-s1":"begun"}');
    });
    await open(page, url);
    await page.getByRole('link', { name: 'Your progress and code' }).click();
    const own = page.getByRole('region', { name: 'My progress' });
    await expect(own.getByRole('img', { name: '2 of 7 done.' })).toBeVisible();
    await expect(own.getByRole('link', { name: 'Factors from state estimation' })).toHaveAttribute(
      'href',
      '#p=zuo-4node-se&v=1&view.lesson=predict',
    );
    await expect(own.getByRole('button', { name: /^Copy/ })).toHaveCount(0);
    await own.getByLabel('My name').fill('Anna Miller');
    await expect(own.getByRole('button', { name: /^Copy/ })).toHaveCount(1);
    await own.getByRole('button', { name: /^Copy/ }).press('Enter');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('A-52-42Q');
    await page.reload();
    await expect(own.getByLabel('My name')).toHaveValue('Anna Miller');

    const group = page.getByRole('region', { name: 'My class' });
    await group.getByLabel('Names and codes').fill('Anna Miller, A-52-42Q\nBob, A-52-42Q');
    await expect(group.getByRole('status').first()).toHaveText('1 of 2 codes count.');
    const [, anna, bob] = await group.getByRole('row').all();
    await expect(anna ?? group).toContainText('2 of 7');
    await expect(anna ?? group).toContainText('Three buses, three prices; Why dispatch oscillates');
    await expect(bob ?? group).toContainText('The code does not belong to this name, or is mistyped.');
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      group.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8').split('\r\n')[1]).toBe(
      'Anna Miller,A-52-42Q,"Why does dispatch oscillate, and what cures it?",2,7,"Three buses, three prices; Why dispatch oscillates",',
    );
  });
}

test('works offline, as the page for lessons does', async ({ page, url, context }) => {
  await open(page, url);
  await kept(page);
  await context.setOffline(true);
  await page.goto(`${url}#progress`);
  await page.reload();
  await expect(page.getByRole('region', { name: 'My class' })).toBeVisible();
  await page.goto(`${url}#write`);
  await expect(page.getByLabel('A preset')).toBeVisible();
});
