// The form of a lesson: what its writer fills in, in the order in which a reader meets it.

import { h, uid } from '../ui/dom.js';
import { choice, field, list } from './parts.js';
import { CONDITION, predictForm } from './predict-form.js';
import { changesForm } from './changes-form.js';
import { blank } from './words.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Facts } from './facts.js' */
/** @import { Words } from './words.js' */

/**
 * @param {Words} words changed in place
 * @param {{ presets: Preset[], facts: Facts, changed: () => void }} around
 */
export function createForm(words, { presets, facts, changed }) {
  /** Fields that show what the scenario says where they are empty. @type {(() => void)[]} */
  const refresh = [];
  /** @param {'title' | 'question' | 'situation'} name @param {string} label @param {number} rows */
  const text = (name, label, rows) => {
    const element = field({
      at: name,
      label,
      rows,
      value: words[name],
      set: (value) => {
        words[name] = value;
        changed();
      },
    });
    const box = element.querySelector('input, textarea');
    refresh.push(() => box?.setAttribute('placeholder', facts.own[name]));
    return element;
  };
  const steps = list({
    items: words.steps,
    blank: blank.step,
    name: 'Step',
    add: 'Add a step',
    changed,
    fields: (step, k) => stepFields(step, k, { facts, changed, refresh }),
  });
  const element = h(
    'form',
    {
      class: 'write-form',
      'aria-label': 'The lesson',
      onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
    },
    section(
      'Question',
      'Where a field is empty, the words of the scenario stand.',
      text('title', 'Title', 0),
      text('question', 'Question: what is the scenario opened to find out?', 2),
      text('situation', 'Situation, in two sentences', 3),
    ),
    section('Prediction', 'What the reader says before the answer is seen.', ...predictForm(words.predict, changed)),
    section(
      'Steps',
      'What the reader does, one after another; each is seen with the changes before it.',
      steps.element,
    ),
    section(
      'Why',
      'What explains it. A paragraph with a condition is shown where the condition holds.',
      whyList(words, changed),
    ),
    section('Next', 'Presets to go on with.', nextList(words, presets, changed)),
  );
  return {
    element,
    /** The scenario is known, or was solved anew. */
    update() {
      for (const one of refresh) one();
    },
    /** A step gets a change of an input. @param {number} k @param {string} path @param {unknown} value */
    addChange(k, path, value) {
      const step = words.steps[k];
      if (step === undefined) return;
      const there = step.change.find((one) => one.path === path);
      if (there === undefined) step.change.push({ path, value });
      steps.fill();
      for (const one of refresh) one();
      changed();
      const box = element.querySelector(`[data-at="steps.${k}.change"] [data-input="${CSS.escape(path)}"]`);
      if (box instanceof HTMLElement) box.focus();
    },
    addStep() {
      words.steps.push(blank.step());
      steps.fill();
      return words.steps.length - 1;
    },
  };
}

/** @param {string} title @param {string} help @param {...Node} content */
function section(title, help, ...content) {
  const id = uid('write');
  return h(
    'section',
    { class: 'write-section', 'aria-labelledby': id, 'data-name': title },
    h('h2', { id }, title),
    h('p', { class: 'help' }, help),
    ...content,
  );
}

/**
 * @param {import('./words.js').StepWords} step
 * @param {number} k
 * @param {{ facts: Facts, changed: () => void, refresh: (() => void)[] }} around
 */
function stepFields(step, k, { facts, changed, refresh }) {
  /** @param {'say' | 'watch' | 'until'} name @param {string} label @param {Partial<import('./parts.js').FieldOptions>} more */
  const own = (name, label, more) =>
    field({
      at: `steps.${k}.${name}`,
      label,
      value: step[name],
      set: (value) => {
        step[name] = value;
        changed();
      },
      ...more,
    });
  const changes = changesForm(step, k, facts, changed);
  refresh.push(changes.update);
  return [
    own('say', 'What to do, and what to look at', { rows: 2, takes: 'sentence' }),
    changes.element,
    own('watch', 'Shown at “Show what to watch” (optional)', {
      takes: 'chart',
      help: k === 0 ? 'Pick a chart or a drawer.' : '',
    }),
    own('until', 'Done when (optional)', { takes: 'expression', help: k === 0 ? CONDITION : '' }),
  ];
}

/** @param {Words} words @param {() => void} changed */
function whyList(words, changed) {
  return list({
    items: words.why,
    blank: blank.why,
    name: 'Paragraph',
    add: 'Add a paragraph',
    changed,
    fields: (item, k) => {
      /** @param {'say' | 'when'} name @param {string} label @param {Partial<import('./parts.js').FieldOptions>} more */
      const own = (name, label, more) =>
        field({
          at: `why.${k}.${name}`,
          label,
          value: item[name],
          set: (value) => {
            item[name] = value;
            changed();
          },
          ...more,
        });
      return [
        own('say', 'Text', { rows: 3, takes: 'sentence' }),
        own('when', 'Only when (optional)', { takes: 'expression' }),
      ];
    },
  }).element;
}

/** @param {Words} words @param {Preset[]} presets @param {() => void} changed */
function nextList(words, presets, changed) {
  const options = presets.map(({ id, title }) => /** @type {[string, string]} */ ([id, title]));
  return list({
    items: words.next,
    blank: () => presets[0]?.id ?? '',
    name: 'Next',
    add: 'Add a preset',
    changed,
    fields: (id, k) => [
      choice({
        at: `next.${k}`,
        label: 'Preset',
        value: id,
        options,
        set: (value) => {
          words.next[k] = value;
          changed();
        },
      }),
    ],
  }).element;
}
