// What the page is opened to find out: the question with its setting.

import { h } from '../ui/dom.js';

/** @import { Lab } from '../session/lab.js' */

/** @param {Lab} lab */
export function createLead(lab) {
  const question = h('p', { class: 'lead-question' });
  const situation = h('p', { class: 'situation' });
  const element = h('section', { class: 'lead', 'aria-label': 'Question' }, question, situation);

  function update() {
    question.textContent = lab.report.question ?? '';
    situation.textContent = lab.report.situation ?? '';
    element.hidden = question.textContent === '';
  }

  update();
  return { element, destroy: lab.on('result', update) };
}
