// What the page is opened to find out: the question with its setting.

import { paperOf } from '../session/papers.js';
import { h } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/** @param {Lab} lab */
export function createLead(lab) {
  const question = h('p', { class: 'lead-question' });
  const situation = h('p', { class: 'situation' });
  const paper = paperOf(lab.scenario.preset ?? '');
  const source =
    paper === null
      ? null
      : h('p', { class: 'lead-paper' }, h('a', { href: `#paper=${paper.id}` }, `Figures and claims of ${paper.short}`));
  const element = h('section', { class: 'lead', 'aria-label': 'Question' }, question, situation, source);

  function update() {
    question.textContent = lab.report.question ?? '';
    situation.textContent = lab.report.situation ?? '';
    element.hidden = question.textContent === '';
  }

  update();
  return { element, destroy: lab.on('result', update) };
}
