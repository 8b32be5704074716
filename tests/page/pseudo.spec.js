// No word of any page is outside the catalogue: each that a catalogue knows has an accent in the pseudo-language.

import { expect, open, test } from './harness.js';

/** One of each mechanism. */
const LABS = [
  'zuo-4node',
  'triangle',
  'mezghani-s1',
  'wang-table2',
  'khojasteh-k33',
  'theisen-interval',
  'baran-wu-33-flow',
];

/**
 * The texts of a page in the pseudo-language that no catalogue knows.
 * @param {import('@playwright/test').Page} page
 * @param {string} [within] what of the page
 */
function outside(page, within = 'html') {
  return page.evaluate((within) => {
    /** @type {string[]} */
    const found = [];
    // A word that kept a vowel without an accent, but for units of numbers and names of files and fields.
    const check = (/** @type {string} */ text) => {
      const words = text.replaceAll(/[\d.]+[ \u00a0](?:min|ms|p\.u\.|Mvar)|[\p{L}\d]*[\d_./][\p{L}\d_./-]*/gu, '');
      if (/(?<!\p{L})\p{Lu}?[a-z]*[aeiou][a-z]+(?!\p{L})/u.test(words)) found.push(text.trim());
    };
    const own = 'script, style, textarea, code, pre, math, [translate="no"], noscript, .text-page em';
    const root = document.querySelector(within) ?? document.documentElement;
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (element === null || element.closest(own) !== null) continue;
      if (node instanceof Text) check(node.data);
      else
        for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'])
          check(element.getAttribute(name) ?? '');
    }
    for (const words of document.querySelectorAll('.text-page mtext')) check(words.textContent ?? '');
    return [...new Set(found)];
  }, within);
}

/**
 * Collects what is outside the catalogue.
 * @param {import('@playwright/test').Page} page
 */
function collector(page) {
  /** @type {Set<string>} */
  const found = new Set();
  const look = async () => {
    for (const text of await outside(page)) found.add(text);
  };
  return { found, look };
}

for (const id of LABS)
  test(`no word of ${id} is outside the catalogue`, async ({ page, url }) => {
    await open(page, `${url}?lang=en-x-pseudo#p=${id}`);
    const { found, look } = collector(page);
    await look();
    const drawers = await page.locator('[data-drawer]:visible').evaluateAll((all) => all.map((one) => one.id));
    for (const id of drawers) {
      await page.locator(`[id="${id}"]`).click();
      await look();
    }
    expect([...found]).toEqual([]);
  });

test('no word of an explanation is outside the catalogue', async ({ page, url }) => {
  // With little room on the line D2 stands still, and says from which bid it would run.
  await open(page, `${url}?lang=en-x-pseudo#p=zuo-4node&case.branches.2-3.max_p_mw=3`);
  for (const bus of ['2', '4']) {
    await page.locator(`.diagram .bus[data-item="bus:${bus}"]`).click();
    await expect(page.locator('.why-place')).toContainText(bus);
    await expect(page.locator('.why-headline')).toBeVisible();
    expect(await outside(page, '.why-card')).toEqual([]);
    expect(await outside(page, '.network-marks')).toEqual([]);
  }
});

