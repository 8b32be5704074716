// The pages of papers, and certificates that compute themselves again.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

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

test('a certificate computes itself again offline, and a changed byte of it is found', async ({
  page,
  url,
  browser,
}, info) => {
  await open(page, `${url}#p=mezghani-s1`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Certify' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a page (HTML)' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  // Another browser, without a network.
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
  expect(await verdictOf('good.html', text)).toBe('verified');
  await expect(judge.getByText('14.5').first()).toBeVisible();
  // A number of the certificate, and the script that judges.
  expect(await verdictOf('number.html', text.replace('"value": 14.5', '"value": 14.6'))).toBe('differs');
  await expect(judge.getByText(/the certificate has 14\.6, the computation gives 14\.5/)).toBeVisible();
  expect(await verdictOf('script.html', text.replace('Not verified', 'Not  verified'))).toBe('differs');
  await other.close();
});
