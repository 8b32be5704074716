// The ways in to explanations: a small button at the head of each row and column of a table that can be asked why.

import { markSelected, subjectOf } from '../session/items.js';
import { h } from '../ui/dom.js';

/** @import { Subject } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** @type {Record<Subject['kind'], string>} */
const WORDS = { bus: 'bus ', branch: 'line ', party: '', boundary: 'interface ', zone: 'zone ' };

/** @param {Subject} subject */
export function subjectWords({ kind, id }) {
  return `${WORDS[kind]}${id}`;
}

/** What new rows are looked for in. @type {WeakSet<EventTarget>} */
const watched = new WeakSet();

/**
 * @param {Lab} lab
 * @param {ParentNode & EventTarget} root
 * @param {boolean} [isAll] whether rows that come later are among it
 */
export function addDoors(lab, root, isAll = true) {
  if (isAll && !watched.has(root)) {
    watched.add(root);
    root.addEventListener('rows', ({ target }) => {
      if (!(target instanceof HTMLElement)) return;
      addDoors(lab, target, false);
      markSelected(target, lab.selection);
    });
  }
  for (const head of root.querySelectorAll('th[scope="col"][data-item], tr[data-item] > th[scope="row"]')) {
    const item = head.closest('[data-item]')?.getAttribute('data-item') ?? null;
    const subject = subjectOf(item);
    if (subject === null || !lab.why.explains(subject) || head.querySelector('.why-door') !== null) continue;
    const label = `Why: ${subjectWords(subject)}`;
    const door = h('button', {
      ...{ type: 'button', class: 'why-door', 'aria-label': label, title: label },
      onclick: (/** @type {Event} */ event) => {
        // The press is no press on the head, which selects.
        event.stopPropagation();
        // One on the card itself leads on from what is asked.
        lab.why.ask(subject, door.closest('.why-card') === null ? () => door.focus() : undefined);
      },
    });
    head.append(door);
  }
}
