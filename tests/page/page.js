// Steps that several page tests take.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from './harness.js';

/** @import { Page } from '@playwright/test' */

/**
 * The input of a field of the scenario; a slider of the same field is another control.
 * @param {Page} page
 * @param {string} path
 */
export function field(page, path) {
  return page.locator(`[data-path="${path}"]`).first();
}

/**
 * The button of a drawer.
 * @param {Page} page
 * @param {string} name
 */
export function drawer(page, name) {
  return page.locator(`[data-drawer="${name}"]`);
}

/** Opens all inputs. @param {Page} page */
export async function allInputs(page) {
  if ((await drawer(page, 'inputs').getAttribute('aria-expanded')) !== 'true') await drawer(page, 'inputs').click();
}

/**
 * The figure of a chart in view, in its drawer if it stands in one.
 * @param {Page} page
 * @param {string} chart
 */
export async function bring(page, chart) {
  const figure = page.locator(`[data-chart="${chart}"]`);
  const closed = await figure.evaluate((element) => element.closest('.is-parked')?.getAttribute('aria-labelledby'));
  if (closed != null) await page.locator(`[id="${closed}"]`).click();
  await figure.scrollIntoViewIfNeeded();
  return figure;
}

/**
 * Chooses from the menu of a figure.
 * @param {import('@playwright/test').Locator} figure
 * @param {string} action
 */
export async function choose(figure, action) {
  const menu = figure.locator('figcaption .menu');
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  await menu.getByRole('button', { name: action }).click();
}

/**
 * The drawing of a chart as text, to see whether it changed.
 * @param {Page} page
 * @param {string} chart
 */
export function drawing(page, chart) {
  return page.locator(`[data-chart="${chart}"] .picture svg`).evaluate((svg) => svg.outerHTML);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What of the page, or of the parts at a selector, breaks a rule of accessibility.
 * @param {Page} page
 * @param {Record<string, unknown>} [options] of axe
 * @param {string} [parts]
 * @returns {Promise<string[]>}
 */
export async function violations(page, options = {}, parts = ':root') {
  await page.evaluate(axe);
  const found = await page.evaluate(
    ([at, chosen]) => /** @type {any} */ (globalThis).axe.run(at, chosen),
    /** @type {const} */ ([parts, options]),
  );
  return found.violations.map(
    (/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ node) => node.html).join(' | ')}`,
  );
}

/** @param {Page} page */
export function headline(page) {
  return page.locator('.answer .headline');
}

/**
 * The hash once it holds a text.
 * @param {Page} page
 * @param {string | RegExp} text
 */
export async function hashHolds(page, text) {
  await expect.poll(() => decodeURIComponent(new URL(page.url()).hash)).toMatch(text);
}

/**
 * Whether the page scrolls sideways, px.
 * @param {Page} page
 */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/**
 * What of the diagram lies over something else or leaves the figure.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export function clashes(page) {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.diagram .label, .diagram .bus .shape, .diagram .unit .shape')]
      .map((element) => ({
        name: `${element.closest('[data-item]')?.getAttribute('data-item')} ${element.textContent}`,
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width > 0);
    const stage = document.querySelector('.diagram')?.getBoundingClientRect();
    if (stage === undefined) return ['no diagram'];
    const found = boxes
      .filter(
        ({ box }) =>
          box.left < stage.left - 1 ||
          box.right > stage.right + 1 ||
          box.top < stage.top - 1 ||
          box.bottom > stage.bottom + 1,
      )
      .map(({ name }) => `${name} leaves the figure`);
    for (const [k, a] of boxes.entries()) {
      for (const b of boxes.slice(k + 1)) {
        const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (x > 1.5 && y > 1.5) found.push(`${a.name} over ${b.name}`);
      }
    }
    return found;
  });
}

/** The limited line of the 4-node system. */
export const LIMIT = 'case.branches.2-3.max_p_mw';
