// An embedded view and the messages of the page around it: what is asked is answered, what was asked for is told.

import { fileName, standalone } from '../charts/download.js';
import { seriesIds } from '../session/packed.js';
import { allFields, fieldOf } from '../session/form.js';
import { ofDocument } from '../session/read.js';
import { scoreOf } from '../session/score.js';
import { unitText } from '../ui/number.js';
import { refusal } from './allowed.js';
import { viewsOf } from './views.js';

/** @import { EmbedOptions } from '../session/embedding.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Change, Field } from '../session/types.js' */
/** @import { Message, Talk } from './talk.js' */

/** A message that is refused. */
class Refused extends Error {
  /**
   * @param {'input' | 'locked' | 'view' | 'link' | 'message' | 'stopped'} code
   * @param {string} message
   * @param {string | null} [field]
   */
  constructor(code, message, field = null) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/**
 * What an answer is made of, beside the lab.
 * @typedef {{
 *   options: EmbedOptions, element: HTMLElement, show: (views: string[]) => string[], partOf: (view: string) => HTMLElement | null,
 *   open: (what: string) => Promise<Lab>
 * }} Frame `show` replaces the views and says which there are none of; `open` puts another scenario in the place of this one
 */

/**
 * Answers for a lab until it is destroyed.
 * @param {Talk} talk
 * @param {Lab} lab
 * @param {Frame} frame
 */
export function bridge(talk, lab, frame) {
  const score = scoreOf(lab);
  const result = () => talk.tell('result', () => resultOf(lab));
  const stops = [
    lab.on('result', result),
    lab.on('change', () =>
      talk.tell('change', () => ({ changes: lab.changes.map((change) => readable(lab, change)) })),
    ),
    score.on((told) => talk.tell('score', () => told)),
  ];
  let height = 0;
  const size = () => talk.tell('size', () => ({ height }));
  const watch = new ResizeObserver(() => {
    const now = Math.ceil(frame.element.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    size();
  });
  watch.observe(frame.element);
  let greeted = false;
  const begin = () => {
    greeted = true;
    talk.send('ready', readyOf(lab, frame));
    if (height > 0) size();
    result();
  };
  talk.serve((message) => {
    if (message.type === 'hello') begin();
    else void answer(talk, lab, frame, message);
  });
  // Another scenario in the place of one that was greeted.
  if (!greeted) begin();
  return {
    destroy() {
      for (const stop of stops) stop();
      watch.disconnect();
    },
  };
}

/**
 * @param {Talk} talk
 * @param {Lab} lab
 * @param {Frame} frame
 * @param {Message} message
 */
async function answer(talk, lab, frame, message) {
  const { id } = message;
  try {
    const handler = HANDLERS[message.type];
    if (handler === undefined) throw new Refused('message', `There is no message “${message.type}”.`);
    const fields = await handler(lab, message, frame);
    talk.send('answer', { id, ...fields });
  } catch (error) {
    const { code = 'stopped', field = null } = error instanceof Refused ? error : {};
    talk.send('error', { id, code, field, message: error instanceof Error ? error.message : String(error) });
  }
}

/** @type {Record<string, (lab: Lab, message: Message, frame: Frame) => object | Promise<object>>} */
const HANDLERS = {
  get(lab, { what }, { options }) {
    if (what === 'inputs') return { inputs: inputsOf(lab, options) };
    if (what === 'values')
      return { values: Object.fromEntries(changeable(lab, options).map(({ path, value }) => [path, value ?? null])) };
    if (what === 'result') return resultOf(lab);
    if (what === 'series')
      return {
        series: [...seriesIds(lab.report)].map((series) => {
          const { id, name, unit, values } = /** @type {import('../session/types.js').Series} */ (lab.series(series));
          return { id, name, unit, values: [...values] };
        }),
      };
    if (what === 'scenario') return { scenario: JSON.parse(lab.document) };
    if (what === 'link') return linked(lab);
    throw new Refused('message', '“get” needs “what”: inputs, values, result, series, scenario or link.');
  },
  set(lab, { changes }, { options }) {
    const asked = changesOf(changes);
    for (const change of asked) {
      const refused = refusal(lab, options, change);
      if (refused !== null) throw new Refused(refused.code, refused.message, change.path);
    }
    return inTurn(lab, asked);
  },
  async open(_, { link, preset, scenario }, frame) {
    const { options, open } = frame;
    if ([link, preset, scenario].filter((one) => one !== undefined).length > 1)
      throw new Refused('message', '“open” takes one of “preset”, “link” and “scenario”.');
    if (options.lock !== 'none') throw new Refused('locked', 'The author of this figure locked its scenario.');
    const what =
      typeof preset === 'string'
        ? `#p=${preset}`
        : typeof link === 'string'
          ? `#${link.replace(/^[^#]*#/, '')}`
          : typeof scenario === 'object' && scenario !== null
            ? JSON.stringify(scenario)
            : null;
    if (what === null) throw new Refused('message', '“open” needs “preset”, “link” or “scenario”.');
    const opened = await open(what).catch((/** @type {Error} */ error) => {
      throw new Refused('link', error.message);
    });
    return readyOf(opened, frame);
  },
  view(lab, { views }, { show }) {
    if (!Array.isArray(views) || views.length === 0 || views.some((view) => typeof view !== 'string'))
      throw new Refused('message', '“view” needs “views”: a list of their ids.');
    const [unknown] = show(views);
    if (unknown !== undefined) {
      const known = viewsOf(lab).map(({ id }) => id);
      throw new Refused('view', `There is no view “${unknown}”; there are ${known.join(', ')}.`);
    }
    return { views };
  },
  play(lab, { playing, step }) {
    const isAsked = playing !== undefined || step !== undefined;
    if (
      !isAsked ||
      !['undefined', 'boolean'].includes(typeof playing) ||
      !(step === undefined || Number.isFinite(step))
    )
      throw new Refused('message', '“play” needs “playing”, true or false, or “step”, a number from 1.');
    if (typeof step === 'number') lab.moveTo(step - 1);
    if (typeof playing === 'boolean') lab.setPlaying(playing && lab.steps > 1);
    return { playing: lab.playing, step: lab.cursor + 1 };
  },
  async export(lab, { what, view }, { partOf }) {
    const name = fileName(lab.report.title, typeof view === 'string' ? view : '');
    if (what === 'json') return { text: lab.document, name: `${name}.json`, mime: 'application/json' };
    if (typeof view !== 'string') throw new Refused('message', '“export” of svg or csv needs “view”.');
    if (what === 'csv') return { text: await csvOf(lab, view), name: `${name}.csv`, mime: 'text/csv' };
    if (what !== 'svg') throw new Refused('message', '“export” needs “what”: svg, csv or json.');
    const svg = partOf(view)?.querySelector('.picture > svg, svg.diagram');
    if (!(svg instanceof SVGSVGElement)) throw new Refused('view', `“${view}” is no picture that is shown now.`);
    return { text: standalone(svg).text, name: `${name}.svg`, mime: 'image/svg+xml' };
  },
};

/**
 * @param {Lab} lab
 * @param {string} view
 */
function csvOf(lab, view) {
  if (!lab.report.charts.some(({ id }) => id === view)) throw new Refused('view', `“${view}” is no chart.`);
  return lab.csv(view);
}

/**
 * @param {unknown} changes
 * @returns {Change[]}
 */
function changesOf(changes) {
  const list = Array.isArray(changes) ? changes : [];
  if (list.length === 0 || list.some((one) => typeof one?.path !== 'string' || one.value === undefined))
    throw new Refused('message', '“set” needs “changes”: a list of { path, value }.');
  return list;
}

/** The last change that a message asked of a lab, done or not. @type {WeakMap<Lab, Promise<unknown>>} */
const turns = new WeakMap();

/**
 * One after the other: each is answered with what came of it.
 * @param {Lab} lab
 * @param {Change[]} asked
 */
function inTurn(lab, asked) {
  const before = turns.get(lab) ?? Promise.resolve();
  const own = before.then(() => settled(lab, asked));
  turns.set(
    lab,
    own.catch(() => {}),
  );
  return own;
}

/** Once a lab has nothing on its way. @param {Lab} lab */
function rest(lab) {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    if (!lab.working) {
      resolve();
      return;
    }
    const stop = lab.on('status', () => {
      if (lab.working) return;
      stop();
      resolve();
    });
  });
}

