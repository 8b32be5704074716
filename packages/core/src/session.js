// A scenario with its answer: the program's own session (`src/wasm/` in Rust), with types. No arithmetic here.

import init, * as door from './tandem.js';

/** @import { ChartView, Document, Drawing, Explained, Field, Import, Link, Preset, Probe, Problem, Report, Section, Subject, SweepPoint, Swept, Table, Task } from './data.js' */

/**
 * What the program is loaded from.
 * @typedef {BufferSource | Response | Promise<Response> | WebAssembly.Module} Program
 */
/**
 * A field and its value in the units of the document (MW, $/MWh).
 * @typedef {{ path: string, value: unknown }} Change
 */
/**
 * One input over a range, in the units of the document: `points` evenly spaced values first, then what tells where something
 * changes, `most` values in all; `step` of the clock, from 1, that series are read at.
 * @typedef {{ path: string, from: number, to: number, points?: number, most?: number, step?: number }} SweepRequest
 */

/** The version of the program. */
export const version = '0.1.0';
/** Evenly spaced values of a sweep, and values beyond these, where nothing else is said. */
const POINTS = 21;
const BEYOND = 300;

/** Why something was refused or failed. */
export class TandemError extends Error {
  /**
   * @param {string} message
   * @param {{ field?: string | null, problems?: Problem[], fatal?: boolean }} [about]
   */
  constructor(message, { field = null, problems = [], fatal = false } = {}) {
    super(message);
    this.name = 'TandemError';
    /** The path of the field that was refused, if it was one. */
    this.field = field;
    /** All that is wrong. */
    this.problems = problems;
    /** The program stopped within: it answers nothing any more, and has to be loaded in another worker or process. */
    this.fatal = fatal;
  }
}

/** @type {Promise<void> | null} */
let loading = null;
let ready = false;
let stopped = false;

/**
 * Loads the program once; a load that failed may be tried again.
 * @param {() => Program | Promise<Program>} bring
 */
export function loadWith(bring) {
  loading ??= start(bring).catch((fault) => {
    loading = null;
    throw new TandemError(`The program did not load: ${fault instanceof Error ? fault.message : fault}`);
  });
  return loading;
}

/** @param {() => Program | Promise<Program>} bring */
async function start(bring) {
  const program = await bring();
  if (program instanceof Response && !program.ok) throw new Error(`${program.url} answers ${program.status}.`);
  await init({ module_or_path: program });
  ready = true;
}

/**
 * Does what the program is asked; what it throws becomes an error.
 * @template T
 * @param {() => T} work
 */
function ask(work) {
  if (!ready) throw new TandemError('The program is not loaded: `await load()` comes first.');
  if (stopped) throw new TandemError('The program stopped earlier: load it in another worker.', { fatal: true });
  try {
    return work();
  } catch (thrown) {
    const fault = /** @type {any} */ (thrown);
    // After a trap, or a stack that overflowed inside, its memory can no longer be trusted.
    stopped =
      fault instanceof WebAssembly.RuntimeError || fault instanceof RangeError || fault?.name === 'InternalError';
    throw fault instanceof TandemError
      ? fault
      : new TandemError(fault?.message ?? String(fault), { ...fault, fatal: stopped });
  }
}

/** JSON text; refused is what JSON has not and would write as nothing. @param {unknown} value @param {string} field */
function json(value, field) {
  const text = JSON.stringify(value, (_, one) => {
    if (typeof one !== 'number' || Number.isFinite(one)) return one;
    throw new TandemError(`${one} is no number.`, { field });
  });
  if (text === undefined) throw new TandemError('There is no value.', { field });
  return text;
}

/** The scenarios that come with the program. @returns {Preset[]} */
export function presets() {
  return ask(() => door.gallery());
}

/** A report that can be drawn. */
export class Sheet {
  #inner;
  /** @type {Report | null} */
  #report = null;

  /**
   * @internal
   * @param {door.Sheet} inner
   */
  constructor(inner) {
    this.#inner = inner;
  }

  /** @returns {Report} */
  report() {
    this.#report ??= /** @type {Report} */ (ask(() => this.#inner.report()));
    return this.#report;
  }

