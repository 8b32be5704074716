// A lesson as its reader will meet it, all of it at once, with the answers that the reader does not see at first.

import { h } from '../ui/dom.js';
import { plain, unitText, withUnit } from '../ui/number.js';
import { seriesOf } from '../session/packed.js';

/** @import { Prediction, Report } from '../session/types.js' */
/** @import { Tried } from './check.js' */

/**
 * @param {Report} report
 * @param {Tried[]} tried
 * @returns {HTMLElement[]}
 */
export function toldOf(report, tried) {
  const { lesson } = report;
  const parts = [
    h('p', { class: 'lead-question' }, report.question ?? ''),
    h('p', {}, report.situation ?? ''),
    ...(lesson?.predict == null ? [] : [h('h3', {}, 'Predict'), ...predictionOf(lesson.predict, report)]),
    ...(lesson?.steps ?? []).flatMap((step, k) => [
      h('h3', {}, `Try ${k + 1}`),
      h('p', {}, step.say),
      h('p', { class: 'help' }, trialOf(tried[k] ?? null)),
    ]),
    ...(lesson == null || lesson.why.length === 0
      ? []
      : [h('h3', {}, 'Why'), ...lesson.why.map((text) => h('p', {}, text))]),
    ...(lesson == null || lesson.next.length === 0
      ? []
      : [h('h3', {}, 'Go on with'), h('ul', {}, ...lesson.next.map(({ title }) => h('li', {}, title)))]),
  ];
  return parts.filter((part) => part.textContent !== '');
}

/**
 * @param {Prediction} prediction
 * @param {Report} report
 */
function predictionOf({ ask, guess }, report) {
  const asked = h('p', {}, ask);
  if (guess.kind === 'choose') {
    const choices = guess.choices.map(({ say, right, reply }) =>
      h('li', {}, h('strong', {}, right ? '✓ ' : '', say), ' ', h('span', { class: 'help' }, reply)),
    );
    return [asked, h('ul', { class: 'told-choices' }, ...choices)];
  }
  const reply = h('p', { class: 'help' }, guess.reply);
  if (guess.kind === 'number') {
    const answer = `Right: ${withUnit(guess.answer, guess.unit)}, ± ${plain(guess.tolerance)}`;
    return [asked, h('p', {}, h('strong', {}, answer)), reply];
  }
  const values = [...(seriesOf(report, guess.series)?.values ?? [])];
  if (values.length === 0) return [asked, reply];
  const drawn = values.slice(Math.max(0, guess.from - 1)).map((value) => plain(value, 2));
  const truth = `Right, ${guess.name} from step ${guess.from} on: ${drawn.join(', ')} ${unitText(guess.unit)}`;
  return [asked, h('p', {}, h('strong', {}, truth)), reply];
}

/** @param {Tried} tried */
function trialOf(tried) {
  if (tried === null) return '';
  if (tried.before) return 'Tried: done already before its change.';
  return tried.after ? 'Tried: done after its change.' : 'Tried: not done after its change.';
}
