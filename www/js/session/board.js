// A report with its figures: who listens, where the time cursor and the selection are, which drawings are out of date.

import { itemOf } from './items.js';
import { Stopped, sentence } from './problem.js';
import { seriesOf } from './packed.js';

/** @import { Change, ChartAnswer, ChartRequest, Explained, Probe, Report, Series, Subject, Table } from './types.js' */
/** @import { Ahead } from './ahead.js' */
/** @import { Client } from './client.js' */

/**
 * A figure that wants drawings: asked for its request when a drawing may be made, handed the answer.
 * @typedef {{ id: string, visible: boolean, request: () => ChartRequest | null, accept: (answer: ChartAnswer) => void }} Canvas
 * @typedef {'result' | 'seen' | 'change' | 'cursor' | 'phase' | 'selection' | 'status' | 'refused' | 'link' | 'playing' | 'why'} Topic
 */

/** After this long without a change, figures out of sight are drawn as well. */
const REST_MS = 900;

/** @abstract */
export class Board {
  /** @type {Report} */
  report;
  /** 0-based step of the report's clock. */
  cursor = 0;
  /** @type {string | null} */
  selection = null;
  playing = false;
  /** How the report was computed ahead, where it was: a question about it has to solve first. @type {Ahead | null} */
  ahead = null;
  /** What went wrong with the last request as a whole, in words. */
  trouble = '';
  /** The last changes of inputs. @type {Change[]} */
  changes = [];

  /** @type {Map<Topic, Set<() => void>>} */
  #listeners = new Map();
  /** @type {Set<Canvas>} */
  #canvases = new Set();
  /** @type {Set<Canvas>} */
  #stale = new Set();
  #drawing = false;
  #rest = 0;

  /**
   * @param {Client} client
   * @param {Report} report
   */
  constructor(client, report) {
    this.client = client;
    this.report = report;
  }

  /** The scenario that the report is of, where it is one. @returns {import('./source.js').Origin | null} */
  get origin() {
    return null;
  }

  /**
   * Draws charts of the report.
   * @abstract
   * @param {ChartRequest[]} _charts
   * @returns {Promise<ChartAnswer[]>}
   */
  draw(_charts) {
    return Promise.reject(new Error('not drawn'));
  }

  /**
   * The numbers of a chart.
   * @abstract
   * @param {string} _chart
   * @returns {Promise<Table>}
   */
  table(_chart) {
    return Promise.reject(new Error('no table'));
  }

  /**
   * The numbers of a chart as CSV text.
   * @abstract
   * @param {string} _chart
   * @returns {Promise<string>}
   */
  csv(_chart) {
    return Promise.reject(new Error('no CSV'));
  }

  /**
   * What holds at a point of the plane.
   * @abstract
   * @param {string} _probe which plane, as its chart says
   * @param {{ x: number, y: number }} _point
   * @returns {Promise<Probe>}
   */
  probe(_probe, _point) {
    return Promise.reject(new Error('no points to ask about'));
  }

  /**
   * Shows the network another answer than the scenario's, where there is a network.
   * @param {Report | null} _report null for the scenario's own
   */
  look(_report) {}

  /**
   * The layers of a chart that are on, where links say so.
   * @param {string} _chart
   * @param {string[]} _layers
   */
  setLayers(_chart, _layers) {}

  /**
   * Whether a line of the case has a limit.
   * @param {string} _line
   */
  isLimited(_line) {
    return true;
  }

  /**
   * Why a number is what it is at the time cursor.
   * @abstract
   * @param {Subject} _subject
   * @returns {Promise<Explained>}
   */
  explain(_subject) {
    return Promise.reject(new Error('nothing to explain'));
  }

  /**
   * Changes the inputs, where the board has any.
   * @param {Change[]} _changes
   * @param {string} [_gesture]
   */
  edit(_changes, _gesture) {}

  /** Changes of inputs were accepted. @param {Change[]} changes */
  tell(changes) {
    this.changes = changes;
    this.emit('change');
  }

