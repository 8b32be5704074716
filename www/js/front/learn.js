// The ways in: lessons that tell a story, with how far the reader has come, and questions that a comparison answers.

import { lessonLink } from '../session/links.js';
import { PATHS } from '../session/paths.js';
import { progress } from '../session/progress.js';
import { h } from '../ui/dom.js';
import { COMPARISONS } from './choices.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Path } from '../session/paths.js' */
/** @import { Stage } from '../session/progress.js' */

/** @param {Preset[]} presets */
export function createLearn(presets) {
  const stages = progress();
  const known = new Map(presets.map((preset) => [preset.id, preset]));
  const paths = PATHS.map((path) => item(path, known, stages)).filter((one) => one !== null);
  return h(
    'section',
    { class: 'way', 'data-place': 'learn', 'aria-labelledby': 'way-learn' },
    h('h2', { id: 'way-learn' }, 'Learn'),
    h('p', { class: 'help' }, 'Short lessons that tell a story, one path for each mechanism.'),
    h('ul', { class: 'paths' }, ...paths),
    h(
      'p',
      { class: 'learn-more' },
      h('a', { href: '#progress' }, 'Your progress and code'),
      h('a', { href: '#write' }, 'Write a lesson'),
      h('a', { href: '#room' }, 'Play a market with a class'),
    ),
  );
}

/**
 * @param {Path} path
 * @param {Map<string, Preset>} known
 * @param {Map<string, Stage>} stages
 */
function item(path, known, stages) {
  const lessons = path.presets.map((id) => known.get(id)).filter((preset) => preset !== undefined);
  const next = lessons.find(({ id }) => stages.get(id) !== 'done') ?? lessons[0];
  if (next === undefined) return null;
  const minutes = lessons.reduce((sum, preset) => sum + preset.minutes, 0);
  return h(
    'li',
    {},
    h('a', { class: 'way-link', href: lessonLink(next.id) }, path.question),
    h(
      'details',
      {},
      h(
        'summary',
        {},
        dotsOf(
          lessons.map(({ id }) => id),
          stages,
        ),
        ` ${lessons.length} lessons, ${minutes} min`,
      ),
      h('p', { class: 'help' }, path.story),
      h('ol', { class: 'lessons' }, ...lessons.map((preset) => lesson(preset, stages.get(preset.id)))),
    ),
  );
}

/**
 * How far lessons are, as a row of dots.
 * @param {string[]} lessons
 * @param {Map<string, Stage>} stages
 */
export function dotsOf(lessons, stages) {
  const done = lessons.filter((id) => stages.get(id) === 'done').length;
  const dots = lessons.map((id) => h('span', { class: `dot ${stages.get(id) ?? 'open'}` }));
  return h('span', { class: 'dots', role: 'img', 'aria-label': `${done} of ${lessons.length} done.` }, ...dots);
}

/**
 * @param {Preset} preset
 * @param {Stage | undefined} stage
 */
function lesson({ id, title }, stage) {
  const said = stage === undefined ? null : h('span', { class: 'about' }, stage === 'done' ? ' ✓ done' : ' begun');
  return h('li', {}, h('a', { href: lessonLink(id) }, title), said);
}

/** @param {Preset[]} presets */
export function createCompareWay(presets) {
  const there = COMPARISONS.filter(({ preset }) => presets.some(({ id }) => id === preset));
  return h(
    'section',
    { class: 'way', 'data-place': 'compare', 'aria-labelledby': 'way-compare' },
    h('h2', { id: 'way-compare' }, 'Compare schemes'),
    h('p', { class: 'help' }, 'The same day under different rules, side by side.'),
    h(
      'ul',
      { class: 'paths' },
      ...there.map(({ question, how, preset, drawer }) =>
        h(
          'li',
          {},
          h('a', { class: 'way-link', href: `#p=${preset}&v=1&view.drawer=${drawer}` }, question),
          h('p', { class: 'about' }, how),
        ),
      ),
    ),
  );
}
