// The answer: one sentence with the number that matters, short facts, messages with their cures.

import { h } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';
import { amount } from '../ui/number.js';
import { createImportReport } from './import-report.js';

/** @import { Message, Progress, Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

const WORDS = { info: 'Note', warning: 'Warning', error: 'Problem' };

/**
 * @param {Lab} lab
 * @param {{ reveal?: (path: string) => void, evidence?: () => void }} [options] where an input and the evidence are
 */
export function createAnswer(lab, options = {}) {
  const headline = h('p', { class: 'headline' });
  const spoken = h('div', { 'aria-live': 'polite', 'aria-atomic': 'true' }, headline);
  const number = createNumber(lab);
  const badges = h('ul', { class: 'badges', 'aria-label': 'In short' });
  const messages = h('div', { class: 'messages' });
  const about = h('button', { type: 'button', class: 'quiet about', onclick: options.evidence });
  const facts = h('div', { class: 'facts' }, badges, about);
  const imported = createImportReport(lab);
  const progress = createProgress(lab);
  const element = h(
    'section',
    { class: 'answer', 'aria-label': 'Answer' },
    h('div', { class: 'said' }, number.element, spoken),
    facts,
    messages,
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

  /** The preset's own answer where it has one: of the step at the cursor where it speaks of a step. */
  function tell() {
    const { answer, headline: general } = lab.report;
    const text = inLanguage(answer?.[Math.min(lab.cursor, answer.length - 1)] ?? general);
    if (headline.textContent !== text) headline.replaceChildren(...unbroken(text));
  }

  function update() {
    const { report } = lab;
    tell();
    element.classList.toggle('is-infeasible', report.status === 'infeasible');
    badges.replaceChildren(
      ...report.badges.map(({ text, tone, of_solving }) =>
        h('li', { class: `badge badge-${tone}${of_solving === true ? ' of-solving' : ''}` }, text),
      ),
    );
    const notes = notesOf(report);
    about.hidden = notes.length === 0 || options.evidence === undefined;
    about.textContent = 'About the data';
    messages.replaceChildren(...report.messages.filter((message) => !notes.includes(message)).map(messageOf));
  }

  update();
  const stops = [lab.on('result', update), lab.on('cursor', tell)];
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      number.destroy();
      progress.destroy();
      imported.destroy();
    },
  };
}

/**
 * Notes on a result: where its data come from, and what was chosen.
 * @param {Report} report
 */
export function notesOf(report) {
  return report.messages.filter(({ level, cures }) => level === 'info' && (cures ?? []).length === 0);
}

/**
 * The one number that the preset shows large: of the summary, or of a series at the cursor.
 * @param {Lab} lab
 */
function createNumber(lab) {
  const value = h('span', { class: 'large-value' });
  const name = h('span', { class: 'large-name' });
  const element = h('p', { class: 'large-number' }, value, name);

  function update() {
    const id = lab.report.look.number ?? '';
    const quantity = lab.report.summary.find((one) => one.id === id);
    const series = lab.series(id);
    const now = quantity?.value ?? (series === undefined ? NaN : lab.at(id));
    element.hidden = id === '' || !Number.isFinite(now);
    if (element.hidden) return;
    value.textContent = amount(now, quantity?.unit ?? series?.unit ?? '');
    name.textContent = quantity?.name ?? series?.name ?? '';
  }

  update();
  const stops = [lab.on('result', update), lab.on('cursor', update)];
  return { element, destroy: () => stops.forEach((stop) => stop()) };
}

/** A name with a hyphen. */
const WHOLE = /\S+-\S+/gu;

/**
 * A sentence in which lines do not break inside a name.
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
