// The pages of papers, and certificates that compute themselves again.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { digestsOf, sealed } from '../../www/js/session/certificate.js';
import { expect, open, test } from './harness.js';
import { drawer, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('the page of a paper shows its figures, hollow marks and verdicts', async ({ page, url }) => {
  await page.goto(`${url}#paper=zuo`);
  const part = page.locator('[data-place="table-2"]');
  await expect(part).toHaveAttribute('data-solved', '');
  // Four series of six intervals of Table II.
  await expect(part.locator('[data-chart="dispatch"] .printed-mark.is-reconstructed')).toHaveCount(24);
  const claim = part.locator('.claim').first();
  await expect(claim.locator('.verdict')).toHaveText('✓ Held');
  await claim.getByText('Numbers it rests on').click();
  await expect(claim.locator('tbody tr').first()).toContainText('✓ yes');
  // The one claim of the paper that does not hold, in words and by its number.
  const rules = page.locator('[data-place="rules"]');
  await rules.scrollIntoViewIfNeeded();
  await expect(rules).toHaveAttribute('data-solved', '');
  await expect(rules.locator('.verdict')).toHaveText('✗ Refuted');
  await expect(rules.locator('.claim .is-differs')).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.getByRole('link', { name: 'Why dispatch oscillates' }).first().click();
  await drawer(page, 'evidence').click();
  await page.getByRole('link', { name: 'Figures and claims of Zuo et al. 2022' }).click();
  await expect(page).toHaveURL(/#paper=zuo$/);
});

test('on the page every held claim holds, and of every refuted one a number does not', async ({ page, url }) => {
  const differs = [];
  for (const id of ['zuo', 'wang', 'mezghani', 'khojasteh', 'theisen']) {
    await page.goto(`${url}#paper=${id}`);
    await expect(page).toHaveTitle(new RegExp(`^${id}`, 'i'));
    for (const part of await page.locator('.paper-part').all()) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toHaveAttribute('data-solved', '');
    }
    const counts = await page.locator('.claim:not(:has(.is-not_comparable))').evaluateAll((claims) =>
      claims.map((claim) => ({
        held: claim.querySelector('.verdict.is-held') !== null,
        all: claim.querySelectorAll('tbody tr').length,
        good: claim.querySelectorAll('td.is-agrees').length,
        bad: claim.querySelectorAll('td.is-differs').length,
      })),
    );
    differs.push(
      ...counts.filter(({ held, all, good, bad }) => all !== good + bad || all === 0 || held !== (bad === 0)),
    );
  }
  expect(differs).toEqual([]);
});

/**
 * The certificate of a scenario as a page, saved by the dialog.
 * @param {import('@playwright/test').Page} page
 * @param {string} address
 */
async function certified(page, address) {
  await open(page, address);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Certify' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a page (HTML)' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

/**
 * A reader in another browser, without a network: the verdict on a page.
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').TestInfo} info
 */
async function reader(browser, info) {
  const other = await browser.newContext({ offline: true });
  const judge = await other.newPage();
  const verdictOf = async (/** @type {string} */ name, /** @type {string} */ content) => {
    const file = info.outputPath(name);
    writeFileSync(file, content);
    await judge.goto(pathToFileURL(file).href);
    const verdict = judge.locator('.verdict[data-state]');
    await verdict.waitFor();
    return verdict.getAttribute('data-state');
  };
  return { judge, verdictOf, close: () => other.close() };
}

/** A page with a changed certificate, and both digests made anew. @param {string} page @param {string} was @param {string} is */
function remade(page, was, is) {
  const own = /(?<=id="certificate">)[\s\S]*?(?=<\/script>)/;
  const anew = (/** @type {string} */ text, /** @type {'json' | 'html'} */ kind) =>
    sealed(text.replace(String(digestsOf(text, kind)?.named), '0'.repeat(64)), kind);
  const certificate = own.exec(page)?.[0] ?? '';
  expect(certificate).toContain(was);
  const changed = anew(certificate.replace(was, is), 'json');
  return anew(
    page.replace(own, () => changed),
    'html',
  );
}

test('a certificate computes itself again offline, and a changed byte of it is found', async ({
  page,
  url,
  browser,
}, info) => {
  const text = await certified(page, `${url}#p=mezghani-s1`);
  const { judge, verdictOf, close } = await reader(browser, info);
  expect(await verdictOf('good.html', text)).toBe('verified');
  await expect(judge.getByText('14.5').first()).toBeVisible();
  await expect(judge.getByRole('heading', { name: 'What it does not certify' })).toBeVisible();
  await expect(judge.getByText('LinDistFlow').or(judge.getByText('no losses')).first()).toBeVisible();
  await judge.setViewportSize({ width: 390, height: 800 });
  expect(await overflow(judge)).toBeLessThanOrEqual(0);
  const wide = await judge
    .locator('code')
    .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth).length);
  expect(wide).toBe(0);
  // A number of the certificate, and the script that judges.
  expect(await verdictOf('number.html', text.replace('"value": 14.5', '"value": 14.6'))).toBe('differs');
  await expect(judge.getByText(/the certificate has 14\.6, the computation gives 14\.5/)).toBeVisible();
  expect(await verdictOf('script.html', text.replace('Not verified', 'Not  verified'))).toBe('differs');
  await close();
});

