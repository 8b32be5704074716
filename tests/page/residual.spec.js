// Residual supply functions on the page: the guided dilemma, the schemes, the point on the curve, a dropped folder,
// a feeder with voltages, a solve from parts.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, open, test } from './harness.js';
import { drawer, field, hashHolds, headline, overflow, violations } from './page.js';

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

for (const width of [1440, 360]) {
  test(`the first dilemma at ${width} px: sentence, feeder, steps by name, nothing for axe`, async ({ page, url }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${url}#p=mezghani-s1`);
    await expect(headline(page)).toContainText(
      'BSP3 sells 0.7 MW, of which 0.2 MW are used at D and 0.5 MW fill line I-D',
    );
    await expect(page.locator('.diagram .bus')).toHaveCount(3);
    await expect(page.locator('.branch[data-item="branch:D-net/I-D"]')).toHaveCount(1);
    const figure = page.locator('[data-chart="rsf"]');
    await figure.scrollIntoViewIfNeeded();
    await expect(figure.locator('.picture svg')).toBeVisible();
    // Written in the picture, or numbered with a key below it.
    await expect(figure).toContainText('BSP3, until line I-D is full');
    await expect(figure).toContainText('BSP2, until fully used');
    await expect(figure.locator('.probe-sentence')).toContainText('At an export of 1 MW D-net costs 14.5 $');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
}

test('the point slides along the function, and one number says where', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1`);
  const figure = page.locator('[data-chart="rsf"]');
  await figure.scrollIntoViewIfNeeded();
  const said = figure.locator('.probe-sentence');
  const handle = figure.locator('.probe-handle');
  const back = figure.getByRole('button', { name: 'Back to “cleared”' });
  const numbers = figure.locator('.probe-field input:visible');
  await expect(numbers).toHaveCount(1);
  await expect(numbers).toHaveValue('1');
  await expect(said).toContainText('At an export of 1 MW');
  await expect(back).toBeDisabled();

  await handle.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(said).not.toContainText('At an export of 1 MW');
  expect(Number(await numbers.inputValue())).toBeLessThan(1);
  const stepped = Number(await numbers.inputValue());
  await page.keyboard.press('ArrowUp');
  expect(Number(await numbers.inputValue())).toBeGreaterThan(stepped);

  await numbers.fill('0.2');
  await expect(said).toContainText('At an export of 0.2 MW D-net costs 4 $; the next MWh costs 10 $/MWh');
  await expect(figure.locator('.probe-table tbody tr')).toHaveCount(2);
  const reading = page.locator('.pictures .network .reading').first();
  await expect(reading).toContainText('At the point asked about');
  await expect(handle).toHaveAttribute('aria-valuetext', 'export to transmission 0.2 MW');
  await numbers.fill('3');
  await expect(said).toContainText('cannot export 3 MW');
  await expect(handle).toHaveClass(/is-outside/);
  await back.click();
  await expect(numbers).toHaveValue('1');
  await expect(said).toContainText('At an export of 1 MW');
  await expect(reading).not.toContainText('At the point asked about');

  // A press anywhere asks about the export there, whatever its height.
  const box = await figure.locator('.plot').boundingBox();
  if (box === null) throw new Error('the plot has no box');
  await page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.3);
  await expect(back).toBeEnabled();
  await expect(said).toContainText('the next MWh costs 10 $/MWh');
});

test('the question about the operator’s rent is checked', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1&v=1&view.lesson=why`);
  const card = page.getByRole('region', { name: 'Check yourself' });
  const [input, reply] = [card.getByLabel('Your answer'), card.getByRole('status')];
  await input.fill('15');
  await input.press('Enter');
  await expect(reply).toHaveText('Not yet.');
  await input.fill('2.5');
  await input.press('Enter');
  await expect(reply).toContainText('Right. It is the rent');
  await expect(card).toHaveClass(/is-found/);
});

