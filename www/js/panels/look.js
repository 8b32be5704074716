// The grid of the scenario in other markets: what each puts to it, and the way there.

import { sentence } from '../session/problem.js';
import { h } from '../ui/dom.js';

/** @import { Way } from '../session/types.js' */
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
  function row({ id, name, adds, lacks }) {
    const texts = [...adds, lacks].filter((text) => text !== '');
    return h(
      'li',
      { class: 'look' },
      h('button', { type: 'button', disabled: lacks !== '', onclick: () => void go(id) }, name),
      texts.length > 0 && h('ul', { class: 'help' }, ...texts.map((text) => h('li', {}, text))),
    );
  }

  /** @param {string} as */
  async function go(as) {
    status.textContent = 'Solving';
    try {
      const looked = await lab.client.call('lookAs', { scenario: lab.text, as });
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
