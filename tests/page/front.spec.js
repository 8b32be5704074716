// The front page: a search, three ways in, a card for each question, all presets in a table; nothing is solved for it.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { expect, open, test } from './harness.js';
import { headline, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const LENGTH = 4000;

test('every card has its words and its picture, nothing is solved, and the page is short', async ({ page, url }) => {
  const asked = /** @type {string[]} */ ([]);
  await page.addInitScript(() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any[]} */ ...args) {
      console.info(`call ${args[0]?.call}`);
      return send.apply(this, /** @type {any} */ (args));
    };
  });
  page.on('console', (message) => message.text().startsWith('call ') && asked.push(message.text()));
  await open(page, url);
  const cards = page.locator('.card');
  expect(await cards.count()).toBeGreaterThan(35);
  for (const image of await page.locator('.thumbnail img').all())
    await expect.poll(() => image.evaluate((one) => /** @type {HTMLImageElement} */ (one).naturalWidth)).toBe(360);
  for (const card of await cards.all()) await expect(card.locator('.question')).not.toBeEmpty();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(LENGTH);
  expect(asked).toContain('call start');
  expect(asked.filter((call) => !['call start', 'call gallery', 'call warm'].includes(call))).toEqual([]);
});

test('searching: results while one types, by keyboard, with what to try where there are none', async ({
  page,
  url,
}) => {
  await open(page, url);
  const box = page.getByRole('searchbox', { name: 'What do you want to find out?' });
  const hits = page.locator('.hits a');
  await box.pressSequentially('negative pr');
  await expect(hits.first()).toHaveText('Five buses and a feeder');
  await expect(page.locator('#search-count')).toHaveText(/presets? found/);
  expect(await violations(page)).toEqual([]);

  await box.fill('oscilation');
  await expect(page.locator('#search-count')).toHaveText('Nothing found.');
  await page.getByRole('button', { name: 'oscillation' }).first().click();
  await expect(hits.first()).toHaveText('Why dispatch oscillates');
  await expect(box).toBeFocused();

  await page.getByRole('button', { name: /^All \d+ in the table$/ }).click();
  const table = page.getByRole('table', { name: 'All presets' });
  await expect(table).toBeInViewport();
  await expect(page.locator('.all-presets .count')).toHaveText(/^\d+ of \d+ presets found for “oscillation”$/);

  await box.fill('nash');
  await box.press('Enter');
  await expect(hits.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#p=wang-day$/);
});

test('a grid of MATPOWER: how to bring it', async ({ page, url }) => {
  await open(page, url);
  await page.getByRole('button', { name: 'case118' }).click();
  const bring = page.locator('.bring');
  await expect(bring).toContainText('case118.m');
  await expect(bring.getByRole('link', { name: '69-bus feeder' })).toHaveAttribute('href', '#p=baran-wu-69-flow');
  await bring.getByRole('button', { name: 'Use my grid' }).click();
  await expect(page.locator('#case-file')).toBeFocused();
  await expect(page.locator('.drop')).toBeInViewport();
});

test('the table filters by what one knows, sorts by any column, and counts', async ({ page, url }) => {
  await open(page, url);
  await page.locator('.all-presets > summary').click();
  const rows = page.locator('.preset-table tbody tr');
  const count = page.locator('.all-presets .count');
  const all = await rows.count();
  await expect(count).toHaveText(`${all} of ${all} presets`);
  await page.getByLabel('System').selectOption('14 buses and 4 feeders');
  const fourteen = await rows.count();
  expect(fourteen).toBeLessThan(all);
  await expect(count).toHaveText(`${fourteen} of ${all} presets`);
  await page.getByLabel('Question or title').fill('battery');
  await expect(rows).toHaveCount(1);
  await expect(rows.getByRole('link')).toHaveAttribute('href', '#p=wang-storage');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(rows).toHaveCount(all);
  await page.getByLabel('Paper').selectOption('Theisen et al. 2024');
  await page.getByLabel('Minutes').selectOption('up to 1');
  await expect(rows).toHaveCount(3);

  const minutes = page.getByRole('columnheader', { name: 'Minutes' });
  await page.getByRole('button', { name: 'Show all' }).click();
  await minutes.getByRole('button').click();
  await expect(minutes).toHaveAttribute('aria-sort', 'ascending');
  await minutes.getByRole('button').click();
  await expect(minutes).toHaveAttribute('aria-sort', 'descending');
  await expect(rows.first().locator('.number')).toHaveText('6');
  expect(await violations(page)).toEqual([]);
});

test('progress on this device is shown, and the next lesson opens', async ({ page, url }) => {
  await page.addInitScript(() =>
    localStorage.setItem('tandem-progress', '{"theisen-base":"done","theisen-tariff":"begun","x":1,"wang-day":"done"}'),
  );
  await open(page, url);
  const way = page.locator('.paths li').filter({ hasText: 'What do neighbours save?' });
  await expect(way.getByRole('img')).toHaveAccessibleName('1 of 6 done.');
  await expect(way.locator('.dot.done')).toHaveCount(1);
  await expect(way.locator('.dot.begun')).toHaveCount(1);
  await expect(way.getByRole('link', { name: 'What do neighbours save?' })).toHaveAttribute(
    'href',
    '#p=theisen-tariff&v=1&view.lesson=predict',
  );
  await way.locator('summary').click();
  await expect(way.locator('.lessons li')).toHaveCount(6);
  await way.getByRole('link', { name: 'Batteries idle' }).click();
  // The lesson begins with a prediction: the answer is covered.
  await expect(page.getByRole('button', { name: 'That is my prediction' })).toBeVisible();
  await expect(headline(page)).toBeHidden();
  // Back is where the person came from.
  await page.goBack();
  await expect(page.getByRole('link', { name: 'Batteries idle' })).toBeFocused();
});

test('comparing opens the preset with its comparison', async ({ page, url }) => {
  await open(page, url);
  await page.getByRole('link', { name: 'What does security cost on a feeder?' }).click();
  await expect(page.getByRole('button', { name: 'Run all schemes' })).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: 'Which rule of factors calms the dispatch?' }).click();
  await expect(page.locator('[data-chart="figure_8"] .picture svg')).toBeVisible();
});

