// A question that the figures answer: a number to find, a reply, after two misses a hint and the answer on request.
// Nothing of it is kept: another visit starts afresh. Where there is a lesson it stands at its end, since it may give
// away what is predicted there.

import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { numberBox } from '../ui/number-input.js';
import { reading, unitText, withUnit } from '../ui/number.js';
import { scoreOf } from '../session/score.js';
import { judge } from './judge.js';

/** @import { Task } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** Misses after which the hint is given and the answer offered. */
const MISSES = 2;

/**
 * Whether two are one question, whatever is known of its answer.
 * @param {Task | null} a
 * @param {Task | null} b
 */
function sameTask(a, b) {
  const open = (/** @type {Task | null} */ task) => JSON.stringify({ ...task, answer: null });
  const known = Number.isFinite(a?.answer) && Number.isFinite(b?.answer);
  return open(a) === open(b) && (!known || a?.answer === b?.answer);
}

/** @param {Lab} lab */
export function createTask(lab) {
  /** @type {Task | null} */
  let task = null;
  let misses = 0;

  const ids = { title: uid('task'), input: uid('task'), question: uid('task') };
  const question = h('p', { id: ids.question, class: 'task-question' });
  const input = numberBox({ id: ids.input, 'aria-describedby': ids.question });
  const unit = h('span', { class: 'unit' });
  const show = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: reveal }, 'Show');
  const mark = h('span', { class: 'task-mark' });
  const words = h('span', {});
  const reply = h(
    'p',
    { class: 'task-reply', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' },
    mark,
    words,
  );
  const form = h(
    'form',
    { class: 'row', novalidate: true, onsubmit: check },
    h('label', { for: ids.input, class: 'hidden-text' }, 'Your answer'),
    h('span', { class: 'control' }, input, unit),
    h('button', { type: 'submit' }, 'Check'),
    show,
  );
  const title = h('h2', { id: ids.title });
  const attributes = { class: 'task', 'aria-labelledby': ids.title, hidden: true };
  const element = h('section', attributes, title, question, form, reply);

  /**
   * @param {string} text
   * @param {boolean} [found]
   */
  function answer(text, found = false) {
    words.textContent = text;
    mark.replaceChildren(...(found ? [icon('check'), h('span', { class: 'hidden-text' }, 'Right. ')] : []));
    element.classList.toggle('is-found', found);
  }

  /**
   * The question with its answer. Where the preset itself, whose answer it is, has not been solved, the program
   * solves it now.
   */
  async function known() {
    if (task === null) return null;
    if (!Number.isFinite(task.answer)) {
      const asked = task;
      answer('Looking it up …');
      const full = await lab.client.call('task', lab.text).catch(() => null);
      if (task !== asked) return null;
      answer('');
      if (full === null) return null;
      task = full;
    }
    return /** @type {Task & { answer: number }} */ (task);
  }

  /** @param {SubmitEvent} event */
  async function check(event) {
    event.preventDefault();
    const answered = reading(input.value);
    if ('message' in answered) {
      answer(answered.message);
      return;
    }
    const goal = await known();
    if (goal === null) return;
    const hours = (lab.report.clock?.minutes_per_step ?? NaN) / 60;
    const judged = judge(answered.value, { ...goal, sign: goal.sign ?? 'either' }, hours);
    scoreOf(lab).note('task', judged.right, withUnit(answered.value, goal.unit));
    if (judged.right) {
      show.hidden = true;
      answer(goal.found, true);
      return;
    }
    misses += 1;
    const hint = misses < MISSES || goal.hint === '' ? '' : ` Hint: ${goal.hint}`;
    show.hidden = misses < MISSES;
    // The same words again would not be read out again.
    const again = misses > MISSES ? ` (${misses} tries)` : '';
    answer(`${judged.slip === '' ? 'Not yet' : judged.slip.slice(0, -1)}${again}.${hint}`);
  }

  async function reveal() {
    const goal = await known();
    if (goal === null) return;
    scoreOf(lab).show('task');
    show.hidden = true;
    answer(`It is ${withUnit(goal.answer, goal.unit)}. ${goal.found}`);
    input.focus();
  }

  /** Another question, or another answer to it, starts afresh. */
  function update() {
    const next = lab.report.task ?? null;
    const taught = lab.report.lesson != null;
    title.textContent = taught ? 'Check yourself' : 'Find it';
    element.hidden = next === null || (taught && lab.phase !== 'why');
    const same = sameTask(next, task);
    if (!same || Number.isFinite(next?.answer)) task = next;
    if (same) return;
    misses = 0;
    question.textContent = next?.question ?? '';
    unit.textContent = unitText(next?.unit ?? '');
    input.value = '';
    show.hidden = true;
    answer('');
  }

  update();
  const stops = [lab.on('result', update), lab.on('phase', update)];
  return { element, destroy: () => stops.forEach((stop) => stop()) };
}