  /** Whether the answer to a change is on its way. */
  get working() {
    return false;
  }

  get steps() {
    return this.report.clock?.steps ?? 0;
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
  emit(topic) {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
  }

  /**
   * @param {string} id
   * @returns {Series | undefined}
   */
  series(id) {
    return seriesOf(this.report, id);
  }

  /**
   * What is selected with a series: its subject, else itself.
   * @param {string} id
   */
  itemOf(id) {
    return itemOf(this.series(id)?.subject) ?? `series:${id}`;
  }

  /**
   * A series' value at a step; NaN where there is none.
   * @param {string} id
   * @param {number} [step] the time cursor without it
   */
  at(id, step = this.cursor) {
    return this.series(id)?.values[step] ?? NaN;
  }

  /** @param {number} step 0-based */
  moveTo(step) {
    const next = Math.max(0, Math.min(this.steps - 1, Math.round(step)));
    if (next === this.cursor || this.steps === 0) return;
    this.cursor = next;
    this.emit('cursor');
  }

  /** @param {boolean} playing */
  setPlaying(playing) {
    if (playing === this.playing) return;
    this.playing = playing;
    this.emit('playing');
  }

  /** @param {string | null} item */
  select(item) {
    if (item === this.selection) return;
    this.selection = item;
    this.emit('selection');
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

  /** What the figures in sight want drawn. */
  wanted() {
    return requests([...this.#canvases].filter((canvas) => canvas.visible));
  }

  /**
   * A new report came with these drawings; the other figures are out of date.
   * @param {ChartAnswer[]} answers
   */
  deliver(answers) {
    const drawn = new Map(answers.map((answer) => [answer.id, answer]));
    for (const canvas of this.#canvases) {
      const answer = drawn.get(canvas.id);
      if (answer === undefined) {
        this.#stale.add(canvas);
      } else {
        this.#stale.delete(canvas);
        canvas.accept(answer);
      }
    }
    this.#drawStale();
  }

  /**
   * Draws what is in sight and out of date, everything asked for in one frame together. What is out of sight
   * follows when things are at rest, so that paper gets it, too.
   * @param {boolean} [all]
   */
  #drawStale(all = false) {
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#drawStale(true), REST_MS);
    if (this.#drawing) return;
    if (all && this.#stale.size === 0) {
      window.clearTimeout(this.#rest);
      return;
    }
    this.#drawing = true;
    requestAnimationFrame(async () => {
      const { report } = this;
      const due = [...this.#stale].filter((canvas) => canvas.request() !== null);
      const seen = due.filter((canvas) => canvas.visible);
      // Out of sight one after the other: a change made meanwhile does not wait for all of them.
      const batch = all && seen.length === 0 ? due.slice(0, 1) : seen;
      if (all) window.clearTimeout(this.#rest);
      for (const canvas of batch) this.#stale.delete(canvas);
      try {
        const answers = batch.length === 0 ? [] : await this.draw(requests(batch));
        for (const canvas of batch) {
          const answer = answers.find(({ id }) => id === canvas.id);
          // Drawings of an older report come too late.
          if (answer !== undefined && report === this.report && this.#canvases.has(canvas)) canvas.accept(answer);
        }
      } catch (error) {
        if (!(error instanceof Stopped)) {
          this.trouble = sentence(error);
          this.emit('status');
        }
      }
      this.#drawing = false;
      const more = [...this.#stale].some((canvas) => canvas.visible && canvas.request() !== null);
      if (more || (all && due.length > batch.length)) this.#drawStale(all);
    });
  }

  /** Lets go of everything. */
  close() {
    window.clearTimeout(this.#rest);
    this.setPlaying(false);
    this.#listeners.clear();
    this.#canvases.clear();
    this.#stale.clear();
  }
}

/**
 * @param {Canvas[]} canvases
 * @returns {ChartRequest[]}
 */
function requests(canvases) {
  return canvases.map((canvas) => canvas.request()).filter((request) => request !== null);
}
