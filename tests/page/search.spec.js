// What people look for, and what the front page must find for it; its data name what there is.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { COMPARISONS, GRIDS } from '../../www/js/front/choices.js';
import { parts } from '../../www/js/front/questions.js';
import { createSearch } from '../../www/js/front/search.js';
import { CONCEPTS } from '../../www/js/front/words.js';
import { FAMILIES, familyOf, sibling } from '../../www/js/session/families.js';
import { PATHS } from '../../www/js/session/paths.js';
import { dist, expect, test } from './harness.js';

/** @import { Preset } from '../../www/js/session/types.js' */

/** @type {Preset[]} */
let presets;
/** @type {ReturnType<typeof createSearch>} */
let search;

test.beforeAll(async () => {
  const door = await import(pathToFileURL(path.join(dist, 'pkg/tandem.js')).href);
  door.initSync({ module: readFileSync(path.join(dist, 'pkg/tandem_bg.wasm')) });
  presets = door.gallery();
  search = createSearch(presets);
});

/** The words, and presets that must be among the first three found. */
const QUERIES = [
  ['negative price', 'lind-5bus'],
  ['prices below zero', 'lind-5bus'],
  ['Nash', 'wang-day'],
  ['nash equilibrium', 'khojasteh-k33'],
  ['Italy', 'smartnet-italy1'],
  ['denmark', 'smartnet-denmark'],
  ['battery', 'wang-storage'],
  ['batteries', 'wang-storage'],
  ['DER', 'zuo-4node'],
  ['LMP', 'triangle'],
  ['voltage', 'baran-wu-33-flow'],
  ['congestion rent', 'triangle'],
  ['oscillation', 'zuo-4node'],
  ['why does dispatch oscillate?', 'zuo-4node'],
  ['union jack', 'zuo-4node-union-jack-m4'],
  ['calibrated M = 5', 'zuo-4node-union-jack-calibrated-m5'],
  ['Mezghani', 'mezghani-s1'],
  ['Théisen 2024', 'theisen-week'],
  ['33 bus feeder', 'baran-wu-33'],
  ['wang-risk', 'wang-risk'],
  ['CVaR', 'wang-risk'],
  ['block bid', 'mezghani-block'],
  ['heat pumps', 'theisen-thermal'],
  ['volt', 'baran-wu-33-flow'],
];

for (const [query, id] of QUERIES) {
  test(`“${query}” finds ${id}`, () => {
    const { hits, all } = search(query ?? '');
    expect(hits.slice(0, 3).map((hit) => hit.id)).toContain(id);
    expect(all).toBe(true);
  });
}

test('a slip of the pen is put right, and words of no meaning find nothing', () => {
  expect(search('oscilation')).toMatchObject({ hits: [], meant: expect.stringContaining('oscillation') });
  expect(search('congestoin')).toMatchObject({ hits: [], meant: expect.stringContaining('congestion') });
  expect(search('qqqqqq zzzz')).toMatchObject({ hits: [], meant: '' });
  expect(search('why is the')).toMatchObject({ hits: [], meant: '' });
  // Some of the words are better than nothing, and said to be only some.
  const some = search('battery penguin');
  expect(some.all).toBe(false);
  expect(some.hits.length).toBeGreaterThan(3);
});

test('names of grids of MATPOWER say how to bring them, with what is built in near their size', () => {
  for (const [query, file, exact, near] of /** @type {const} */ ([
    ['case118', 'case118.m', null, 69],
    ['case118.m', 'case118.m', null, 69],
    ['IEEE 118 bus', 'case118.m', null, 69],
    ['case1354pegase', 'case1354pegase.m', null, 69],
    ['case_ACTIVSg2000', 'case_ACTIVSg2000.m', null, 69],
    ['case9', 'case9.m', null, 14],
    ['case30', 'case30.m', 30, 30],
    ['case33bw', 'case33bw.m', 33, 33],
  ])) {
    const { bring } = search(query);
    expect(bring, query).toMatchObject({ file });
    expect(bring?.exact?.buses ?? null, query).toBe(exact);
    expect(bring?.near[0]?.buses, query).toBe(near);
  }
  // What is built in is found, not asked for.
  expect(search('30 buses')).toMatchObject({ bring: null });
  expect(search('in case of doubt')).toMatchObject({ bring: null });
});

