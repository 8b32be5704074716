// A scenario that takes minutes, while it is solved: what the system is, and how much of the work is done.

import { showProgress } from '../panels/answer.js';
import { h, s } from '../ui/dom.js';
import { plain } from '../ui/number.js';
import { createHeader } from './shell.js';

/** @import { Progress, Scenario } from '../session/types.js' */

/** Sizes of the picture, px. */
const WIDTH = 720;
const ROW = 24;
const GAP = 18;

/**
 * @param {Scenario} scenario
 * @param {() => void} cancel stops the solve
 */
export function createWaitingView(scenario, cancel) {
  const header = createHeader({ title: scenario.title });
  const words = h('span', {});
  const bar = h('progress', { 'aria-label': 'Solving' });
  const status = h(
    'div',
    { class: 'progress', role: 'status' },
    bar,
    words,
    h('button', { type: 'button', onclick: cancel }, 'Cancel'),
  );
  const picture = draw(scenario);
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    h('p', { class: 'headline' }, sizes(scenario)),
    status,
    h('ol', { class: 'waiting-steps' }, ...STEPS.map((step) => h('li', {}, step))),
    picture.element,
  );
  return {
    element: h('div', { class: 'waiting' }, header.element, main),
    destroy: header.destroy,
    /** @param {Progress | null} progress */
    update(progress) {
      showProgress(bar, words, progress);
      picture.update(progress?.done ?? 0);
    },
  };
}

const STEPS = [
  'Every feeder turns its bids and its network into a residual supply function.',
  'The TSO clears its market with these functions.',
  'Every feeder delivers what was cleared, and its buses get their prices.',
];

/** @param {number} count @param {string} one @param {string} [many] */
function counted(count, one, many = `${one}s`) {
  return `${plain(count, 0)} ${count === 1 ? one : many}`;
}

/** What the system is made of, in a sentence. @param {Scenario} scenario */
function sizes({ case: system }) {
  const { buses, branches, feeders = [], balancing } = system;
  const below = feeders.reduce((sum, feeder) => sum + feeder.buses.length, 0);
  const parts = [
    `${counted(buses.length, 'transmission bus', 'transmission buses')} and ${counted(branches.length, 'line')}`,
    `${counted(feeders.length, 'feeder')} with ${counted(below, 'bus', 'buses')}`,
  ];
  if (balancing) parts.push(counted(balancing.bids.length, 'bid'), counted(balancing.periods ?? 1, 'period'));
  return `${parts.join(', ')}.`;
}

/**
 * Transmission as a bar with its feeders below, each as long as it has buses.
 * @param {Scenario} scenario
 */
function draw({ case: system }) {
  const feeders = system.feeders ?? [];
  const columns = Math.max(1, Math.min(feeders.length, Math.floor(WIDTH / GAP)));
  const rows = Math.ceil(feeders.length / columns);
  const most = Math.max(1, ...feeders.map((feeder) => feeder.buses.length));
  const deep = 3 * ROW;
  const marks = feeders.map((feeder, k) => {
    const x = GAP / 2 + (k % columns) * (WIDTH / columns);
    const top = ROW + 8 + Math.floor(k / columns) * (deep + 12);
    const long = 8 + (deep - 8) * (feeder.buses.length / most);
    return s(
      'g',
      { class: 'waiting-feeder' },
      s('title', {}, `${feeder.id}, ${counted(feeder.buses.length, 'bus', 'buses')}`),
      s('line', { x1: x, x2: x, y1: top, y2: top + long }),
      s('circle', { cx: x, cy: top + long, r: 4 }),
    );
  });
  const height = ROW + 8 + rows * (deep + 12) + 4;
  const element = s(
    'svg',
    {
      class: 'waiting-picture',
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: 'img',
      'aria-label': `Transmission with ${counted(feeders.length, 'feeder')} below it`,
    },
    s('rect', { x: 0, y: 0, width: WIDTH, height: ROW, rx: 4 }),
    s('text', { x: 10, y: 17 }, counted(system.buses.length, 'transmission bus', 'transmission buses')),
    ...marks,
  );
  return {
    element,
    /** @param {number} done functions made so far */
    update(done) {
      marks.forEach((mark, k) => mark.classList.toggle('is-done', k < done));
    },
  };
}
