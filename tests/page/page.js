// Steps that several page tests take.

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
 * The drawing of a chart as text, to see whether it changed.
 * @param {Page} page
 * @param {string} chart
 */
export function drawing(page, chart) {
  return page.locator(`[data-chart="${chart}"] .picture svg`).evaluate((svg) => svg.outerHTML);
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

/** The limited line of the 4-node system. */
export const LIMIT = 'case.branches.2-3.max_p_mw';
