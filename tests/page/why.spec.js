// Why a price is what it is: the card of a bus, by mouse, key and finger, its marks on the network, its proof.
//
// Numbers of the 4-node system by hand, interval 1: with line 2-3 full a MWh at bus 1 is x of D2 at 12 $/MWh and y of G4 at
// 16 $/MWh, x + y = 1 and no more over the line, so that x = 1.5, y = −0.5 and the LMP is 18 − 8 = 10 $/MWh; λ is that of
// bus 4, the reference, where G4 serves: 16 = 10 + 6.

import { expect, open, test } from './harness.js';
import { drawer, violations } from './page.js';

/** @import { Page } from '@playwright/test' */

const card = (/** @type {Page} */ page) => page.locator('.why-card');
const bus = (/** @type {Page} */ page, /** @type {string} */ id) =>
  page.locator(`.pictures .diagram .bus[data-item="bus:${id}"]`);

/** Opens the 4-node system at interval 1. @param {Page} page @param {string} url @param {string} [query] */
async function begin(page, url, query = '') {
  await open(page, `${url}${query}#p=zuo-4node`);
  await page.locator('.transport input[type="range"]').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('.clock')).toContainText('1/6');
}

test('a press on a bus tells why its LMP is what it is, and a second press closes it', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  await expect(card(page).locator('h2')).toHaveText('Why 10\u00a0$/MWh?');
  await expect(card(page).locator('.why-place')).toHaveText('bus 1, interval 1');
  await expect(card(page)).toBeFocused();
  await expect(card(page).locator('.waterfall .part-value')).toHaveText(['16', '−6', '10']);
  await expect(card(page).locator('.waterfall .part-name')).toHaveText(['Energy', 'Line 2-3', 'Sum']);
  await expect(card(page).locator('.why-sentences')).toContainText(
    'The dispatch expects line 2-3 to carry 10\u00a0MW of 10\u00a0MW; it carries 9\u00a0MW. Its shadow price is 6\u00a0$/MWh',
  );
  const moves = card(page).locator('[data-table="next"] tbody tr');
  await card(page).getByText('The next MWh', { exact: true }).click();
  await expect(moves.nth(1)).toContainText(/D2\s*unit\s*1\.5\s*12/);
  await expect(moves.nth(0)).toContainText(/G4\s*unit\s*−0\.5\s*16/);
  await bus(page, '1').click();
  await expect(card(page)).toHaveCount(0);
  await expect(page.locator('.pictures .diagram .marks, .pictures .network-marks li')).toHaveCount(0);
});

test('a number of the diagram is pressed for what it is of', async ({ page, url }) => {
  await begin(page, url);
  await page.locator('.pictures .diagram .label-unit[data-item="party:G4"]').click();
  await expect(card(page).locator('.why-place')).toHaveText('G4, interval 1');
});

test('the feeder of a balancing market says what makes its prices, and who gives the next MWh', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=khojasteh-k33`);
  await bus(page, '18').click();
  await expect(card(page).locator('.why-place')).toContainText('bus 18');
  await expect(card(page).locator('.why-sentences')).toContainText('The next MWh there costs');
  await card(page).getByRole('button', { name: 'Prove it' }).click();
  await expect(card(page).locator('.why-proofs')).toContainText('more load at bus 18');
});

test('bars begin where the one before ended, and the last is the whole', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  const bars = () =>
    card(page)
      .locator('.waterfall .bar')
      .evaluateAll((all) =>
        all.map((bar) => {
          const [own, track] = [bar.getBoundingClientRect(), bar.parentElement?.getBoundingClientRect()];
          const share = (/** @type {number} */ x) => ((x - (track?.left ?? 0)) / (track?.width ?? 1)) * 16;
          return [share(own.left), share(own.right)].map((value) => Math.round(value * 10) / 10);
        }),
      );
  await expect.poll(bars).toEqual([
    [0, 16],
    [10, 16],
    [0, 10],
  ]);
});

test('the proof shows what was predicted beside what another solve finds', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  const proofs = card(page).locator('.why-proofs');
  await expect(proofs).toBeHidden();
  await card(page).getByRole('button', { name: 'Prove it' }).click();
  // A tenth of a MW for an hour at 10 $/MWh.
  await expect(proofs.locator('tbody tr').first().locator('td')).toHaveText([/^1$/, /^1$/, /^0$/]);
  await expect(proofs).toContainText('Each step gives what was predicted.');
});

test('the network marks who moves and the lines of the parts, and says what marks mean', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  await expect(page.locator('.pictures .diagram .mark-text')).toHaveText(['1 × −6 = −6', '▼ −0.5', '▲ +1.5']);
  await expect(page.locator('.pictures .network-marks li')).toHaveCount(3);
  await expect(bus(page, '1')).toHaveClass(/is-explained/);
  const line = page.locator('.pictures .diagram .branch[data-item="branch:2-3"]');
  await expect(line).toHaveClass(/is-part/);
  await card(page).getByRole('button', { name: 'Line 2-3' }).hover();
  await expect(line).toHaveClass(/is-pointed/);
  await card(page).locator('h2').hover();
  await expect(line).not.toHaveClass(/is-pointed/);
});

// By hand, interval 2: G1 gives its 8 MW, the aggregator its 6, of which the factors measured last, 1 of 3 MW, send 2 over
// line 2-3: it is full exactly, 8 + 2 = 10, and no unit is in between but G4. One MWh more at bus 1 takes from the line, so
// that G4 serves it at 16 $/MWh; one less would put it on, so that G1 gives it back, 6 $/MWh.
test('at a tie both units are marked, and every price between is said to be right', async ({ page, url }) => {
  await open(page, `${url}#p=zuo-4node-se&view.step=2`);
  await bus(page, '1').click();
  await expect(card(page).locator('.why-sentences')).toContainText('Any price from 6 to 16\u00a0$/MWh is right here');
  await expect(page.locator('.pictures .diagram .mark-text:is(.mark-more, .mark-last)')).toHaveText(['▲ +1', '▼ −1']);
  await expect(page.locator('.pictures .network-marks')).toContainText('moves with one MW less');
});

