// Why a number is what it is: the question that stands open, asked again after every change, and its answer.

import { itemOf } from './items.js';
import { Superseded, sentence } from './problem.js';

/** @import { Explained, Subject } from './types.js' */
/** @import { Board } from './board.js' */

/** A question is asked anew so long after a change, ms: the changes meanwhile are of one question. */
const REST_MS = 150;

export class Why {
  /** What the open question is about; null where none is open. @type {Subject | null} */
  subject = null;
  /** The answer shown: of the question, or of the same before the last change. @type {Explained | null} */
  answer = null;
  /** Why there is no answer, in words. */
  problem = '';
  /** Whether an answer is on its way. */
  waiting = false;
  /** The step that the answer is of, from 0. */
  step = 0;

  /** How often a question was opened. */
  opened = 0;

  #board;
  #timer = 0;
  /** Questions in the worker. */
  #asked = 0;
  /** The newest question; answers to older ones come to nothing. */
  #turn = 0;
  /** Gives the focus back to where the first question was asked. @type {() => void} */
  #back = () => {};
  /** What was asked before, of which one led to the next. @type {Subject[]} */
  #trail = [];
  /** Whether the subject of the open question was pressed on the network. */
  #pressed = false;
  /** @type {(() => void)[]} */
  #stops = [];

  /** @param {Board} board */
  constructor(board) {
    this.#board = board;
  }

  /** The item that the open question is about. */
  get item() {
    return itemOf(this.subject) ?? null;
  }

  /**
   * Whether the report explains the number of a subject.
   * @param {Subject | null} subject
   */
  explains(subject) {
    const { explains = [], explains_parties: parties = [] } = this.#board.report;
    if (subject === null || !explains.includes(subject.kind)) return false;
    if (subject.kind === 'party') return parties.includes(subject.id);
    return subject.kind !== 'branch' || this.#board.isLimited(subject.id);
  }

  /** Whether prices of buses are explained. */
  get explainsBuses() {
    return (this.#board.report.explains ?? []).includes('bus');
  }

  /** What was asked before, where that led to this. @returns {Subject | null} */
  get before() {
    return this.#trail.at(-1) ?? null;
  }

  /** Asks again what was asked before. */
  goBack() {
    const subject = this.#trail.pop();
    if (subject !== undefined) this.#open(subject);
  }

  /**
   * @param {Subject} subject
   * @param {() => void} [back] gives the focus back once the question is closed; without it the answer before led here
   * @param {boolean} [pressed] whether the subject itself was pressed, where a word about it answers, too
   */
  ask(subject, back, pressed = false) {
    this.#pressed = pressed;
    if (back !== undefined) this.#trail = [];
    else if (this.subject !== null && itemOf(subject) !== this.item) this.#trail.push(this.subject);
    this.#back = back ?? this.#back;
    this.#open(subject);
  }

  /** @param {Subject} subject */
  #open(subject) {
    if (this.subject === null) {
      const later = () => this.#later();
      const board = this.#board;
      this.#stops = [board.on('result', later), board.on('cursor', later), board.on('status', () => this.#landed())];
    }
    if (itemOf(subject) !== this.item) this.answer = null;
    this.subject = subject;
    this.opened += 1;
    this.problem = '';
    this.#board.select(this.item);
    void this.#ask();
  }

  /** @param {boolean} [back] whether the focus goes back to where it was asked */
  close(back = false) {
    if (this.subject === null) return;
    this.#stops.forEach((stop) => stop());
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#turn += 1;
    this.#trail = [];
    if (this.#board.selection === this.item) this.#board.select(null);
    Object.assign(this, { subject: null, answer: null, problem: '', waiting: false });
    this.#board.emit('why');
    if (back) this.#back();
  }

  /** Closes what was no question; what was pressed stays chosen. */
  #forget() {
    const { item } = this;
    this.close();
    this.#board.select(item);
  }

  #later() {
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.#ask();
    }, REST_MS);
  }

  /** A change that came to nothing leaves what was asked meanwhile to be answered. */
  #landed() {
    if (this.waiting && this.#asked === 0 && !this.#board.working) this.#later();
  }

  async #ask() {
    const { subject } = this;
    if (subject === null) return;
    this.#turn += 1;
    const turn = this.#turn;
    const step = this.#board.cursor;
    this.waiting = true;
    this.#board.emit('why');
    // What is on its way is another question, which would be solved a second time for this one.
    if (this.#board.working) return;
    this.#asked += 1;
    try {
      const answer = await this.#board.explain(subject);
      if (turn !== this.#turn) return;
      Object.assign(this, { answer, step, problem: '' });
    } catch (error) {
      if (turn !== this.#turn || error instanceof Superseded) return;
      Object.assign(this, { answer: null, problem: sentence(error) });
      // Not every unit has a number that is explained: to press one that has none was no question.
      if (subject.kind === 'party' && this.#pressed) return this.#forget();
    } finally {
      this.#asked -= 1;
    }
    this.waiting = false;
    this.#board.emit('why');
  }
}
