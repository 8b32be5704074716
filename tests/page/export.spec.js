// Figures and tables as files: what is saved is what the preview shows, in every kind, in both themes and languages.

import { readFile } from 'node:fs/promises';

import { expect, open, test } from './harness.js';
import { unzipped } from '../../www/js/ui/zip.js';
import { drawer, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/**
 * Opens the export of the chart that answers.
 * @param {import('@playwright/test').Page} page
 * @param {string} [of] what it stands in
 */
async function openExport(page, of = '.pictures [data-chart]') {
  const figure = page.locator(of).first();
  await figure.locator('summary.icon-button').click();
  await figure.getByRole('button', { name: 'Export…' }).click();
  await expect(page.locator('.export-sheet')).toHaveAttribute('src', /^blob:/);
}

/**
 * Saves the file of this kind.
 * @param {import('@playwright/test').Page} page
 * @param {string} kind
 */
async function saved(page, kind) {
  await page.locator(`dialog.export input[value="${kind}"]`).check();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the file' }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('a chart is saved as it is seen, 88 mm wide in every kind', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await openExport(page);
  await expect(page.locator('.export-preview figcaption')).toHaveText(/^88 × \d+ mm$/);
  const svg = (await saved(page, 'svg')).bytes.toString();
  expect(svg).toContain('width="88.000mm"');
  expect(svg).toContain('#p=zuo-4node');
  expect(svg).not.toContain('url(http');
  // 88 mm at 300 px an inch are 1039 px, which the head of a PNG says.
  expect((await saved(page, 'png')).bytes.readUInt32BE(16)).toBe(1039);
  const pdf = await saved(page, 'pdf');
  expect(pdf.name).toBe('why-dispatch-oscillates-dispatch.pdf');
  expect(pdf.bytes.toString('latin1')).toContain('/MediaBox[0 0 249.448');
  // Table II of the paper: D2 gives 1, then 2.5 MW.
  expect((await saved(page, 'tex')).bytes.toString()).toContain('(0.5,1) (1.5,1) (1.5,2.5) (2.5,2.5)');
  expect((await saved(page, 'latex')).bytes.toString()).toContain('\\toprule');
  expect((await saved(page, 'csv')).bytes.toString()).toMatch(/\r\n2,8,2\.5,2\.5,2,/);
  const { columns, source } = JSON.parse((await saved(page, 'json')).bytes.toString());
  expect(columns[1]).toEqual({ name: 'G1', unit: 'MW' });
  expect(source).toMatch(/^Tandem [\d.]+, zuo-4node, scenario SHA-256 [0-9a-f]{12}$/);
});

test('what is chosen is what the sheet has', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await openExport(page);
  const dialog = page.locator('dialog.export');
  await expect(dialog.getByLabel('Pixels of a PNG')).toBeHidden();
  await dialog.getByLabel('Size').selectOption('own');
  await dialog.getByLabel('Width, mm').fill('120');
  await dialog.getByLabel('Height, mm').fill('90');
  await dialog.getByLabel('Height, mm').press('Tab');
  await expect(dialog.locator('.export-preview figcaption')).toHaveText('120 × 90 mm');
  await dialog.getByLabel('Height, mm').fill('20');
  await dialog.getByLabel('Height, mm').press('Tab');
  await expect(dialog.getByRole('status')).toContainText('no room for the picture');
  await dialog.getByLabel('Size').selectOption('slide');
  await dialog.getByLabel('Ground').selectOption('dark');
  await dialog.getByLabel('Source and link').uncheck();
  await dialog.getByLabel('Dashes that grey print tells apart').check();
  await expect(dialog.locator('.export-preview figcaption')).toHaveText('339 × 191 mm');
  const svg = (await saved(page, 'svg')).bytes.toString();
  expect(svg).not.toContain('SHA-256');
  // The ground of the dark theme (src/chart/colours.rs), whatever the page has.
  expect(svg).toContain('fill="#14181d"');
  expect(svg).toContain('stroke-dasharray="6 3"');
});

test('the network has its symbols and scales', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await openExport(page, '.pictures .network');
  const svg = (await saved(page, 'svg')).bytes.toString();
  for (const text of ['generator', 'over its limit', '$/MWh', '105\u00a0%']) expect(svg).toContain(`>${text}<`);
  // No style of the page is needed.
  expect(svg).not.toContain('var(--');
  expect((await saved(page, 'tex')).bytes.toString()).toContain('\\begin{tikzpicture}');
});

test('every table is a file, and all of the page is an archive', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node`);
  await drawer(page, 'tables').click();
  await page.getByRole('button', { name: 'Summary: export' }).click();
  expect((await saved(page, 'latex')).bytes.toString()).toContain('\\caption{Summary}');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'All figures and tables (ZIP)' }).click(),
  ]);
  const files = await unzipped(new Uint8Array(await readFile(await file.path())));
  const names = files.map(({ name }) => name);
  // The report is as its schema has it: nothing required is missing, nothing is packed.
  const read = (/** @type {string} */ name) =>
    JSON.parse(new TextDecoder().decode(files.find((one) => one.name === name)?.bytes));
  const report = read('report.json');
  for (const field of read('report.schema.json').required) expect(report).toHaveProperty(field);
  expect(report).not.toHaveProperty('packed');
  expect(report.series.find((/** @type {any} */ one) => one.id === 'p:D2').values[1]).toBeCloseTo(2.5, 9);
  for (const name of [
    'scenario.json',
    'report.json',
    'report.schema.json',
    'figures/network.pdf',
    'figures/dispatch.tex',
    'tables/summary.tex',
    'citations.bib',
  ])
    expect(names).toContain(name);
});

test('at 390 px and in German it is whole', async ({ page, url }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `${url}?lang=de#p=zuo-4node`);
  const figure = page.locator('.pictures [data-chart]').first();
  await figure.locator('summary.icon-button').click();
  await figure.getByRole('button', { name: 'Export…' }).click();
  await expect(page.locator('.export-sheet')).toHaveAttribute('src', /^blob:/);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  await expect(page.getByRole('button', { name: 'Datei speichern' })).toBeVisible();
});
