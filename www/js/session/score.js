// How a lesson went: which of its questions were answered, and how. Kept for whoever asks, by itself nowhere.

/** @import { Lab } from './lab.js' */

/** One question: `right` at last, after so many answers; `given` is the last. @typedef {{ right: boolean, tries: number, given: string }} Answered */
/** What is told after an answer. @typedef {{ question: string, right: boolean, tries: number, given: string, done: number, count: number, score: number, finished: boolean, state: string }} Told */

/** Characters that a learning platform keeps at most, less room for the rest of its entry. */
const ROOM = 4000;
/** Characters kept of an answer. */
const GIVEN = 200;

/** @type {WeakMap<Lab, Score>} */
const scores = new WeakMap();

/** @param {Lab} lab */
export function scoreOf(lab) {
  const known = scores.get(lab);
  if (known !== undefined) return known;
  const score = new Score(lab);
  scores.set(lab, score);
  return score;
}

export class Score {
  #lab;
  /** @type {Map<string, Answered>} */
  #answers = new Map();
  /** The questions that were shown their answer, or answered rightly: nothing counts after that. */
  #settled = new Set();
  #reached = false;
  /** @type {Set<(told: Told) => void>} */
  #listeners = new Set();

  /** @param {Lab} lab */
  constructor(lab) {
    this.#lab = lab;
    lab.on('phase', () => this.#reach());
  }

  /** @param {(told: Told) => void} listener */
  on(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The questions of the scenario that count: the prediction and the number to find. */
  get #questions() {
    const { lesson, task } = this.#lab.report;
    return [...(lesson?.predict == null ? [] : ['predict']), ...(task == null ? [] : ['task'])];
  }

  /**
   * An answer was given.
   * @param {string} question
   * @param {boolean} right
   * @param {string} given
   * @param {boolean} [last] whether another answer does not count any more
   */
  note(question, right, given, last = right) {
    if (this.#settled.has(question)) return;
    const tries = (this.#answers.get(question)?.tries ?? 0) + 1;
    this.#answers.set(question, { right, tries, given: given.slice(0, GIVEN) });
    if (last) this.#settled.add(question);
    this.#tell(question);
  }

  /** The answer was shown without one. @param {string} question */
  show(question) {
    if (this.#settled.has(question)) return;
    const { tries = 0, given = '' } = this.#answers.get(question) ?? {};
    this.#answers.set(question, { right: false, tries, given });
    this.#settled.add(question);
    this.#tell(question);
  }

  #reach() {
    if (this.#lab.phase === '') return;
    this.#reached ||= this.#lab.phase === 'why';
    this.#tell('lesson');
  }

  /** @param {string} question */
  #tell(question) {
    const told = this.told(question);
    for (const listener of this.#listeners) listener(told);
  }

  /** @param {string} question @returns {Told} */
  told(question) {
    const questions = this.#questions;
    const right = questions.filter((one) => this.#answers.get(one)?.right).length;
    const done = questions.filter((one) => this.#settled.has(one)).length;
    const read = this.#lab.report.lesson == null || this.#reached;
    const finished = read && done === questions.length;
    const own = this.#answers.get(question) ?? { right: finished, tries: 0, given: '' };
    // Where nothing is asked, to have gone through it is all that can be done.
    const score = questions.length === 0 ? Number(finished) : right / questions.length;
    return { question, ...own, done, count: questions.length, score, finished, state: this.#state() };
  }

  #state() {
    const answers = [...this.#answers].map(([question, { right, tries, given }]) => [
      ...[question, Number(right), tries, given],
      Number(this.#settled.has(question)),
    ]);
    const whole = JSON.stringify({ phase: this.#lab.phase, why: Number(this.#reached), answers });
    if (whole.length <= ROOM) return whole;
    return JSON.stringify({
      phase: this.#lab.phase,
      why: Number(this.#reached),
      answers: answers.map(([question, right, tries, , settled]) => [question, right, tries, '', settled]),
    });
  }

  /**
   * Goes on where a state was taken; what is no state leaves everything as it is.
   * @param {string} state
   */
  restore(state) {
    /** @type {{ phase?: unknown, why?: unknown, answers?: unknown }} */
    let kept;
    try {
      kept = JSON.parse(state) ?? {};
    } catch {
      return;
    }
    const answers = Array.isArray(kept.answers) ? kept.answers : [];
    for (const [question, right, tries, given, settled] of answers.filter(Array.isArray)) {
      if (typeof question !== 'string' || !Number.isInteger(tries)) continue;
      this.#answers.set(question, { right: right === 1, tries, given: String(given).slice(0, GIVEN) });
      if (settled === 1) this.#settled.add(question);
    }
    this.#reached = kept.why === 1;
    if (this.#settled.has('predict')) this.#lab.reveal();
    if (typeof kept.phase === 'string' && kept.phase !== '') this.#lab.setPhase(kept.phase);
  }
}
