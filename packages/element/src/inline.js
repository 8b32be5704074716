// A figure in the page itself: the same messages as a frame's, charts drawn by the program, the inputs that are offered.

import { takeSeat } from './program.js';
import { View, unitText } from './view.js';

/** @import { ChartView, Field, Report } from '@tandem-market/core' */
/** @import { Door, Message, TandemFigure } from './host.js' */
/** @import { Seat } from './program.js' */

/** An input with the range that the author gives it, in the units in which it is read. @typedef {{ path: string, from?: number, to?: number, step?: number }} Offered */

/** Inputs at most, and between two intervals that are played, ms. */
const MOST_INPUTS = 6;
const BEAT = 800;
/** Digits that a change of units leaves right. */
const KEPT = 13;
const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGED = new RegExp(`^(.+?):(${NUMBER}):(${NUMBER})(?::(${NUMBER}))?$`);

/** A message that is refused. */
class Refused extends Error {
  /** @param {string} code @param {string} message @param {string} [field] */
  constructor(code, message, field) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** @param {string} text @returns {Offered} */
function offeredOf(text) {
  const [, path, from, to, step] = RANGED.exec(text) ?? [];
  const own = { path: path ?? text, from: Number(from), to: Number(to) };
  // What is no range stands for an input that there is not.
  if (path === undefined || own.from >= own.to) return { path: text };
  if (step === undefined) return own;
  return Number(step) > 0 && Number(step) <= own.to - own.from ? { ...own, step: Number(step) } : { path: text };
}

/** @param {string | null} text */
const listOf = (text) => (text ?? '').split(',').filter((item) => item !== '');

/** A value that is read in other units than the document has. @param {unknown} value @param {number} times */
function scaled(value, times) {
  const one = (/** @type {unknown} */ item) =>
    typeof item === 'number' ? Number((item * times).toPrecision(KEPT)) : item;
  return Array.isArray(value) ? value.map(one) : one(value);
}

/** @param {TandemFigure} figure @returns {Door} */
export function inline(figure) {
  const own = new Inline(figure);
  return { element: own.element, send: (message) => void own.hear(message), close: () => own.close() };
}

class Inline {
  #figure;
  #view;
  /** @type {Seat | null} */
  #seat = null;
  /** @type {Report | null} */
  #report = null;
  /** @type {Field[]} */
  #fields = [];
  #link = '';
  #preset = '';
  /** From 0. */
  #step = 0;
  #views;
  #offered;
  /** What may be changed: `inputs` leaves those that are offered, `all` none. @type {'none' | 'inputs' | 'all'} */
  #lock;
  #gone = false;
  /** @type {number | undefined} */
  #timer;
  /** What is done one after the other. @type {Promise<unknown>} */
  #work = Promise.resolve();
  /** Changes of the reader that wait. @type {Map<string, unknown>} */
  #waiting = new Map();

