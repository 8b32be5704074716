// The answer: one sentence with the number that matters, short facts, messages with their cures.

import { h } from './dom.js';
import { withUnit } from './number.js';

/** @import { Message } from './types.js' */
/** @import { Lab } from './lab.js' */

const WORDS = { info: 'Note', warning: 'Warning', error: 'Problem' };

/**
 * @param {Lab} lab
 * @param {{ reveal?: (path: string) => void }} [options]
 */
export function createAnswer(lab, options = {}) {
  const headline = h('p', { class: 'headline' });
  const spoken = h('div', { 'aria-live': 'polite', 'aria-atomic': 'true' }, headline);
  const badges = h('ul', { class: 'badges', 'aria-label': 'In short' });
  const summary = h('dl', { class: 'quantities' });
  const messages = h('div', { class: 'messages' });
  const progress = createProgress(lab);
  const element = h(
    'section',
    { class: 'answer', 'aria-label': 'Answer' },
    spoken,
    h('div', { class: 'facts' }, badges, summary),
    messages,
    progress.element,
  );

  /** @param {Message} message */
  function messageOf(message) {
    const field = message.field ?? null;
    return h(
      'div',
      { class: `message message-${message.level}` },
      h('p', {}, h('strong', {}, `${WORDS[message.level]}: `), message.text),
      h(
        'div',
        { class: 'message-actions' },
        ...(message.cures ?? []).map(({ label, path, value }) =>
          h('button', { type: 'button', class: 'cure', onclick: () => lab.edit([{ path, value }]) }, label),
        ),
        field !== null && options.reveal !== undefined
          ? h('button', { type: 'button', class: 'quiet', onclick: () => options.reveal?.(field) }, 'Go to the input')
          : null,
      ),
    );
  }

  function update() {
    const { report } = lab;
    if (headline.textContent !== report.headline) headline.textContent = report.headline;
    element.classList.toggle('is-infeasible', report.status === 'infeasible');
    badges.replaceChildren(...report.badges.map(({ text, tone }) => h('li', { class: `badge badge-${tone}` }, text)));
    summary.replaceChildren(
      ...report.summary
        .filter(({ value }) => value !== null && value !== undefined)
        .slice(0, 4)
        .map(({ name, value, unit, note }) =>
          h('div', { title: note ?? '' }, h('dt', {}, name), h('dd', {}, withUnit(value, unit, 3))),
        ),
    );
    messages.replaceChildren(...report.messages.map(messageOf));
  }

  update();
  const stop = lab.on('result', update);
  return {
    element,
    destroy() {
      stop();
      progress.destroy();
    },
  };
}

/**
 * Shows that a solve takes long, lets it be cancelled, and says when one has failed.
 * @param {Lab} lab
 */
export function createProgress(lab) {
  const text = h('span', {});
  const cancel = h('button', { type: 'button', onclick: () => lab.cancel() }, 'Cancel');
  const bar = h('progress', { 'aria-label': 'Solving' });
  const element = h('div', { class: 'progress', role: 'status', hidden: true }, bar, text, cancel);

  function update() {
    const slow = lab.status === 'slow' || lab.status === 'stuck';
    element.hidden = !slow && lab.trouble === '';
    bar.hidden = !slow;
    cancel.hidden = !slow;
    if (slow) text.textContent = lab.status === 'stuck' ? 'Still solving. The last result stays until this one is done.' : 'Solving…';
    else text.textContent = lab.trouble;
    element.classList.toggle('is-failed', !slow && lab.trouble !== '');
    document.body.classList.toggle('is-solving', slow);
  }

  update();
  const stop = lab.on('status', update);
  return { element, destroy: stop };
}
