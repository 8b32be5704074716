// The lab, one screen's worth: question, answer, the few inputs that matter, network and the chart that answers,
// time; everything else opens below.

import { createNetwork } from '../grid/network.js';
import { createAnswer } from '../panels/answer.js';
import { createLead } from '../panels/lead.js';
import { createLesson } from '../panels/lesson.js';
import { createLevers } from '../panels/levers.js';
import { createTask } from '../panels/task.js';
import { createTransport } from '../panels/transport.js';
import { createVariants } from '../panels/variants.js';
import { createBoardPlace } from './board-place.js';
import { createEdit } from './edit-place.js';
import { createWhy } from './why-place.js';
import { h, isTyping } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { createLabDrawers } from './lab-drawers.js';
import { createHeader, iconButton } from './shell.js';

/** @import { Lab } from '../session/lab.js' */

/** Presets whose grid makes a good game (`class/grids.js`). */
const PLAYED = new Set(['triangle', 'zuo-4node', 'lind-5bus', 'zuo-30bus']);

/** @param {Lab} lab */
function classLink({ scenario: { preset } }) {
  if (!PLAYED.has(preset ?? '')) return null;
  return h('p', { class: 'learn-more' }, h('a', { href: `#room&p=${preset}` }, 'Play this grid with a class'));
}

/**
 * @param {Lab} lab
 * @param {HTMLElement} notices where notices of the page go
 */
export function createLabView(lab, notices) {
  const header = createLabHeader(lab);
  const lead = createLead(lab);
  const variants = createVariants(lab);
  const answer = createAnswer(lab, { reveal, evidence: () => drawers.open('evidence') });
  const levers = createLevers(lab, () => drawers.open('inputs'));
  const lesson = createLesson(lab, { watch: (id) => drawers.watch(id) });
  const network = createNetwork(lab, {
    ...{ beside: true, asks: true },
    change: () => edit.open(),
    changing: () => edit.isOpen(),
  });
  const why = createWhy(lab, network);
  const edit = createEdit(lab, network);
  const transport = createTransport(lab);
  const task = createTask(lab);
  const pictures = h('div', { class: 'pictures' }, network.element);
  const board = createBoardPlace(lab);
  const drawers = createLabDrawers(lab, pictures, () => edit.open(), board);
  const bar = h('div', { class: 'time-bar' }, transport.element);
  const stage = h('div', { class: 'stage-row' }, pictures, bar);
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    lead.element,
    variants.element,
    lesson.element,
    answer.element,
    levers.element,
    stage,
    task.element,
    drawers.element,
    // Last, as it grows when it is filled: nothing below it moves.
    board.element,
  );
  const game = classLink(lab);
  if (game !== null) drawers.element.append(game);
  const element = h('div', { class: 'lab' }, header.element, main);

  /** @param {string} path */
  function reveal(path) {
    if (!levers.reveal(path)) drawers.reveal(path);
  }

  function update() {
    const timeless = lab.steps < 2;
    bar.classList.toggle('is-timeless', timeless);
    element.classList.toggle('is-timeless', timeless);
    cover();
    drawers.update();
    header.update();
  }

  /** Before a prediction nothing that gives the answer away is on screen. */
  function cover() {
    const { covered } = lab;
    element.classList.toggle('is-covered', covered);
    const hidden = covered && (lab.report.lesson?.predict?.hide ?? []).includes('network');
    network.element.hidden = hidden || lab.report.look.without_network === true;
  }

  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (pressKey(lab, event)) event.preventDefault();
  };
  main.addEventListener('export-table', async (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { exportTable } = await import('../panels/publish.js');
    exportTable(lab, event.detail.table, event.detail.series);
  });
  addEventListener('keydown', keys);
  update();
  const stops = [lab.on('result', update), lab.on('phase', cover)];
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      removeEventListener('keydown', keys);
      for (const part of [
        header,
        lead,
        variants,
        lesson,
        answer,
        levers,
        network,
        why,
        edit,
        transport,
        task,
        board,
        drawers,
      ])
        part.destroy();
    },
  };
}

/**
 * The title with undo, redo and sharing.
 * @param {Lab} lab
 */
function createLabHeader(lab) {
  const undo = iconButton('Undo', 'undo', () => lab.undo());
  const redo = iconButton('Redo', 'redo', () => lab.redo());
  const share = async () => {
    const { openShare } = await import('../embed/share.js');
    await openShare(lab);
  };
  const shareButton = h(
    'button',
    { type: 'button', class: 'share-button', 'aria-label': 'Share', onclick: () => void share() },
    icon('share'),
    h('span', {}, 'Share'),
  );
  const { element, setTitle, destroy } = createHeader({
    title: lab.report.title,
    actions: [undo, redo, shareButton],
  });
  return {
    element,
    destroy,
    update() {
      setTitle(lab.report.title);
      undo.disabled = !lab.canUndo;
      redo.disabled = !lab.canRedo;
    },
  };
}

/**
 * @param {Lab} lab
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key was undo or redo
 */
function pressKey(lab, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return false;
  if (document.querySelector('dialog[open]') !== null) return false;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) lab.undo();
  else if ((key === 'z' && event.shiftKey) || key === 'y') lab.redo();
  else return false;
  return true;
}
