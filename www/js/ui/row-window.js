// The rows of a table in its body: all of them where they are few, else those in sight, with room for the others.

import { h } from './dom.js';

/** Rows made above and below those in sight. */
const BEYOND = 10;
/** Height of a row and of what they are seen through before they are laid out, px. */
const ROW = 30;
const SEEN = 600;

/**
 * make: a row, by its index; kept: rows that stay made, where the reader is at work; gone: a row that is made no longer;
 * shown: other rows are made, of the places from `from` to before `to`
 * @typedef {{
 *   body: HTMLTableSectionElement, count: number, make: (index: number) => HTMLTableRowElement, whole: boolean,
 *   kept?: () => number[], gone?: (index: number) => void, shown?: (from: number, to: number) => void
 * }} WindowOptions
 */

export class RowWindow {
  /** The indices of the rows in their order: what is sorted and filtered. @type {number[]} */
  order;
  #options;
  /** The rows that are made. @type {Map<number, HTMLTableRowElement>} */
  #rows = new Map();
  #height = ROW;
  #isMeasured = false;
  /** What the rows are seen through, where they are not shown whole. @type {HTMLElement | null} */
  #scroll = null;

  /** @param {WindowOptions} options */
  constructor(options) {
    this.#options = options;
    this.order = Array.from({ length: options.count }, (_, index) => index);
  }

  /**
   * Shows the rows through an element that scrolls.
   * @param {HTMLElement} scroll
   */
  through(scroll) {
    const { whole, count } = this.#options;
    if (whole) {
      this.render();
      return;
    }
    this.#scroll = scroll;
    scroll.classList.add('is-long');
    scroll.querySelector('table')?.setAttribute('aria-rowcount', String(count + 1));
    scroll.addEventListener('scroll', () => this.render(), { passive: true });
    const resize = new ResizeObserver(() => {
      this.#isMeasured = false;
      this.render();
    });
    resize.observe(scroll);
    this.render();
  }

  /** The rows that are made, by their indices. @returns {ReadonlyMap<number, HTMLTableRowElement>} */
  get made() {
    return this.#rows;
  }

  /**
   * The same rows in another order, or fewer of them.
   * @param {number[]} order
   */
  reorder(order) {
    this.order = order;
    if (this.#scroll !== null) this.#scroll.scrollTop = 0;
    this.render();
  }

  /**
   * Brings a row into sight, and makes it where it is not.
   * @param {number} index
   * @returns {HTMLTableRowElement | undefined} undefined where it is filtered out
   */
  show(index) {
    const place = this.order.indexOf(index);
    const scroll = this.#scroll;
    if (scroll !== null && place >= 0) {
      const top = place * this.#height;
      const seen = this.#seen(scroll);
      if (top < scroll.scrollTop) scroll.scrollTop = top;
      else if (top + this.#height > scroll.scrollTop + seen) scroll.scrollTop = top + this.#height - seen;
      this.render();
    }
    return this.#rows.get(index);
  }

  /** The height of what rows are seen through, under their heads. @param {HTMLElement} scroll */
  #seen(scroll) {
    const head = scroll.querySelector('thead');
    return Math.max(this.#height, (scroll.clientHeight || SEEN) - (head?.offsetHeight ?? 0));
  }

  /** Makes what is in sight, and lets go of what is not. */
  render() {
    const { body, kept, shown } = this.#options;
    const scroll = this.#scroll;
    const count = this.order.length;
    let [from, to] = [0, count];
    if (scroll !== null) {
      from = Math.min(Math.max(0, Math.floor(scroll.scrollTop / this.#height) - BEYOND), Math.max(0, count - 1));
      to = Math.min(count, Math.ceil((scroll.scrollTop + this.#seen(scroll)) / this.#height) + BEYOND);
    }
    const places = new Set();
    if (scroll !== null)
      for (const index of kept?.() ?? []) {
        const place = this.order.indexOf(index);
        if (place >= 0) places.add(place);
      }
    for (let place = from; place < to; place += 1) places.add(place);
    const changed = this.#fill(
      body,
      [...places].sort((a, b) => a - b),
      scroll !== null,
    );
    if (changed) shown?.(from, to);
    if (scroll !== null && this.#measure()) this.render();
  }

  /**
   * @param {HTMLTableSectionElement} body
   * @param {number[]} places
   * @param {boolean} isWindow
   * @returns {boolean} whether other rows are made
   */
  #fill(body, places, isWindow) {
    const { make, gone } = this.#options;
    const wanted = new Set(places.map((place) => this.order[place]));
    let changed = false;
    for (const [index, row] of this.#rows) {
      if (wanted.has(index)) continue;
      row.remove();
      changed = true;
      // A table that is shown whole keeps its rows for when they are wanted again.
      if (!isWindow) continue;
      this.#rows.delete(index);
      gone?.(index);
    }
    for (const room of [...body.querySelectorAll(':scope > .rows-room')]) room.remove();
    let at = body.firstElementChild;
    const put = (/** @type {HTMLTableRowElement} */ row) => {
      // A row that stays is not moved: it may hold the focus.
      if (row === at) at = at.nextElementSibling;
      else body.insertBefore(row, at);
    };
    let next = 0;
    for (const place of places) {
      if (place > next) put(this.#room(place - next));
      const index = this.order[place] ?? 0;
      let row = this.#rows.get(index);
      if (row === undefined) {
        row = make(index);
        this.#rows.set(index, row);
      }
      if (row.parentNode !== body) changed = true;
      if (isWindow) row.setAttribute('aria-rowindex', String(place + 2));
      put(row);
      next = place + 1;
    }
    if (next < this.order.length) put(this.#room(this.order.length - next));
    return changed;
  }

  /** Room for rows that are not made. @param {number} rows */
  #room(rows) {
    const cell = h('td', { colspan: 1000 });
    cell.style.height = `${rows * this.#height}px`;
    return h('tr', { class: 'rows-room', 'aria-hidden': 'true' }, cell);
  }

  /** Whether rows turn out to be of another height. */
  #measure() {
    if (this.#isMeasured) return false;
    const height = [...this.#rows.values()].find((row) => row.offsetHeight > 0)?.getBoundingClientRect().height ?? 0;
    if (height === 0) return false;
    this.#isMeasured = true;
    const other = Math.abs(height - this.#height) > 0.01;
    this.#height = height;
    return other;
  }
}

/**
 * A row out of sight that keeps the columns as wide as their longest texts, whichever rows are made.
 * @param {HTMLTableCellElement[]} cells
 */
export function widest(cells) {
  return h('tbody', { class: 'rows-widest', 'aria-hidden': 'true' }, h('tr', {}, ...cells));
}