test('something else in the place of progress is no progress', async ({ page, url }) => {
  for (const kept of ['not json', 'null', '[1]', '"x"']) {
    await page.addInitScript(
      (text) => location.protocol.startsWith('http') && localStorage.setItem('tandem-progress', text),
      kept,
    );
    await page.goto('about:blank');
    await open(page, url);
    await expect(page.locator('.dot.open').first()).toBeVisible();
    await expect(page.locator('.dot.done')).toHaveCount(0);
  }
});

const CASE = `function mpc = two
mpc.baseMVA = 100;
mpc.bus = [1 3 0 0 0 0 1 1 0 10 1 1.1 0.9; 2 1 50 0 0 0 1 1 0 10 1 1.1 0.9];
mpc.gen = [1 0 0 0 0 1 100 1 200 0];
mpc.branch = [1 2 0 0.1 0 80 0 0 0 0 1 -360 360];
mpc.gencost = [2 0 0 2 10 0];
`;

/** @param {string} name @param {string | Buffer} content */
const file = (name, content) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

/**
 * A zip archive, deflated, made by hand.
 * @param {[string, string][]} files
 */
function zip(files) {
  const locals = [];
  const central = [];
  let at = 0;
  for (const [name, text] of files) {
    const packed = deflateRawSync(text);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(text.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...central, end]);
}

test('one’s own grid from a zip file, with what is left out', async ({ page, url }) => {
  await open(page, url);
  const picker = page.getByLabel('Choose files');
  for (const type of ['.m', '.json', '.csv', '.zip'])
    await expect(picker).toHaveAttribute('accept', new RegExp(`\\${type}`));
  await picker.setInputFiles(
    file(
      'grids.zip',
      zip([
        ['a/two.m', CASE],
        ['a/one.json', '{}'],
        ['a/notes.pdf', 'x'],
        ['__MACOSX/a', 'x'],
      ]),
    ),
  );
  const chosen = page.getByRole('list', { name: 'Chosen files' });
  await expect(chosen).toContainText('2 grids. Which one?');
  await expect(chosen).toContainText('Left out, not of a grid: notes.pdf');
  expect(await violations(page)).toEqual([]);
  await chosen.getByRole('button', { name: 'Open one.json' }).click();
  await expect(chosen).toContainText('one.json');
  await expect(chosen).toContainText('not opened, see below');
  await expect(page.locator('.open-case .field-message')).not.toBeEmpty();
  await picker.setInputFiles(file('two.zip', zip([['two.m', CASE]])));
  await expect(headline(page)).toContainText('500 $/h');
});

test('a folder of case files, and files dropped together: which one is asked', async ({ page, url }) => {
  await open(page, url);
  const folder = test.info().outputPath('grids');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ 'one.m': CASE, 'two.m': CASE.replace('50 0', '60 0'), 'readme.md': 'x' }))
    writeFileSync(path.join(folder, name), text);
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  const chosen = page.getByRole('list', { name: 'Chosen files' });
  await expect(chosen).toContainText('2 grids. Which one?');
  await chosen.getByRole('button', { name: 'Open two.m' }).click();
  await expect(headline(page)).toContainText('600 $/h');

  await page.goto('about:blank');
  await open(page, url);
  await page.locator('.open-case').evaluate((section, text) => {
    const transfer = new DataTransfer();
    for (const name of ['a.m', 'b.m', 'c.pdf']) transfer.items.add(new File([text], name));
    section.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, CASE);
  await expect(chosen).toContainText('2 grids. Which one?');
  await expect(chosen).toContainText('Left out, not of a grid: c.pdf');
});

test('zip files that do not open say why', async ({ page, url }) => {
  await open(page, url);
  const good = zip([['two.m', CASE]]);
  const locked = Buffer.from(good);
  locked.writeUInt16LE(1, locked.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 8);
  const lying = Buffer.from(good);
  lying.writeUInt32LE(20, lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  const message = page.locator('.open-case .field-message');
  for (const [content, words] of /** @type {[Buffer, string][]} */ ([
    [good.subarray(0, good.length - 30), 'damaged or cut'],
    [locked, 'protected by a password'],
    [lying, 'two.m does not unpack'],
    [
      zip([
        ['notes.txt', 'x'],
        ['b.pdf', 'x'],
      ]),
      'not opened',
    ],
  ])) {
    await page.getByLabel('Choose files').setInputFiles(file('grid.zip', content));
    await expect(page.locator('.open-case')).toContainText(words);
    await expect(message).not.toBeEmpty();
  }
});

test('a phone shows the words of the cards, and nothing is found sideways', async ({ page, url }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('about:blank');
    await open(page, url);
    await page.locator('.all-presets > summary').click();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await page.locator('.sideways').evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    for (const text of await page.locator('.card-text').all()) await expect(text).toBeVisible();
    expect(await violations(page)).toEqual([]);
  }
});

test('on paper no card is blank', async ({ page, url }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, url);
  await page.emulateMedia({ media: 'print' });
  for (const image of await page.locator('.thumbnail img').all()) await expect(image).toBeVisible();
  for (const text of await page.locator('.card-text').all())
    expect(await text.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(1);
  await expect(page.locator('.thumbnail img').first()).toHaveCSS('filter', 'none');
});
