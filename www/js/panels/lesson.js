// The spine of a lesson: predict, try, see why. How far it is stands in the link.

import { lessonLink } from '../session/links.js';
import { note, progress } from '../session/progress.js';
import { scoreOf } from '../session/score.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { createGuess } from './predict.js';

/** @import { LessonStep, Prediction, Preset } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Guessing, Reply } from './predict.js' */
/** @typedef {NonNullable<ReturnType<typeof import('../session/paths.js').placeOf>>} Place */

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
  /** Where the lesson stands in its path, once that was asked. @type {Place | null} */
  #place = null;
  /** The menu, once it is known: for the title of the next lesson of the path. @type {Preset[]} */
  #presets = [];
  #asked = false;
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

  /** The preset whose lesson it is; '' for a lesson that somebody else wrote around a scenario. */
  get #preset() {
    const { lesson, preset } = this.#lab.scenario;
    return lesson == null ? (preset ?? '') : '';
  }

  /** The phase shown: a link may name one that this lesson does not have. */
  get #phase() {
    const { phase } = this.#lab;
    const phases = this.#phases;
    return phase === '' || phases.includes(phase) ? phase : (phases[0] ?? 'why');
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
    const phase = this.#phase;
    if (phase === 'why') note(this.#preset, 'done');
    else if (phase !== '') note(this.#preset, 'begun');
    const done = this.#steps.map((step) => step.done).join();
    const parts = [phase, this.#reply, done, phase === 'predict' ? 0 : lesson.why, this.#presets.length];
    const shown = JSON.stringify(parts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.classList.toggle('is-open', phase !== '');
    this.#fillMarks();
    this.#body.replaceChildren(...this.#content().filter((part) => part !== null));
  }

  #fillMarks() {
    const phase = this.#phase;
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
    const phase = this.#phase;
    if (phase === '') return [this.#invitation()];
    if (phase === 'predict' && this.#prediction !== null) return this.#predict(this.#prediction);
    const step = this.#steps.find((_, k) => tryOf(k) === phase);
    if (step !== undefined) return this.#try(step, phase);
    return this.#why();
  }

  #invitation() {
    const state = progress().get(this.#preset);
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
        h('button', { type: 'button', class: 'quiet', onclick: () => this.#pass() }, 'Show the answer'),
        missing,
      ),
    ];
  }

  /** The answer is seen without a prediction. */
  #pass() {
    scoreOf(this.#lab).show('predict');
    this.#go(this.#after('predict'));
  }

  /** @param {Reply} reply */
  #answered(reply) {
    scoreOf(this.#lab).note('predict', reply.right, reply.given, true);
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
    const place = this.#place;
    if (!this.#asked) void this.#findPlace();
    const inPath = place === null || place.next === null ? null : this.#titled(place.next);
    const others = (lesson?.next ?? []).filter(({ id }) => id !== place?.next);
    const next = inPath === null ? others : [inPath, ...others];
    return [
      ...(lesson?.why ?? []).map((text) => h('p', {}, text)),
      place === null ? null : placeLine(place),
      next.length === 0 ? null : h('h2', {}, 'Go on with'),
      next.length === 0
        ? null
        : h(
            'ul',
            { class: 'lesson-next' },
            ...next.map((one) =>
              h(
                'li',
                {},
                h('a', { href: lessonLink(one.id), class: one === inPath ? 'primary' : null }, one.title),
                h('span', {}, one === inPath ? `Next of this path. ${one.question}` : one.question),
              ),
            ),
          ),
    ];
  }

  /** A preset with its title, which the menu knows. @param {string} id */
  #titled(id) {
    const own = this.#lab.report.lesson?.next.find((one) => one.id === id);
    return own ?? this.#presets.find((one) => one.id === id) ?? null;
  }

  /** At the end alone the path is asked for: a first result need not wait for it. */
  async #findPlace() {
    this.#asked = true;
    try {
      const [{ placeOf }, presets] = await Promise.all([
        import('../session/paths.js'),
        this.#lab.client.call('gallery', undefined),
      ]);
      this.#place = placeOf(this.#preset);
      this.#presets = presets;
      this.#update();
    } catch {
      // Without its path a lesson still ends with what it names itself.
    }
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

/** Where a lesson stands in its path. @param {Place} place */
function placeLine({ path, at, next }) {
  const ends = next === null ? ' It was the last one.' : '';
  return h(
    'p',
    { class: 'help' },
    `Lesson ${at + 1} of ${path.presets.length} of the path \u201c${path.question}\u201d${ends} `,
    h('a', { href: '#progress' }, 'Your progress and code'),
  );
}
