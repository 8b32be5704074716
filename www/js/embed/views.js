// What an author may show of a scenario in an embedded view.

import { createFigure } from '../charts/figure.js';
import { createNetwork } from '../grid/network.js';
import { createAnswer } from '../panels/answer.js';
import { createTask } from '../panels/task.js';
import { viewOf } from '../session/embedding.js';
import { fieldOf } from '../session/form.js';
import { h, markFirstResult } from '../ui/dom.js';

/** @import { Subject } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @typedef {{ element: HTMLElement, destroy: () => void }} Part */

/**
 * The views of a scenario by their ids, with titles.
 * @param {Lab} lab
 * @returns {{ id: string, title: string }[]}
 */
export function viewsOf(lab) {
  const { report } = lab;
  return [
    { id: 'network', title: 'Network' },
    { id: 'answer', title: 'Answer' },
    ...(report.task == null ? [] : [{ id: 'task', title: 'Question to find a number' }]),
    ...report.charts.map(({ id, title }) => ({ id, title })),
    ...(report.lesson == null ? [] : [{ id: 'lesson', title: 'Lesson' }]),
    ...(report.compared === '' ? [] : [{ id: 'compare', title: `All ${report.compared}s side by side` }]),
  ];
}

/**
 * @param {Lab} lab
 * @param {string} view as the address has it
 * @param {{ bare: boolean, asks: boolean, watch: (id: string) => void }} options bare: only picture and legend; asks: there is a place for explanations; watch: brings a view into sight
 * @returns {Part | null} null where there is no such view
 */
export function createPart(lab, view, { bare, asks, watch }) {
  const { report } = lab;
  if (view === 'answer') {
    markFirstResult();
    return createAnswer(lab);
  }
  if (view === 'task') return createTask(lab);
  if (view === 'network') return createNetwork(lab, { bare, asks });
  if (view === 'lesson')
    return report.lesson == null
      ? null
      : later(async () => (await import('../panels/lesson.js')).createLesson(lab, { watch }));
  if (view === 'compare')
    return later(async () => {
      const { panel, destroy } = (await import('../panels/compare.js')).createCompare(lab);
      return { element: panel, destroy };
    });
  if (report.charts.some(({ id }) => id === view)) return createFigure(lab, view, { bare });
  const asked = viewOf(view);
  if (asked.kind === 'sweep') {
    const { path, from } = asked.ask;
    const field = fieldOf(lab.form, path);
    if (field?.kind !== 'number' || (from === undefined && (field.min == null || field.max == null))) return null;
    return later(async () => {
      const { panel, destroy } = (await import('../panels/sweep.js')).createSweep(lab, asked.ask);
      return { element: panel, destroy };
    });
  }
  if (asked.kind === 'why') {
    const subject = /** @type {Subject} */ (asked.subject);
    if (!lab.why.explains(subject) || !isThere(lab, subject)) return null;
    return later(async () => {
      const { createCard } = await import('../panels/why.js');
      const card = createCard(lab, { fixed: true });
      const stop = lab.on('why', card.update);
      lab.why.ask(subject, () => {});
      const leave = () => {
        stop();
        lab.why.close();
      };
      return { element: card.element, destroy: leave };
    });
  }
  return null;
}

/**
 * Whether the case has a bus or a line.
 * @param {Lab} lab
 * @param {Subject} subject
 */
function isThere(lab, { kind, id }) {
  const { buses = [], branches = [], feeders = [] } = lab.scenario.case;
  const groups = [buses, ...feeders.map((feeder) => feeder.buses)];
  if (kind === 'bus') return groups.some((all) => all.some((bus) => bus.id === id));
  return kind !== 'branch' || branches.some((branch) => branch.id === id) || id.includes('/');
}

/**
 * A part whose code is loaded when it is wanted.
 * @param {() => Promise<Part>} load
 * @returns {Part}
 */
function later(load) {
  const element = h('div', { class: 'embed-part' }, h('p', { class: 'help', role: 'status' }, 'Loading…'));
  /** @type {Part | null} */
  let part = null;
  let gone = false;
  load().then(
    (made) => {
      if (gone) made.destroy();
      else {
        part = made;
        element.replaceChildren(made.element);
      }
    },
    () =>
      element.replaceChildren(
        h('p', { role: 'alert' }, 'This part did not load. Check the connection and reload the page.'),
      ),
  );
  return {
    element,
    destroy() {
      gone = true;
      part?.destroy();
    },
  };
}
