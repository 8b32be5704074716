// The card that says why a number is what it is: its parts, the chain in sentences, what moves with the next unit, a proof.

import { createTable } from '../charts/datatable.js';
import { subjectOf } from '../session/items.js';
import { h, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { amount, bareAmount, unitText } from '../ui/number.js';
import { loadSheet } from '../ui/sheet.js';
import { typeset } from '../ui/symbols.js';
import { addDoors, subjectWords } from '../charts/why-doors.js';
import { latexOf, textOf } from './why-text.js';
import { createWaterfall } from './waterfall.js';

/** @import { Explained, OwnTable } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** A proof fails by more than this beside its size. */
const SAME = 1e-6;

/**
 * @param {Lab} lab
 * @param {{ fixed?: boolean }} [options] fixed: a view of its own, which nobody closes
 * @returns {{ element: HTMLElement, update: () => void }}
 */
export function createCard(lab, { fixed = false } = {}) {
  loadSheet('why.css');
  const { why } = lab;
  const titleId = uid('why');
  const place = h('span', {});
  const before = h('button', { type: 'button', class: 'why-before', hidden: true, onclick: () => why.goBack() });
  const title = h('h2', { id: titleId });
  const body = h('div', { class: 'why-body' });
  const close = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', title: 'Close', onclick: () => why.close(true) },
    icon('close'),
  );
  const element = h(
    'section',
    { class: 'why-card', role: fixed ? null : 'dialog', 'aria-labelledby': titleId, tabindex: -1 },
    h('header', {}, h('div', {}, h('p', { class: 'why-place' }, before, place), title), fixed ? null : close),
    body,
  );
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || fixed) return;
    event.stopPropagation();
    why.close(true);
  });
  /** What is on the card. @type {Explained | string | null} */
  let shown = null;
  let proved = false;

  /** Where the focus is goes on existing: the button of a part or the head of a table is made anew. */
  function fill() {
    const { answer, problem } = why;
    const now = answer ?? problem;
    if (now === shown) return;
    shown = now;
    pointAt(null);
    const inside = body.contains(document.activeElement);
    const opened = new Set(
      [...body.querySelectorAll('details[open]')].map((details) => details.getAttribute('data-id')),
    );
    if (answer === null) {
      body.replaceChildren(problem === '' ? h('p', { class: 'help' }, 'Solving') : h('p', { role: 'alert' }, problem));
    } else {
      const parts = contentOf(lab, answer, { opened, proved, prove: (on) => (proved = on) });
      body.replaceChildren(...parts.filter((part) => part !== null));
    }
    if (inside) element.focus({ preventScroll: true });
  }

  return {
    element,
    update() {
      const { answer, subject } = why;
      element.setAttribute('aria-busy', String(why.waiting));
      if (subject === null) return;
      const { clock } = lab.report;
      const step = answer === null ? lab.cursor : why.step;
      place.textContent = `${subjectWords(subject)}${clock == null || lab.steps < 2 ? '' : `, ${clock.name} ${step + 1}`}`;
      before.hidden = why.before === null;
      const led = why.before === null ? [] : [h('span', {}, '←'), ' ', h('span', {}, subjectWords(why.before))];
      before.replaceChildren(...led);
      const known = answer !== null && typeof answer.value === 'number' && Number.isFinite(answer.value);
      title.textContent = known ? `Why ${amount(answer.value, answer.unit)}?` : 'Why?';
      fill();
    },
  };
}

/**
 * @param {Lab} lab
 * @param {Explained} explained
 * @param {{ opened: Set<string | null>, proved: boolean, prove: (on: boolean) => void }} state
 */
function contentOf(lab, explained, { opened, proved, prove }) {
  const { headline, sentences, tables, proofs, parts } = explained;
  const point = (/** @type {string | null} */ item) => pointAt(item);
  const press = (/** @type {string} */ item) => {
    const subject = subjectOf(item);
    if (subject !== null && lab.why.explains(subject)) lab.why.ask(subject);
    else lab.select(lab.selection === item ? null : item);
  };
  const folded = tables.map((table) => foldedTable(lab, table, opened.has(table.id)));
  return [
    h('p', { class: 'why-headline' }, ...typeset(headline)),
    parts.length === 0 ? null : h('p', { class: 'waterfall-unit', 'aria-hidden': 'true' }, unitText(explained.unit)),
    parts.length === 0 ? null : createWaterfall(explained, point, press),
    h('ul', { class: 'why-sentences' }, ...sentences.map((text) => h('li', { class: 'why-said' }, ...typeset(text)))),
    ...folded,
    proofs.length === 0 ? null : proofOf(explained, proved, prove),
    copyRow(explained),
  ];
}

