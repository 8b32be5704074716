// All presets in one table: filtered by what one knows of them, sorted by any column.

import { h, uid } from '../ui/dom.js';
import { inLanguage, language } from '../ui/language.js';
import { wordsIn, wordsOf } from './search.js';

/** @import { Preset } from '../session/types.js' */

/** @typedef {{ name: string, text: (preset: Preset) => string, value: (preset: Preset) => string | number }} Column */

const LEVELS = { start: 'first steps', course: 'course', research: 'research' };
const LEVEL_ORDER = Object.keys(LEVELS);
const MINUTES = [1, 2, 3];

/** @type {Column[]} */
const COLUMNS = [
  { name: 'Question', text: ({ question }) => question, value: ({ question }) => question },
  { name: 'System', text: ({ system }) => system, value: ({ system }) => Number.parseInt(system, 10) || 1e6 },
  { name: 'Mechanism', text: ({ mechanism }) => mechanism, value: ({ mechanism }) => mechanism },
  { name: 'Minutes', text: ({ minutes }) => String(minutes), value: ({ minutes }) => minutes },
  { name: 'Level', text: ({ level }) => LEVELS[level], value: ({ level }) => LEVEL_ORDER.indexOf(level) },
  { name: 'Paper', text: ({ paper }) => paper, value: ({ paper }) => plainPaper(paper) },
];

/** Data made for Tandem after a paper are found under the paper. @param {string} paper */
const plainPaper = (paper) => paper.replace(/^after /, '');

/** @param {Preset[]} presets */
export function createTable(presets) {
  /** Results of a search that are shown alone. @type {{ ids: string[], query: string } | null} */
  let only = null;
  let sorted = { column: -1, up: true };
  const filters = createFilters(presets, () => update());
  const count = h('p', { class: 'count', role: 'status' });
  const body = h('tbody');
  const heads = COLUMNS.map(({ name }, k) => {
    const arrow = h('span', { 'aria-hidden': 'true' });
    const button = h('button', { type: 'button', class: 'quiet', onclick: () => sortBy(k) }, name, arrow);
    return { head: h('th', { scope: 'col' }, button), arrow };
  });
  const clear = h('button', { type: 'button', onclick: () => reset() }, 'Show all');
  const table = h(
    'table',
    { class: 'preset-table' },
    h('caption', { class: 'hidden-text' }, 'All presets'),
    h('thead', {}, h('tr', {}, ...heads.map(({ head }) => head))),
    body,
  );
  const element = h(
    'details',
    { class: 'all-presets', 'data-place': 'table' },
    h('summary', {}, h('h2', {}, `All ${presets.length} presets in a table`)),
    h('div', { class: 'filters' }, ...filters.elements),
    h('div', { class: 'row' }, count, clear),
    h('div', { class: 'sideways', tabindex: 0, role: 'region', 'aria-label': 'All presets' }, table),
  );

  /** @param {number} column */
  function sortBy(column) {
    sorted = { column, up: sorted.column === column ? !sorted.up : true };
    update();
  }

  function reset() {
    only = null;
    filters.reset();
    update();
  }

  function update() {
    const wanted = only;
    const those = presets.filter(
      (preset) => (wanted === null || wanted.ids.includes(preset.id)) && filters.has(preset),
    );
    const column = COLUMNS[sorted.column];
    const rows = column === undefined ? those : ordered(those, column, sorted.up);
    body.replaceChildren(...rows.map(row));
    heads.forEach(({ head, arrow }, k) => {
      const here = k === sorted.column;
      if (here) head.setAttribute('aria-sort', sorted.up ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
      arrow.textContent = here ? (sorted.up ? ' ▴' : ' ▾') : '';
    });
    const found = wanted === null ? '' : ` found for “${wanted.query}”`;
    count.textContent = `${those.length} of ${presets.length} presets${found}`;
    clear.hidden = those.length === presets.length;
  }

  update();
  return {
    element,
    /** @param {string[]} ids @param {string} query */
    show(ids, query) {
      only = { ids, query };
      filters.reset();
      update();
      element.open = true;
      element.scrollIntoView({ block: 'start' });
      table.parentElement?.focus({ preventScroll: true });
    },
  };
}

/**
 * @param {Preset[]} presets
 * @param {Column} column
 * @param {boolean} up
 */
function ordered(presets, { value }, up) {
  const sign = up ? 1 : -1;
  const read = (/** @type {string | number} */ x) => inLanguage(String(x));
  return [...presets].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const by = typeof x === 'number' && typeof y === 'number' ? x - y : read(x).localeCompare(read(y), language());
    return sign * by;
  });
}

/** @param {Preset} preset */
function row(preset) {
  return h(
    'tr',
    {},
    ...COLUMNS.map(({ name, text }) =>
      name === 'Question'
        ? h('th', { scope: 'row' }, h('a', { href: `#p=${preset.id}` }, preset.title), h('span', {}, text(preset)))
        : h('td', { class: name === 'Minutes' ? 'number' : null }, text(preset)),
    ),
  );
}

/**
 * @param {Preset[]} presets
 * @param {() => void} changed
 */
function createFilters(presets, changed) {
  const id = uid('filter');
  const words = h('input', { type: 'text', id, autocomplete: 'off', spellcheck: 'false', oninput: changed });
  const system = choice(
    'System',
    distinct(presets, COLUMNS[1], ({ system }) => system),
    changed,
  );
  const mechanism = choice(
    'Mechanism',
    distinct(presets, undefined, ({ mechanism }) => mechanism),
    changed,
  );
  const minutes = choice(
    'Minutes',
    MINUTES.map((most) => `up to ${most}`),
    changed,
  );
  const paper = choice(
    'Paper',
    distinct(presets, COLUMNS[5], ({ paper }) => plainPaper(paper)),
    changed,
  );
  const selects = [system, mechanism, minutes, paper];
  return {
    elements: [
      h('div', { class: 'filter' }, h('label', { for: id }, 'Question or title'), words),
      ...selects.map(({ element }) => element),
    ],
    reset() {
      words.value = '';
      for (const { select } of selects) select.value = '';
    },
    /** @param {Preset} preset */
    has(preset) {
      const is = (/** @type {HTMLSelectElement} */ { value }, /** @type {string} */ own) =>
        value === '' || value === own;
      const say = language() === 'en' ? null : inLanguage;
      const text = [preset.title, preset.question, preset.id].flatMap((one) => wordsIn(one, say));
      const most = Number(minutes.select.value.replace(/\D/g, '')) || Number.POSITIVE_INFINITY;
      return (
        wordsOf(words.value).every((wanted) => text.some((word) => word.startsWith(wanted))) &&
        is(system.select, preset.system) &&
        is(mechanism.select, preset.mechanism) &&
        is(paper.select, plainPaper(preset.paper)) &&
        preset.minutes <= most
      );
    },
  };
}

/**
 * @param {Preset[]} presets
 * @param {Column | undefined} column
 * @param {(preset: Preset) => string} text
 */
function distinct(presets, column, text) {
  return [...new Set((column === undefined ? presets : ordered(presets, column, true)).map(text))];
}

/**
 * @param {string} name
 * @param {string[]} options
 * @param {() => void} changed
 */
function choice(name, options, changed) {
  const id = uid('filter');
  const select = h(
    'select',
    { id, onchange: changed },
    h('option', { value: '' }, 'any'),
    ...options.map((option) => h('option', { value: option }, option)),
  );
  return { select, element: h('div', { class: 'filter' }, h('label', { for: id }, name), select) };
}
