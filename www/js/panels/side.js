// Long work beside the interaction: started and cancelled here, its report shown with its figures and a table.

import { Board } from '../session/board.js';
import { createTable } from '../charts/datatable.js';
import { h } from '../ui/dom.js';
import { createFigure } from '../charts/figure.js';
import { Stopped, sentence } from '../session/problem.js';

/** @import { Change, ChartAnswer, ChartRequest, OwnTable, Report, SideWork } from '../session/types.js' */
/** @import { Client } from '../session/client.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * A worker of its own, or the one of the interaction.
 * @typedef {Pick<Client, 'call'>} Caller
 * @typedef {Awaited<ReturnType<Client['aside']>>} Aside
 */

/** A report beside the solved one. */
class SideBoard extends Board {
  /**
   * @param {Lab} lab
   * @param {Caller} caller
   * @param {Report} report
   * @param {SideWork} work what the report was made from
   */
  constructor(lab, caller, report, work) {
    super(lab.client, report);
    this.lab = lab;
    this.caller = caller;
    this.work = work;
    this.cursor = Math.max(0, Math.min(lab.cursor, this.steps - 1));
  }

  /** @override */
  get origin() {
    return this.lab.origin;
  }

  /**
   * Another report in the same figures.
   * @param {Caller} caller
   * @param {Report} report
   * @param {SideWork} work
   */
  renew(caller, report, work) {
    [this.caller, this.report, this.work] = [caller, report, work];
    this.emit('result');
    this.deliver([]);
  }

  /**
   * @override
   * @param {ChartRequest[]} charts
   * @returns {Promise<ChartAnswer[]>}
   */
  draw(charts) {
    return this.caller.call('sideDraw', { work: this.work, charts });
  }

  /**
   * @override
   * @param {string} _probe
   * @param {{ x: number, y: number }} point
   */
  probe(_probe, point) {
    return this.caller.call('sideProbe', { work: this.work, ...point });
  }

  /**
   * @override
   * @param {string} chart
   */
  table(chart) {
    return this.caller.call('sideTable', { work: this.work, chart });
  }

  /**
   * @override
   * @param {string} chart
   */
  csv(chart) {
    return this.caller.call('sideCsv', { work: this.work, chart });
  }
}

/**
 * The controls and the result of such work; the panel puts them where it wants them.
 * @param {Lab} lab
 * @param {{ label: string, name: string, act: () => void }} options label: of the button that starts; name: of the progress
 */
export function createSide(lab, { label, name, act }) {
  /** @type {{ stop: () => void } | null} */
  let under = null;
  /** The worker a shown report is drawn by. @type {Aside | null} */
  let kept = null;
  /** Whether the program of that worker has every mechanism. */
  let keepsAll = false;
  /** @type {SideBoard | null} */
  let board = null;
  /** @type {{ id: string, destroy: () => void }[]} */
  let figures = [];
  const lead = h('p', { class: 'side-lead', hidden: true });
  const numbers = h('div', { class: 'side-tables' });
  const start = h('button', { type: 'button', class: 'primary', onclick: act }, label);
  const cancel = h('button', { type: 'button', hidden: true, onclick: () => under?.stop() }, 'Cancel');
  const bar = h('progress', { hidden: true, 'aria-label': name });
  const status = h('p', { class: 'help', role: 'status' });
  const result = h('div', { class: 'side-result' });

  /**
   * Work in a worker of its own, or in the one that draws what is shown.
   * @param {(aside: Aside, stopped: () => boolean) => Promise<boolean>} work whether the worker is still needed
   * @param {{ again?: boolean, whole?: boolean }} [options] again: in the worker that is there, without a word of it: it takes a
   *   moment; whole: needs every mechanism
   */
  async function run(work, { again = false, whole = false } = {}) {
    if (under !== null) return;
    let stopped = false;
    let needed = false;
    const quiet = again && kept !== null && (keepsAll || !whole);
    under = {
      stop() {
        stopped = true;
      },
    };
    start.disabled = true;
    bar.hidden = cancel.hidden = quiet;
    bar.removeAttribute('value');
    /** @type {Aside | null} */
    let aside = null;
    try {
      const worker = quiet && kept !== null ? kept : await lab.client.aside(whole);
      keepsAll = quiet ? keepsAll : whole;
      aside = worker;
      if (stopped) throw new Stopped('Cancelled.');
      under = {
        stop() {
          stopped = true;
          worker.stop();
        },
      };
      needed = await work(worker, () => stopped);
    } catch (error) {
      status.textContent = stopped ? 'Cancelled.' : sentence(error);
    } finally {
      if (!needed && aside !== kept) aside?.stop();
      under = null;
      start.disabled = false;
      bar.hidden = cancel.hidden = true;
    }
  }

  /**
   * Shows a report in place of the last one; figures of both stay.
   * @param {Report} report
   * @param {SideWork} work
   * @param {{ tables?: OwnTable[], lead?: string, by?: Aside, folded?: string }} [options] by: the worker that draws it;
   *   folded: what opens the tables
   */
  function show(report, work, { tables = [], lead: said, by, folded } = {}) {
    const same =
      board !== null && board.report.charts.map(({ id }) => id).join() === report.charts.map(({ id }) => id).join();
    if (kept !== (by ?? null)) kept?.stop();
    kept = by ?? null;
    if (same && board !== null) {
      board.renew(by ?? lab.client, report, work);
    } else {
      clear();
      board = new SideBoard(lab, by ?? lab.client, report, work);
      const own = board;
      const made = report.charts.map(({ id, small }) => ({
        small: small === true,
        ...createFigure(own, id, { small }),
      }));
      figures = made;
      const of = (/** @type {boolean} */ small) =>
        made.filter((one) => one.small === small).map(({ element }) => element);
      result.replaceChildren(
        lead,
        h('div', { class: 'figures' }, ...of(false)),
        ...(of(true).length === 0 ? [] : [h('div', { class: 'figures is-small' }, ...of(true))]),
        folded === undefined ? numbers : h('details', { class: 'data' }, h('summary', {}, folded), numbers),
      );
    }
    lead.hidden = said === undefined;
    lead.textContent = said ?? '';
    const values = (/** @type {string} */ id) => board?.series(id)?.values;
    numbers.replaceChildren(...tables.map((table) => createTable(table, { series: values })));
  }

  function clear() {
    for (const figure of figures) figure.destroy();
    figures = [];
    board?.close();
    board = null;
  }

  return {
    /**
     * The answer after some changes, by the worker that draws what is shown.
     * @param {{ scenario: string, changes: Change[] }} what
     */
    ask: async (what) => (kept ?? lab.client).call('choice', what),
    start,
    cancel,
    bar,
    status,
    result,
    run,
    show,
    /** Stops what is under way. */
    stop: () => under?.stop(),
    destroy() {
      under?.stop();
      clear();
      kept?.stop();
      kept = null;
    },
  };
}
