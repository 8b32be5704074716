// One scenario being worked on: its inputs, its answer, the time cursor and the selection.
// Views listen; every change of an input goes through `edit`.

import { Board } from './board.js';
import { markOpened, openedWith } from './form.js';
import { isLimitedLine } from './items.js';
import { Problem, Stopped, Superseded, sentence } from './problem.js';
import { shippedAnswer } from './ahead.js';
import { lessonOf, presetOf } from './lessons.js';
import { hashOf } from './links.js';
import { keepDrawer, keptDrawer } from './autosave.js';
import { nextKey } from './keys.js';
import { telling } from './telling.js';
import { Why } from './why.js';

/** @import { Change, ChartAnswer, ChartRequest, Explained, FieldGroup, Progress, Report, Scenario, SolveAnswer, Subject } from './types.js' */
/** @import { Ahead } from './ahead.js' */
/** @import { Client } from './client.js' */

/** @typedef {'idle' | 'working' | 'slow' | 'stuck'} Status */

const SLOW_MS = 300;
const STUCK_MS = 2000;
const LINK_MS = 250;
const PATIENCE_S = 30; // What takes longer is not solved unasked.
const UNDO_DEPTH = 200;
const UNDO_ROOM = 64 << 20; // Characters that all scenarios to go back to may have together.

export class Lab extends Board {
  /** The scenario on screen as the module wrote it. */
  text;
  /** The same, parsed. @type {Scenario} */
  scenario;
  /** @type {FieldGroup[]} */
  form;
  /** @type {Status} */
  status = 'idle';
  /** How far a solve from parts is. @type {Progress | null} */
  progress = null;
  /** Refused inputs: path → why. @type {Map<string, string>} */
  refused = new Map();
  /** The hash of the scenario on screen. */
  hash = '';
  /** Whether an input was changed here since the scenario was opened. */
  edited = false;
  /** @override @type {Ahead | null} */
  ahead = null;
  /** The drawer that stands open, '' for none. */
  drawer = '';
  /** What is asked why it is what it is. */
  why = new Why(this);
  /** What the network shows: this, or another answer to it that is looked at. @type {Lab} */
  seen = this;
  /** How far the lesson is: `predict`, `try-1` and on, `why`; '' where it is not taken. */
  phase = '';
  /** Whether the answer is still covered. */
  covered = false;

  #key = 0;
  #line; // The key of the first solve: answers after it are told by what is another.
  asOne = false; // Whether changes are refused together where one of them is.
  #linked = 0; // The key of the solve whose scenario the hash holds.
  /** @type {string[]} */
  #undo = [];
  /** @type {string[]} */
  #redo = [];
  /** Where undo and redo lead to while the answer is on its way, and the steps as they were before. @type {{ text: string, undo: string[], redo: string[] } | null} */
  #heading = null;
  /** The gesture of the change that made the scenario on screen. */
  gesture = '';
  /** The solve of what was computed ahead. @type {Promise<void> | null} */
  #solving = null;
  /** Changes sent or waiting that no answer has included yet. @type {Map<string, unknown>} */
  #pending = new Map();
  #flights = 0;
  /** The inputs as they were opened, where there is no preset. @type {import('./form.js').Opened | null} */
  #opened;
  /** @type {number[]} */
  #timers = [];
  #linkTimer = 0;
  #begun = 0; // The step that the page was opened at.
  /** Whether a prediction was made. */
  #revealed = false;
  /** Whether a drawer was opened or closed here. */
  #pulled = false;
  /** The layers that were switched, by chart. @type {Map<string, string[]>} */
  #layers = new Map();

