// A lesson as a package for learning platforms: made by the page, unpacked at another origin, taken there in a platform of
// scorm-again, whose API keeps to SCORM 1.2.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

import { unzipped } from '../../www/js/ui/zip.js';
import { behind } from './fixture.js';
import { expect, open, test } from './harness.js';
import { violations } from './page.js';

/** @import { Page } from '@playwright/test' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

const require = createRequire(import.meta.url);
const script = readFileSync(require.resolve('scorm-again/scorm12/min'));
/** Most characters of `cmi.suspend_data` (CMIString4096). */
const ROOM = 4096;
/** What the terminal writes of the same preset (`tests/surface/scorm.rs`). */
const FRAME =
  '?embed=1&view=lesson,task,answer,dispatch,money,network&inputs=case.balancing.bids.BSP1.offers.0.segments.0.usd_per_mwh,case.balancing.imbalances.BRP1.p_mw.0,mechanism.scheme,mechanism.settlement&lang=en#p=mezghani-s3b';
/** As a platform sends them; it knows no type of WebAssembly. */
const TYPES = {
  '.html': 'text/html',
  '.js': 'application/x-javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/**
 * A platform whose learner keeps an attempt in the storage of the browser: as SCORM 1.2 has it, the score to pass decides
 * each time that the lesson is left (`mastery_override`).
 * @param {string} launch
 * @param {string} mastery
 */
const platform = (launch, mastery) => `<!doctype html><meta charset="utf-8"><title>A course</title>
<link rel="icon" href="data:,"><script src="/scorm12.js"></script><script>
const kept = JSON.parse(localStorage.getItem('attempt') ?? '{}');
window.API = new Scorm12API({ autocommit: false, mastery_override: true, logLevel: 5 });
API.loadFromJSON({ ...kept, student_data: { mastery_score: '${mastery}' } });
window.calls = [];
const { LMSSetValue, LMSCommit, LMSFinish } = API;
API.LMSSetValue = (element, value) => {
  const taken = LMSSetValue.call(API, element, value);
  calls.push({ element, value, taken, error: API.LMSGetLastError() });
  return taken;
};
const keeping = (act) => (text) => {
  const done = act.call(API, text);
  const { core, suspend_data } = API.cmi;
  const { raw, min, max } = core.score;
  const kept = { lesson_status: core.lesson_status, ...(raw === '' ? {} : { score: { raw, min, max } }) };
  localStorage.setItem('attempt', JSON.stringify({ core: kept, suspend_data }));
  return done;
};
API.LMSCommit = keeping(LMSCommit);
API.LMSFinish = (text) => {
  window.left = keeping(LMSFinish)(text);
  return window.left;
};
</script><iframe id="sco" src="${launch}" title="Lesson" style="width: 100%; height: 900px"></iframe>`;

/** What is served at the platform's origin, by path. @type {Map<string, Uint8Array | string>} */
const served = new Map();
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '', 'http://host').pathname;
  const found = served.get(name);
  response.statusCode = found === undefined ? 404 : 200;
  const type = /** @type {Record<string, string>} */ (TYPES)[path.extname(name)] ?? 'application/octet-stream';
  response.setHeader('content-type', type);
  response.end(found ?? '');
});
test.beforeAll(() => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined))));
test.afterAll(() => void server.close());

