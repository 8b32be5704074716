// A lesson as it is being written: every field as its writer sees it, those of the kinds of prediction that are not
// chosen included; and the file that is made of it.

import { read } from '../ui/number.js';

/** @import { Lesson, Step } from '../session/data.d.ts' */

/**
 * @typedef {'none' | 'choose' | 'number' | 'sketch'} PredictKind
 * @typedef {{ say: string, when: string, reply: string }} StatementWords
 * @typedef {object} PredictWords Numbers are kept as they were typed.
 * @property {PredictKind} kind
 * @property {string} ask
 * @property {StatementWords[]} choices
 * @property {string} of
 * @property {string} series
 * @property {string} unit
 * @property {string} tolerance
 * @property {'either' | 'exact'} sign
 * @property {string} low
 * @property {string} high
 * @property {string} from
 * @property {string} reply
 * @property {boolean} network
 * @property {string} charts
 * @typedef {{ path: string, value: any }} ChangeWords
 * @typedef {{ say: string, change: ChangeWords[], watch: string, until: string }} StepWords
 * @typedef {{ say: string, when: string }} WhyWords
 * @typedef {{ title: string, question: string, situation: string, predict: PredictWords, steps: StepWords[], why: WhyWords[], next: string[], rest: Pick<Lesson, 'answer' | 'look'> }} Words
 *   `rest`: what a file may hold besides, and keeps
 * @typedef {{ at: string, message: string }} Fault where it stands, and what is wrong
 * @typedef {Lesson & { lesson: 1, scenario: unknown, title?: string }} LessonFile
 */

export const blank = {
  statement: () => ({ say: '', when: '', reply: '' }),
  /** @returns {StepWords} */
  step: () => ({ say: '', change: [], watch: '', until: '' }),
  why: () => ({ say: '', when: '' }),
  /** @returns {Words} */
  lesson: () => ({
    title: '',
    question: '',
    situation: '',
    predict: {
      kind: 'none',
      ask: '',
      choices: [blank.statement(), blank.statement()],
      of: '',
      series: '',
      unit: '',
      tolerance: '',
      sign: 'either',
      low: '',
      high: '',
      from: '2',
      reply: '',
      network: false,
      charts: '',
    },
    steps: [],
    why: [],
    next: [],
    rest: {},
  }),
};

/**
 * What a lesson holds, to be written on.
 * @param {Partial<Lesson> & { title?: string }} lesson
 * @returns {Words}
 */
export function wordsOf({ title = '', question = '', situation = '', predict, steps, why, next, answer, look }) {
  const words = blank.lesson();
  return {
    ...words,
    title,
    question,
    situation,
    predict: predict === undefined ? words.predict : predictWords(predict),
    steps: (steps ?? []).map(({ say, change = {}, watch = '', until = '' }) => ({
      say,
      change: Object.entries(change).map(([path, value]) => ({ path, value })),
      watch,
      until,
    })),
    why: (why ?? []).map(({ say, when = '' }) => ({ say, when })),
    next: next ?? [],
    rest: { ...(answer === undefined ? {} : { answer }), ...(look === undefined ? {} : { look }) },
  };
}

/** @param {NonNullable<Lesson['predict']>} predict */
function predictWords(predict) {
  const words = blank.lesson().predict;
  const hide = predict.hide ?? [];
  Object.assign(words, { kind: predict.kind, ask: predict.ask, network: hide.includes('network') });
  words.charts = hide.filter((id) => id !== 'network').join(' ');
  if (predict.kind === 'choose') {
    words.choices = predict.choices.map((choice) => ({ ...choice }));
    return words;
  }
  words.reply = predict.reply;
  const { between } = predict;
  if (between != null) [words.low, words.high] = [String(between[0]), String(between[1])];
  if (predict.kind === 'sketch') return Object.assign(words, { series: predict.of, from: String(predict.from) });
  const { of, unit, tolerance, sign } = predict;
  return Object.assign(words, { of, unit, tolerance: String(tolerance), sign: sign ?? 'either' });
}

/**
 * The lesson, as a scenario holds it. What is left empty is left out.
 * @param {Words} words
 * @returns {Lesson}
 */
export function lessonOf({ question, situation, predict, steps, why, next, rest }) {
  /** @type {Lesson} */
  const lesson = { ...rest };
  if (question.trim() !== '') lesson.question = question.trim();
  if (situation.trim() !== '') lesson.situation = situation.trim();
  const asked = predictOf(predict);
  if (asked !== undefined) lesson.predict = asked;
  if (steps.length > 0) lesson.steps = steps.map(stepOf);
  if (why.length > 0)
    lesson.why = why.map(({ say, when }) => (when.trim() === '' ? { say } : { when: when.trim(), say }));
  if (next.length > 0) lesson.next = next;
  return lesson;
}

