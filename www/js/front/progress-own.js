// A student's side: what was done on this device, and the codes that say so.

import { lessonLink } from '../session/links.js';
import { PATHS } from '../session/paths.js';
import { codeOf, keepName, keptName, progress } from '../session/progress.js';
import { h, uid } from '../ui/dom.js';
import { dotsOf } from './learn.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Path } from '../session/paths.js' */

/** @param {Preset[]} presets */
export function createOwnProgress(presets) {
  const id = uid('name');
  const title = uid('own');
  const known = new Map(presets.map((preset) => [preset.id, preset]));
  const said = h('p', { class: 'hidden-text', role: 'status' });
  const lines = PATHS.map((path) => pathLine(path, known, said));
  const name = h('input', { type: 'text', id, autocomplete: 'name', spellcheck: 'false', oninput: () => fill() });
  name.value = keptName();

  function fill() {
    keepName(name.value);
    for (const line of lines) line.fill(name.value);
  }

  fill();
  return h(
    'section',
    { class: 'progress-own', 'aria-labelledby': title },
    h('h2', { id: title }, 'My progress'),
    h(
      'p',
      {},
      'Lessons done in this browser. A code says which ones: write your name as your teacher knows it, and hand the code in. Nothing is sent from here.',
    ),
    h('p', { class: 'row' }, h('label', { for: id }, 'My name'), name),
    h('ul', { class: 'progress-paths' }, ...lines.map(({ element }) => element)),
    said,
  );
}

/**
 * @param {Path} path
 * @param {Map<string, Preset>} known
 * @param {HTMLElement} said
 */
function pathLine(path, known, said) {
  const stages = progress();
  const done = path.presets.map((preset) => stages.get(preset) === 'done');
  const count = done.filter(Boolean).length;
  const next = path.presets.find((preset) => stages.get(preset) !== 'done');
  const code = h('output', { class: 'progress-code' });
  const copy = h(
    'button',
    {
      type: 'button',
      'aria-label': `Copy the code of ${path.question}`,
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(code.value);
          copy.textContent = 'Copied';
          said.textContent = `Code ${code.value} copied.`;
        } catch {
          getSelection()?.selectAllChildren(code);
          said.textContent = 'Press Ctrl+C to copy the selected code.';
        }
      },
    },
    'Copy',
  );
  const hint = h('span', { class: 'help' });
  const element = h(
    'li',
    {},
    h(
      'div',
      { class: 'progress-path' },
      h('h3', {}, path.question),
      h('p', { class: 'help' }, dotsOf(path.presets, stages), ` ${count} of ${path.presets.length} done`),
      next === undefined
        ? null
        : h(
            'p',
            {},
            count === 0 ? 'Begin with ' : 'Go on with ',
            h('a', { href: lessonLink(next) }, known.get(next)?.title ?? next),
          ),
    ),
    h('div', { class: 'row' }, code, copy, hint),
  );
  return {
    element,
    /** @param {string} name */
    fill(name) {
      const ready = count > 0 && name.trim() !== '';
      code.value = ready ? codeOf(path.letter, done, name) : '';
      code.hidden = copy.hidden = !ready;
      copy.textContent = 'Copy';
      hint.textContent = ready ? '' : count === 0 ? 'No code yet' : 'Write your name for the code';
    },
  };
}
