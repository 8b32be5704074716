// The widget of notebooks and of Jupyter Book: one module, a model of somebody else's, a page of another origin.

import { createServer } from 'node:http';

import { expect, test } from './harness.js';
import { LIMIT } from './page.js';

const others = createServer((_, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end('<!doctype html><meta charset="utf-8"><title>A notebook</title><link rel="icon" href="data:,"><body>');
});
test.beforeAll(() => new Promise((resolve) => others.listen(0, '127.0.0.1', () => resolve(undefined))));
test.afterAll(() => void others.close());

test('a widget shows its figure, follows its model and writes into it what the model has', async ({ page, url }) => {
  const address = others.address();
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  await page.evaluate(
    async ([source, path]) => {
      /** As much of a model as widgets are promised. @param {Record<string, any>} state */
      const modelOf = (state) => {
        const events = new EventTarget();
        return {
          state,
          saved: 0,
          get: (/** @type {string} */ name) => state[name],
          set(/** @type {string} */ name, /** @type {unknown} */ value) {
            state[name] = value;
            events.dispatchEvent(new Event(`change:${name}`));
          },
          save_changes() {
            this.saved += 1;
          },
          on: (/** @type {string} */ event, /** @type {() => void} */ f) => events.addEventListener(event, f),
          off: (/** @type {string} */ event, /** @type {() => void} */ f) => events.removeEventListener(event, f),
        };
      };
      const own = {
        preset: 'zuo-4node-se',
        view: ['answer'],
        inputs: path,
        values: { [path ?? '']: 14 },
        result: null,
      };
      const model = modelOf(own);
      const el = document.body.appendChild(document.createElement('div'));
      const module = await import(`${source}widget.mjs`);
      const away = module.default.render({ model, el });
      // A notebook carries the module's text in itself, and a book shows it in a shadow root.
      const text = await (await fetch(`${source}widget.mjs`)).text();
      const carried = await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
      const shade = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' });
      const inner = shade.appendChild(document.createElement('div'));
      carried.render({ model: modelOf({ preset: 'triangle', view: 'answer', page: source }), el: inner });
      const lost = document.body.appendChild(document.createElement('p'));
      carried.render({ model: modelOf({ preset: 'triangle' }), el: lost });
      // Jupyter Book keeps a copy by another name, beside which there is no Tandem.
      const copy = await import(`${source}widget.mjs?copy`);
      copy.render({
        model: modelOf({ preset: 'triangle' }),
        el: document.body.appendChild(document.createElement('p')),
      });
      Object.assign(window, { model, away });
    },
    [url, LIMIT],
  );
  const state = () => page.evaluate(() => /** @type {any} */ (window).model.state);
  const frame = page.locator('div').first().frameLocator('iframe');
  const input = frame.locator(`[data-path="${LIMIT}"]`).first();
  // What the model asks for holds from the start.
  await expect.poll(() => state().then(({ result }) => result?.status)).toBe('solved');
  await expect(input).toHaveValue('14');
  for (const lost of await page.locator('p').all()) await expect(lost).toHaveText(/`page` has to say where Tandem is/);
  await expect(page.locator('div').nth(1).frameLocator('iframe').getByText('$/MWh').first()).toBeVisible();
  // The reader's change comes into the model, that of the model into the figure.
  await input.fill('12');
  await input.press('Enter');
  await expect.poll(() => state().then(({ values }) => values)).toEqual({ [LIMIT]: 12 });
  const before = (await state()).result.headline;
  await page.evaluate((path) => /** @type {any} */ (window).model.set('values', { [path]: 9 }), LIMIT);
  await expect(input).toHaveValue('9');
  await expect.poll(() => state().then(({ result }) => result.headline)).not.toBe(before);
  expect(Object.keys(await state()).sort()).toEqual(['inputs', 'preset', 'result', 'values', 'view']);
  // Another preset is another figure; taken away, nothing is left.
  await page.evaluate(() => /** @type {any} */ (window).model.set('preset', 'triangle'));
  await expect
    .poll(() =>
      page
        .locator('tandem-figure')
        .first()
        .evaluate((figure) => /** @type {any} */ (figure).address),
    )
    .toContain('#p=triangle');
  await page.evaluate(() => /** @type {any} */ (window).away());
  await expect(page.locator('tandem-figure')).toHaveCount(1);
});
