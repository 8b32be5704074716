// Files of a user: what became of them is said, nothing counts as changed, and what is wrong is told with its place.

import { readFileSync, readdirSync } from 'node:fs';

import { expect, test } from './harness.js';
import { overflow, violations } from './page.js';

/** Two buses 1 and 2: 52.36 MW over a line held to 3°, a curved cost, a unit that is off, a cost at no output. */
const CASE = `function s = two
s.baseMVA = 100;
s.bus = [1 3 0 0 0 0 1 1 0 10 1 1.1 0.9; 2 1 100 0 0 0 1 1 0 10 1 1.1 0.9];
s.gen = [1 0 0 0 0 1 100 1 200 0; 2 0 0 0 0 1 100 1 200 0; 2 0 0 0 0 1 100 0 9 0];
s.branch = [1 2 0 0.1 0 0 0 0 0 0 1 -3 3];
s.gencost = [2 0 0 3 0 10 7; 2 0 0 3 0 50 0; 2 0 0 3 0 1 0];
s.bus_name = {'O''Brien (w'; 'B'};
`;

/** @param {string} name @param {string | Buffer} content */
const file = (name, content) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

test('a MATPOWER file opens with a report of what became of it, and nothing is changed', async ({ page, url }) => {
  await page.goto(url);
  const picker = page.locator('#case-file');
  await expect(picker).toHaveAttribute('accept', /\.m\b/);
  await picker.setInputFiles(file('two.m', CASE));
  // MATPOWER's DC OPF: 2905.60 $/h; and 7 $/h of the first unit at no output.
  await expect(page.locator('.headline')).toContainText('2913 $/h');
  const report = page.locator('.import-report');
  await expect(report.locator('summary')).toHaveText('From a file: MATPOWER case file two (1 changed, 3 left out)');
  await report.locator('summary').click();
  await expect(report).toContainText('The angle limits of 1 branch are limits on the flow');
  await expect(report).toContainText('Costs at no output of 1 generator, 7 $/h in all');
  await expect(report).toContainText('1 generator out of service.');
  await expect(page.locator('.drawer .inputs')).not.toContainText('changed');
  const most = page.getByRole('textbox', { name: 'Load L2', exact: true });
  await most.fill('120');
  await most.press('Enter');
  await expect(page.locator('.drawer .inputs')).toContainText('1 changed');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  // The report is part of the case, so of the link.
  await page.waitForTimeout(400);
  await page.reload();
  await expect(report.locator('summary')).toContainText('1 changed, 3 left out');
});

test('what a file does not say is shown at once', async ({ page, url }) => {
  await page.goto(url);
  await page.locator('#case-file').setInputFiles(file('free.m', CASE.replace(/s\.gencost.*\n/, '')));
  await expect(page.locator('.import-report')).toHaveAttribute('open', '');
  await expect(page.locator('.import-report')).toContainText('The file has no costs');
});

/** The small files of other programs, whose costs the tests of the terminal explain. */
const OTHERS = new URL('../../formats/tests/files/', import.meta.url);
/** @param {string} name */
const other = (name) => file(name, readFileSync(new URL(name, OTHERS)));

test('grids of other programs open with what the way to them did, by a module that no other file loads', async ({
  page,
  url,
}) => {
  /** @type {string[]} */
  const loaded = [];
  page.on('request', (request) => loaded.push(request.url()));
  const modules = () => loaded.filter((address) => address.includes('formats_bg.wasm')).length;
  await page.goto(url);
  await page.locator('#case-file').setInputFiles(file('two.m', CASE));
  await expect(page.locator('.headline')).toContainText('2913 $/h');
  expect(modules()).toBe(0);
  const summary = page.locator('.import-report summary');
  await page.goto(url);
  await page.locator('#case-file').setInputFiles(other('mixed.pandapower.json'));
  await expect(page.locator('.headline')).toContainText('2650 $/h');
  await expect(summary).toContainText('From a file: pandapower network (JSON)');
  expect(modules()).toBe(1);
  await page.goto(url);
  const tables = readdirSync(new URL('pypsa/', OTHERS)).map((name) => other(`pypsa/${name}`));
  await page.locator('#case-file').setInputFiles(tables.map((table) => ({ ...table, name: table.name.slice(6) })));
  await expect(page.locator('.headline')).toContainText('4174 $/h');
  await expect(summary).toContainText('PyPSA network (folder of CSV files)');
  await page.goto(url);
  await page.locator('#case-file').setInputFiles(other('six.raw'));
  await expect(page.locator('.import-report')).toContainText('1 DC line runs at the power of the file, 30 MW in all');
  await expect(page.locator('.import-report')).toContainText('The file has no costs');
  await page.goto(url);
  const link = 'name,bus0,bus1,p_nom,marginal_cost\nDC,North,East,50,3\n';
  const files = [...tables.map((table) => ({ ...table, name: table.name.slice(6) })), file('links.csv', link)];
  await page.locator('#case-file').setInputFiles(files);
  await expect(page.locator('.open-case .field-message')).toContainText('Link DC has a cost (marginal_cost)');
});

test('files in other encodings open, and other files are called what they are', async ({ page, url }) => {
  await page.goto(url);
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(CASE, 'utf16le')]);
  await page.locator('#case-file').setInputFiles(file('two.m', wide));
  await expect(page.locator('.headline')).toContainText('2913 $/h');
  await page.goto(url);
  const message = page.locator('.open-case .field-message');
  for (const [content, words] of [
    ['PK\u0003\u0004 xl/workbook.xml', 'Excel workbook'],
    ['{"_module":"pandapower.auxiliary"}', 'pandapower network'],
    ['time,load_kw\n2022-11-14T00:00,1\n', 'a table (CSV) on its own'],
  ]) {
    await page.locator('#case-file').setInputFiles(file('x.json', content ?? ''));
    await expect(message).toContainText(words ?? '');
  }
});

test('every problem of a file is listed with its place', async ({ page, url }) => {
  await page.goto(url);
  await page
    .locator('#case-file')
    .setInputFiles(
      file(
        'bad.m',
        CASE.replace('1 2 0 0.1 0 0', '1 7 0 0 0 0').replace('2 0 0 0 0 1 100 1 200 0', '9 0 0 0 0 1 100 1 200 0'),
      ),
    );
  const items = page.locator('.open-case .field-message li');
  await expect(items).toHaveCount(2);
  await expect(items.first()).toContainText('line 5: There is no bus 7');
});