/** The address of the platform. */
function home() {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Opens the dialog of a scenario on screen. @param {Page} page */
async function dialogOf(page) {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Package for a learning platform' }).click();
  return page.getByRole('dialog', { name: 'Package for a learning platform' });
}

/**
 * The package that the dialog saves, as a platform unpacks it under `folder`; its manifest is what SCORM 1.2 asks for.
 * @param {Page} page
 * @param {string} folder
 */
async function installed(page, folder) {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the package' }).click();
  const file = await (await saved).path();
  const files = await unzipped(new Uint8Array(readFileSync(file)));
  served.clear();
  for (const { name, bytes } of files) served.set(`${folder}${name}`, bytes);
  const text = new TextDecoder().decode(files.find(({ name }) => name === 'imsmanifest.xml')?.bytes);
  const manifest = await page.evaluate((xml) => {
    const whole = new DOMParser().parseFromString(xml, 'application/xml');
    const [cp, adl] = ['http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'http://www.adlnet.org/xsd/adlcp_rootv1p2'];
    const one = (/** @type {string} */ name) => whole.getElementsByTagNameNS(cp, name)[0];
    const parts = (/** @type {Element | undefined} */ of) =>
      [...(of?.children ?? [])].map(({ localName }) => localName);
    const named = (/** @type {string} */ id) => one('organizations')?.getAttribute('default') === id;
    return {
      root: `${whole.documentElement.namespaceURI} ${whole.documentElement.localName}`,
      parts: [parts(whole.documentElement), parts(one('metadata')), parts(one('organization')), parts(one('item'))],
      version: [one('schema')?.textContent, one('schemaversion')?.textContent],
      organised: named(one('organization')?.getAttribute('identifier') ?? ''),
      titles: [...whole.getElementsByTagNameNS(cp, 'title')].map(({ textContent }) => textContent),
      mastery: whole.getElementsByTagNameNS(adl, 'masteryscore')[0]?.textContent ?? '',
      refers: one('item')?.getAttribute('identifierref') === one('resource')?.getAttribute('identifier'),
      type: [one('resource')?.getAttribute('type'), one('resource')?.getAttributeNS(adl, 'scormtype')],
      launch: one('resource')?.getAttribute('href') ?? '',
      listed: [...whole.getElementsByTagNameNS(cp, 'file')].map((file) => file.getAttribute('href') ?? ''),
    };
  }, text);
  expect(manifest).toMatchObject({
    root: `http://www.imsproject.org/xsd/imscp_rootv1p1p2 manifest`,
    parts: [
      ['metadata', 'organizations', 'resources'],
      ['schema', 'schemaversion'],
      ['title', 'item'],
      ['title', 'masteryscore'],
    ],
    ...{ version: ['ADL SCORM', '1.2'], organised: true, refers: true, type: ['webcontent', 'sco'] },
  });
  // Every file is listed, and there are no others.
  expect([...manifest.listed, 'imsmanifest.xml'].sort()).toEqual(files.map(({ name }) => name).sort());
  expect(manifest.listed).toContain(manifest.launch);
  served.set('/scorm12.js', script);
  served.set('/course.html', platform(`${folder}${manifest.launch}`, manifest.mastery));
  return { ...manifest, files };
}

/** What the platform was told, and what it keeps. @param {Page} page */
const told = (page) =>
  page.evaluate(() => ({
    calls: /** @type {any} */ (window).calls,
    attempt: JSON.parse(localStorage.getItem('attempt') ?? '{}'),
  }));

/** What a platform was told may not break its rules. @param {Awaited<ReturnType<typeof told>>} all */
function keepsRules({ calls }) {
  expect(calls.length).toBeGreaterThan(4);
  expect(calls.filter((/** @type {any} */ { taken, error }) => taken !== 'true' || Number(error) !== 0)).toEqual([]);
  for (const { element, value } of calls) if (element === 'cmi.suspend_data') expect(value.length).toBeLessThan(ROOM);
}

test('a package with its program: taken in a platform, left in the middle, gone on with, passed', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=mezghani-s3b`);
  const dialog = await dialogOf(page);
  await dialog.getByLabel('Title').fill('Relief & price');
  const { titles, mastery, files } = await installed(page, '/mod/scorm/content/17/');
  expect([titles, mastery]).toEqual([['Relief & price', 'Relief & price'], '80']);
  // The module of its mechanism and the whole one; no other, and nothing that keeps the page for offline use.
  const program = files.map(({ name }) => name).filter((name) => /_bg\.wasm$|sw\.js|ahead\//.test(name));
  expect(program).toEqual(['tandem/pkg/tandem_bg.wasm', 'tandem/pkg/residual_supply_bg.wasm']);

  /** @type {string[]} */
  const strangers = [];
  page.on('request', (request) => request.url().startsWith(home()) || strangers.push(request.url()));
  await page.goto(`${home()}/course.html`);
  const sco = page.frameLocator('#sco');
  await expect(sco.locator('body')).toHaveAttribute('data-frame', `tandem/index.html${FRAME}`);
  const lesson = sco.frameLocator('iframe');
  await expect(sco.getByRole('status')).toHaveText('What you answer is recorded by your learning platform.');
  // 0.5 MW more than T needs is handed back to BSP1 at 5 $/MWh, which is the price at the boundary.
  await lesson.getByLabel('Your prediction', { exact: true }).fill('5');
  await lesson.getByRole('button', { name: 'That is my prediction' }).click();
  await lesson.getByRole('button', { name: 'Try it', exact: true }).click();
  await lesson.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(sco.getByRole('status')).toHaveText('Recorded: 1 of 2 questions done.');
  await page.evaluate(() => document.querySelector('iframe')?.remove());
  await page.waitForFunction(() => /** @type {any} */ (window).left);
  const first = await told(page);
  keepsRules(first);
  // In the middle there is no score yet, which the platform would have compared with the 80 to pass.
  expect(first.attempt.core).toEqual({ lesson_status: 'incomplete' });
  const said = Object.fromEntries(first.calls.map((/** @type {any} */ { element, value }) => [element, value]));
  expect(said).toMatchObject({
    'cmi.interactions.0.id': 'predict',
    'cmi.interactions.0.type': 'fill-in',
    'cmi.interactions.0.student_response': '5 $/MWh',
    'cmi.interactions.0.result': 'correct',
    'cmi.core.exit': 'suspend',
  });
  expect(said['cmi.core.session_time']).toMatch(/^0000:\d\d:\d\d\.\d\d$/);

  await page.goto(`${home()}/course.html`);
  await expect(sco.getByRole('status')).toHaveText('You go on where you stopped.');
  await expect(lesson.locator('.lesson [aria-current="step"]')).toHaveText('3 Try');
  await lesson.getByRole('button', { name: '5 Why' }).click();
  // 0.5 MWh bought at 10 and sold at 5 $/MWh.
  await lesson.getByLabel('Your answer').fill('2.5');
  await lesson.getByRole('button', { name: 'Check' }).click();
  await expect(sco.getByRole('status')).toHaveText('The lesson is finished: 100 of 100 points are recorded.');
  const last = await told(page);
  keepsRules(last);
  expect(last.attempt.core).toEqual({ lesson_status: 'passed', score: { raw: '100', min: '0', max: '100' } });
  // Somewhere else nothing is recorded, and the way back leads to where it was.
  await lesson.locator('.lesson-next a').first().click();
  await expect(sco.getByRole('status')).toContainText('This is another scenario: nothing of it is recorded.');
  const before = (await told(page)).calls.length;
  await sco.getByRole('button', { name: 'Back to the lesson' }).click();
  await expect(lesson.locator('.lesson [aria-current="step"]')).toHaveText('5 Why');
  expect((await told(page)).calls.slice(before)).toEqual([]);
  expect(strangers).toEqual([]);
});

test('a package that shows this page: an answer that was shown does not pass; without a platform it says so', async ({
  page,
  url,
}) => {
  await open(page, `${url}#p=mezghani-s3b`);
  const dialog = await dialogOf(page);
  expect(await violations(page, {}, 'dialog')).toEqual([]);
  await dialog.getByLabel('Score to pass, %').fill('101');
  await dialog.getByRole('button', { name: 'Save the package' }).click();
  await expect(dialog.getByRole('status')).toHaveText('The score to pass is a number from 0 to 100.');
  await dialog.getByLabel('Score to pass, %').fill('60');
  await dialog.getByLabel('Network').uncheck();
  await dialog.getByLabel(/^From this page/).check();
  const { files, mastery } = await installed(page, '/');
  expect(mastery).toBe('60');
  expect(files.map(({ name }) => name)).toEqual(['imsmanifest.xml', 'index.html', 'scorm.js', 'scorm.css']);

  await page.goto(`${home()}/course.html`);
  const sco = page.frameLocator('#sco');
  const lesson = sco.frameLocator('iframe');
  await lesson.getByRole('button', { name: 'Show the answer' }).click();
  await lesson.getByRole('button', { name: '5 Why' }).click();
  await lesson.getByLabel('Your answer').fill('2.5');
  await lesson.getByRole('button', { name: 'Check' }).click();
  await expect(sco.getByRole('status')).toHaveText('The lesson is finished: 50 of 100 points are recorded.');
  const all = await told(page);
  keepsRules(all);
  expect(all.attempt.core).toMatchObject({ lesson_status: 'failed', score: { raw: '50' } });

  // Under another name, as some platforms put a page of their own in its place.
  served.set('/index_lms.html', served.get('/index.html') ?? '');
  await page.goto(`${home()}/index_lms.html`);
  await expect(page.getByRole('status')).toContainText('No learning platform answers here');
  await expect(page.frameLocator('iframe').getByRole('button', { name: 'That is my prediction' })).toBeVisible();
});

test('a question without a lesson is packed, a scenario that asks nothing is refused', async ({
  page,
  url,
  context,
}) => {
  await behind(
    context,
    `
reported((report, session) => {
  report.lesson = undefined;
  report.task = limitOf(session) < 20 ? { question: 'How full?', unit: 'MW', hint: '', found: 'Full.', answer: 10, tolerance: 0.05 } : undefined;
  return report;
});`,
  );
  await open(page, `${url}#p=zuo-4node`);
  const dialog = await dialogOf(page);
  await expect(dialog.getByRole('group', { name: 'Beside the question' })).toBeVisible();
  await dialog.getByLabel(/^From this page/).check();
  const { files } = await installed(page, '/');
  const sco = new TextDecoder().decode(files.find(({ name }) => name === 'index.html')?.bytes);
  expect(sco).toContain('?embed=1&amp;view=task,answer,');

  await open(page, `${url}#p=zuo-4node&v=1&case.branches.2-3.max_p_mw=25`);
  await page.reload();
  await expect(await dialogOf(page)).toContainText('neither a lesson nor a question to find a number');
});
