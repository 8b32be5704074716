// What may be put into a lesson, to be picked instead of typed: numbers of the report, inputs, charts; and the lesson as
// it will be read. Beside the form, or below it on a phone.

import { h, uid } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';

/** @import { Facts } from './facts.js' */

/** Entries that are listed; more are found by words. */
const MOST = 60;

/** Which value of a series is meant. @type {[string, string][]} */
const PICKS = [
  ['', 'at the step shown'],
  ['first', 'first'],
  ['last', 'last'],
  ['max', 'greatest'],
  ['min', 'least'],
  ['mean', 'mean'],
  ['sum', 'sum'],
  ['at', 'at step …'],
];

/** @typedef {{ head: string, code: string, tail: string, act: () => void }} Entry */
/**
 * @param {Facts} facts
 * @param {{ number: (id: string, pick: string, series: boolean, unit: string) => void, input: (path: string, value: unknown) => void, chart: (id: string) => void }} acts
 * @param {HTMLElement} told the lesson as it will be read
 */
export function createPicker(facts, acts, told) {
  const id = uid('pick');
  const find = h('input', {
    type: 'search',
    id,
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => fill(),
  });
  const series = seriesValue();
  const target = h('p', { class: 'help pick-target', role: 'status' });
  const entries = h('ul', { class: 'pick-list' });
  const more = h('p', { class: 'help' });
  const ways = waysToWrite();
  const lists = h(
    'div',
    { class: 'pick-lists' },
    target,
    h('p', { class: 'row' }, h('label', { for: id }, 'Find'), find),
    series.element,
    entries,
    more,
    ways,
  );
  const kinds = /** @type {const} */ (['Numbers', 'Inputs', 'Charts', 'As told']);
  /** @type {typeof kinds[number] | ''} */
  let open = matchMedia('(min-width: 1000px)').matches ? 'Numbers' : '';
  const tabs = kinds.map((kind) =>
    h('button', { type: 'button', onclick: () => show(open === kind ? '' : kind) }, kind),
  );
  const body = h('div', { class: 'pick-body', tabindex: 0 }, lists, told);
  const element = h(
    'aside',
    { class: 'write-side', 'aria-label': 'To pick from' },
    h('div', { class: 'pick-tabs' }, ...tabs),
    body,
  );

  /** @returns {Entry[]} */
  function all() {
    if (open === 'Numbers')
      return facts.numbers.map(({ id, name, now, series: many, unit }) => ({
        head: name,
        code: id,
        tail: now,
        act: () => acts.number(id, many ? series.pick() : '', many, unit),
      }));
    if (open === 'Inputs')
      return facts.inputs.map(({ path, name, now, unit, value }) => ({
        head: name,
        code: path,
        tail: `${now} ${now === 'none' ? '' : unit}`.trim(),
        act: () => acts.input(path, value),
      }));
    return facts.charts.map(({ id, name, about }) => ({
      head: name,
      code: id,
      tail: about,
      act: () => acts.chart(id),
    }));
  }

  function fill() {
    const words = find.value.toLowerCase().split(/\s+/);
    const found = all().filter(({ head, code }) =>
      words.every((word) => `${head} ${inLanguage(head)} ${code}`.toLowerCase().includes(word)),
    );
    entries.replaceChildren(
      ...found
        .slice(0, MOST)
        .map(({ head, code, tail, act }) =>
          h(
            'li',
            {},
            h(
              'button',
              { type: 'button', class: 'pick-entry', onclick: act },
              h('span', { class: 'pick-name' }, head),
              h('span', { class: 'pick-now' }, tail),
              h('code', {}, code),
            ),
          ),
        ),
    );
    const rest = found.length - MOST;
    more.textContent =
      rest > 0 ? `${rest} more: write a word of what you look for.` : found.length === 0 ? 'Nothing is called so.' : '';
  }

  /** @param {typeof open} kind */
  function show(kind) {
    open = kind;
    tabs.forEach((tab, k) => tab.setAttribute('aria-pressed', String(kinds[k] === kind)));
    body.hidden = kind === '';
    element.classList.toggle('is-open', kind !== '');
    lists.hidden = kind === 'As told';
    told.hidden = kind !== 'As told';
    series.element.hidden = ways.hidden = kind !== 'Numbers';
    if (kind !== '' && kind !== 'As told') fill();
  }

  show(open);
  return {
    element,
    update: () => show(open),
    /** @param {string} text where a pick goes */
    say(text) {
      target.textContent = text;
    },
  };
}

/** Which value of a series is picked. */
function seriesValue() {
  const id = uid('pick');
  const which = h(
    'select',
    { id, onchange: () => (step.hidden = which.value !== 'at') },
    ...PICKS.map(([value, text]) => h('option', { value }, text)),
  );
  const step = h('input', {
    type: 'text',
    inputmode: 'numeric',
    value: '1',
    hidden: true,
    'aria-label': 'Step',
    class: 'number-box',
  });
  return {
    element: h('p', { class: 'row pick-which' }, h('label', { for: id }, 'Of a series its value'), which, step),
    pick: () => (which.value === 'at' ? `at ${step.value.trim()}` : which.value),
  };
}

/** What may stand in braces and in conditions besides an id. */
function waysToWrite() {
  const row = (/** @type {string} */ text, /** @type {string} */ meaning) => [
    h('dt', {}, h('code', {}, text)),
    h('dd', {}, meaning),
  ];
  return h(
    'details',
    { class: 'pick-ways' },
    h('summary', {}, 'More ways to write a number'),
    h(
      'dl',
      {},
      ...row('{a - b}', 'a difference; + * / likewise, from left to right, with blanks round the sign'),
      ...row('{a | 1}', 'one decimal'),
      ...row('{a | bare}', 'without its unit'),
      ...row('{a | size}', 'without its sign'),
      ...row('a > 0 and b = c', 'a condition: < <= > >= = !=, without braces'),
    ),
  );
}
