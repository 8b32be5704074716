// One scenario being worked on: its inputs, its answer, the time cursor and the selection.
// Views listen; every change of an input goes through `edit`.

import { Problem, Stopped, Superseded, sentence } from './problem.js';

/** @import { Change, ChartRequest, ChartAnswer, FieldGroup, Report, Scenario, Series, SolveAnswer } from './types.js' */
/** @import { Client } from './client.js' */

/**
 * A figure that wants drawings: asked for its request when a drawing may be made, handed the answer.
 * @typedef {{ id: string, visible: boolean, request: () => ChartRequest | null, accept: (answer: ChartAnswer) => void }} Canvas
 * @typedef {'result' | 'cursor' | 'selection' | 'status' | 'refused' | 'link' | 'playing'} Topic
 * @typedef {'idle' | 'working' | 'slow' | 'stuck'} Status
 */

const SLOW_MS = 300;
const STUCK_MS = 2000;
const LINK_MS = 250;
const UNDO_DEPTH = 200;

export class Lab {
  /** @type {Scenario} */
  scenario;
  /** @type {Report} */
  report;
  /** @type {FieldGroup[]} */
  form;
  /** 0-based step of the report's clock. */
  cursor = 0;
  /** @type {string | null} */
  selection = null;
  /** @type {Status} */
  status = 'idle';
  /** What went wrong with the last request as a whole, in words. */
  trouble = '';
  /** Refused inputs: path → why. @type {Map<string, string>} */
  refused = new Map();
  /** The hash of the scenario on screen. */
  hash = '';
  playing = false;
  /** Whether an input was changed here since the scenario was opened. */
  edited = false;

  #client;
  #key = 0;
  /** @type {Scenario[]} */
  #undo = [];
  /** @type {Scenario[]} */
  #redo = [];
  #gesture = '';
  /** Changes sent or waiting that no answer has included yet. @type {Map<string, unknown>} */
  #pending = new Map();
  /** @type {Map<Topic, Set<() => void>>} */
  #listeners = new Map();
  /** @type {Set<Canvas>} */
  #canvases = new Set();
  /** @type {Set<Canvas>} */
  #stale = new Set();
  #drawing = false;
  #flights = 0;
  /** @type {number[]} */
  #timers = [];
  #linkTimer = 0;

  /**
   * @param {Client} client
   * @param {Scenario} scenario
   * @param {SolveAnswer} answer
   * @param {number} key
   */
  constructor(client, scenario, answer, key) {
    this.#client = client;
    this.#key = key;
    this.scenario = scenario;
    this.report = answer.report;
    this.form = answer.form;
    this.cursor = telling(answer.report);
  }

  /**
   * Opens a hash or a file's text; the toy result is on screen when this resolves.
   * @param {Client} client
   * @param {string} text
   * @returns {Promise<Lab>}
   */
  static async open(client, text) {
    const { scenario } = await client.call('open', text);
    const key = nextKey();
    const answer = await client.call('solve', { scenario, key });
    return new Lab(client, answer.scenario, answer, key);
  }

  get client() {
    return this.#client;
  }

  get steps() {
    return this.report.clock?.steps ?? 0;
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  get canRedo() {
    return this.#redo.length > 0;
  }

  /** What identifies the solved report to the worker. */
  get solved() {
    return { scenario: this.scenario, key: this.#key };
  }

  /**
   * @param {Topic} topic
   * @param {() => void} listener
   * @returns {() => void} stops listening
   */
  on(topic, listener) {
    const set = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, set.add(listener));
    return () => set.delete(listener);
  }

  /** @param {Topic} topic */
  #emit(topic) {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
  }

  /**
   * @param {string} id
   * @returns {Series | undefined}
   */
  series(id) {
    return this.report.series.find((series) => series.id === id);
  }

  /**
   * A series' value at the time cursor; NaN where there is none.
   * @param {string} id
   * @param {number} [step]
   */
  at(id, step = this.cursor) {
    return this.series(id)?.values[step] ?? NaN;
  }

  /** @param {number} step 0-based */
  moveTo(step) {
    const next = Math.max(0, Math.min(this.steps - 1, Math.round(step)));
    if (next === this.cursor || this.steps === 0) return;
    this.cursor = next;
    this.#emit('cursor');
  }

