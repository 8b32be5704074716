// A point of the plane that can be asked about: dragged, moved by arrow keys or typed; the answer stands beside it.
// Where the picture is a curve, the point slides along it and only its abscissa is asked for.

import { Stopped, Superseded, sentence as words } from '../session/problem.js';
import { h, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { reading, significant, unitText } from '../ui/number.js';
import { typeset } from '../ui/symbols.js';
import { createTable } from './datatable.js';
import { ProbeHandle, listenToProbe } from './probe-handle.js';
import { ProbeState } from './probe-state.js';

/** @import { Axis, Chart, Frame, Probe } from '../session/types.js' */
/** @import { Board } from '../session/board.js' */

/** Digits of the point in its fields. */
const DIGITS = 7;

/**
 * told: hears what was answered
 * @param {{
 *   board: Board, plot: HTMLElement, bare: boolean,
 *   chart: () => Chart | undefined, frame: () => Frame | null, told: (answer: Probe | null) => void
 * }} figure
 */
export function createProbe({ board, plot, bare, chart, frame, told }) {
  const state = new ProbeState(board, chart, frame);
  const handle = new ProbeHandle(state);
  const fields = new PointFields(state, {
    moved: (typed) => moved(typed),
    home,
    refuse: (text) => panel.said(text),
  });
  const panel = new AnswerPanel(bare, fields, accept);
  let frames = 0;

  /** @param {HTMLInputElement} [typed] the field being typed in, which keeps its text */
  function show(typed) {
    fields.write(typed);
    handle.show(plot.querySelector('.picture svg')?.getAttribute('viewBox') ?? '0 0 1 1');
    panel.element.classList.toggle('is-outside', state.outside);
  }

  /** The same with the field that has the focus. */
  const showKeepingFocus = () => show(/** @type {HTMLInputElement} */ (document.activeElement));

  /** @param {HTMLInputElement} [typed] */
  function moved(typed) {
    show(typed);
    ask();
  }

  function home() {
    state.own = null;
    moved();
  }

  /** The point becomes the scenario's own. */
  function accept() {
    const changes = state.answer?.offer?.changes ?? [];
    state.own = null;
    board.edit(changes.map(([path, value]) => ({ path, value })));
  }

  /** One question per frame, about the newest point. */
  function ask() {
    if (frames !== 0) return;
    frames = requestAnimationFrame(() => {
      frames = 0;
      void answer();
    });
  }

  async function answer() {
    const { point } = state;
    const { report } = board;
    const which = state.chart?.probe;
    if (point === null || which == null) return;
    state.asked = report;
    // Nobody has asked yet: to look at what was computed ahead solves nothing.
    if (board.ahead !== null && state.own === null) {
      panel.fail('Move the point: this answer was computed ahead, so the first question solves it here.');
      return;
    }
    try {
      const next = await board.probe(which, point);
      if (report !== board.report) return;
      state.answer = next;
      panel.tell(next, state);
      told(next);
    } catch (error) {
      if (error instanceof Superseded || error instanceof Stopped) return;
      state.answer = null;
      told(null);
      panel.fail(words(error));
    }
    showKeepingFocus();
  }

  listenToProbe(state, handle.element, plot, { moved: () => moved(), home, let: () => show() });

  return {
    element: panel.element,
    layer: handle.layer,
    /** What zooming by button or key keeps in view. */
    about: () => state.pointInView,
    /** The point where it was moved to. */
    own: () => state.own,
    point: () => state.point,
    answer: () => state.answer,
    curve: () => state.curve,
    /** @param {{ x: number, y: number }} point */
    moveTo(point) {
      state.moveTo(point);
      moved();
    },
    /** A new drawing: the handle moves with its frame. */
    drawn() {
      if (!state.active) return;
      showKeepingFocus();
      if (state.asked !== board.report) ask();
    },
    /** A new report, or another step: the point at home moves, any other is asked about again. */
    refresh() {
      const on = state.active;
      panel.element.hidden = !on;
      handle.enable(on);
      if (!on) return;
      show();
      // The picture of a curve comes before the sentence: asking may take the worker a while.
      if (state.curve === undefined) ask();
    },
    /** The step changed. */
    stepped() {
      if (!state.active || state.own !== null || state.curve !== undefined) return;
      moved();
    },
    destroy() {
      cancelAnimationFrame(frames);
    },
  };
}

/** The coordinates of the point, to be read and typed, and the way back. */
class PointFields {
  #state;
  #acts;
  #x;
  #y;
  #back;

  /**
   * @param {ProbeState} state
   * @param {{ moved: (typed: HTMLInputElement) => void, home: () => void, refuse: (text: string) => void }} acts
   */
  constructor(state, acts) {
    this.#state = state;
    this.#acts = acts;
    this.#x = this.#field('x');
    this.#y = this.#field('y');
    this.#back = h('button', { type: 'button', class: 'quiet', onclick: acts.home });
    this.element = h('div', { class: 'probe-fields' }, this.#x.element, this.#y.element, this.#back);
  }

  /** @param {HTMLInputElement} [typed] the field being typed in, which keeps its text */
  write(typed) {
    const { chart, point, curve, own } = this.#state;
    this.#back.disabled = own === null;
    if (chart === undefined || point === null) return;
    this.#back.textContent = chart.home === undefined ? 'Back to the operating point' : `Back to “${chart.home}”`;
    this.#y.element.hidden = curve !== undefined;
    this.#writeField(this.#x, chart.x, point.x, typed);
    this.#writeField(this.#y, chart.y, point.y, typed);
  }

  /**
   * @param {{ input: HTMLInputElement, label: HTMLElement, unit: HTMLElement }} field
   * @param {Axis} axis
   * @param {number} value
   * @param {HTMLInputElement | undefined} typed
   */
  #writeField({ input, label, unit }, axis, value, typed) {
    label.replaceChildren(...typeset(axis.label));
    unit.textContent = unitText(axis.unit);
    if (input !== typed) input.value = String(significant(value, DIGITS));
  }

  /** @param {'x' | 'y'} axis */
  #field(axis) {
    const state = this.#state;
    const name = uid('probe');
    const input = numberBox({
      id: name,
      oninput: () => {
        const typed = reading(input.value);
        const { point } = state;
        if ('message' in typed) {
          input.setAttribute('aria-invalid', 'true');
          this.#acts.refuse(typed.message);
        } else if (point !== null) {
          input.removeAttribute('aria-invalid');
          state.moveTo({ ...point, [axis]: typed.value });
          this.#acts.moved(input);
        }
      },
      // Left with what is no number, it goes back to where the point stands.
      onblur: () => {
        input.removeAttribute('aria-invalid');
        this.write();
      },
      onchange: () => this.write(input.hasAttribute('aria-invalid') ? input : undefined),
    });
    const label = h('label', { for: name });
    const unit = h('span', { class: 'unit' });
    const control = h('span', { class: 'control' }, input, unit);
    return { element: h('div', { class: 'probe-field' }, label, control), input, label, unit };
  }
}