/** Shows on the network, and everywhere else, what is pointed at on the card. @param {string | null} item */
function pointAt(item) {
  for (const element of document.querySelectorAll('.is-pointed')) element.classList.remove('is-pointed');
  if (item === null) return;
  for (const element of document.querySelectorAll(`.diagram [data-item="${CSS.escape(item)}"]`))
    element.classList.add('is-pointed');
}

/**
 * @param {Lab} lab
 * @param {OwnTable} table
 * @param {boolean} open
 */
function foldedTable(lab, table, open) {
  const block = createTable(table, { caption: false });
  addDoors(lab, block);
  for (const row of block.querySelectorAll('tbody tr[data-item]')) {
    const item = row.getAttribute('data-item');
    row.addEventListener('pointerenter', () => pointAt(item));
    row.addEventListener('pointerleave', () => pointAt(null));
    row.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('button') === null)
        lab.select(lab.selection === item ? null : item);
    });
  }
  return h('details', { 'data-id': table.id, open }, h('summary', {}, ...typeset(table.title)), block);
}

/**
 * What the price predicts beside what another solve finds.
 * @param {Explained} explained
 * @param {boolean} open
 * @param {(on: boolean) => void} changed
 */
function proofOf({ proofs }, open, changed) {
  const id = uid('proof');
  const unit = proofs[0]?.unit ?? '';
  const alike = proofs.every((proof) => proof.unit === unit);
  const cell = (/** @type {number} */ value, /** @type {string} */ own) => (alike ? value : amount(value, own));
  const off = proofs.filter(
    ({ predicted, solved }) => !(Math.abs(predicted - solved) <= SAME * Math.max(1, Math.abs(predicted))),
  ).length;
  /** @type {OwnTable} */
  const table = {
    id: 'proofs',
    title: 'Proof',
    columns: [
      { name: 'Step', unit: '' },
      { name: 'Predicted', unit: alike ? unit : '' },
      { name: 'Cleared again', unit: alike ? unit : '' },
      { name: 'Difference', unit: alike ? unit : '' },
    ],
    rows: proofs.map(({ name, predicted, solved, unit: own }) => [
      name,
      cell(predicted, own),
      cell(solved, own),
      alike ? apart(solved, predicted) : bareAmount(apart(solved, predicted), own),
    ]),
  };
  const verdict =
    off === 0
      ? 'Each step gives what was predicted.'
      : `${off} of ${proofs.length} steps give something else than predicted.`;
  const panel = h(
    'div',
    { id, class: 'why-proofs', hidden: !open },
    createTable(table, { caption: false }),
    h('p', { class: off === 0 ? 'is-proved' : 'is-refuted' }, verdict),
  );
  const button = h(
    'button',
    {
      type: 'button',
      class: 'prove',
      'aria-expanded': String(open),
      'aria-controls': id,
      onclick: () => {
        panel.hidden = !panel.hidden;
        button.setAttribute('aria-expanded', String(!panel.hidden));
        changed(!panel.hidden);
      },
    },
    'Prove it',
  );
  return h('div', { class: 'why-proof' }, button, panel);
}

/**
 * How far a step is off, none within what a solver can tell.
 * @param {number} solved
 * @param {number} predicted
 */
function apart(solved, predicted) {
  const off = solved - predicted;
  return Math.abs(off) <= SAME * Math.max(1, Math.abs(predicted)) ? 0 : off;
}

/** @param {Explained} explained */
function copyRow(explained) {
  const note = h('span', { class: 'help', role: 'status' });
  const copy = async (/** @type {string} */ text) => {
    try {
      await navigator.clipboard.writeText(text);
      note.textContent = 'Copied.';
    } catch {
      note.textContent = 'The browser does not let the page copy.';
    }
  };
  const button = (/** @type {string} */ name, /** @type {(card: HTMLElement) => string} */ text) =>
    h(
      'button',
      {
        ...{ type: 'button', class: 'quiet' },
        onclick: (/** @type {Event} */ { currentTarget }) => {
          const card = currentTarget instanceof Element ? currentTarget.closest('.why-card') : null;
          if (card instanceof HTMLElement) void copy(text(card));
        },
      },
      name,
    );
  return h(
    'p',
    { class: 'row why-copy' },
    button('Copy as text', textOf),
    button('Copy as LaTeX', () => latexOf(explained)),
    note,
  );
}
