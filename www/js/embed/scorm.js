// A package of a lesson for learning platforms: what stands beside it, the score to pass, with the program or without.

import { fileName } from '../charts/download.js';
import { leversOf } from '../panels/levers.js';
import { MOST_INPUTS } from '../session/embedding.js';
import { fieldsAt } from '../session/form.js';
import { UNLINKED, hashOf } from '../session/links.js';
import { Stopped, sentence } from '../session/problem.js';
import { openDialog } from '../ui/dialog.js';
import { h, save, uid } from '../ui/dom.js';
import { LANGUAGES, inLanguage, language } from '../ui/language.js';
import { numberBox } from '../ui/number-input.js';
import { plain, reading } from '../ui/number.js';
import { packageOf } from './package.js';
import { viewsOf } from './views.js';

/** @import { Lab } from '../session/lab.js' */

/** Points to pass where nothing else is said, of 100. */
const MASTERY = 80;
/** Views that are asked about anyway: a package without them has no score. */
const ASKING = ['lesson', 'task'];

let styled = false;

function style() {
  if (!styled) document.head.append(h('link', { rel: 'stylesheet', href: 'css/builder.css' }));
  styled = true;
}

/** @param {Lab} lab */
export function openScorm(lab) {
  style();
  const name = 'Package for a learning platform';
  if (!isAsked(lab)) {
    openDialog(
      name,
      h('p', {}, 'This scenario has neither a lesson nor a question to find a number, so that there is no score.'),
      h('p', {}, h('a', { href: `#write&${lab.hash.slice(1)}` }, 'Write a lesson from this scenario')),
    );
    return;
  }
  const id = uid('scorm');
  const title = h('input', {
    id: `${id}-title`,
    type: 'text',
    class: 'wide',
    value: inLanguage(lab.report.title),
    maxlength: 200,
  });
  const beside = chooseViews(lab);
  const mastery = numberBox({ id: `${id}-mastery`, value: MASTERY, size: 4 }, () => ({ step: 5, min: 0, max: 100 }));
  const tongue = h(
    'select',
    { id: `${id}-language` },
    ...Object.entries(LANGUAGES).map(([tag, name]) =>
      h('option', { value: tag, selected: tag === language(), translate: 'no' }, name),
    ),
  );
  const way = chooseWay(id);
  const note = h('p', { class: 'help', role: 'status' });
  const make = h('button', { type: 'submit', class: 'primary' }, 'Save the package');

  /** @param {Event} event */
  async function pack(event) {
    event.preventDefault();
    const points = reading(mastery.value);
    if ('message' in points || points.value === null || points.value < 0 || points.value > 100) {
      note.textContent = 'The score to pass is a number from 0 to 100.';
      mastery.focus();
      return;
    }
    make.disabled = true;
    note.textContent = 'Making the package…';
    try {
      const hash = await linkOf(lab);
      /** @type {import('./package.js').Course} */
      const course = {
        ...{ title: title.value.trim() || lab.report.title, hash },
        ...{ views: viewsWith(lab, beside.chosen()), inputs: inputsOf(lab), lang: tongue.value },
        ...{ mastery: points.value, page: way.page() },
      };
      const blob = await packageOf(course, (done, count) => {
        note.textContent = `Packing file ${done} of ${count}…`;
      });
      save(`${fileName(course.title, 'scorm')}.zip`, blob);
      note.textContent = `The package is saved: ${sizeOf(blob.size)}. Add it to a course as a SCORM package.`;
    } catch (error) {
      note.textContent = sentence(error);
    } finally {
      make.disabled = false;
    }
  }

  openDialog(
    name,
    h(
      'form',
      { class: 'scorm', onsubmit: (/** @type {Event} */ event) => void pack(event) },
      h(
        'p',
        { class: 'help' },
        'A zip file by the SCORM standard, which Moodle, Canvas, ILIAS and others take. The platform records score and answers, and where a learner stopped.',
      ),
      h('label', { for: `${id}-title` }, 'Title', title),
      beside.element,
      h(
        'div',
        { class: 'row' },
        h('label', { for: `${id}-mastery`, class: 'pair' }, 'Score to pass, %', mastery),
        h('label', { for: `${id}-language`, class: 'pair' }, 'Language', tongue),
      ),
      way.element,
      h('div', { class: 'row' }, make),
      note,
    ),
  ).classList.add('share');
}