  /**
   * @param {Client} client
   * @param {SolveAnswer} answer
   * @param {number} key
   */
  constructor(client, answer, key) {
    super(client, answer.report);
    this.#key = this.#linked = this.#line = key;
    this.text = answer.scenario;
    this.scenario = JSON.parse(answer.scenario);
    // Without a preset, what was opened is what a change is measured by.
    this.#opened = this.scenario.preset === '' ? openedWith(answer.form) : null;
    this.form = markOpened(answer.form, this.#opened);
    this.cursor = telling(answer.report);
    this.#begun = this.cursor;
    this.phase = this.scenario.view.lesson ?? '';
    this.covered = this.phase === 'predict' && answer.report.lesson?.predict != null;
    this.drawer = answer.report.look.drawer || keptDrawer(this.scenario.mechanism.kind);
  }

  /**
   * Opens a hash, a text or a file; its result is on screen when this resolves.
   * @param {Client} client
   * @param {string | Uint8Array} what
   * @param {(progress: Progress | null, scenario: string) => void} [progress]
   * @returns {Promise<Lab>}
   */
  static async open(client, what, progress) {
    const shipped = shippedAnswer(what);
    if (typeof what === 'string') void lessonOf(presetOf(what));
    const scenario = await (typeof what === 'string' ? client.call('open', what) : client.call('openFile', what));
    const lesson = await lessonOf(JSON.parse(scenario).preset);
    if (lesson !== null) await client.learn(lesson);
    const key = nextKey();
    const ahead = await shipped?.of(scenario);
    if (ahead) {
      const answer = await client.give({ scenario, key, report: ahead.report });
      return Object.assign(new Lab(client, answer, key), { ahead });
    }
    const told = (/** @type {Progress | null} */ now) => progress?.(now, scenario);
    const answer = await client.solve({ scenario, key, line: key }, { progress: told });
    return new Lab(client, answer, key);
  }

  /** @override */
  get working() {
    return this.status !== 'idle';
  }

  /** @override */
  get origin() {
    const { client, text, document } = this;
    return { ...{ client, text, document }, preset: this.scenario.preset ?? '', title: this.report.title };
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  get canRedo() {
    return this.#redo.length > 0;
  }

  /**
   * The same case with another answer in the place of its own, which is looked at and not taken; nothing for its own.
   * @param {Report | null} report
   */
  look(report) {
    if (report === null && this.seen === this) return;
    // All that is read of it is its own but for the answer.
    this.seen = report === null ? this : Object.create(this, { report: { value: report } });
    this.emit('seen');
  }

  /** What identifies the solved report to the worker. */
  get solved() {
    return { scenario: this.text, key: this.#key };
  }

  /** @override @param {ChartRequest[]} charts @returns {Promise<ChartAnswer[]>} */
  draw(charts) {
    return this.client.call('draw', { ...this.solved, charts });
  }

  /** @override @param {string} chart */
  table(chart) {
    return this.client.call('table', { ...this.solved, chart });
  }

  /** @override @param {string} chart */
  csv(chart) {
    return this.client.call('csv', { ...this.solved, chart });
  }

  /**
   * The newest question takes the place of those that wait.
   * @override
   * @param {string} probe
   * @param {{ x: number, y: number }} point
   */
  async probe(probe, { x, y }) {
    if (this.ahead !== null) await this.#here(this.ahead);
    return this.client.latest(`probe ${probe}`, 'probe', { scenario: this.text, probe, x, y });
  }

  /** @override @param {string} line */
  isLimited(line) {
    return isLimitedLine(this.scenario.case, line);
  }

  /** @override @param {Subject} subject @returns {Promise<Explained>} */
  async explain(subject) {
    if (this.ahead !== null) await this.#here(this.ahead);
    return this.client.latest('explain', 'explain', { scenario: this.text, subject, step: this.cursor + 1 });
  }

  /** Solves what was computed ahead, for what only an outcome answers; not what takes minutes, nor across a change. @param {Ahead} ahead */
  async #here({ seconds }) {
    if (this.#flights === 0 && seconds < PATIENCE_S) this.#solving = this.#solve(this.text, [], () => {});
    await this.#solving;
    if (this.ahead !== null) throw new Stopped('This answer was computed ahead.');
  }

  /** The same however long it takes: somebody asked for it. */
  async solveHere() {
    if (this.ahead !== null) await this.#here({ ...this.ahead, seconds: 0 });
  }

  /**
   * Changes inputs and solves. Changes with the same gesture (one drag, one visit of a field) are one undo step.
   * @override
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
   * An input that follows the cursor moves with it: what is shown of one step is made anew.
   * @override
   * @param {number} step 0-based
   */
  moveTo(step) {
    const before = this.cursor;
    super.moveTo(step);
    if (this.cursor === before) return;
    const { follow } = this.report;
    if (follow !== undefined) this.edit([{ path: follow, value: this.cursor + 1 }], FOLLOWING);
    else if (!this.playing) this.#looked();
  }

  /**
   * A drawer was opened, or closed: kept for the next page of the mechanism, and in the link.
   * @param {string} name '' for none
   */
  setDrawer(name) {
    this.drawer = name;
    this.#pulled = true;
    keepDrawer(this.scenario.mechanism.kind, name);
    this.#looked();
  }

  /** @override @param {string} chart @param {string[]} layers */
  setLayers(chart, layers) {
    this.#layers.set(chart, layers);
    this.#looked();
  }

  /**
   * The link gets the step at which playing stops.
   * @override
   * @param {boolean} playing
   */
  setPlaying(playing) {
    super.setPlaying(playing);
    if (!playing && this.cursor !== this.#begun) this.#looked();
  }

  /**
   * The lesson goes on. Who predicts does not see the answer; whoever has seen it is not asked to forget it.
   * @param {string} phase
   */
  setPhase(phase) {
    this.phase = phase;
    if (phase !== 'predict') this.covered = false;
    else if (!this.edited && this.report.lesson?.predict != null && !this.#revealed) this.covered = true;
    this.#looked();
    this.emit('phase');
  }

  /** The answer is shown. */
  reveal() {
    this.#revealed = true;
    this.covered = false;
    this.emit('phase');
  }

  /** Something else is looked at: the link says so. */
  #looked() {
    this.#linked = 0;
    this.refreshLink();
  }

  /** The scenario with what is looked at, as links and files hold it. */
  get document() {
    const { follow, look } = this.report;
    const view = { ...this.scenario.view };
    if (follow === undefined && (view.step != null || this.cursor !== this.#begun)) view.step = this.cursor + 1;
    view.lesson = this.phase === '' ? undefined : this.phase;
    const others = (view.layers ?? []).filter((layer) => !this.#layers.has(layer.split('/')[0] ?? ''));
    const own = [...this.#layers].flatMap(([chart, on]) => (on.length === 0 ? [''] : on).map((id) => `${chart}/${id}`));
    if (own.length > 0) view.layers = [...others, ...own];
    if (this.#pulled) view.drawer = this.drawer === '' && !look.drawer ? undefined : this.drawer;
    return JSON.stringify({ ...this.scenario, view });
  }

  /**
   * Another scenario in the place of this one, as one undo step.
   * @param {string} scenario
   */
  replace(scenario) {
    this.#stay();
    const before = this.text;
    this.#pending.clear();
    this.refused.clear();
    this.gesture = '';
    this.#solve(scenario, [], () => {
      this.#undo.push(before);
      this.#redo = [];
    });
  }

  /**
   * An input that is not even a number; the scenario keeps its last good value.
   * @param {string} path
   * @param {string} message
   */
  refuse(path, message) {
    this.refused.set(path, message);
    this.emit('refused');
  }

  undo() {
    this.#jump(this.#undo, this.#redo);
  }

  redo() {
    this.#jump(this.#redo, this.#undo);
  }

  /** Stops the solve under way; the last result stays. */
  cancel() {
    this.#pending.clear();
    this.client.cancel();
  }

  /**
   * One step from one pile to the other; several may be on their way at once.
   * @param {string[]} from
   * @param {string[]} to
   */
  #jump(from, to) {
    const scenario = from[from.length - 1];
    if (scenario === undefined) return;
    const before = this.#heading ?? { text: this.text, undo: [...this.#undo], redo: [...this.#redo] };
    from.pop();
    to.push(before.text);
    this.#heading = { ...before, text: scenario };
    this.#pending.clear();
    this.refused.clear();
    this.gesture = '';
    this.#solve(scenario, [], () => (this.#heading = null));
  }

  /** The steps as they were before an undo that came to nothing. */
  #stay() {
    if (this.#heading === null) return;
    ({ undo: this.#undo, redo: this.#redo } = this.#heading);
    this.#heading = null;
  }

  /** @param {string} gesture */
  #send(gesture) {
    this.#stay();
    const before = this.text;
    const changes = [...this.#pending].map(([path, value]) => ({ path, value }));
    const settle = () => {
      for (const { path, value } of changes) {
        if (this.#pending.get(path) === value) this.#pending.delete(path);
        this.refused.delete(path);
      }
    };
    this.#solve(before, changes, () => {
      // Looking at another step is nothing to undo.
      if (gesture === FOLLOWING) {
        settle();
        return;
      }
      if (gesture === '' || gesture !== this.gesture) {
        this.#undo.push(before);
        const room = Math.min(UNDO_DEPTH, Math.max(1, Math.floor(UNDO_ROOM / before.length)));
        if (this.#undo.length > room) this.#undo.shift();
      }
      this.#redo = [];
      this.gesture = gesture;
      settle();
      this.tell(changes);
    });
  }

  /**
   * @param {string} scenario
   * @param {Change[]} changes
   * @param {() => void} accepted
   */
  async #solve(scenario, changes, accepted) {
    const [key, charts] = [nextKey(), this.wanted()];
    this.#takeOff();
    try {
      const progress = (/** @type {Progress | null} */ now) => {
        this.progress = now;
        this.emit('status');
      };
      const request = { scenario, changes, charts, key, line: this.#line };
      const answer = await this.client.solve(request, { latest: true, progress });
      accepted();
      this.#apply(answer, key);
    } catch (error) {
      this.#fail(error, changes);
    } finally {
      this.#solving = null;
      this.#land();
    }
  }

  /**
   * @param {SolveAnswer} answer
   * @param {number} key
   */
  #apply(answer, key) {
    const before = this.text;
    this.text = answer.scenario;
    this.scenario = JSON.parse(answer.scenario);
    this.report = answer.report;
    this.seen = this;
    this.form = markOpened(answer.form, this.#opened);
    this.#key = key;
    this.trouble = '';
    this.edited ||= this.text !== before || this.ahead === null;
    this.ahead = null;
    const { follow, start } = answer.report;
    // The scenario says where to look, unless a newer step waits.
    if (follow !== undefined && start !== undefined && !this.#pending.has(follow)) this.cursor = start;
    this.cursor = Math.max(0, Math.min(this.cursor, this.steps - 1));
    this.emit('result');
    this.deliver(answer.charts);
    this.refreshLink();
  }

  /**
   * @param {unknown} error
   * @param {Change[]} changes
   */
  #fail(error, changes) {
    if (error instanceof Superseded) return;
    this.#stay();
    if (error instanceof Problem && changes.length > 0) {
      const culprit = changes.find(({ path }) => path === error.field) ?? changes[changes.length - 1];
      if (culprit !== undefined) {
        for (const { path, value } of this.asOne ? changes : [culprit])
          if (this.#pending.get(path) === value) this.#pending.delete(path);
        this.refused.set(culprit.path, sentence(error));
        this.emit('refused');
        if (this.#pending.size > 0 && changes.length > 1) this.#send('');
        return;
      }
    }
    if (error instanceof Stopped) this.#pending.clear();
    this.trouble = sentence(error);
    this.emit('status');
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
    this.emit('status');
  }

  /** Brings the hash up to date now, if it is not. */
  async flush() {
    const key = this.#key;
    if (key === this.#linked) return;
    const hash = hashOf((await this.client.call('link', this.document)).fragment);
    if (key !== this.#key || key === this.#linked) return;
    this.#linked = key;
    this.hash = hash;
    this.emit('link');
  }

  /** Brings the hash up to date once the changes rest. */
  refreshLink() {
    window.clearTimeout(this.#linkTimer);
    this.#linkTimer = window.setTimeout(async () => {
      try {
        await this.flush();
      } catch {
        // The scenario on screen is valid; without a link the address keeps the last one.
      }
    }, LINK_MS);
  }

  /**
   * Lets go of timers, too.
   * @override
   */
  close() {
    super.close();
    this.why.close();
    window.clearTimeout(this.#linkTimer);
    this.#timers.forEach((timer) => window.clearTimeout(timer));
  }
}

const FOLLOWING = 'following'; // The gesture of an input that follows the time cursor.