test('another scheme, another outcome', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1`);
  await field(page, 'mechanism.scheme').selectOption({ label: 'centralised market without feeder limits' });
  await expect(headline(page)).toContainText(
    'line I-D carries 0.3 MWh too much, and clearing that afterwards costs 1.5 $.',
  );
  await expect(page.locator('.badge', { hasText: 'over limits' })).toBeVisible();
  await expect(page.locator('.network-reading')).toContainText('Over the limit: line D-net/I-D');
  // No function is made, so none is drawn.
  await expect(page.locator('[data-chart="rsf"]')).toHaveCount(0);
  await hashHolds(page, /mechanism\.scheme=centralised_as/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(headline(page)).toContainText('BSP3 sells 0.7 MW');
  await expect(page.locator('[data-chart="rsf"] .probe-sentence')).toContainText('At an export of 1 MW');
});

test('where any price is right, none is shown', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s4-closed`);
  await expect(headline(page)).toContainText('Yes, by itself: BSP1 turns down by 0.5 MW');
  await expect(page.locator('.diagram .label-price')).toHaveText(['20 $/MWh', '10 $/MWh', '20 $/MWh']);
  await page.locator('.diagram .bus[data-item="bus:T"]').focus();
  await expect(page.locator('.network-reading')).toHaveText('Bus T: any price from −3000 to 3000 $/MWh is right.');
  await expect(page.locator('[data-chart="lmp"]')).toContainText('At T and I any price is right.');
});

test('theorems of convex offers are no alarm where bids are whole', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-block`);
  const badge = page.locator('.badge', { hasText: 'theorems' });
  await expect(badge).toHaveText('8 of 9 theorems hold, one does not apply here');
  await expect(badge).toHaveClass(/badge-neutral/);
  await drawer(page, 'tables').click();
  await expect(page.getByText('which is not so here: 1 bid all or nothing')).toBeVisible();
});

test('all schemes side by side', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1`);
  const panel = page.locator('.board');
  await panel.scrollIntoViewIfNeeded();
  await expect(panel.locator('.side-lead')).toContainText('The common market costs 14.5 $');
  await panel.getByText('All numbers').click();
  const rows = panel.locator('[data-table="schemes"] tbody tr');
  await expect(rows).toHaveCount(8);
  const costs = await rows.evaluateAll((all) =>
    all.map((row) => [row.children[0]?.textContent, Number(row.children[1]?.textContent)]),
  );
  expect(Object.fromEntries(costs)).toMatchObject({
    'common market by residual supply functions': 14.5,
    'common market in one program': 14.5,
    'centralised market without feeder limits': 13,
    'shared balancing responsibility': 22,
    'no distribution bids': 24,
  });
  await expect(panel.locator('[data-table="money"] thead th')).toHaveCount(9);
  for (const chart of ['scheme_costs', 'scheme_nets']) {
    await panel.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
    await expect(panel.locator(`[data-chart="${chart}"] .picture svg`)).toBeVisible();
  }
  expect(await violations(page)).toEqual([]);
});

