// Feeders in the one-line diagram: their layout, what is shown when there are many, prices, voltages, words.

import { inAreas } from '../../www/js/network/areas.js';
import { priceScale, voltageScale } from '../../www/js/network/price.js';
import { sceneOf } from '../../www/js/network/scene.js';
import { wireFlow } from '../../www/js/network/wires.js';
import { answering, feeder, system } from './fixture.js';
import { dist, expect, open, test } from './harness.js';
import { clashes, drawer, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

test('a feeder is a tidy tree, the same every time', async () => {
  const { treeOf } = await import(`${dist}/js/network/tree.js`);
  const one = feeder('F');
  const { spots, levels, breadth } = treeOf(one);
  expect(spots.size).toBe(33);
  expect(levels).toBe(18);
  expect(breadth).toBeLessThanOrEqual(4);
  for (const { from, to } of one.lines) expect(spots.get(to).level).toBe(spots.get(from).level + 1);
  for (const [k, a] of [...spots.values()].entries()) {
    for (const b of [...spots.values()].slice(k + 1)) {
      if (a.level === b.level) expect(Math.abs(a.across - b.across)).toBeGreaterThanOrEqual(1);
    }
  }
  // Lines drawn from their far end, in another order, and a bus that none reaches.
  const turned = { ...one, lines: one.lines.map(({ id, from, to }) => ({ id, from: to, to: from })) };
  expect(treeOf(turned)).toEqual(treeOf(one));
  const cut = treeOf({ ...one, lines: one.lines.slice(0, -1) });
  expect(cut.spots.get('F.33')).toMatchObject({ level: 1 });
});

test('what is drawn depends on how much there is', () => {
  const made = (/** @type {number} */ buses, /** @type {number[]} */ sizes) =>
    /** @type {import('../../www/js/session/types.js').Case} */ (
      system(
        buses,
        sizes.map((size, k) => feeder(`F${k + 1}`, size)),
      ).scenario.case
    );
  const small = sceneOf(made(4, [20, 20, 20]));
  expect([small.buses.length, small.trees.length, small.symbols.length, small.choices.length]).toEqual([4, 3, 0, 0]);
  const many = sceneOf(made(30, [5, 5, 5, 5]), 'F2');
  expect([many.buses.length, many.trees.map(({ feeder: { id } }) => id), many.symbols.length, many.chosen]).toEqual([
    30,
    ['F2'],
    4,
    'F2',
  ]);
  expect(sceneOf(made(30, [30, 31])).trees).toEqual([]);
  // One feeder alone is always opened.
  const one = sceneOf(made(4, [61]));
  expect([one.trees.length, one.symbols.length, one.choices.length]).toEqual([1, 0, 0]);
  const large = sceneOf(made(61, [5, 5]), 'no such feeder');
  expect([large.buses, large.branches, large.large, large.chosen, large.symbols.length]).toEqual([[], [], true, '', 2]);
  // Without feeders, everything is drawn as ever.
  expect(sceneOf(made(61, [])).buses).toHaveLength(61);
});

test('a large transmission network is drawn in areas that keep every bus, unit and flow', () => {
  const made = system(70, [feeder('F1', 5), feeder('F2', 5)]);
  const grid = /** @type {import('../../www/js/session/types.js').Case} */ (
    /** @type {unknown} */ (made.scenario.case)
  );
  const scene = inAreas(grid, sceneOf(grid), false);
  expect(scene.areas.size).toBe(2);
  expect([...scene.areas.values()].flatMap(({ buses }) => buses)).toHaveLength(70);
  expect(scene.symbols).toHaveLength(2);
  // A ring cut in two is joined in two places: one line stands for both, and what goes round the ring cancels.
  const [tie] = scene.branches;
  expect(scene.branches).toHaveLength(1);
  expect(tie?.members).toHaveLength(2);
  const flows = /** @type {Record<string, number>} */ ({});
  for (const { wire, sign } of tie?.members ?? []) flows[wire.flow] = 7 * sign;
  const lab = /** @type {any} */ ({ at: (/** @type {string} */ id) => flows[id] ?? NaN });
  expect(tie === undefined ? NaN : wireFlow(lab, tie, 0)).toBe(14);
  expect(inAreas(grid, sceneOf(grid), true).symbols).toEqual([]);
});

test('a scale spans the least and the greatest value of the run', () => {
  const report = (/** @type {number[][]} */ prices, /** @type {string} */ of) =>
    /** @type {any} */ ({
      series: prices.map((values, k) => ({ id: `${of}:${k}`, subject: { kind: 'bus', id: `${k}` }, unit: '', values })),
    });
  const ends = (/** @type {import('../../www/js/network/price.js').Scale | null} */ scale) => [
    scale?.steps[0]?.from,
    scale?.steps.at(-1)?.to,
  ];
  const plain = priceScale(
    report(
      [
        [10, 20],
        [24, 94],
      ],
      'lmp',
    ),
  );
  expect(ends(plain)).toEqual([10, 94]);
  // Seven classes of 12: 22 begins the second, 81.9 ends the sixth.
  expect([10, 21.9, 22, 81.9, 94].map((price) => plain?.step(price))).toEqual([0, 0, 1, 5, 6].map((k) => `price-${k}`));
  // A few at the cap do not take the colours of all others, and yet are within the ends.
  const far = priceScale(report([Array.from({ length: 400 }, (_, k) => 40 + k / 100), [-3000, 3000]], 'lmp'));
  expect(ends(far)).toEqual([-3000, 3000]);
  expect([-3000, 42, 3000].map((price) => far?.step(price))).toEqual(['price-0', 'price-3', 'price-6']);
  expect(ends(voltageScale(report([[0.909, 1]], 'v')))).toEqual([0.909, 1]);
  expect(priceScale(report([[40, 40.2]], 'lmp'))?.steps).toEqual([{ name: 'price-even', from: 40, to: 40.2 }]);
});

for (const [width, height] of [
  [1440, 900],
  [360, 640],
]) {
  test(`a 33-bus feeder at ${width} px: no overlaps, reached by keys, said in words`, async ({
    page,
    url,
    context,
  }) => {
    await page.setViewportSize({ width: width ?? 0, height: height ?? 0 });
    await answering(context, system(4, [feeder('F1')]));
    await open(page, `${url}#p=by-hand`);
    await expect(page.locator('.diagram .bus')).toHaveCount(37);
    expect(await clashes(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await expect(page.locator('.network-reading')).toContainText('Period 1: over the limit: line F1/1-2 at 105 %');
    await expect(page.locator('.network-reading')).toContainText('out of limits at 2 buses');
    await expect(page.locator('.bus.is-alarming')).toHaveCount(2);
    await expect(page.locator('.label-voltage.is-over', { hasText: '↓ 0.894' })).toHaveCount(1);

    await page.locator('.bus[data-item="bus:1"]').focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('.network-reading')).toContainText(
      'Interface B1: feeder imports 4.3 MW from bus 1, 86 % of its limit of 5 MW',
    );
    await page.locator('.bus[data-item="bus:F1.33"]').focus();
    await expect(page.locator('.network-reading')).toHaveText(
      'Bus F1.33: price 28 $/MWh, voltage 0.8944 p.u., under its lower limit of 0.9, load 0.1 MW, F1-bid +0.5 MW.',
    );
    await page.locator('.branch[data-item="branch:F1/1-2"]').focus();
    await expect(page.locator('.network-reading')).toHaveText(
      'Line F1/1-2: 4.2 MW from F1.1 to F1.2, 105 % of its limit of 4 MVA, over the limit.',
    );

    await page.getByRole('button', { name: 'Voltage', exact: true }).click();
    await expect(page.locator('.bus[data-item="bus:F1.1"]')).toHaveClass(/voltage-5/);
    await expect(page.getByRole('list', { name: 'Bus colour: voltage, p.u.' })).toBeVisible();
    expect(await clashes(page)).toEqual([]);
    // In period 2 all are alike, which the sentence says once; the four buses of transmission keep theirs.
    const bare = page.locator('.label-price', { hasText: /^[\d.]+$/ });
    await expect(bare.first()).toBeVisible();
    await page.getByRole('button', { name: 'Step on' }).click();
    await expect(page.locator('.bus.is-alarming')).toHaveCount(0);
    await expect(bare).toHaveCount(0);
  });
}

test('many feeders are symbols; a press or the list shows one', async ({ page, url, context }) => {
  await answering(
    context,
    system(
      9,
      [5, 6, 7, 8, 9].map((size, k) => feeder(`F${k + 1}`, size)),
    ),
  );
  await open(page, `${url}#p=by-hand`);
  await expect(page.locator('.unit-feeder')).toHaveCount(5);
  await expect(page.locator('.diagram .bus')).toHaveCount(9);
  const symbol = page.locator('.unit-feeder[data-item="boundary:B2"]');
  await expect(symbol).toHaveAttribute(
    'aria-label',
    'Feeder F2 at bus 4: 6 buses, imports 4.3\u00a0MW, 2 lines over their limits; press to show it',
  );
  await symbol.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.diagram .bus')).toHaveCount(15);
  await expect(symbol).toBeFocused();
  await expect(symbol).toHaveAttribute('aria-pressed', 'true');
  await page.getByLabel('Feeder', { exact: true }).selectOption('F5');
  await expect(page.locator('.diagram .bus')).toHaveCount(18);
  expect(await clashes(page)).toEqual([]);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe finds nothing in a feeder, ${colorScheme}`, async ({ page, url, context }) => {
    await page.emulateMedia({ colorScheme });
    await answering(context, system(70, [feeder('F1', 20), feeder('F2', 9)]));
    await open(page, `${url}#p=by-hand`);
    await expect(page.getByText('The 70 transmission buses are drawn as 2 areas')).toBeVisible();
    await page.getByLabel('Feeder', { exact: true }).selectOption('F1');
    await expect(page.locator('.diagram .bus')).toHaveCount(22);
    await page.getByRole('button', { name: 'Voltage', exact: true }).click();
    expect(await violations(page)).toEqual([]);
  });
}

test('many bids of a bus are one symbol with their number, and a long table shows its first rows', async ({
  page,
  url,
  context,
}) => {
  const made = system(4, [feeder('F1')]);
  const bids = Array.from({ length: 30 }, (_, k) => ({
    id: `many-${k + 1}`,
    bus: 'F1.2',
    offers: [{ period: 1, segments: [{ min_p_mw: 0, max_p_mw: 1, usd_per_mwh: 12 }] }],
  }));
  made.scenario.case.balancing.bids.push(...bids);
  made.report.series.push(
    ...bids.map(({ id }) => ({ id: `p:${id}`, name: id, unit: 'MW', values: [0.01, 0], index: { kind: 'clock' } })),
  );
  const tables = /** @type {unknown[]} */ (made.report.tables);
  for (const count of [50, 51]) {
    tables.push({
      id: `of-${count}`,
      title: `${count} bids`,
      columns: [{ name: 'bid', unit: '' }],
      rows: Array.from({ length: count }, (_, k) => [`many-${k + 1}`]),
      note: '',
      by_clock: false,
    });
  }
  await answering(context, made);
  await open(page, `${url}#p=by-hand`);
  const many = page.locator('.diagram .unit-many');
  await expect(many).toHaveCount(1);
  await expect(page.locator('.diagram .unit-bid')).toHaveCount(2);
  await expect(page.locator('.diagram .label-unit', { hasText: '30 bids' })).toBeVisible();
  expect(await clashes(page)).toEqual([]);
  await many.focus();
  await expect(page.locator('.network-reading')).toContainText(
    '30 bids at bus F1.2: +0.3 MW together, 30 in use; the largest: many-1 +0.01 MW',
  );

  await drawer(page, 'tables').click();
  const rows = (/** @type {string} */ id) => page.locator(`[data-table="${id}"] tbody tr:visible`);
  await expect(rows('of-50')).toHaveCount(50);
  await expect(rows('of-51')).toHaveCount(20);
  await page.getByRole('button', { name: 'Show all 51 rows' }).click();
  await expect(rows('of-51')).toHaveCount(51);
});

test('who bids is named in the drawing, and equal prices are said once', async ({ page, url }) => {
  await open(page, `${url}#p=khojasteh-k33`);
  for (const name of ['S18', 'R22', 'R25', 'S33'])
    await expect(page.locator('.label-unit', { hasText: name })).toBeVisible();
  // Hour 7 has one price at all buses.
  await expect(page.locator('.network-reading')).toContainText('one price, 66.5');
  await expect(page.locator('.label-price', { hasText: /\d/ })).toHaveCount(0);
});

test('communities are named and say which way they trade; the legend lists what is drawn', async ({ page, url }) => {
  await open(page, `${url}#p=theisen-week`);
  await expect(page.locator('.label-unit', { hasText: 'D1 exports 314.7' })).toBeVisible();
  await expect(page.locator('.label-unit', { hasText: 'D2 imports 205.6' })).toBeVisible();
  await expect(page.locator('.label-unit', { hasText: 'D3' })).toBeVisible();
  await expect(page.locator('.unit-community')).toHaveCount(3);
  // Four buses of the feeder have a load of their own; F1's is 600 kW times its share in the interval, 0.9637.
  await expect(page.locator('.label-unit', { hasText: '578.2' })).toBeVisible();
  await expect(page.locator('.unit-load')).toHaveCount(4);
  await expect(page.getByRole('list', { name: 'Units' }).getByRole('listitem')).toHaveText(['community', 'load']);
});

test('a feeder drawn as a symbol carries what it exports, also where the answer tells its import', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=wang-day`);
  for (const name of ['DSO1', 'DSO2', 'DSO3', 'DSO4'])
    await expect(page.locator('.label-unit', { hasText: new RegExp(`^${name} [+−]?\\d`) })).toBeVisible();
});
