// A solve from parts: the parts made side by side, with progress, cancelled, superseded, and despite dying workers.

import { Pool, poolSize } from '../../www/js/session/pool.js';
import { Stopped, Superseded } from '../../www/js/session/problem.js';
import { behind } from './fixture.js';
import { expect, open, test } from './harness.js';
import { LIMIT, choose, drawing, field, headline } from './page.js';

/** @import { Aside } from '../../www/js/session/pool.js' */

test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: 'reduce' }));

/**
 * Workers that answer a piece when told to.
 * @param {number} [ms]
 */
function fakes(ms = 1) {
  const seen = { made: 0, stopped: 0, most: 0, busy: 0 };
  const make = async () => {
    seen.made += 1;
    /** @type {Set<(error: Error) => void>} */
    const pending = new Set();
    const aside = {
      call: () =>
        new Promise((resolve, reject) => {
          seen.busy += 1;
          seen.most = Math.max(seen.most, seen.busy);
          pending.add(reject);
          setTimeout(() => {
            if (pending.delete(reject)) seen.busy -= 1;
            resolve(null);
          }, ms);
        }),
      stop() {
        seen.stopped += 1;
        seen.busy -= pending.size;
        for (const reject of pending) reject(new Stopped('terminated'));
        pending.clear();
      },
    };
    return /** @type {Aside} */ (/** @type {unknown} */ (aside));
  };
  return { seen, make };
}

/** @param {Aside} aside @param {number} piece */
async function work(aside, piece) {
  await aside.call('part', { scenario: '', piece });
  return piece;
}

test('all pieces in their order, over no more workers than there are, which are kept', async () => {
  const { seen, make } = fakes();
  const pool = new Pool(make, 3);
  /** @type {number[]} */
  const progress = [];
  expect(await pool.run(20, work, (done) => progress.push(done))).toEqual([...Array(20).keys()]);
  expect(progress).toEqual([...Array(20).keys()].map((k) => k + 1));
  expect(seen).toMatchObject({ made: 3, most: 3, stopped: 0 });
  await pool.run(2, work);
  expect(seen.made).toBe(3);
  expect([poolSize(1), poolSize(2), poolSize(4), poolSize(64)]).toEqual([1, 2, 3, 8]);
});

test('a newer work supersedes, a cancelled one stops, and none has more workers than its share', async () => {
  const { seen, make } = fakes(2000);
  const pool = new Pool(make, 2);
  const older = expect(pool.run(5, work)).rejects.toThrow(Superseded);
  await expect.poll(() => seen.busy).toBe(2);
  let quick = 0;
  const newer = pool.run(4, async (_, piece) => {
    quick += 1;
    return piece;
  });
  await older;
  // The workers of the older pieces get a moment to end by themselves.
  expect(await newer).toEqual([0, 1, 2, 3]);
  expect([quick, seen.stopped, seen.most]).toEqual([4, 2, 2]);
  const cancelled = expect(pool.run(5, work)).rejects.toThrow('no more');
  await expect.poll(() => seen.busy).toBe(2);
  pool.stop('no more');
  await cancelled;
  expect(pool.running).toBe(false);
  expect(seen.busy).toBe(0);
});

test('a worker that dies is replaced, and its piece tried once more', async () => {
  const { seen, make } = fakes();
  const pool = new Pool(make, 2);
  const killed = new Set();
  const pieces = await pool.run(6, async (aside, piece) => {
    if (piece % 2 === 0 && !killed.has(piece)) {
      killed.add(piece);
      throw new Stopped('died');
    }
    return work(aside, piece);
  });
  expect(pieces).toEqual([0, 1, 2, 3, 4, 5]);
  expect(seen.made).toBe(5);
  await expect(
    pool.run(3, async (_, piece) => {
      if (piece === 1) throw new Stopped('died again');
      return piece;
    }),
  ).rejects.toThrow('died again');
  await expect(
    pool.run(3, async () => {
      throw new Error('refused');
    }),
  ).rejects.toThrow('refused');
});

/**
 * Limits of line 2-3 that are solved from parts: slow ones, quick ones, one whose first worker dies of a piece, one that
 * is solved for ever in one piece.
 */
const [SLOW, QUICK, DEADLY, WHOLE] = [13.37, 13.38, 13.39, 13.4];

