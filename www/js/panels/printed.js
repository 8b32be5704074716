// Numbers of others beside ours: one line, and on demand every number, item by step.

import { h } from '../ui/dom.js';
import { decimals, fixed, raw, significant, unitText } from '../ui/number.js';
import { typeset } from '../ui/symbols.js';

/** @import { Clock, Published, Verdict } from '../session/types.js' */

/** What there is to say of a class, and a sign for those who see no colour. @type {Record<Verdict, [string, string]>} */
const CLASSES = {
  agrees: ['✓', 'agrees'],
  within_reading: ['≈', 'within reading accuracy'],
  differs: ['≠', 'differs'],
  not_comparable: ['?', 'not comparable'],
  inputs_changed: ['', 'not compared'],
};

/** What was opened stays open when there is another result. @type {Set<string>} */
const opened = new Set();

/** Decimals of ours at most, where theirs has no more. */
const PLACES = 6;

/**
 * @param {Published[]} items
 * @param {{ id: string, title: string, said: string, changed: number, clock: Clock | null }} about `said`: how many agree;
 *   `changed`: inputs that are no longer those of the preset
 * @returns {HTMLElement[]}
 */
export function besideOurs(items, { id, title, said, changed, clock }) {
  if (items.length === 0) return [];
  // Where there is one step, what is of it and what is of the whole run are of the same.
  const placed = items.map((one) => ((clock?.steps ?? 0) > 1 ? one : { ...one, step: undefined }));
  const grey = items.some(({ verdict }) => verdict === 'inputs_changed');
  const edit = grey && changed > 0 ? `You changed ${changed} ${changed === 1 ? 'input' : 'inputs'}. ` : '';
  const details = h(
    'details',
    {
      class: grey ? 'beside is-grey' : 'beside',
      open: opened.has(id),
      ontoggle: () => (details.open ? opened.add(id) : opened.delete(id)),
    },
    h('summary', {}, edit + said),
    matrix(placed, id, title, clock),
    legend(items),
    ...remarks(items),
  );
  return [h('h3', {}, title), details];
}

/**
 * One row per item, one column per step; what has no step stands in the last column.
 * @param {Published[]} items
 * @param {string} id
 * @param {string} title
 * @param {Clock | null} clock
 */
function matrix(items, id, title, clock) {
  const steps = [...new Set(items.map(({ step }) => step ?? null))].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const notes = numbered(items);
  const head = (/** @type {number | null} */ step) => {
    if (step !== null) return `${clock?.name ?? 'step'} ${step}`;
    return steps.length === 1 ? 'Theirs' : 'Whole run';
  };
  const rows = rowsOf(items).map((row) => {
    const [first] = row;
    const unit = unitText(first?.unit ?? '');
    const marks = [...new Set(row.flatMap((one) => partsOf(one).map((text) => notes.indexOf(text) + 1)))];
    const known = marks.filter((mark) => mark > 0);
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        ...typeset(first?.name ?? ''),
        unit === '' ? null : h('span', { class: 'unit' }, ` (${unit})`),
        known.length === 0 ? null : h('sup', {}, ` ${known.join(', ')}`),
      ),
      ...steps.map((step) => cell(row.find((one) => (one.step ?? null) === step))),
    );
  });
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title },
    h(
      'table',
      { 'data-table': id },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Item'),
          ...steps.map((step) => h('th', { scope: 'col', class: 'number' }, head(step))),
        ),
      ),
      h('tbody', {}, ...rows),
    ),
  );
}

/**
 * What belongs in one row: numbers of one item, each of another step.
 * @param {Published[]} items
 */
function rowsOf(items) {
  /** @type {Published[][]} */
  const rows = [];
  for (const one of items) {
    const row = rows.find(
      (others) =>
        others[0]?.name === one.name && others[0]?.unit === one.unit && others.every(({ step }) => step !== one.step),
    );
    if (row === undefined) rows.push([one]);
    else row.push(one);
  }
  return rows;
}

/**
 * Their number, over ours where that is not the same to all digits.
 * @param {Published | undefined} one
 */
function cell(one) {
  if (one === undefined) return h('td', {});
  const { printed, digits, ours, verdict = 'differs' } = one;
  const [sign, words] = CLASSES[verdict];
  const theirs = fixed(printed, digits);
  const written = ours == null ? '–' : fixed(ours, Math.max(digits, decimals([ours], PLACES)));
  return h(
    'td',
    { class: `number is-${verdict}`, title: ours == null ? null : `ours ${raw(significant(ours, 10))}` },
    theirs,
    h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    h('span', { class: 'hidden-text' }, ` ${words}`),
    written === theirs ? null : h('span', { class: 'ours' }, h('span', { class: 'hidden-text' }, ', ours '), written),
  );
}

/** The signs in use. @param {Published[]} items */
function legend(items) {
  const used = new Set(items.map(({ verdict }) => verdict));
  const entries = Object.entries(CLASSES).filter(
    ([verdict, [sign]]) => sign !== '' && used.has(/** @type {Verdict} */ (verdict)),
  );
  const reasons = distinct(items.map(({ reason }) => reason ?? ''));
  return h(
    'p',
    { class: 'help' },
    ...entries.flatMap(([verdict, [sign, words]]) => [
      h('span', { class: `is-${verdict}` }, h('span', { class: 'sign' }, sign)),
      ` ${words}${verdict === 'not_comparable' ? `: ${reasons.join('; ')}` : ''}. `,
    ]),
    'Below a number: ours, where its digits are not the same.',
  );
}

/** Where a number is from, and what there is to say of it. @param {Published} one */
function partsOf({ source, note }) {
  return [source, note].filter((text) => text !== '');
}

/** Sources and notes that are not of every number: each has a number of its own. @param {Published[]} items */
function numbered(items) {
  return distinct(items.flatMap(partsOf)).filter((text) => !items.every((one) => partsOf(one).includes(text)));
}

/** Sources and notes, each once. @param {Published[]} items */
function remarks(items) {
  const some = numbered(items);
  const all = distinct(items.map(({ note }) => note)).filter((text) => !some.includes(text));
  return [
    ...all.map((text) => h('p', { class: 'help' }, text)),
    ...(some.length === 0 ? [] : [h('ol', { class: 'help' }, ...some.map((text) => h('li', {}, text)))]),
  ];
}

/** @param {string[]} texts */
function distinct(texts) {
  return [...new Set(texts)].filter((text) => text !== '');
}
