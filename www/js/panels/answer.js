// The answer: one sentence with the number that matters, short facts, messages with their cures.

import { h } from '../ui/dom.js';
import { createImportReport } from './import-report.js';

/** @import { Message, Progress } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const WORDS = { info: 'Note', warning: 'Warning', error: 'Problem' };

/**
 * @param {Lab} lab
 * @param {{ reveal?: (path: string) => void }} [options]
 */
export function createAnswer(lab, options = {}) {
  const headline = h('p', { class: 'headline' });
  const spoken = h('div', { 'aria-live': 'polite', 'aria-atomic': 'true' }, headline);
  const badges = h('ul', { class: 'badges', 'aria-label': 'In short' });
  const messages = h('div', { class: 'messages' });
  const firstNote = h('span', { class: 'first-note' });
  const noteCount = h('span', { class: 'note-count' });
  const noteList = h('ul', {});
  const notes = h('details', { class: 'notes' }, h('summary', {}, firstNote, noteCount), noteList);
  const imported = createImportReport(lab);
  const progress = createProgress(lab);
  const element = h(
    'section',
    { class: 'answer', 'aria-label': 'Answer' },
    spoken,
    badges,
    messages,
    notes,
    imported.element,
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
    if (headline.textContent !== report.headline) headline.replaceChildren(...unbroken(report.headline));
    element.classList.toggle('is-infeasible', report.status === 'infeasible');
    badges.replaceChildren(...report.badges.map(({ text, tone }) => h('li', { class: `badge badge-${tone}` }, text)));
    const remarks = report.messages.filter(({ level, cures }) => level === 'info' && (cures ?? []).length === 0);
    notes.hidden = remarks.length === 0;
    firstNote.textContent = remarks[0]?.text ?? '';
    noteCount.textContent = remarks.length > 1 ? `${remarks.length} notes` : 'note';
    noteList.replaceChildren(...remarks.map(({ text }) => h('li', {}, text)));
    messages.replaceChildren(...report.messages.filter((message) => !remarks.includes(message)).map(messageOf));
  }

  update();
  const stop = lab.on('result', update);
  const print = () => (notes.open = true);
  addEventListener('beforeprint', print);
  return {
    element,
    destroy() {
      stop();
      removeEventListener('beforeprint', print);
      progress.destroy();
      imported.destroy();
    },
  };
}

/** A number with its unit, and a name with a hyphen. */
const WHOLE = /[−\d][\d.,\u202f]* (?:\$|€|%|°|[A-Za-z]{1,5}\b)\S*|\S+-\S+/g;

/**
 * A sentence in which lines do not break inside a number with its unit or a name.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
function unbroken(text) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let from = 0;
  for (const { 0: whole, index } of text.matchAll(WHOLE)) {
    if (whole.length > 24) continue;
    parts.push(text.slice(from, index), h('span', { class: 'whole' }, whole));
    from = index + whole.length;
  }
  return [...parts, text.slice(from)];
}

/**
 * How far a solve from parts is; without parts the bar only says that something goes on.
 * @param {HTMLProgressElement} bar
 * @param {HTMLElement} words
 * @param {Progress | null} progress
 */
export function showProgress(bar, words, progress) {
  bar.removeAttribute('value');
  if (progress === null) return;
  const { done, count, name } = progress;
  if (done < count) {
    bar.max = count;
    bar.value = done;
  }
  if (count === 0) words.textContent = 'The system is large: this takes minutes.';
  else
    words.textContent =
      done < count ? `${done} of ${count} ${name}` : `All ${count} ${name} are made; the rest is solved with them…`;
}

/**
 * Shows that a solve takes long, lets it be cancelled, and says when one has failed.
 * @param {Lab} lab
 */
function createProgress(lab) {
  const text = h('span', {});
  const cancel = h('button', { type: 'button', onclick: () => lab.cancel() }, 'Cancel');
  const bar = h('progress', { 'aria-label': 'Solving' });
  const element = h('div', { class: 'progress', role: 'status', hidden: true }, bar, text, cancel);

  function update() {
    const slow = lab.status === 'slow' || lab.status === 'stuck';
    element.hidden = !slow && lab.trouble === '';
    bar.hidden = !slow;
    cancel.hidden = !slow;
    if (!slow) text.textContent = lab.trouble;
    else if (lab.progress === null)
      text.textContent =
        lab.status === 'stuck' ? 'Still solving. The last result stays until this one is done.' : 'Solving…';
    showProgress(bar, text, slow ? lab.progress : null);
    element.classList.toggle('is-failed', !slow && lab.trouble !== '');
    document.body.classList.toggle('is-solving', slow);
  }

  update();
  const stop = lab.on('status', update);
  return { element, destroy: stop };
}
