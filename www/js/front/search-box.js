// The search of the front page: results while one types, what to try where there are none.

import { familyOf } from '../session/families.js';
import { h } from '../ui/dom.js';
import { inLanguage, language } from '../ui/language.js';
import { about } from './cards.js';
import { createSearch } from './search.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Bring, Found } from './search.js' */

/** Results shown below the box; the table shows all. */
const SHOWN = 6;
const EXAMPLES = ['negative price', 'Nash', 'battery', 'congestion rent', 'voltage', 'case118'];

/**
 * @param {Preset[]} presets
 * @param {{ all: (ids: string[], query: string) => void, bring: () => void }} ways `all`: to all results in the table;
 *   `bring`: to where a grid of one's own is opened
 */
export function createSearchBox(presets, ways) {
  const search = createSearch(presets, language() === 'en' ? null : inLanguage);
  const box = h('input', {
    type: 'search',
    id: 'search',
    'aria-labelledby': 'search-title',
    'aria-describedby': 'search-count',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'A word, a paper, a system',
    oninput: () => update(),
  });
  const count = h('p', { id: 'search-count', class: 'search-count', role: 'status' });
  const results = h('div', { class: 'results' });
  const type = (/** @type {string} */ text) => {
    box.value = text;
    update();
    box.focus();
  };
  const word = (/** @type {string} */ text) => {
    const said = inLanguage(text);
    return h('button', { type: 'button', class: 'word', onclick: () => type(said) }, said);
  };
  const examples = h('p', { class: 'examples' }, 'For example ', ...EXAMPLES.map(word));

  function update() {
    const query = box.value.trim();
    results.replaceChildren();
    examples.hidden = query !== '';
    count.textContent = '';
    if (query === '') return;
    const found = search(query);
    count.textContent = said(found);
    if (found.bring !== null) results.append(bringing(found.bring, presets, ways.bring));
    if (found.hits.length > 0) {
      results.append(h('ul', { class: 'hits' }, ...found.hits.slice(0, SHOWN).map(hit)));
      if (found.hits.length > SHOWN) {
        const all = () =>
          ways.all(
            found.hits.map(({ id }) => id),
            query,
          );
        results.append(h('button', { type: 'button', onclick: all }, `All ${found.hits.length} in the table`));
      }
    } else if (found.bring === null) results.append(nothing(found, word));
  }

  const element = h(
    'form',
    {
      class: 'search',
      role: 'search',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const first = results.querySelector('a, button');
        if (first instanceof HTMLElement) first.focus();
      },
    },
    h('h1', { id: 'search-title' }, 'What do you want to find out?'),
    h('div', { class: 'search-row' }, box, h('button', { type: 'submit', class: 'primary' }, 'Search')),
    examples,
    count,
    results,
  );
  return { element };
}

/** @param {Found} found */
function said({ hits, all, bring }) {
  if (hits.length === 0) return bring === null ? 'Nothing found.' : '';
  const many = hits.length === 1 ? '1 preset' : `${hits.length} presets`;
  return all ? `${many} found.` : `No preset has all these words; ${many} with some of them.`;
}

/** @param {Preset} preset */
function hit(preset) {
  const option = familyOf(preset.id)
    ?.variants.find((variant) => variant.preset === preset.id)
    ?.at.join(', ');
  return h(
    'li',
    {},
    h('a', { href: `#p=${preset.id}` }, preset.title),
    h('span', {}, preset.question),
    h('span', { class: 'about' }, about(preset), option === undefined ? null : ` · variant: ${option}`),
  );
}

/**
 * @param {Found} found
 * @param {(text: string) => HTMLElement} word
 */
function nothing({ meant }, word) {
  const near = meant === '' ? null : h('p', {}, 'Did you mean ', word(meant), '?');
  return h(
    'div',
    {},
    near,
    h(
      'p',
      {},
      "Try one word of it, a paper's first author, or a system: ",
      word('oscillation'),
      word('Zuo'),
      word('Italy'),
    ),
  );
}

/**
 * A grid that is not built in: how it is brought, and what is built in near its size.
 * @param {Bring} bring
 * @param {Preset[]} presets
 * @param {() => void} go
 */
function bringing({ name, file, exact, near }, presets, go) {
  const there = (/** @type {{ preset: string }} */ { preset }) => presets.some(({ id }) => id === preset);
  const link = (/** @type {{ preset: string, name: string }} */ grid) =>
    h('li', {}, h('a', { href: `#p=${grid.preset}` }, grid.name));
  return h(
    'div',
    { class: 'bring' },
    h(
      'p',
      {},
      h('strong', {}, `Bring ${name} as a file.`),
      ` MATPOWER keeps such grids in its folder data: choose or drop ${file}, and Tandem reads it as it is.`,
    ),
    h('p', {}, h('button', { type: 'button', class: 'primary', onclick: go }, 'Use my grid')),
    h('p', {}, exact === null ? 'Built in and nearest in size:' : 'Built in, with as many buses:'),
    h('ul', { class: 'chips' }, ...(exact === null ? near : [exact]).filter(there).map(link)),
  );
}