/**
 * Changes inputs, all or none, and waits for what comes of it.
 * @param {Lab} lab
 * @param {Change[]} asked in the units of the page
 */
async function settled(lab, asked) {
  const changes = asked.map(({ path, value }) => ({ path, value: ofDocument(fieldOf(lab.form, path) ?? {}, value) }));
  await rest(lab);
  for (const { path } of changes) lab.refused.delete(path);
  lab.asOne = true;
  lab.edit(changes);
  await rest(lab);
  lab.asOne = false;
  for (const { path } of changes) {
    const message = lab.refused.get(path);
    if (message !== undefined) throw new Refused('input', message, path);
  }
  if (lab.trouble !== '') throw new Refused('stopped', lab.trouble);
  return resultOf(lab);
}

/**
 * @param {Lab} lab
 * @param {Change} change
 */
function readable(lab, { path, value }) {
  const times = fieldOf(lab.form, path)?.times;
  return { path, value: times == null || typeof value !== 'number' ? value : value * times };
}

/** The link to what is on screen, made now. @param {Lab} lab */
async function linked(lab) {
  await lab.flush();
  return { link: lab.hash.slice(1) };
}

/** @param {Lab} lab */
function resultOf(lab) {
  const { status, headline, answer, summary } = lab.report;
  return {
    ...{ status, headline: answer?.[Math.min(lab.cursor, answer.length - 1)] ?? headline, step: lab.cursor + 1 },
    values: summary.map(({ id, name, value, unit }) => ({ id, label: name, value, unit: unitText(unit) })),
  };
}