test('a sweep draws what the market costs and what the feeder asks', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1`);
  await drawer(page, 'sweep').click();
  const panel = page.locator('.sweep');
  await panel.getByLabel('Input').selectOption('case.feeders.D-net.lines.I-D.max_s_mva');
  await panel.getByLabel('From').fill('0.1');
  await panel.getByLabel('To').fill('1');
  await panel.getByLabel('Steps').fill('3');
  await panel.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(panel.getByRole('status')).toContainText(/^\d+ solves\./);
  for (const chart of ['sweep_market_cost', 'sweep_interface_price']) {
    await panel.locator(`[data-chart="${chart}"]`).scrollIntoViewIfNeeded();
    await expect(panel.locator(`[data-chart="${chart}"] .picture svg`)).toBeVisible();
  }
});

test('a dropped folder of CSV files opens', async ({ page, url }) => {
  await open(page, url);
  const folder = new URL('../golden/smartnet/three-node/', import.meta.url);
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
  await page.locator('.open-case').evaluate((section, dropped) => {
    const transfer = new DataTransfer();
    for (const { name, text } of dropped) transfer.items.add(new File([text], name, { type: 'text/csv' }));
    section.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);
  await expect(headline(page)).toContainText('14.54 $, the common optimum');
  await hashHolds(page, /^#z=/);
  await page.goto('about:blank');
  await open(page, url);
  await page.locator('#case-folder').setInputFiles(fileURLToPath(folder));
  await expect(headline(page)).toContainText('14.54 $, the common optimum');
});

test('a real feeder shows its voltages', async ({ page, url }) => {
  await open(page, `${url}#p=baran-wu-33`);
  await expect(page.locator('.diagram .bus')).toHaveCount(34);
  await expect(page.locator('.network')).toHaveClass(/is-wide/);
  await expect(page.locator('.network-reading')).toContainText(/^1 bus and 1 feeder of 33 buses.*voltages from 0\.9/);
  await page.getByRole('button', { name: 'Voltage', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Bus colour: voltage, p.u.' })).toBeVisible();
  const profile = page.locator('[data-chart="voltage"]');
  await profile.scrollIntoViewIfNeeded();
  await expect(profile.locator('.picture svg')).toContainText('least voltage');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test('many feeders are made in parts, and from parts comes the same', async ({ page, url }) => {
  await open(page, `${url}#p=mezghani-s1`);
  const { count, whole, parts } = await page.evaluate(async () => {
    const address = new URL('pkg/tandem.js', location.href).href;
    const door = await import(address);
    await door.default();
    const session = new door.Session();
    const toy = JSON.parse(session.open('#p=mezghani-s1'));
    const [feeder, boundary] = [toy.case.feeders[0], toy.case.boundaries[0]];
    const copies = [1, 2, 3, 4, 5];
    const named = (/** @type {any} */ part, /** @type {number} */ k) =>
      JSON.parse(JSON.stringify(part), (key, value) =>
        ['I', 'D'].includes(value) && ['id', 'bus', 'root', 'from', 'to'].includes(key) ? `${value}${k}` : value,
      );
    toy.case.feeders = copies.map((k) => ({ ...named(feeder, k), id: `F${k}` }));
    toy.case.boundaries = copies.map((k) => ({ ...boundary, id: `B${k}`, feeder: `F${k}` }));
    const { balancing } = toy.case;
    for (const list of ['bids', 'imbalances']) {
      const inside = ['I', 'D'];
      balancing[list] = [
        ...balancing[list].filter((/** @type {any} */ { bus }) => !inside.includes(bus)),
        ...copies.flatMap((k) =>
          balancing[list]
            .filter((/** @type {any} */ { bus }) => inside.includes(bus))
            .map((/** @type {any} */ one) => ({ ...named(one, k), id: `${one.id}-${k}` })),
        ),
      ];
    }
    delete toy.preset;
    const scenario = session.open(JSON.stringify(toy));
    const pieces = session.pieces();
    const made = [...Array(pieces.count).keys()].map((piece) => session.piece(piece));
    const headline = (/** @type {string[]} */ pieces) => {
      const fresh = new door.Session();
      fresh.load(scenario);
      fresh.solve(pieces);
      return fresh.sheet().report().headline;
    };
    return {
      count: pieces.count,
      whole: headline([]),
      parts: headline(made),
    };
  });
  expect(count).toBe(5);
  expect(whole).toMatch(/^Common market by residual supply functions: [\d.]+\s\$/);
  expect(parts).toBe(whole);
});

test('a region shows its system while its functions are made, and can be cancelled', async ({ page, url }) => {
  await page.goto(`${url}#p=smartnet-mediumit&v=1&mechanism.rsf.max_points=39`);
  await expect(page.locator('.waiting .headline')).toHaveText(
    '27 transmission buses and 28 lines, 4 feeders with 175 buses, 356 bids, 4 periods.',
  );
  await expect(page.locator('.waiting-feeder')).toHaveCount(4);
  await expect(page.locator('.waiting .progress')).toContainText(/of 4 residual supply functions/);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The scenario was not solved.')).toBeVisible();
});

// The lines of a zone are known by shift factors: the figure says that none is drawn, and its key names the zone.
test('a zone says what is not drawn, and each step of its curve has a number', async ({ page, url }) => {
  await open(page, `${url}#p=chao-peck`);
  await expect(page.locator('.network-controls')).toContainText('known by their shift factors alone');
  await expect(page.locator('.key-zone')).toHaveCount(1);
  const figure = page.locator('[data-chart="rsf"]');
  await figure.scrollIntoViewIfNeeded();
  await expect(figure.locator('ol li')).toHaveCount(10);
});
