// The spine of a lesson: predict, try, see why. How far it is stands in the link.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { note, progress } from '../ui/progress.js';
import { createGuess } from './predict.js';

/** @import { LessonStep, Prediction } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Guessing, Reply } from './predict.js' */

/**
 * @param {Lab} lab
 * @param {{ watch: (id: string) => void }} acts shows a chart or a drawer
 */
export function createLesson(lab, { watch }) {
  const lesson = new LessonPanel(lab, watch);
  return { element: lesson.element, destroy: () => lesson.destroy() };
}

class LessonPanel {
  #body = h('div', { class: 'lesson-body' });
  #marks = h('ol', { class: 'lesson-marks' });
  element = h('section', { class: 'lesson', 'aria-label': 'Lesson' }, this.#marks, this.#body);
  #lab;
  #watch;
  /** Asked of the scenario as it was opened: later answers are other ones. @type {Prediction | null} */
  #prediction;
  /** @type {Guessing | null} */
  #guessing = null;
  /** What was said to the prediction. @type {Reply | null} */
  #reply = null;
  /** What is shown now, to leave the focus alone where it is the same. */
  #shown = '';
  /** @type {(() => void)[]} */
  #stops;

  /**
   * @param {Lab} lab
   * @param {(id: string) => void} watch
   */
  constructor(lab, watch) {
    this.#lab = lab;
    this.#watch = watch;
    this.#prediction = lab.report.lesson?.predict ?? null;
    this.#stops = [lab.on('result', () => this.#update()), lab.on('phase', () => this.#update())];
    this.#update();
  }

  destroy() {
    for (const stop of this.#stops) stop();
  }

  get #steps() {
    return this.#lab.report.lesson?.steps ?? [];
  }

  /** The phases in their order. */
  get #phases() {
    return [...(this.#prediction === null ? [] : ['predict']), ...this.#steps.map((_, k) => tryOf(k)), 'why'];
  }

  /** @param {string} phase */
  #go(phase) {
    this.#lab.setPhase(phase);
    if (phase !== '') this.element.scrollIntoView({ block: 'nearest' });
  }

  #update() {
    const lab = this.#lab;
    const { lesson } = lab.report;
    this.element.hidden = lesson == null;
    if (lesson == null) return;
    const preset = lab.scenario.preset ?? '';
    if (lab.phase === 'why') note(preset, 'done');
    else if (lab.phase !== '') note(preset, 'begun');
    const done = this.#steps.map((step) => step.done).join();
    const shown = JSON.stringify([lab.phase, this.#reply, done, lab.phase === 'predict' ? 0 : lesson.why]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.classList.toggle('is-open', lab.phase !== '');
    this.#fillMarks();
    this.#body.replaceChildren(...this.#content().filter((part) => part !== null));
  }

  #fillMarks() {
    const { phase } = this.#lab;
    this.#marks.hidden = phase === '';
    const words = (/** @type {string} */ of) => ({ predict: 'Predict', why: 'Why' })[of] ?? 'Try';
    const phases = this.#phases;
    const at = phases.indexOf(phase);
    this.#marks.replaceChildren(
      ...phases.map((of, k) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              class: `mark${k < at ? ' is-past' : ''}`,
              'aria-current': of === phase ? 'step' : null,
              onclick: () => this.#go(of),
            },
            `${k + 1} ${words(of)}`,
          ),
        ),
      ),
      h(
        'li',
        { class: 'lesson-close' },
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#go('') }, 'Close the lesson'),
      ),
    );
  }

  /** @returns {(HTMLElement | null)[]} */
  #content() {
    const { phase } = this.#lab;
    if (phase === '') return [this.#invitation()];
    if (phase === 'predict' && this.#prediction !== null) return this.#predict(this.#prediction);
    const step = this.#steps.find((_, k) => tryOf(k) === phase);
    if (step !== undefined) return this.#try(step, phase);
    return this.#why();
  }

  #invitation() {
    const state = progress()[this.#lab.scenario.preset ?? ''];
    const first = this.#phases[0] ?? 'why';
    return h(
      'p',
      { class: 'row' },
      state === 'done' ? icon('check') : null,
      h(
        'button',
        { type: 'button', class: 'quiet', onclick: () => this.#go(first) },
        first === 'predict' ? 'Take it as a lesson: predict first, then see why' : 'Take it as a lesson, step by step',
      ),
      state === 'done' ? h('span', { class: 'help' }, 'done on this device') : null,
    );
  }

  /**
   * @param {Prediction} prediction
   * @returns {(HTMLElement | null)[]}
   */
  #predict(prediction) {
    this.#guessing ??= createGuess(this.#lab, prediction);
    const guessing = this.#guessing;
    const reply = this.#reply;
    if (reply !== null) {
      return [
        h('p', { class: 'lesson-ask' }, prediction.ask),
        guessing.element,
        h(
          'p',
          { class: `lesson-reply${reply.right ? ' is-right' : ''}`, role: 'status' },
          reply.right ? icon('check') : null,
          reply.right ? h('strong', {}, 'Right. ') : null,
          reply.text,
        ),
        this.#onward('predict'),
      ];
    }
    const missing = h('p', { class: 'help', role: 'status' });
    const check = () => {
      const answer = guessing.reply();
      if ('message' in answer) {
        missing.textContent = answer.message;
        return;
      }
      this.#answered(answer);
    };
    return [
      h('p', { class: 'lesson-ask' }, prediction.ask),
      guessing.element,
      h(
        'p',
        { class: 'row' },
        h('button', { type: 'button', class: 'primary', onclick: check }, 'That is my prediction'),
        h(
          'button',
          { type: 'button', class: 'quiet', onclick: () => this.#go(this.#after('predict')) },
          'Show the answer',
        ),
        missing,
      ),
    ];
  }

  /** @param {Reply} reply */
  #answered(reply) {
    this.#reply = reply;
    this.#guessing?.reveal();
    this.#lab.reveal();
    this.#update();
  }

  /**
   * @param {LessonStep} step
   * @param {string} phase
   * @returns {(HTMLElement | null)[]}
   */
  #try(step, phase) {
    const changes = step.change.map(([path, value]) => ({ path, value }));
    return [
      h('p', { class: 'lesson-ask' }, step.say),
      h(
        'p',
        { class: 'row' },
        changes.length === 0
          ? null
          : h('button', { type: 'button', onclick: () => this.#lab.edit(changes) }, 'Do it for me'),
        step.watch === ''
          ? null
          : h('button', { type: 'button', onclick: () => this.#watch(step.watch) }, 'Show what to watch'),
        step.done ? h('span', { class: 'lesson-done' }, icon('check'), 'Done') : null,
      ),
      this.#onward(phase),
    ];
  }

  /** @returns {(HTMLElement | null)[]} */
  #why() {
    const { lesson } = this.#lab.report;
    const next = lesson?.next ?? [];
    return [
      ...(lesson?.why ?? []).map((text) => h('p', {}, text)),
      next.length === 0 ? null : h('h2', {}, 'Go on with'),
      next.length === 0
        ? null
        : h(
            'ul',
            { class: 'lesson-next' },
            ...next.map(({ id, title, question }) =>
              h('li', {}, h('a', { href: `#p=${id}&v=1&view.lesson=predict` }, title), h('span', {}, question)),
            ),
          ),
    ];
  }

  /** The way on from a phase. @param {string} phase */
  #onward(phase) {
    const next = this.#after(phase);
    const words = next === 'why' ? 'Why is that?' : phase === 'predict' ? 'Try it' : 'Next';
    return h(
      'p',
      { class: 'row' },
      h('button', { type: 'button', class: 'primary', onclick: () => this.#go(next) }, words),
    );
  }

  /** @param {string} phase */
  #after(phase) {
    const phases = this.#phases;
    return phases[phases.indexOf(phase) + 1] ?? 'why';
  }
}

/** The phase of a step, from 0. @param {number} k */
function tryOf(k) {
  return `try-${k + 1}`;
}
