// What is asked before the answer is seen: to choose a statement, to give a number, or to draw a series.

import { h, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { amount, plain, reading, unitText, withUnit } from '../ui/number.js';
import { judge } from './judge.js';
import { createSketch } from './sketch.js';

/** @import { Prediction } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** What the reader is told of a prediction, which is `given` in words. @typedef {{ right: boolean, given: string, text: string }} Reply */
/**
 * A way to predict: `reply` is null where nothing was given yet, or tells in `message` what is missing.
 * @typedef {{ element: HTMLElement, reply: () => Reply | { message: string }, reveal: () => void }} Guessing
 */

/** A sketch this near to the truth on average counts as right, as a share of the scale. */
const NEAR = 0.08;

/**
 * @param {Lab} lab
 * @param {Prediction} prediction
 * @returns {Guessing}
 */
export function createGuess(lab, { guess }) {
  if (guess.kind === 'choose') return choose(guess);
  if (guess.kind === 'number') return number(lab, guess);
  return sketch(lab, guess);
}

/**
 * @param {Extract<Prediction['guess'], { kind: 'choose' }>} guess
 * @returns {Guessing}
 */
function choose({ choices }) {
  const name = uid('choice');
  const boxes = choices.map((_, at) => h('input', { type: 'radio', name, value: String(at) }));
  const labels = choices.map(({ say }, at) => h('label', { class: 'choice' }, boxes[at], h('span', {}, say)));
  return {
    element: h('div', { class: 'choices' }, ...labels),
    reply() {
      const chosen = choices[boxes.findIndex(({ checked }) => checked)];
      if (chosen === undefined) return { message: 'Choose one first.' };
      return { right: chosen.right, given: chosen.say, text: chosen.reply };
    },
    reveal() {
      for (const [at, label] of labels.entries()) label.classList.toggle('is-right', choices[at]?.right === true);
      for (const box of boxes) box.disabled = true;
    },
  };
}

/**
 * @param {Lab} lab
 * @param {Extract<Prediction['guess'], { kind: 'number' }>} guess
 * @returns {Guessing}
 */
function number(lab, { answer, unit, tolerance, sign, between, reply }) {
  const id = uid('guess');
  const box = numberBox({ id });
  const slider =
    between == null
      ? null
      : h('input', {
          type: 'range',
          min: between[0],
          max: between[1],
          step: 'any',
          'aria-label': 'Your prediction, slider',
          oninput: () => (box.value = plain(Number(slider?.value), 2)),
        });
  const hours = (lab.report.clock?.minutes_per_step ?? NaN) / 60;
  return {
    element: h(
      'div',
      { class: 'guess-number' },
      h('label', { for: id }, 'Your prediction'),
      h('span', { class: 'control' }, box, h('span', { class: 'unit' }, unitText(unit))),
      slider,
    ),
    reply() {
      const given = reading(box.value);
      if ('message' in given) return given;
      const said = withUnit(given.value, unit);
      if (answer == null) return { right: false, given: said, text: reply };
      const judged = judge(given.value, { answer, tolerance, sign: sign ?? 'either', unit }, hours);
      const slip = judged.right || judged.slip === '' ? '' : ` ${judged.slip}`;
      return { right: judged.right, given: said, text: `You said ${said}.${slip} ${reply}` };
    },
    reveal() {
      box.readOnly = true;
      if (slider !== null) slider.disabled = true;
    },
  };
}

/**
 * @param {Lab} lab
 * @param {Extract<Prediction['guess'], { kind: 'sketch' }>} guess
 * @returns {Guessing}
 */
function sketch(lab, { series, name, unit, from, between, reply }) {
  const truth = [...(lab.series(series)?.values ?? [])];
  const drawn = createSketch(
    { name, unit, from, between: [between[0], between[1]] },
    truth,
    lab.report.clock?.name ?? 'step',
  );
  return {
    element: drawn.element,
    reply() {
      const off = drawn.off();
      const right = off <= NEAR * (between[1] - between[0]);
      const given = `Your line is off by ${amount(off, unit)} on average.`;
      return { right, given, text: `${right ? 'That is it.' : given} ${reply}` };
    },
    reveal: drawn.reveal,
  };
}