test('what is changed is found where the digests are made anew, too', async ({ page, url, browser }, info) => {
  const text = await certified(page, `${url}#p=mezghani-s1`);
  const { judge, verdictOf, close } = await reader(browser, info);
  const found = (/** @type {RegExp} */ what) => what.exec(text)?.[0] ?? 'none';
  for (const [was, is] of /** @type {const} */ ([
    ['"title": "', '"title": "Another '],
    ['"headline": "', '"headline": "Not '],
    ['"link": "#p=mezghani-s1', '"link": "#p=mezghani-s2'],
    [found(/"primal_residual": [^,]*/), '"primal_residual": 1e-9'],
    [found(/"dual_residual": [^,]*/), '"dual_residual": 1e-9'],
    [found(/"largest_violation": [^,]*/), '"largest_violation": 1e-9'],
    ['"unit": "$"', '"unit": "€"'],
    ['"name": "residual_supply"', '"name": "tandem"'],
    ['"bytes": ', '"bytes": 1'],
    ['"tandem_certificate": 1', '"tandem_certificate": 2'],
    ['"digits": ', '"digits": 1'],
    ['"source": "', '"source": "Not '],
    [found(/"version": "[^"]*"/), '"version": "9.9.9"'],
  ])) {
    expect(await verdictOf('made-anew.html', remade(text, was, is)), was).toBe('differs');
    await expect(judge.getByText('the certificate has'), was).toHaveCount(1);
  }
  // The scenario, of which another answer would be right.
  expect(await verdictOf('scenario.html', remade(text, '"scenario": "{', '"scenario": "{ '))).toBe('differs');
  await expect(judge.getByText('The scenario is not the one named')).toBeVisible();
  await close();
});

test('a module that is damaged, or another, is said to be so and is not run', async ({ page, url, browser }, info) => {
  const text = await certified(page, `${url}#p=mezghani-s1`);
  const { judge, verdictOf, close } = await reader(browser, info);
  const at = text.indexOf('id="module">') + 4000;
  for (const sign of ['%', text[at] === 'A' ? 'B' : 'A']) {
    expect(await verdictOf('module.html', text.slice(0, at) + sign + text.slice(at + 1))).toBe('differs');
    await expect(judge.getByText('The program’s module in this file is not the one named')).toBeVisible();
    await expect(judge.getByText('so it was not run')).toBeVisible();
  }
  await close();
});

test('the certificate of a market that hands on to another carries the whole program', async ({
  page,
  url,
  browser,
}, info) => {
  const { judge, verdictOf, close } = await reader(browser, info);
  expect(await verdictOf('thread.html', await certified(page, `${url}#p=theisen-thread`))).toBe('verified');
  await expect(judge.getByText(/module tandem$/)).toBeVisible();
  await close();
});

test('an answer that was computed ahead is solved before it is certified', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-feeder-limit`);
  await page.locator('.share-button').click();
  await page.getByRole('button', { name: 'Certify' }).click();
  await expect(page.locator('dialog')).toContainText('It is solved here first, which takes about');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as JSON' }).click(),
  ]);
  const { certificates, scenario } = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(JSON.parse(scenario).preset).toBe('theisen-feeder-limit');
  expect(certificates.length).toBeGreaterThan(0);
  expect(certificates.every((/** @type {any} */ one) => one.certified !== false)).toBe(true);
});