test('no word of sharing, of the builder and of an embedded view is outside the catalogue', async ({ page, url }) => {
  await open(page, `${url}?lang=en-x-pseudo#p=triangle`);
  await page.locator('.share-button').click();
  await expect(page.locator('dialog .qr svg')).toBeVisible();
  expect(await outside(page, 'dialog')).toEqual([]);
  await page.locator('dialog button.to-builder').click();
  const text = page.locator('.builder textarea');
  await expect(text).not.toHaveValue('');
  const kinds = page.locator('.builder-result select');
  for (let k = 0; k < (await kinds.locator('option').count()); k += 1) {
    await kinds.selectOption({ index: k });
    await expect(text).not.toHaveValue('');
    expect(await outside(page, 'dialog')).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await page.locator('.share-button').click();
  await page.locator('dialog button.to-package').click();
  await page.locator('.scorm .number-box').fill('101');
  await page.locator('.scorm button[type="submit"]').click();
  await expect(page.locator('.scorm [role="status"]')).not.toBeEmpty();
  expect(await outside(page, 'dialog')).toEqual([]);
  await open(
    page,
    `${url}?lang=en-x-pseudo&embed=1&view=lesson,answer,network&inputs=case.branches.1-3.max_p_mw:20:120#p=triangle`,
  );
  expect(await outside(page, 'main')).toEqual([]);
});

// Of a dispatch and of a balancing market, which has other kinds.
for (const [id, items, taken] of /** @type {const} */ ([
  ['zuo-30bus', ['bus:12', 'branch:12-13', 'party:G1', 'party:L12'], 'L12'],
  ['mezghani-3node', ['bus:2', 'party:BRP1', 'party:BSP1'], 'BSP1'],
]))
  test(`no word of the card that changes the grid of ${id} is outside the catalogue`, async ({ page, url }) => {
    await open(page, `${url}?lang=en-x-pseudo#p=${id}`);
    await page.locator('.network .change-grid').click();
    const card = page.locator('.edit-card');
    const kinds = card.locator('.edit-kinds button');
    await expect(kinds.last()).toBeVisible();
    const count = await kinds.count();
    expect(count).toBeGreaterThan(4);
    for (const item of items) {
      await page.locator(`.diagram g[data-item="${item}"]`).first().dispatchEvent('click');
      expect(await outside(page, '.edit-card')).toEqual([]);
    }
    for (let k = 0; k < count; k += 1) {
      await kinds.nth(k).click();
      await expect(card.locator('.edit-add .edit-fields > *').first()).toBeVisible();
      expect(await outside(page, '.edit-card')).toEqual([]);
    }
    await card.locator('.edit-take').click();
    await expect(card.locator('.edit-done')).toContainText(taken);
    expect(await outside(page, '.edit-card')).toEqual([]);
  });

test('no word of the classroom is outside the catalogue', async ({ page, url, context }) => {
  await page.goto(`${url}?lang=en-x-pseudo#room`);
  await page.locator('.room-setup tbody tr').first().waitFor();
  const { found, look } = collector(page);
  await look();
  await page.locator('.room-setup textarea').fill('Änn\nBöb\nCörl');
  await look();
  await page.locator('.room-setup button[type="submit"]').click();
  await look();
  const seat = page.locator('.room-seats tbody tr').first();
  await seat.getByRole('button').last().click();
  await look();
  const link = (await page.locator('dialog a').getAttribute('href')) ?? '';
  await page.keyboard.press('Escape');
  for (const round of [1, 3, 4]) {
    await page.locator('.room-tabs button').nth(round).click();
    await page.locator('.room-intake textarea').fill('TB-2222222-333');
    await expect(page.locator('.room-refused')).toBeVisible();
    await look();
    await page.locator('.room-controls .primary').click();
    await expect(page.locator('.room-headline')).toBeVisible();
    await expect(page.locator('.room-missed', { hasText: '…' })).toHaveCount(0);
    await look();
    const slider = page.locator('.replay input');
    for (let step = 0; step <= Number(await slider.getAttribute('max')); step += 1) {
      await slider.fill(String(step));
      await look();
    }
  }
  await page.locator('.room-tabs button').last().click();
  await expect(page.locator('.room-standings table').first()).toBeVisible();
  await look();
  const other = await context.newPage();
  await other.goto(link.replace('#', '?lang=en-x-pseudo#'));
  const own = collector(other);
  for (const round of ['1', '3', '4']) {
    await other.locator('.seat-bid select').selectOption(round);
    for (const price of ['', '1', '70', '100000']) {
      await other.locator('.seat-field input').first().fill(price);
      await own.look();
    }
    await other.locator('.seat-field input').first().fill('50');
    await other.locator('.seat-bid .primary').click();
    await expect(other.locator('.code-large')).toBeVisible();
    await own.look();
  }
  expect([...found, ...own.found]).toEqual([]);
});

for (const name of ['how', 'words'])
  test(`no word of ${name}.html is outside the catalogue`, async ({ page, url }) => {
    await page.goto(`${url}${name}.html?lang=en-x-pseudo`);
    await expect(page.locator('h1')).toContainText('⟦');
    expect(await outside(page)).toEqual([]);
    if (name === 'how') return;
    const search = page.locator('#word-search');
    for (const word of ['ISO', 'prìcè', 'qqq']) {
      await search.fill(word);
      await expect(page.locator('.word-count')).toContainText('⟦');
      expect(await outside(page)).toEqual([]);
    }
  });

test('no word of the front page is outside the catalogue, whatever is searched for', async ({ page, url }) => {
  await open(page, `${url}?lang=en-x-pseudo`);
  const { found, look } = collector(page);
  await look();
  const search = page.getByRole('searchbox');
  // One, many, some of the words, none, one that is meant, grids of another program.
  for (const query of ['wang-risk', 'zuo', 'zuo qqqq', 'qqqqqqqq', 'oscilation', 'case118', '30 bus', 'case33']) {
    await search.fill(query);
    await look();
  }
  await search.fill('zuo');
  await page.locator('.results > button').click();
  await look();
  await page.locator('.all-presets th button').first().click();
  await page.locator('.all-presets .filters input').fill('qqqq');
  await look();
  await page.locator('.actions button').last().click();
  await look();
  expect([...found]).toEqual([]);
});

test('no word of the page where a lesson is written is outside the catalogue', async ({ page, url }) => {
  const { found, look } = collector(page);
  const form = page.locator('.write-form');
  const press = async (/** @type {import('@playwright/test').Locator} */ button) => {
    await button.click();
    await look();
  };
  await open(page, `${url}?lang=en-x-pseudo#write`);
  await look();
  await page.locator('.write-start select').selectOption('zuo-4node');
  await expect(page.locator('.write-chosen button')).toHaveCount(2);
  await press(page.locator('.write-chosen button').last());
  // Every kind of prediction, each with nothing and with something wrong.
  const kind = page.locator('[data-at="predict.kind"] select');
  for (const name of ['number', 'choose', 'sketch']) {
    await kind.selectOption(name);
    await expect(page.locator('.write-state')).toContainText('⟦');
    await look();
  }
  for (const more of await form.locator('.write-list-box > button').all()) await press(more);
  await form.locator('[data-at="steps.0.until"] :is(input, textarea)').fill('overload_max = 0');
  await form.locator('[data-at="steps.0.say"] textarea').fill('{overlod}');
  await page.waitForTimeout(600);
  await look();
  for (const tab of await page.locator('.pick-tabs button').all()) await press(tab);
  const [, , , link] = await page.locator('.write-head > .row button, .write-head .row button').all();
  if (link !== undefined) await press(link);
  expect([...found]).toEqual([]);
});

test('no word of the page of progress is outside the catalogue', async ({ page, url }) => {
  const { found, look } = collector(page);
  await open(page, `${url}?lang=en-x-pseudo#progress`);
  await look();
  await page.locator('.progress-class textarea').fill('Anna Miller, A-52-42Q\nBob, A-52-42Q\nC\n, A-52\nD, Z-1-1');
  await look();
  await page.locator('.progress-own input').fill('Anna Miller');
  await look();
  expect([...found]).toEqual([]);
});

test('no word of the export is outside the catalogue', async ({ page, url }) => {
  await open(page, `${url}?lang=en-x-pseudo#p=zuo-4node`);
  const { found, look } = collector(page);
  for (const figure of ['.pictures [data-chart]', '.pictures .network']) {
    await page.locator(`${figure} summary.icon-button`).first().click();
    await page.locator(`${figure} .menu-list button`).last().click();
    await page.locator('dialog.export select').first().selectOption('own');
    await expect(page.locator('.export-sheet')).toHaveAttribute('src', /^blob:/);
    await look();
    await page.keyboard.press('Escape');
  }
  expect([...found]).toEqual([]);
});