  /** @param {boolean} playing */
  setPlaying(playing) {
    if (playing === this.playing) return;
    this.playing = playing;
    this.#emit('playing');
  }

  /** @param {string | null} item */
  select(item) {
    if (item === this.selection) return;
    this.selection = item;
    this.#emit('selection');
  }

  /**
   * Changes inputs and solves. Changes with the same gesture (one drag, one visit of a field) are one undo step.
   * @param {Change[]} changes
   * @param {string} [gesture]
   */
  edit(changes, gesture = '') {
    for (const { path, value } of changes) {
      this.#pending.delete(path);
      this.#pending.set(path, value);
    }
    this.#send(gesture);
  }

  /**
   * An input that is not even a number; the scenario keeps its last good value.
   * @param {string} path
   * @param {string} message
   */
  refuse(path, message) {
    this.refused.set(path, message);
    this.#emit('refused');
  }

  undo() {
    const previous = this.#undo.pop();
    if (previous === undefined) return;
    this.#redo.push(this.scenario);
    this.#jump(previous);
  }

  redo() {
    const next = this.#redo.pop();
    if (next === undefined) return;
    this.#undo.push(this.scenario);
    this.#jump(next);
  }

  /**
   * Replaces the whole scenario, as one undo step.
   * @param {Scenario} scenario
   */
  replace(scenario) {
    this.#undo.push(this.scenario);
    this.#redo = [];
    this.#jump(scenario);
  }

  /** Stops the solve under way; the last result stays. */
  cancel() {
    this.#pending.clear();
    this.#client.cancel();
  }

