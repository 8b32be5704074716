// The grid of the scenario in other markets: what each puts to it, and the way there.

import { sentence } from '../session/problem.js';
import { h } from '../ui/dom.js';

/** @import { Part, Way } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** @param {Lab} lab */
export function createLook(lab) {
  const list = h('ul', { class: 'looks' });
  const status = h('p', { class: 'help', role: 'status' });
  const panel = h(
    'div',
    { class: 'panel' },
    h(
      'p',
      {},
      'The same transmission network in another market. What it lacks there is put to it; “Back” of the browser leads to your scenario again.',
    ),
    status,
    list,
  );
  /** The scenario whose ways are listed. */
  let asked = '';

  /** @param {Way} way */
  function row({ id, name, adds, lacks, parts }) {
    const texts = [...adds, lacks].filter((text) => text !== '');
    const choice = choose(parts ?? []);
    return h(
      'li',
      { class: 'look' },
      h('button', { type: 'button', disabled: lacks !== '', onclick: () => void go(id, choice.taken()) }, name),
      choice.element,
      texts.length > 0 && h('ul', { class: 'help' }, ...texts.map((text) => h('li', {}, text))),
    );
  }

  /**
   * Which buses are distribution: a box for each part.
   * @param {Part[]} parts
   */
  function choose(parts) {
    const boxes = parts.map(({ id, proposed }) => h('input', { type: 'checkbox', value: id, checked: proposed }));
    const rows = parts.map(({ text }, k) => h('label', {}, boxes[k] ?? '', ' ', text));
    const element = h(
      'fieldset',
      { class: 'parts' },
      h('legend', {}, 'Which buses are distribution?'),
      h('div', { class: 'rows', tabindex: '0' }, ...rows),
    );
    return {
      element: parts.length > 0 && element,
      taken: () => (parts.length > 0 ? boxes.filter((box) => box.checked).map((box) => box.value) : undefined),
    };
  }

  /**
   * @param {string} as
   * @param {string[] | undefined} parts Of the grid that are feeders, where there is a choice.
   */
  async function go(as, parts) {
    if (parts?.length === 0) {
      status.textContent = 'Tick a part of the grid that is distribution.';
      return;
    }
    status.textContent = 'Solving';
    try {
      const looked = await lab.client.call('lookAs', { scenario: lab.text, as, parts: parts ?? [] });
      const { fragment } = await lab.client.call('link', looked);
      // Another market is another page of the browser's history, with drawers and words of its own.
      location.hash = fragment;
    } catch (error) {
      status.textContent = sentence(error);
    }
  }

  async function refresh() {
    if (asked === lab.text) return;
    asked = lab.text;
    try {
      const ways = await lab.client.call('ways', asked);
      list.replaceChildren(...ways.map(row));
      status.textContent = ways.length > 0 ? '' : 'There is no transmission network to look at.';
    } catch (error) {
      asked = '';
      status.textContent = sentence(error);
    }
  }

  return {
    panel,
    refresh,
    /** Whether there is a network that other markets can have. */
    there: () => lab.scenario.case.buses.length > 1 && (lab.scenario.case.generators ?? []).length > 0,
  };
}