  /**
   * A chart as SVG, with what its legend and its readout need.
   * @param {string} id
   * @param {ChartView} [view] size, colours, zoom, what of it is shown
   * @returns {Drawing}
   */
  chart(id, view = {}) {
    return ask(() => this.#inner.chart(id, view));
  }

  /** The numbers of a chart. @param {string} id @returns {Table} */
  table(id) {
    return ask(() => this.#inner.table(id));
  }

  /** The numbers of a chart as CSV text. @param {string} id */
  csv(id) {
    return ask(() => this.#inner.csv(id));
  }

  /** Gives its memory back at once; otherwise that happens with the rest of the garbage. */
  free() {
    this.#inner.free();
  }
}

/** What one input does over a range. */
export class Sweep extends Sheet {
  /**
   * @internal
   * @param {door.Sheet} inner
   * @param {Swept} swept
   */
  constructor(inner, swept) {
    super(inner);
    this.swept = swept;
  }
}

/** A scenario and its answer. What asks for an answer solves first where that has not been done. */
export class Session {
  #inner = ask(() => new door.Session());
  /** @type {Sheet | null} */
  #sheet = null;

  /** Forgets the sheet of what was. @param {() => unknown} work @returns {this} */
  #change(work) {
    ask(work);
    this.#sheet?.free();
    this.#sheet = null;
    return this;
  }

  /** The sheet of what is looked at. */
  #shown() {
    this.solve();
    this.#sheet ??= new Sheet(ask(() => this.#inner.sheet()));
    return this.#sheet;
  }

  /** Takes a preset. @param {string} id one of {@link presets} */
  preset(id) {
    return this.#change(() => this.#inner.preset(id));
  }

  /**
   * Takes a link or its fragment, the text or the bytes of a file (a scenario, MATPOWER), or a document.
   * @param {string | URL | Uint8Array | Document} scenario
   */
  open(scenario) {
    if (scenario instanceof Uint8Array) return this.#change(() => this.#inner.open_file(scenario));
    const isText = typeof scenario === 'string' || scenario instanceof URL;
    const text = isText ? String(scenario) : json(scenario, 'scenario');
    return this.#change(() => this.#inner.open(text));
  }

  /**
   * Changes a field, or several that are checked once all are, in the units of the document; the session stays as it was where
   * one is refused.
   * @param {string | readonly Change[]} field its path, as `case.branches.2-3.max_p_mw`
   * @param {unknown} [value]
   */
  set(field, value) {
    const changes = typeof field === 'string' ? [{ path: field, value }] : field;
    const pairs = changes.map((one) => [one.path, json(one.value, one.path)]);
    return this.#change(() => this.#inner.set_each(JSON.stringify(pairs)));
  }

  /** The document as it stands. @returns {Document} */
  document() {
    return JSON.parse(this.text());
  }

  /** The document as JSON text. */
  text() {
    return ask(() => this.#inner.text);
  }

  /** What can be changed, in sections, with units, ranges and explanations. @returns {Section[]} */
  form() {
    return ask(() => this.#inner.form());
  }

  /** The fields of the form in a row, those of its tables included. @returns {Field[]} */
  inputs() {
    return this.form().flatMap(({ fields, table }) => [
      ...fields,
      ...(table?.rows ?? []).flatMap(({ cells }) => cells.filter((cell) => cell !== null)),
    ]);
  }

  /** The shortest link, as a fragment without `#`. @returns {Link} */
  link() {
    return ask(() => this.#inner.link());
  }

  /** Solves what is asked; nothing where that is done. */
  solve() {
    ask(() => this.#inner.solve([]));
    return this;
  }

  isSolved() {
    return ask(() => this.#inner.is_solved());
  }

  /**
   * The answer in the units in which it is read, or in those it is computed in, as `tandem run --json` writes it.
   * @param {{ units?: 'read' | 'system' }} [how]
   * @returns {Report}
   */
  report({ units = 'read' } = {}) {
    if (units === 'read') return this.#shown().report();
    this.solve();
    const sheet = new Sheet(ask(() => this.#inner.written()));
    const report = sheet.report();
    sheet.free();
    return report;
  }

  /**
   * A chart of the report as SVG.
   * @param {string} id
   * @param {ChartView} [view]
   */
  chart(id, view) {
    return this.#shown().chart(id, view);
  }

  /** The numbers of a chart. @param {string} id */
  table(id) {
    return this.#shown().table(id);
  }

  /** The numbers of a chart as CSV text. @param {string} id */
  csv(id) {
    return this.#shown().csv(id);
  }

  /** Every method or scheme side by side. */
  compare() {
    return new Sheet(ask(() => this.#inner.compare()));
  }

  /**
   * One input over a range. The session itself stays as it is.
   * @param {SweepRequest} request
   * @param {(point: SweepPoint, solves: number) => void} [each] told of every value that is solved
   */
  sweep({ path, from, to, points = POINTS, most = points + BEYOND, step }, each = () => {}) {
    return ask(() => {
      const aside = new door.Session();
      try {
        aside.sweep_begin(this.#inner.text, { path, from, to, points, most, step: step ?? null });
        for (;;) {
          const { point, solves, done } = aside.sweep_step();
          if (point !== null) each(point, solves);
          if (done) break;
        }
        /** @type {Swept} */
        const swept = aside.sweep_found();
        return new Sweep(this.#inner.sweep(path, swept), swept);
      } finally {
        aside.free();
      }
    });
  }

  /**
   * What holds at a point of the plane of a chart that has one (`probe` of the chart in the report).
   * @param {string} chart
   * @param {number} x
   * @param {number} y
   * @returns {Probe}
   */
  probe(chart, x, y) {
    const key = this.report().charts.find(({ id }) => id === chart)?.probe;
    if (key == null) throw new TandemError(`No point of “${chart}” can be asked about.`, { field: 'chart' });
    return ask(() => this.#inner.probe(key, x, y));
  }

  /**
   * Why the number of a subject, such as the price of a bus, is what it is in a step of the clock, from 1.
   * @param {Subject} subject one of the kinds that `explains` of the report names
   * @param {number} [step]
   * @returns {Explained}
   */
  explain(subject, step = 1) {
    return ask(() => this.#inner.explain(json(subject, 'subject'), step));
  }

  /** The question of the preset with its answer, or null. @returns {Task | null} */
  task() {
    return ask(() => this.#inner.task());
  }

  /** The program of a step of the clock, from 1, as an LP file with named rows. @param {number} [step] */
  lp(step = 1) {
    return ask(() => this.#inner.lp_file(step));
  }

  /** Shift factors and outage factors of the transmission network. @returns {Table[]} */
  factors() {
    return ask(() => this.#inner.factors());
  }

  /**
   * Puts the series of a CSV file in the place of those of a community; what became of the file.
   * @param {string} text
   * @param {string} community
   * @param {string} [offset] of its times from UTC, as `+01:00`, where the file says none
   * @returns {Import}
   */
  importSeries(text, community, offset = '') {
    /** @type {Import | undefined} */
    let made;
    this.#change(() => {
      made = this.#inner.import_series(text, community, offset);
    });
    return /** @type {Import} */ (made);
  }

  /** Gives its memory back at once; otherwise that happens with the rest of the garbage. */
  free() {
    this.#sheet?.free();
    this.#sheet = null;
    this.#inner.free();
  }
}
