// The blocks of an offer as a small table: how much, at what price, and at what price at its end where that is another.

import { inForm, ofDocument } from '../session/read.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading } from '../ui/number.js';

/** @typedef {{ p_mw: number, usd_per_mwh: number, end_usd_per_mwh?: number | null }} Block */
/** @typedef {{ unit: string, times: number }} Unit */

/** The numbers of a block by their names in the document; the last may be left empty. @type {(keyof Block)[]} */
const KEYS = ['p_mw', 'usd_per_mwh', 'end_usd_per_mwh'];

/**
 * @param {string} title
 * @param {Block[]} blocks
 * @param {{ power: Unit, price: Unit, messageId: string }} options
 */
export function blockTable(title, blocks, { power, price, messageId }) {
  const heads = [`Power, ${power.unit}`, `Price, ${price.unit}`, `Price at its end, ${price.unit}`];
  const body = h('tbody', {});
  const more = h('button', { type: 'button', class: 'quiet', onclick: () => add() }, 'Another block');
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
  const rows = () => [...body.rows];
  const boxesOf = (/** @type {HTMLElement} */ row) => [...row.querySelectorAll('input')];

  /** @param {Partial<Block>} block */
  function put(block) {
    const boxes = KEYS.map((key, k) => {
      const box = numberBox({ 'aria-describedby': messageId, placeholder: k === 2 ? 'same' : null });
      box.value = raw(inForm(k === 0 ? power : price, block[key]));
      return box;
    });
    const remove = h('button', { type: 'button', class: 'icon-button', onclick: () => take(row) }, icon('close'));
    const row = h('tr', {}, ...boxes.map((box) => h('td', {}, box)), h('td', {}, remove));
    body.append(row);
    name();
    return boxes[0];
  }

  /** A further block costs no less than the last one. */
  function add() {
    const last = rows().at(-1);
    const [, from, to] = last === undefined ? [] : boxesOf(last).map(({ value }) => reading(value));
    const known = to !== undefined && 'value' in to ? to : from;
    const least = known !== undefined && 'value' in known ? ofDocument(price, known.value) : 20;
    put({ p_mw: ofDocument(power, 5), usd_per_mwh: least })?.focus();
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
        : (boxesOf(row)[KEYS.indexOf(/** @type {keyof Block} */ (key))] ?? boxesOf(row)[0]);
    },
    /** @returns {{ value: Block[] } | { message: string }} */
    read() {
      /** @type {Block[]} */
      const value = [];
      for (const row of rows()) {
        const [wide, from, to] = boxesOf(row);
        const [p, start] = [reading(wide?.value ?? ''), reading(from?.value ?? '')];
        const end = (to?.value ?? '').trim() === '' ? null : reading(to?.value ?? '');
        for (const [answer, box] of /** @type {const} */ ([
          [p, wide],
          [start, from],
          [end, to],
        ])) {
          if (answer === null || !('message' in answer)) continue;
          box?.setAttribute('aria-invalid', 'true');
          return answer;
        }
        if ('message' in p || 'message' in start) continue;
        const block = { p_mw: ofDocument(power, p.value), usd_per_mwh: ofDocument(price, start.value) };
        const rises = end !== null && 'value' in end && end.value !== start.value;
        value.push(rises ? { ...block, end_usd_per_mwh: ofDocument(price, end.value) } : block);
      }
      return { value };
    },
  };
}