/**
 * The fields that may be changed.
 * @param {Lab} lab
 * @param {EmbedOptions} options
 */
function changeable(lab, { lock, inputs }) {
  if (lock === 'all') return [];
  const offered = inputs.flatMap(({ path }) => fieldOf(lab.form, path) ?? []);
  return lock === 'inputs' ? offered : allFields(lab.form);
}

/**
 * The inputs that the author offers; where there are none, those that the scenario is about.
 * @param {Lab} lab
 * @param {EmbedOptions} options
 */
function inputsOf(lab, { lock, inputs }) {
  if (lock === 'all') return [];
  const own = inputs.length > 0 ? inputs : (lab.report.look.inputs ?? []).map((path) => ({ path }));
  return own.flatMap((offered) => {
    const field = fieldOf(lab.form, offered.path);
    return field === undefined ? [] : [describe(field, offered)];
  });
}

/**
 * @param {Field} field
 * @param {{ path: string, from?: number, to?: number, step?: number }} offered
 */
function describe({ path, label, unit, value, min, max, step, options }, offered) {
  return {
    ...{ path, label, unit: unitText(unit), value: value ?? null },
    ...{ min: offered.from ?? min ?? null, max: offered.to ?? max ?? null, step: offered.step ?? step ?? null },
    ...(options === undefined ? {} : { options }),
  };
}

/**
 * @param {Lab} lab
 * @param {Frame} frame
 */
function readyOf(lab, { options }) {
  const { report, scenario, steps, cursor, hash } = lab;
  return {
    ...{ title: report.title, link: hash.slice(1), preset: scenario.preset ?? '' },
    ...{ views: viewsOf(lab), inputs: inputsOf(lab, options), steps, step: cursor + 1, lock: options.lock },
  };
}
