// A choice stands once on a page: what the switch between variants decides is none of the three inputs beside it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAMILIES } from '../../www/js/session/families.js';

/** The rule of the factors is the choice of the switch among them; their parameters are not. */
const CHOICE = new Map([['mechanism.df', 'mechanism.df.rule']]);

/** @param {string} preset */
function look(preset) {
  const file = new URL(`../../src/scenario/gallery/${preset}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).look;
}

for (const { head, dimensions, variants } of FAMILIES)
  test(`${head}: no input repeats the switch`, () => {
    const decided = dimensions.flatMap(({ sets }) => sets).map((path) => CHOICE.get(path) ?? path);
    for (const { preset } of variants)
      assert.deepEqual(
        look(preset).inputs.filter((/** @type {string} */ path) => decided.includes(path)),
        [],
        preset,
      );
  });
