// The time cursor's controls: first, back, play, on, last, a scrubber, the speed.

import { h, stillness } from '../ui/dom.js';
import { icon } from '../ui/icon.js';

/** @import { Board } from '../session/board.js' */
/** @import { IconName } from '../ui/icon.js' */

/** Steps per second on offer. */
const SPEEDS = [0.5, 1, 2, 5, 10, 20];

/** As on the axes of charts. */
const LONG_MINUTES = 2160;
const DAY_MINUTES = 1440;

/**
 * @param {Board} lab
 * @param {{ loop?: boolean, compact?: boolean, speed?: number }} [options]
 */
export function createTransport(lab, options = {}) {
  let speed = options.speed ?? 1;
  let timer = 0;

  /**
   * @param {string} label
   * @param {IconName} name
   * @param {() => void} act
   */
  const button = (label, name, act) =>
    h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: act }, icon(name));

  const go = (/** @type {number} */ step) => {
    lab.setPlaying(false);
    lab.moveTo(step);
  };
  const first = button('First', 'first', () => go(0));
  const back = button('Step back', 'back', () => go(lab.cursor - 1));
  const play = button('Play', 'play', () => lab.setPlaying(!lab.playing));
  const on = button('Step on', 'step', () => go(lab.cursor + 1));
  const last = button('Last', 'last', () => go(lab.steps - 1));
  const label = h('output', { class: 'clock' });
  const scrubber = h('input', {
    type: 'range',
    min: 1,
    step: 1,
    class: 'scrubber',
    oninput: () => go(Number(scrubber.value) - 1),
  });
  const speeds = h(
    'select',
    {
      'aria-label': 'Speed, steps per second',
      title: 'Speed',
      onchange: () => {
        speed = Number(speeds.value);
        if (lab.playing) run();
      },
    },
    ...SPEEDS.map((value) => h('option', { value, selected: value === speed }, `${value} /s`)),
  );
  const element = h(
    'div',
    { class: `transport${options.compact ? ' is-compact' : ''}`, role: 'group', 'aria-label': 'Time' },
    h('div', { class: 'buttons' }, options.compact ? null : first, back, play, on, options.compact ? null : last),
    scrubber,
    label,
    options.compact ? null : speeds,
  );

  function run() {
    window.clearInterval(timer);
    timer = window.setInterval(() => {
      if (lab.cursor + 1 < lab.steps) lab.moveTo(lab.cursor + 1);
      else if (options.loop) lab.moveTo(0);
      else lab.setPlaying(false);
    }, 1000 / speed);
  }

  function playing() {
    play.replaceChildren(icon(lab.playing ? 'pause' : 'play'));
    play.setAttribute('aria-label', lab.playing ? 'Pause' : 'Play');
    play.title = lab.playing ? 'Pause' : 'Play';
    if (lab.playing) {
      if (!options.loop && lab.cursor + 1 >= lab.steps) lab.moveTo(0);
      run();
    } else {
      window.clearInterval(timer);
    }
  }

  /** Day and time of the step, where steps are short and go over several days. */
  function time() {
    const minutes = lab.report.clock?.minutes_per_step ?? NaN;
    if (!(minutes < 60 && minutes * lab.steps > LONG_MINUTES)) return '';
    const passed = Math.round(lab.cursor * minutes);
    const two = (/** @type {number} */ value) => String(Math.floor(value)).padStart(2, '0');
    return ` · day ${Math.floor(passed / DAY_MINUTES) + 1}, ${two((passed % DAY_MINUTES) / 60)}:${two(passed % 60)}`;
  }

  function update() {
    const { clock } = lab.report;
    const steps = lab.steps;
    element.hidden = clock == null || steps < 2;
    if (clock == null) return;
    const text = `${clock.name} ${lab.cursor + 1}/${steps}`;
    scrubber.max = String(steps);
    scrubber.value = String(lab.cursor + 1);
    scrubber.setAttribute('aria-label', `Time, ${clock.name}`);
    scrubber.setAttribute('aria-valuetext', `${clock.name} ${lab.cursor + 1} of ${steps}${time()}`);
    label.replaceChildren(text, h('span', { class: 'time' }, time()));
    // Not `disabled`: the focus would be lost at the ends.
    for (const end of [first, back]) end.setAttribute('aria-disabled', String(lab.cursor === 0));
    for (const end of [on, last]) end.setAttribute('aria-disabled', String(lab.cursor === steps - 1));
  }

  update();
  playing();
  const stops = [lab.on('result', update), lab.on('cursor', update), lab.on('playing', playing)];
  return {
    element,
    /** Starts by itself, unless less motion was asked for. */
    autoplay() {
      if (!stillness()) lab.setPlaying(true);
    },
    destroy() {
      window.clearInterval(timer);
      stops.forEach((stop) => stop());
    },
  };
}