const PARTS = `
let made = 0;
let said = '';
Session.prototype.pieces = function () {
  const limit = limitOf(this);
  if (limit === ${WHOLE}) return { name: '', count: 0 };
  return [${SLOW}, ${QUICK}, ${DEADLY}].includes(limit) ? { name: 'residual supply functions', count: 12 } : null;
};
Session.prototype.piece = function (piece) {
  const limit = limitOf(this);
  made += 1;
  if (limit === ${DEADLY} && made === 3) throw new WebAssembly.RuntimeError('unreachable');
  const end = Date.now() + (limit === ${SLOW} ? 3000 : 5);
  while (Date.now() < end);
  return JSON.stringify({ piece, limit });
};
Session.prototype.solve = function (pieces) {
  while (limitOf(this) === ${WHOLE});
  const read = pieces.map((text) => JSON.parse(text));
  said = read.length === 0 ? 'in one go' : read.length + ' parts: ' + read.map(({ piece }) => piece).join(' ') + ' of ' + read[0].limit;
  return sound.solve.call(this, []);
};
reported((report) => ({ ...report, headline: said, answer: [] }));`;
const ALL = '12 parts: 0 1 2 3 4 5 6 7 8 9 10 11';

test('parts are made beside the page, and an edit or a cancel ends them', async ({ page, url, context }) => {
  await behind(context, PARTS);
  await open(page, `${url}#p=zuo-4node`);
  await expect(headline(page)).toHaveText('in one go');
  const limit = field(page, LIMIT);
  const progress = page.locator('.answer .progress');
  await limit.fill(String(QUICK));
  await expect(headline(page)).toHaveText(`${ALL} of ${QUICK}`);
  await expect(progress).toBeHidden();

  await limit.fill(String(SLOW));
  await expect(progress).toContainText(/^\d+ of 12 residual supply functions/);
  await expect(page.locator('body')).toHaveClass(/is-solving/);
  await expect(headline(page)).toHaveText(`${ALL} of ${QUICK}`);
  // The page stays alive: what is on screen can be drawn anew.
  const before = await drawing(page, 'dispatch');
  await choose(page.locator('[data-chart="dispatch"]'), 'Zoom in');
  await expect.poll(() => drawing(page, 'dispatch')).not.toBe(before);
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toContainText('Cancelled');
  await expect(headline(page)).toHaveText(`${ALL} of ${QUICK}`);

  await limit.fill(String(SLOW));
  await expect(progress).toContainText('residual supply functions');
  await limit.fill('12');
  await expect(headline(page)).toHaveText('in one go');
  await expect(progress).toBeHidden();
  await limit.fill(String(DEADLY));
  await expect(headline(page)).toHaveText(`${ALL} of ${DEADLY}`);
});

test('long work in one piece leaves the result on screen alive', async ({ page, url, context }) => {
  await behind(context, PARTS);
  await open(page, `${url}#p=zuo-4node`);
  const limit = field(page, LIMIT);
  const progress = page.locator('.answer .progress');
  const cancel = progress.getByRole('button', { name: 'Cancel' });
  const zoom = async () => {
    const before = await drawing(page, 'dispatch');
    await choose(page.locator('[data-chart="dispatch"]'), 'Zoom in');
    await expect.poll(() => drawing(page, 'dispatch')).not.toBe(before);
  };
  await limit.fill(String(WHOLE));
  await expect(progress).toContainText('this takes minutes');
  await zoom();
  await cancel.click();
  await expect(progress).toContainText('Cancelled');
  await zoom();

  // An edit ends it as well.
  await limit.fill(String(WHOLE));
  await expect(progress).toContainText('this takes minutes');
  await limit.fill(String(QUICK));
  await expect(headline(page)).toHaveText(`${ALL} of ${QUICK}`);
  await zoom();
});

test('a link that takes long says how far it is, and a cancel leads to the presets', async ({ page, url, context }) => {
  await behind(context, PARTS);
  await page.goto(`${url}#p=zuo-4node&v=1&${LIMIT}=${SLOW}`);
  const progress = page.locator('.opening');
  await expect(progress).toContainText(/^\d+ of 12 residual supply functions/);
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert')).toContainText('The scenario was not solved.');
  await expect(page.locator('.gallery')).toBeVisible();
});