/** What was answered: a sentence, a table, and what may be made of the point. */
class AnswerPanel {
  #said = h('p', { class: 'probe-sentence', 'aria-live': 'polite' });
  #table = h('div', { class: 'probe-table' });
  #offer;
  #bare;

  /**
   * @param {boolean} bare the sentence only
   * @param {PointFields} fields
   * @param {() => void} accept
   */
  constructor(bare, fields, accept) {
    this.#bare = bare;
    this.#offer = h('button', { type: 'button', class: 'probe-offer', hidden: true, onclick: accept });
    this.element = h(
      'div',
      { class: 'probe', role: 'group', 'aria-label': 'Point asked about' },
      bare ? null : fields.element,
      this.#said,
      bare ? null : this.#offer,
      bare ? null : this.#table,
    );
  }

  /** @param {string} text */
  said(text) {
    this.#said.replaceChildren(...typeset(text));
  }

  /**
   * @param {Probe} answer
   * @param {ProbeState} state
   */
  tell(answer, state) {
    this.said(answer.sentence);
    this.#offer.hidden = answer.offer === undefined || state.own === null;
    this.#offer.textContent = answer.offer?.label ?? '';
    if (this.#bare) return;
    const table = state.steady(answer.table);
    this.#table.replaceChildren(...(table.rows.length > 0 ? [createTable(table, { caption: false })] : []));
  }

  /** @param {string} text */
  fail(text) {
    this.#offer.hidden = true;
    this.said(text);
    this.#table.replaceChildren();
  }
}