test('families, paths, comparisons, grids and words name presets that there are', () => {
  const known = new Set(presets.map(({ id }) => id));
  const named = [
    ...FAMILIES.flatMap(({ head, variants }) => [head, ...variants.map(({ preset }) => preset)]),
    ...PATHS.flatMap((one) => one.presets),
    ...COMPARISONS.map(({ preset }) => preset),
    ...GRIDS.map(({ preset }) => preset),
    ...CONCEPTS.flatMap((concept) => concept.presets).filter((id) => !id.endsWith('*')),
  ];
  expect(named.filter((id) => !known.has(id))).toEqual([]);
  for (const id of CONCEPTS.flatMap((concept) => concept.presets).filter((one) => one.endsWith('*')))
    expect(
      [...known].some((one) => one.startsWith(id.slice(0, -1))),
      id,
    ).toBe(true);
});

test('a preset is in one family at most, and every variant is reached from every other', () => {
  const all = FAMILIES.flatMap(({ variants }) => variants.map(({ preset }) => preset));
  expect(new Set(all).size).toBe(all.length);
  for (const family of FAMILIES) {
    const { dimensions, variants, head } = family;
    expect(variants.map(({ preset }) => preset)).toContain(head);
    expect(new Set(variants.map(({ at }) => at.join())).size, head).toBe(variants.length);
    for (const { at } of variants) {
      expect(at).toHaveLength(dimensions.length);
      for (const [k, option] of at.entries()) expect(dimensions[k]?.options).toContain(option);
    }
    for (const [k, { options }] of dimensions.entries())
      for (const option of options) expect(sibling(family, head, k, option)?.at[k]).toBe(option);
    // Variants of one question are of one mechanism: fields of the form stay.
    const kinds = variants.map(({ preset }) => presets.find(({ id }) => id === preset)?.mechanism);
    expect(new Set(kinds).size, head).toBe(1);
  }
  const jack = familyOf('zuo-4node-union-jack-calibrated-m5');
  expect(jack && sibling(jack, 'zuo-4node-union-jack-calibrated-m5', 0, '3')?.preset).toBe(
    'zuo-4node-union-jack-calibrated-m3',
  );
});

test('a path has four to eight lessons of one mechanism and takes under ten minutes', () => {
  const of = (/** @type {string} */ id) => presets.find((preset) => preset.id === id);
  for (const { presets: lessons, id } of PATHS) {
    expect(lessons.length, id).toBeGreaterThanOrEqual(4);
    expect(lessons.length, id).toBeLessThanOrEqual(8);
    expect(new Set(lessons).size).toBe(lessons.length);
    expect(new Set(lessons.map((lesson) => of(lesson)?.mechanism)).size, id).toBe(1);
    expect(
      lessons.reduce((sum, lesson) => sum + (of(lesson)?.minutes ?? Number.NaN), 0),
      id,
    ).toBeLessThan(10);
  }
});

test('every preset is behind one question of the front page, and every picture is there', () => {
  const shown = parts(presets);
  const heads = shown.flatMap(({ pictured, lines }) => [...pictured, ...lines]).map(({ id }) => id);
  expect(new Set(heads).size).toBe(heads.length);
  for (const { id } of presets) expect(heads).toContain(familyOf(id)?.head ?? id);
  for (const { pictured } of shown) {
    expect(pictured.length).toBeGreaterThan(0);
    for (const { id } of pictured)
      expect(readFileSync(path.join(dist, 'pictures', `${id}.svg`), 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*<\/svg>\s*$/);
  }
});