test('Enter opens, Esc closes, and the focus comes back', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').focus();
  await page.keyboard.press('Enter');
  await expect(card(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  await expect(bus(page, '1')).toBeFocused();
});

test('it follows the time cursor and every change', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  await expect(card(page).locator('.why-place')).toHaveText('bus 1, interval 1');
  await page.getByRole('button', { name: 'Step on' }).click();
  await expect(card(page).locator('.why-place')).toHaveText('bus 1, interval 2');
  await page.getByRole('button', { name: 'First', exact: true }).click();
  await expect(card(page).locator('.why-place')).toHaveText('bus 1, interval 1');
  // With room for all on line 2-3 no line is full: one price, that of G4, which serves last.
  const limit = page.locator('[data-path="case.branches.2-3.max_p_mw"]').first();
  await limit.fill('20');
  await limit.press('Enter');
  await expect(card(page).locator('.why-headline')).toContainText('no full line');
  await expect(card(page).locator('.waterfall .part-name')).toHaveText(['Energy', 'Sum']);
});

test('what has no explanation says why, in the card', async ({ page, url }) => {
  await begin(page, url);
  await bus(page, '1').click();
  await expect(card(page).locator('.why-headline')).toBeVisible();
  await drawer(page, 'inputs').click();
  await page.locator('[data-drawer="inputs"] + section [data-path="case.loads.L4.p_mw"]').first().fill('40');
  await page.keyboard.press('Enter');
  await expect(card(page).locator('[role="alert"]')).toContainText('Interval 1 has no dispatch.');
});

test('copies as text and as LaTeX', async ({ page, url, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await begin(page, url);
  await bus(page, '1').click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await card(page).getByRole('button', { name: 'Copy as LaTeX' }).click();
  await expect(card(page).getByText('Copied.')).toBeVisible();
  expect(await copied()).toBe(
    [
      '\\begin{aligned}',
      '\\mathrm{LMP}_{\\text{1}} &= \\lambda + \\sum_{l} \\mathrm{SF}_{l,\\text{1}}\\, y_{l} \\\\',
      '&= \\underbrace{16}_{\\text{Energy}} + \\underbrace{1 \\cdot (-6)}_{\\text{Line 2-3}} = 10\\ \\text{\\$/MWh}',
      '\\end{aligned}\n',
    ].join('\n'),
  );
  await card(page).getByRole('button', { name: 'Copy as text' }).click();
  const text = await copied();
  expect(text).toContain('LMP at bus 1 in interval 1: 10\u00a0$/MWh');
  expect(text).toContain('Line 2-3\t−6');
  expect(text).toContain('The next MWh there costs 10\u00a0$/MWh');
  expect(text).toContain('0.1\u00a0MW more load at bus 1\t1\t1');
});

test('a bus in a table has the same way in', async ({ page, url }) => {
  await begin(page, url);
  await page.locator('.network summary', { hasText: 'Table' }).click();
  const door = page.locator('[data-table="network-buses"]').getByRole('button', { name: 'Why: bus 3' });
  await door.click();
  await expect(card(page).locator('.why-place')).toHaveText('bus 3, interval 1');
  await page.keyboard.press('Escape');
  await expect(door).toBeFocused();
});

test('at the width of a phone it fits, and a finger opens it', async ({ page, url }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await begin(page, url);
  await bus(page, '1').click();
  await expect(card(page).locator('h2')).toHaveText('Why 10\u00a0$/MWh?');
  await expect(card(page).locator('h2')).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('in German no word stays English', async ({ page, url }) => {
  await begin(page, url, '?lang=de');
  await bus(page, '1').click();
  await expect(card(page).locator('h2')).toHaveText('Warum 10\u00a0$/MWh?');
  await card(page).getByRole('button', { name: 'Beweisen' }).click();
  await expect(card(page)).not.toContainText(/\b(the|with|more|costs|line|copy|together|energy)\b/i);
  await expect(page.locator('.pictures .network-marks')).not.toContainText(/\b(the|with|more|part)\b/i);
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ['light', 1440],
  ['dark', 390],
]))
  test(`axe finds nothing on the card, ${colorScheme}, ${width} px`, async ({ page, url }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await begin(page, url);
    await bus(page, '1').click();
    await card(page).getByRole('button', { name: 'Prove it' }).click();
    await card(page).getByText('The next MWh', { exact: true }).click();
    expect(await violations(page)).toEqual([]);
  });