  /** @param {Scenario} scenario */
  #jump(scenario) {
    this.#pending.clear();
    this.refused.clear();
    this.#gesture = '';
    this.#solve(scenario, [], () => {});
  }

  /** @param {string} gesture */
  #send(gesture) {
    const before = this.scenario;
    const changes = [...this.#pending].map(([path, value]) => ({ path, value }));
    this.#solve(before, changes, () => {
      if (gesture === '' || gesture !== this.#gesture) {
        this.#undo.push(before);
        if (this.#undo.length > UNDO_DEPTH) this.#undo.shift();
      }
      this.#redo = [];
      this.#gesture = gesture;
      for (const { path, value } of changes) {
        if (this.#pending.get(path) === value) this.#pending.delete(path);
        this.refused.delete(path);
      }
    });
  }

  /**
   * @param {Scenario} scenario
   * @param {Change[]} changes
   * @param {() => void} accepted
   */
  async #solve(scenario, changes, accepted) {
    const key = nextKey();
    const charts = this.#requests([...this.#canvases].filter((canvas) => canvas.visible));
    this.#takeOff();
    try {
      const answer = await this.#client.latest('solve', 'solve', { scenario, changes, charts, key });
      accepted();
      this.#apply(answer, key);
    } catch (error) {
      this.#fail(error, changes);
    } finally {
      this.#land();
    }
  }

  /**
   * @param {SolveAnswer} answer
   * @param {number} key
   */
  #apply(answer, key) {
    this.scenario = answer.scenario;
    this.report = answer.report;
    this.form = answer.form;
    this.#key = key;
    this.trouble = '';
    this.edited = true;
    this.cursor = Math.max(0, Math.min(this.cursor, this.steps - 1));
    const drawn = new Map(answer.charts.map((chart) => [chart.id, chart]));
    this.#emit('result');
    for (const canvas of this.#canvases) {
      const drawing = drawn.get(canvas.id);
      if (drawing === undefined) this.#stale.add(canvas);
      else {
        this.#stale.delete(canvas);
        canvas.accept(drawing);
      }
    }
    this.#drawStale();
    this.refreshLink();
  }

  /**
   * @param {unknown} error
   * @param {Change[]} changes
   */
  #fail(error, changes) {
    if (error instanceof Superseded) return;
    if (error instanceof Problem && changes.length > 0) {
      const culprit = changes.find(({ path }) => path === error.field) ?? changes[changes.length - 1];
      if (culprit !== undefined) {
        if (this.#pending.get(culprit.path) === culprit.value) this.#pending.delete(culprit.path);
        this.refused.set(culprit.path, error.message);
        this.#emit('refused');
        if (this.#pending.size > 0 && changes.length > 1) this.#send('');
        return;
      }
    }
    if (error instanceof Stopped) this.#pending.clear();
    this.trouble = sentence(error);
    this.#emit('status');
  }

  #takeOff() {
    this.#flights += 1;
    if (this.#flights > 1) return;
    this.trouble = '';
    this.#setStatus('working');
    this.#timers = [
      window.setTimeout(() => this.#setStatus('slow'), SLOW_MS),
      window.setTimeout(() => this.#setStatus('stuck'), STUCK_MS),
    ];
  }

  #land() {
    this.#flights -= 1;
    if (this.#flights > 0) return;
    this.#timers.forEach((timer) => window.clearTimeout(timer));
    this.#setStatus('idle');
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (status === this.status) return;
    this.status = status;
    this.#emit('status');
  }

  /** @param {Canvas} canvas */
  attach(canvas) {
    this.#canvases.add(canvas);
    this.redraw(canvas);
  }

  /** @param {Canvas} canvas */
  detach(canvas) {
    this.#canvases.delete(canvas);
    this.#stale.delete(canvas);
  }

  /**
   * The figure's size, range, legend or cursor changed.
   * @param {Canvas} canvas
   */
  redraw(canvas) {
    this.#stale.add(canvas);
    this.#drawStale();
  }

  redrawAll() {
    for (const canvas of this.#canvases) this.#stale.add(canvas);
    this.#drawStale();
  }

  /**
   * @param {Canvas[]} canvases
   * @returns {ChartRequest[]}
   */
  #requests(canvases) {
    return canvases.map((canvas) => canvas.request()).filter((request) => request !== null);
  }

  /** Draws what is visible and out of date, everything asked for in one frame together. */
  #drawStale() {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(async () => {
      const key = this.#key;
      const batch = [...this.#stale].filter((canvas) => canvas.visible);
      const charts = this.#requests(batch);
      if (charts.length > 0) {
        for (const canvas of batch) this.#stale.delete(canvas);
        try {
          const answers = await this.#client.call('draw', { ...this.solved, charts });
          if (key === this.#key) {
            for (const canvas of batch) {
              const answer = answers.find(({ id }) => id === canvas.id);
              if (answer !== undefined && this.#canvases.has(canvas)) canvas.accept(answer);
            }
          }
        } catch (error) {
          if (!(error instanceof Stopped)) {
            this.trouble = sentence(error);
            this.#emit('status');
          }
        }
      }
      this.#drawing = false;
      if (charts.length > 0 && [...this.#stale].some((canvas) => canvas.visible && canvas.request() !== null)) this.#drawStale();
    });
  }

  /** Brings the hash up to date once the changes rest. */
  refreshLink() {
    window.clearTimeout(this.#linkTimer);
    this.#linkTimer = window.setTimeout(async () => {
      try {
        const key = this.#key;
        const { hash } = await this.#client.call('link', this.scenario);
        if (key !== this.#key) return;
        this.hash = hash.startsWith('#') ? hash : `#${hash}`;
        this.#emit('link');
      } catch {
        // The scenario on screen is valid; without a link the address keeps the last one.
      }
    }, LINK_MS);
  }

  /** Lets go of timers and listeners. */
  close() {
    this.setPlaying(false);
    window.clearTimeout(this.#linkTimer);
    this.#timers.forEach((timer) => window.clearTimeout(timer));
    this.#listeners.clear();
    this.#canvases.clear();
    this.#stale.clear();
  }
}

let keys = 0;

function nextKey() {
  keys += 1;
  return keys;
}

/**
 * The step to show first: the first one a chart flags, so that the point is seen at once.
 * @param {Report} report
 */
function telling(report) {
  for (const chart of report.charts) {
    for (const mark of chart.marks) {
      if (mark.mark === 'flag' && mark.at[0] !== undefined) {
        return Math.max(0, Math.min(mark.at[0], (report.clock?.steps ?? 1) - 1));
      }
    }
  }
  return 0;
}