  /** @param {TandemFigure} figure */
  constructor(figure) {
    this.#figure = figure;
    this.#views = listOf(figure.getAttribute('view'));
    this.#offered = listOf(figure.getAttribute('inputs')).slice(0, MOST_INPUTS).map(offeredOf);
    const lock = figure.getAttribute('lock');
    // A lock of another name locks all the same.
    this.#lock = lock === 'inputs' ? 'inputs' : lock === null || lock === '0' || lock === 'none' ? 'none' : 'all';
    this.#view = new View(figure, {
      change: (path, value) => this.#turn(path, value),
      step: (step) => this.#move(step),
      play: (playing) => this.#play(playing),
      draw: () => this.#draw(),
    });
    void this.#start();
  }

  get element() {
    return this.#view.element;
  }

  close() {
    this.#gone = true;
    this.#play(false);
    this.#view.close();
    this.#seat?.leave();
  }

  async #start() {
    try {
      const seat = await takeSeat();
      if (this.#gone) return seat.leave();
      this.#seat = seat;
      await this.#next(() => this.#opened(`#${this.#figure.fragment}`));
      if (this.#figure.on('play')) this.#play(true);
    } catch (fault) {
      this.#fail(/** @type {Error} */ (fault));
    }
  }

  get #session() {
    if (this.#seat === null) throw new Refused('load', 'The figure is not there yet.');
    return this.#seat.session;
  }

  get #shown() {
    if (this.#report === null) throw new Refused('load', 'The figure is not there yet.');
    return this.#report;
  }

  /** Another scenario: a link, or the text of a document. @param {string} scenario */
  async #opened(scenario) {
    try {
      await this.#session.open(scenario);
    } catch (fault) {
      throw new Refused('link', /** @type {Error} */ (fault).message);
    }
    const { view, preset } = await this.#session.document();
    this.#preset = preset;
    await this.#solved();
    const report = this.#shown;
    if (this.#views.length === 0) this.#views = [report.look.chart ?? report.charts[0]?.id ?? 'answer'];
    this.#step = Math.min((view.step ?? report.look.step ?? (report.start ?? 0) + 1) - 1, this.#steps - 1);
    this.#view.problem('');
    this.#view.open(report, this.#views, this.#inputs(), this.#steps);
    await this.#draw();
    this.#tell('ready', this.#readiness());
    this.#told();
    const missing = this.#offered.find(({ path }) => !this.#fields.some((field) => field.path === path));
    const strange = this.#strange(this.#views);
    if (missing) this.#fail(new Refused('input', `There is no input “${missing.path}” here.`, missing.path));
    if (strange) this.#fail(strange);
  }

  /** Why one of the views cannot be shown. @param {string[]} views */
  #strange(views) {
    const known = ['answer', ...this.#shown.charts.map(({ id }) => id)];
    // What has no answer has no charts.
    const isOpen = this.#shown.status === 'infeasible';
    const strange = isOpen ? undefined : views.find((view) => !known.includes(view));
    const words = `“${strange}” is not shown in the page itself; there are ${known.join(', ')}. A frame shows the others.`;
    return strange === undefined ? null : new Refused('view', words);
  }

  async #solved() {
    this.#view.busy(true);
    try {
      this.#report = await this.#session.report();
      this.#fields = await this.#session.inputs();
      this.#link = (await this.#session.link()).fragment;
    } finally {
      this.#view.busy(false);
    }
  }

  get #steps() {
    return this.#report?.clock?.steps ?? 1;
  }

  /** Fields that are offered, with their ranges. */
  #inputs() {
    const offered = this.#lock === 'all' ? [] : this.#offered;
    return offered.flatMap(({ path, from, to, step }) => {
      const field = this.#fields.find((one) => one.path === path);
      return field ? [{ ...field, min: from ?? field.min, max: to ?? field.max, step: step ?? field.step }] : [];
    });
  }

  async #draw() {
    if (this.#report === null || this.#gone) return;
    const charts = this.#shown.charts.filter(({ id }) => this.#views.includes(id));
    const drawn = await Promise.all(
      charts.map(async (chart) => {
        const view = /** @type {ChartView} */ ({ ...this.#view.sheet(chart), cursor: this.#step });
        return { chart, drawing: await this.#session.chart(chart.id, view) };
      }),
    );
    if (this.#gone) return;
    this.#view.show(this.#shown, drawn, this.#step, `#${this.#link}`);
    this.#view.update(this.#inputs());
  }

  /** One thing after the other; what fails leaves the next alone. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  #next(work) {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }

  /** A change of the reader. @param {string} path @param {unknown} value in the units of the form */
  #turn(path, value) {
    const first = this.#waiting.size === 0;
    this.#waiting.set(path, value);
    // What is turned on while one is solved goes with the next.
    if (!first) return;
    this.#next(async () => {
      const changes = [...this.#waiting].map(([one, read]) => ({ path: one, value: read }));
      this.#waiting.clear();
      this.#view.problem('');
      await this.#set(changes);
    }).catch((/** @type {Error} */ fault) => {
      this.#view.update(this.#inputs());
      this.#fail(fault);
    });
  }

  /** Refuses what the author does not leave to be changed. @param {{ path: string, value: unknown }} change */
  #check({ path, value }) {
    const offered = this.#offered.find((one) => one.path === path);
    if (this.#lock === 'all' || (this.#lock === 'inputs' && !offered))
      throw new Refused('locked', `The author of this figure locked “${path}”.`, path);
    const { from, to } = offered ?? {};
    if (from === undefined || to === undefined) return;
    // No number is no way round the range.
    if (typeof value === 'number' && value >= from && value <= to) return;
    const { label = path, unit = '' } = this.#fields.find((field) => field.path === path) ?? {};
    throw new Refused('input', `${label}: here it can be from ${from} to ${to} ${unitText(unit)}`.trimEnd(), path);
  }

  /** @param {{ path: string, value: unknown }[]} changes in the units of the form */
  async #set(changes) {
    for (const change of changes) this.#check(change);
    const times = (/** @type {string} */ path) => this.#fields.find((field) => field.path === path)?.times ?? 1;
    try {
      await this.#session.set(changes.map(({ path, value }) => ({ path, value: scaled(value, 1 / times(path)) })));
    } catch (fault) {
      const { message, field } = /** @type {Error & { field?: string | null }} */ (fault);
      throw new Refused('input', message, field ?? changes[0]?.path);
    }
    await this.#solved();
    this.#step = Math.min(this.#step, this.#steps - 1);
    this.#view.problem('');
    await this.#draw();
    this.#tell('change', { changes });
    this.#told();
  }

  /** @param {number} step from 0 */
  #move(step) {
    this.#step = Math.max(0, Math.min(step, this.#steps - 1));
    return this.#next(async () => {
      const { follow } = this.#shown;
      if (follow) {
        await this.#session.set(follow, this.#step + 1);
        await this.#solved();
      }
      await this.#draw();
      this.#told();
    }).catch((fault) => this.#fail(fault));
  }

  /** @param {boolean} playing */
  #play(playing) {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (playing && this.#steps > 1)
      this.#timer = window.setInterval(() => {
        const last = this.#step >= this.#steps - 1;
        if (last) this.#play(false);
        else void this.#move(this.#step + 1);
      }, BEAT);
    if (playing && this.#step >= this.#steps - 1) void this.#move(0);
    this.#view.playing(this.#timer !== undefined);
  }

  /** @param {string} type @param {object} fields */
  #tell(type, fields) {
    if (!this.#gone) this.#figure.receive({ tandem: 1, type, ...fields });
  }

  #told() {
    this.#tell('result', this.#result());
  }

  /** @param {Error & { code?: string, field?: string | null }} fault */
  #fail({ message, code = 'stopped', field = null }) {
    if (this.#gone) return;
    this.#view.problem(message);
    this.#tell('error', { code, message, field });
  }

  #result() {
    const { status, headline, answer, summary } = this.#shown;
    return {
      ...{ status, headline: answer?.[Math.min(this.#step, answer.length - 1)] ?? headline },
      ...{ values: summary.map(({ id, name, value, unit }) => ({ id, label: name, value, unit: unitText(unit) })) },
      ...{ step: this.#step + 1 },
    };
  }

  #readiness() {
    const { title, charts } = this.#shown;
    return {
      ...{
        title,
        link: this.#link,
        preset: this.#preset,
        steps: this.#steps,
        step: this.#step + 1,
        lock: this.#lock,
      },
      views: [{ id: 'answer', title: 'Answer' }, ...charts.map((chart) => ({ id: chart.id, title: chart.title }))],
      inputs: this.#inputsTold(),
    };
  }

  #inputsTold() {
    return this.#inputs().map(({ path, label, unit, value, min, max, step, options }) => ({
      ...{ path, label, unit: unitText(unit), value, min, max, step, options },
    }));
  }

  /** A message of the page. @param {Message} message */
  async hear(message) {
    const { id } = message;
    try {
      const fields = await this.#answer(message);
      this.#tell('answer', { id, ...fields });
    } catch (fault) {
      const { code = 'stopped', field = null, message: text } = /** @type {Refused} */ (fault);
      this.#tell('error', { id, code, field, message: text });
    }
  }

  /** @param {Message} message @returns {Promise<object>} */
  async #answer({ type, what, changes, views, view, playing, step, ...scenario }) {
    // What was asked for before is done first.
    await this.#work;
    if (type === 'get') return this.#get(what);
    if (type === 'set') return this.#setBy(changes);
    if (type === 'open') {
      if (this.#lock !== 'none') throw new Refused('locked', 'The author of this figure locked its scenario.');
      const { link, preset, scenario: document } = scenario;
      const text =
        typeof link === 'string'
          ? `#${link.replace(/^[^#]*#/, '')}`
          : preset && `#${new URLSearchParams({ p: preset })}`;
      if (!text && !document) throw new Refused('message', '“open” needs “link”, “preset” or “scenario”.');
      await this.#next(() => this.#opened(text || JSON.stringify(document)));
      return this.#readiness();
    }
    if (type === 'view') {
      if (!Array.isArray(views)) throw new Refused('message', '“view” needs “views”: a list of their ids.');
      const strange = this.#strange(views);
      if (strange) throw strange;
      this.#views = views;
      this.#view.open(this.#shown, views, this.#inputs(), this.#steps);
      await this.#next(() => this.#draw());
      return { views };
    }
    if (type === 'play') {
      if (typeof step === 'number') await this.#move(step - 1);
      if (typeof playing === 'boolean') this.#play(playing);
      return { playing: this.#timer !== undefined, step: this.#step + 1 };
    }
    if (type === 'export') return this.#export(what, view);
    throw new Refused('message', `There is no message “${type}”.`);
  }

  /** @param {string} what */
  async #get(what) {
    if (what === 'inputs') return { what, inputs: this.#inputsTold() };
    if (what === 'values') {
      const open = this.#lock === 'none' ? this.#fields : this.#inputs();
      return { what, values: Object.fromEntries(open.map(({ path, value }) => [path, value ?? null])) };
    }
    if (what === 'result') return { what, ...this.#result() };
    if (what === 'series') return { what, series: this.#shown.series };
    if (what === 'scenario') return { what, scenario: await this.#session.document() };
    if (what === 'link') return { what, link: this.#link };
    throw new Refused('message', '“get” needs “what”: inputs, values, result, series, scenario or link.');
  }

  /** @param {unknown} asked */
  async #setBy(asked) {
    const changes = Array.isArray(asked) ? asked : [];
    if (changes.length === 0 || changes.some((one) => typeof one?.path !== 'string' || one.value === undefined))
      throw new Refused('message', '“set” needs “changes”: a list of { path, value }.');
    await this.#next(() => this.#set(changes));
    return this.#result();
  }

  /** @param {string} what @param {string} view */
  async #export(what, view) {
    const name = `${this.#shown.title} ${view ?? ''}`
      .trim()
      .replace(/[^\p{L}\d]+/gu, '-')
      .toLowerCase();
    if (what === 'json') return { text: await this.#session.text(), name: `${name}.json`, mime: 'application/json' };
    const chart = this.#shown.charts.find(({ id }) => id === view);
    if (!chart) throw new Refused('view', `“${view}” is no chart.`);
    if (what === 'csv') return { text: await this.#session.csv(view), name: `${name}.csv`, mime: 'text/csv' };
    if (what !== 'svg') throw new Refused('message', '“export” needs “what”: svg, csv or json.');
    const { svg } = await this.#session.chart(view, { ...this.#view.sheet(chart), cursor: this.#step });
    return { text: svg, name: `${name}.svg`, mime: 'image/svg+xml' };
  }
}
