// Questions for a course out of the scenario on screen: how many, in which format, the first ones to be read, and the file.

import { reading } from '../ui/number.js';
import { numberBox } from '../ui/number-input.js';
import { Stopped, sentence } from '../session/problem.js';
import { h, save, uid } from '../ui/dom.js';
import { loadSheet } from '../ui/sheet.js';

/** @import { Aside } from '../session/pool.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Question, QuestionBank } from '../session/types.js' */

/** More than this are made in the terminal. */
const MOST = 500;
const MOST_SEED = 999_999;

const FORMATS = [
  ['moodle', 'Moodle XML'],
  ['qti', 'QTI 2.1, a package for other platforms'],
  ['gift', 'GIFT, plain text'],
];
const STYLES = [
  ['mixed', 'By a number or a choice'],
  ['number', 'By a number'],
  ['choice', 'By a choice where it can be'],
];

/** @param {Lab} lab */
export function createQuestions(lab) {
  loadSheet('builder.css');
  const [format, style] = [choose(FORMATS), choose(STYLES)];
  const count = numberBox({ id: uid('questions'), inputmode: 'numeric', value: 20 }, () => ({
    step: 5,
    min: 1,
    max: MOST,
  }));
  const seed = numberBox({ id: uid('questions'), inputmode: 'numeric', value: 1 }, () => ({
    step: 1,
    min: 1,
    max: MOST_SEED,
  }));
  const status = h('p', { class: 'help', role: 'status' });
  const result = h('div', { class: 'question-bank' });
  const start = h('button', { type: 'button', class: 'primary', onclick: () => void make() }, 'Make the questions');
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => worker?.stop() }, 'Cancel');
  /** The worker that makes them. @type {Aside | null} */
  let worker = null;
  let under = '';

  const panel = h(
    'div',
    { class: 'panel questions' },
    h(
      'p',
      {},
      'Every question is this scenario with one or two inputs drawn anew, solved, and asked for one number of the result. Wrong answers are what typical errors give: congestion forgotten, the energy part alone, the average price, the wrong sign. The questions are in English.',
    ),
    h(
      'div',
      { class: 'question-form' },
      labelled('Format', format),
      labelled('Answers', style),
      labelled('Number of questions', count),
      labelled('Seed', seed),
      h('div', { class: 'row' }, start, cancel),
    ),
    status,
    result,
  );

  /**
   * A whole number that is typed, or null once it is said what is wrong with it.
   * @param {string} name
   * @param {HTMLInputElement} box
   * @param {number} most
   */
  function whole(name, box, most) {
    const read = reading(box.value);
    if (!('message' in read) && Number.isInteger(read.value) && read.value >= 1 && read.value <= most)
      return read.value;
    status.textContent = `${name}: a whole number from 1 to ${most}.`;
    box.focus();
    return null;
  }

  async function make() {
    const asked = whole('Number of questions', count, MOST);
    const drawn = asked === null ? null : whole('Seed', seed, MOST_SEED);
    if (asked === null || drawn === null || worker !== null) return;
    const page = location.protocol.startsWith('http') ? location.href.split(/[?#]/)[0] : '';
    const ask = { count: asked, seed: drawn, style: style.value, page };
    status.textContent = 'Solving';
    [start.disabled, cancel.hidden, under] = [true, false, lab.text];
    result.replaceChildren();
    try {
      // Of the whole module alone: asked for something of it, the page runs it, and so do workers beside it.
      await lab.client.call('ways', under);
      worker = await lab.client.aside();
      show(await worker.call('questions', { scenario: under, format: format.value, ask: JSON.stringify(ask) }));
    } catch (error) {
      status.textContent = error instanceof Stopped ? 'Cancelled.' : sentence(error);
    } finally {
      worker?.stop();
      [worker, start.disabled, cancel.hidden] = [null, false, true];
    }
  }

  /** @param {QuestionBank} bank */
  function show({ name, bytes, said, questions }) {
    status.textContent = said;
    if (questions.length === 0) return;
    const file = new Blob([/** @type {BlobPart} */ (bytes)], { type: 'application/octet-stream' });
    result.replaceChildren(
      h(
        'div',
        { class: 'row' },
        h('button', { type: 'button', class: 'primary', onclick: () => save(name, file) }, 'Save the file'),
        h('code', {}, name),
      ),
      h('h3', {}, 'The first of them'),
      h('ol', {}, ...questions.map(card)),
    );
  }

  const stop = lab.on('result', () => {
    // They are of a scenario that is no longer on screen.
    if (under === '' || under === lab.text) return;
    under = '';
    worker?.stop();
    result.replaceChildren();
    status.textContent = '';
  });
  return {
    panel,
    destroy() {
      stop();
      worker?.stop();
    },
  };
}

/** @param {string[][]} options values with their words */
function choose(options) {
  const rows = options.map(([value, words]) => h('option', { value }, words ?? ''));
  return h('select', { id: uid('questions') }, ...rows);
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 */
function labelled(name, control) {
  return h('div', {}, h('label', { for: control.id }, name), control);
}

/**
 * A question as students read it, with its answer and what is said to wrong ones.
 * @param {Question} question
 */
function card({ setting, data, ask, answer, within, wrong, feedback }) {
  return h(
    'li',
    {},
    h(
      'div',
      { lang: 'en', translate: 'no' },
      ...setting.map((text) => h('p', {}, text)),
      h('ul', {}, ...data.map((line) => h('li', {}, line))),
      h('p', { class: 'asked' }, ask),
    ),
    h(
      'dl',
      {},
      h('dt', {}, 'Answer'),
      h('dd', { translate: 'no' }, within === '' ? answer : `${answer} ± ${within}`),
      h('dt', {}, 'Typical errors'),
      ...wrong.map(([value, why]) => h('dd', { lang: 'en', translate: 'no' }, h('b', {}, value), ` ${why}`)),
      h('dt', {}, 'Feedback'),
      h('dd', { lang: 'en', translate: 'no' }, feedback),
    ),
  );
}