/** @param {StepWords} words @returns {Step} */
function stepOf({ say, change, watch, until }) {
  /** @type {Step} */
  const step = { say };
  if (change.length > 0) step.change = Object.fromEntries(change.map(({ path, value }) => [path, value]));
  if (watch.trim() !== '') step.watch = watch.trim();
  if (until.trim() !== '') step.until = until.trim();
  return step;
}

/** A number that was typed; what is none is named by `gaps`. @param {string} text */
function number(text) {
  const value = read(text);
  return Number.isFinite(value) ? value : 0;
}

/** @param {PredictWords} words @returns {Lesson['predict']} */
function predictOf(words) {
  const { kind, ask, reply } = words;
  const charts = words.charts.split(/[\s,;]+/).filter((id) => id !== '');
  const hidden = words.network ? ['network', ...charts] : charts;
  const hide = hidden.length > 0 ? { hide: hidden } : {};
  /** @type {[number, number]} */
  const between = [number(words.low), number(words.high)];
  if (kind === 'none') return undefined;
  if (kind === 'choose') return { kind, ask, choices: words.choices, ...hide };
  if (kind === 'sketch')
    return {
      kind,
      ask,
      of: words.series.trim(),
      from: Math.max(0, Math.round(number(words.from))),
      between,
      reply,
      ...hide,
    };
  const { of, unit, tolerance, sign } = words;
  const ends = words.low.trim() === '' && words.high.trim() === '' ? {} : { between };
  return { kind, ask, of: of.trim(), unit: unit.trim(), tolerance: number(tolerance), sign, ...ends, reply, ...hide };
}

/**
 * The file of a lesson.
 * @param {Words} words
 * @param {unknown} scenario the id of a preset, the fragment of a link, or a scenario
 * @returns {LessonFile}
 */
export function fileOf(words, scenario) {
  const title = words.title.trim();
  return { lesson: 1, scenario, ...(title === '' ? {} : { title }), ...lessonOf(words) };
}

/**
 * What is missing, before anything is solved.
 * @param {Words} words
 * @returns {Fault[]}
 */
export function gaps({ predict, steps, why }) {
  const empty = (/** @type {string} */ text) => text.trim() === '';
  return [
    ...predictGaps(predict),
    ...steps.flatMap(({ say }, k) =>
      empty(say) ? [{ at: `steps.${k}.say`, message: 'Say what is to be done.' }] : [],
    ),
    ...why.flatMap(({ say }, k) =>
      empty(say) ? [{ at: `why.${k}.say`, message: 'Write the paragraph, or remove it.' }] : [],
    ),
  ];
}

/** @param {PredictWords} words @returns {Fault[]} */
function predictGaps({ kind, ask, choices, of, series, tolerance, low, high, from, reply }) {
  if (kind === 'none') return [];
  /** @type {Fault[]} */
  const found = [];
  const need = (/** @type {boolean} */ missing, /** @type {string} */ field, /** @type {string} */ message) => {
    if (missing) found.push({ at: `predict.${field}`, message });
  };
  const isNumber = (/** @type {string} */ text) => Number.isFinite(read(text));
  need(ask.trim() === '', 'ask', 'Ask something.');
  if (kind === 'choose') {
    need(choices.length < 2, 'choices', 'Give at least two statements.');
    for (const [k, { say, when, reply: said }] of choices.entries()) {
      need(say.trim() === '', `choices.${k}.say`, 'Write the statement.');
      need(when.trim() === '', `choices.${k}.when`, 'Say when it is right: compare two numbers.');
      need(said.trim() === '', `choices.${k}.reply`, 'Say something to who chose it.');
    }
    return found;
  }
  need(reply.trim() === '', 'reply', 'Say what came out.');
  if (kind === 'number') {
    need(of.trim() === '', 'of', 'Pick the number that is asked for.');
    need(!(read(tolerance) >= 0), 'tolerance', 'Say how far off still counts as right, as a number.');
    const ends = low.trim() !== '' || high.trim() !== '';
    need(
      ends && !(read(low) < read(high)),
      'between',
      'Give both ends of the slider, the lower one first, or neither.',
    );
  } else {
    need(series.trim() === '', 'of', 'Pick the series that is drawn.');
    need(!isNumber(from), 'from', 'Say from which step on it is drawn, as a number.');
    need(!(read(low) < read(high)), 'between', 'Give both ends of the scale, the lower one first.');
  }
  return found;
}
