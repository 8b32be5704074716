// The blocks of an offer as a small table: how much, at what price. One row is one block.

import { inForm, ofDocument } from '../session/read.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading } from '../ui/number.js';

/** `key`: its name in the document; an empty box of an optional one leaves it out. @typedef {{ key: string, name: string, unit: string, times: number, optional?: boolean }} Column */
/** What a block says beside its columns stays with it. @typedef {Record<string, any>} Block */

/**
 * @param {string} title
 * @param {Block[]} blocks
 * @param {{ columns: Column[], next: Block, messageId: string }} options `next`: what another block begins with
 */
export function blockTable(title, blocks, { columns, next, messageId }) {
  const heads = columns.map(({ name, unit }) => `${name}, ${unit}`);
  const body = h('tbody', {});
  const more = h('button', { type: 'button', class: 'quiet', onclick: () => put(next)?.focus() }, 'Another block');
  const element = h(
    'div',
    { class: 'edit-blocks' },
    h(
      'table',
      { 'aria-label': title },
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)), h('td', {}))),
      body,
    ),
    more,
  );
  /** What the rows were made of. @type {WeakMap<Element, Block>} */
  const made = new WeakMap();
  const rows = () => [...body.rows];
  const boxesOf = (/** @type {HTMLElement} */ row) => [...row.querySelectorAll('input')];

  /** @param {Block} block */
  function put(block) {
    const boxes = columns.map(({ key, times, optional }) => {
      const box = numberBox({ 'aria-describedby': messageId, placeholder: optional ? 'same' : null });
      box.value = raw(inForm({ times }, block[key]));
      return box;
    });
    const remove = h('button', { type: 'button', class: 'icon-button', onclick: () => take(row) }, icon('close'));
    const row = h('tr', {}, ...boxes.map((box) => h('td', {}, box)), h('td', {}, remove));
    made.set(row, block);
    body.append(row);
    name();
    return boxes[0];
  }

  /** @param {HTMLElement} row */
  function take(row) {
    row.remove();
    name();
    more.focus();
  }

  /** Every box and button says which block it is of. */
  function name() {
    rows().forEach((row, at) => {
      boxesOf(row).forEach((box, k) => box.setAttribute('aria-label', `Block ${at + 1}, ${heads[k]}`));
      const remove = row.querySelector('button');
      remove?.setAttribute('aria-label', `Remove block ${at + 1}`);
      remove?.setAttribute('title', `Remove block ${at + 1}`);
    });
  }

  for (const block of blocks) put(block);
  return {
    element,
    control: /** @type {HTMLElement} */ (body.querySelector('input') ?? more),
    controls: () => body.querySelectorAll('input'),
    /** The box that a path such as `1.usd_per_mwh` names. @param {string} path */
    named(path) {
      const [at = '', key = ''] = path.split('.');
      const row = rows()[Number(at)];
      return row === undefined
        ? undefined
        : (boxesOf(row)[columns.findIndex((one) => one.key === key)] ?? boxesOf(row)[0]);
    },
    /** @returns {{ value: Block[] } | { message: string }} */
    read() {
      /** @type {Block[]} */
      const value = [];
      for (const row of rows()) {
        const block = { ...made.get(row) };
        for (const [k, { key, times, optional }] of columns.entries()) {
          const box = boxesOf(row)[k];
          const typed = box?.value ?? '';
          delete block[key];
          if (optional === true && typed.trim() === '') continue;
          const answer = reading(typed);
          if ('message' in answer) {
            box?.setAttribute('aria-invalid', 'true');
            return answer;
          }
          block[key] = ofDocument({ times }, answer.value);
        }
        value.push(block);
      }
      return { value };
    },
  };
}