/** Whether a scenario asks anything that can be scored. @param {Lab} lab */
export function isAsked({ report }) {
  return report.lesson != null || report.task != null;
}

/**
 * What the frame shows: the lesson and the question first, then what stands beside.
 * @param {Lab} lab
 * @param {string[]} beside
 */
export function viewsWith({ report }, beside) {
  return [...(report.lesson == null ? [] : ['lesson']), ...(report.task == null ? [] : ['task']), ...beside];
}

/**
 * What stands beside where nothing else is said: the answer, the chart that answers, what the lesson says to watch, the
 * network.
 * @param {Lab} lab
 */
export function viewsBeside({ report }) {
  const { look, lesson, charts } = report;
  const lead = look.chart || charts[0]?.id;
  const watched = (lesson?.steps ?? []).map(({ watch }) => watch);
  const shown = charts.map(({ id }) => id).filter((id) => id === lead || watched.includes(id));
  return ['answer', ...shown, ...(look.without_network ? [] : ['network'])];
}

/**
 * What the lesson has its reader change, and what the scenario is about.
 * @param {Lab} lab
 */
export function inputsOf(lab) {
  const changed = (lab.report.lesson?.steps ?? []).flatMap(({ change }) => change.map(([path]) => path));
  const known = [...changed, ...leversOf(lab)].filter((path) => fieldsAt(lab.form, path).length > 0);
  return [...new Set(known)].slice(0, MOST_INPUTS);
}

/**
 * The link to the scenario, before its lesson has begun.
 * @param {Lab} lab
 */
async function linkOf(lab) {
  const { view, ...scenario } = JSON.parse(lab.document);
  const { lesson: _, ...rest } = view ?? {};
  const made = await lab.client.call('link', JSON.stringify({ ...scenario, view: rest }));
  const hash = hashOf(made.fragment);
  if (hash === UNLINKED) throw new Stopped('This scenario is too large for a package.');
  return hash;
}

/** @param {Lab} lab */
function chooseViews(lab) {
  const shown = viewsBeside(lab);
  const views = viewsOf(lab).filter(({ id }) => !ASKING.includes(id));
  const boxes = views.map(({ id, title }) => ({
    id,
    title,
    box: h('input', { type: 'checkbox', checked: shown.includes(id) }),
  }));
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, lab.report.lesson == null ? 'Beside the question' : 'Beside the lesson'),
      h('div', { class: 'scorm-views' }, ...boxes.map(({ box, title }) => h('label', { class: 'choice' }, box, title))),
    ),
    chosen: () => {
      const wanted = boxes.filter(({ box }) => box.checked).map(({ id }) => id);
      // In the order in which they stand where nothing else is said.
      return [...shown.filter((id) => wanted.includes(id)), ...wanted.filter((id) => !shown.includes(id))];
    },
  };
}

/** @param {string} id */
function chooseWay(id) {
  const page = new URL('.', location.href).href;
  const whole = h('input', { type: 'radio', name: `${id}-way`, checked: true });
  const small = h('input', { type: 'radio', name: `${id}-way` });
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, 'The program'),
      h(
        'label',
        { class: 'choice' },
        whole,
        h('span', {}, 'In the package, about 4\u00a0MB: the lesson needs no other site than the platform'),
      ),
      h(
        'label',
        { class: 'choice' },
        small,
        h(
          'span',
          {},
          'From this page, about 5\u00a0kB: learners have to reach',
          ' ',
          h('span', { class: 'address', translate: 'no' }, page),
        ),
      ),
    ),
    page: () => (small.checked ? page : null),
  };
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < 1e6 ? `${plain(bytes / 1e3, 0)}\u00a0kB` : `${plain(bytes / 1e6, 1)}\u00a0MB`;
}
