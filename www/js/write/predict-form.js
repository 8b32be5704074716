// What the reader is asked before the answer is seen: the fields of the kind of prediction that is chosen.

import { h } from '../ui/dom.js';
import { choice, field, list, remark, tick } from './parts.js';
import { blank } from './words.js';

/** @import { PredictKind, PredictWords } from './words.js' */

/** @type {[PredictKind, string][]} */
const KINDS = [
  ['none', 'nothing: the lesson begins with its steps'],
  ['choose', 'to choose one of several statements'],
  ['number', 'to give a number'],
  ['sketch', 'to draw a series over time'],
];

const CONDITION = 'Compare two numbers, e.g. cost_mean > 100. Join several with “and”.';

/**
 * @param {PredictWords} words changed in place
 * @param {() => void} changed
 */
export function predictForm(words, changed) {
  const box = h('div', { class: 'write-group' });
  const { text, kinds } = fieldsOf(words, changed);

  function fill() {
    const { kind } = words;
    const parts =
      kind === 'none'
        ? []
        : [
            text('ask', 'Question', {
              rows: 3,
              takes: 'sentence',
              help: 'Give every number that is needed, with its unit.',
            }),
            ...kinds[kind](),
          ];
    box.replaceChildren(...parts, ...(kind === 'none' ? [] : covers(words, text, changed)));
  }

  const kind = choice({
    at: 'predict.kind',
    label: 'The reader is asked',
    value: words.kind,
    options: KINDS,
    set: (value) => {
      words.kind = /** @type {PredictKind} */ (value);
      fill();
      changed();
    },
  });
  fill();
  return [kind, box];
}

/**
 * @param {PredictWords} words
 * @param {() => void} changed
 */
function fieldsOf(words, changed) {
  /** @typedef {'ask' | 'of' | 'series' | 'unit' | 'tolerance' | 'low' | 'high' | 'from' | 'reply' | 'charts'} Name */
  /**
   * @param {Name} name
   * @param {string} label
   * @param {Partial<import('./parts.js').FieldOptions>} [more]
   */
  const text = (name, label, more = {}) =>
    field({
      at: `predict.${name}`,
      label,
      value: words[name],
      set: (value) => {
        words[name] = value;
        changed();
      },
      ...more,
    });
  const ends = (/** @type {string} */ of) =>
    h(
      'div',
      {},
      h('div', { class: 'write-pair' }, text('low', `${of} from`), text('high', 'to')),
      remark('predict.between'),
    );
  const reply = () =>
    text('reply', 'Said afterwards', { rows: 2, takes: 'sentence', help: 'What came out, with its number.' });
  const kinds = {
    choose: () => [statements(words, changed), remark('predict.choices')],
    number: () => [
      text('of', 'Number', {
        takes: 'expression',
        help: 'Pick it from the numbers; several may be added or subtracted.',
      }),
      h('div', { class: 'write-pair' }, text('unit', 'Unit'), text('tolerance', 'Right within ±')),
      choice({
        at: 'predict.sign',
        label: 'Sign',
        value: words.sign,
        options: [
          ['either', 'only the size counts'],
          ['exact', 'counts: say in the question which sign means what'],
        ],
        set: (value) => {
          words.sign = value === 'exact' ? 'exact' : 'either';
          changed();
        },
      }),
      ends('Slider (optional)'),
      reply(),
    ],
    sketch: () => [
      text('series', 'Series', {
        at: 'predict.of',
        takes: 'series',
        help: 'Pick it from the numbers: one with a value for each step.',
      }),
      text('from', 'Drawn from step'),
      ends('Scale'),
      reply(),
    ],
  };
  return { text, kinds };
}

/**
 * @param {PredictWords} words
 * @param {() => void} changed
 */
function statements(words, changed) {
  return list({
    items: words.choices,
    blank: blank.statement,
    name: 'Statement',
    add: 'Add a statement',
    changed,
    fields: (item, k) => {
      /** @param {'say' | 'when' | 'reply'} name @param {string} label @param {Partial<import('./parts.js').FieldOptions>} more */
      const own = (name, label, more) =>
        field({
          at: `predict.choices.${k}.${name}`,
          label,
          value: item[name],
          set: (value) => {
            item[name] = value;
            changed();
          },
          ...more,
        });
      return [
        own('say', 'Statement', { rows: 2, takes: 'sentence' }),
        own('when', 'It is right when', { takes: 'expression', help: k === 0 ? CONDITION : '' }),
        own('reply', 'Said to who chose it', { rows: 2, takes: 'sentence' }),
      ];
    },
  }).element;
}

/**
 * What is covered until the reader has predicted.
 * @param {PredictWords} words
 * @param {ReturnType<typeof fieldsOf>['text']} text
 * @param {() => void} changed
 */
function covers(words, text, changed) {
  return [
    tick({
      label: 'Cover the network, too, until the reader has predicted',
      value: words.network,
      set: (value) => {
        words.network = value;
        changed();
      },
    }),
    text('charts', 'Charts to cover, too', {
      takes: 'charts',
      help: 'The answer and the chart that answers are always covered.',
    }),
  ];
}

export { CONDITION };
