// The legend of a figure: its series, to be shown or hidden, with their values at the step being read.

import { markSelected } from '../session/items.js';
import { drawing as parse, h } from '../ui/dom.js';
import { short } from './readout.js';

/** @import { LegendItem } from '../session/types.js' */
/** @import { FigureState } from './figure-state.js' */

/** Legend entries shown before "more". */
const ROOM = 8;

export class Legend {
  element = h('ul', { class: 'legend', 'aria-label': 'Series; press to show or hide' });
  /** Whether "more" was pressed. */
  #whole = false;
  #state;
  #toggle;

  /**
   * @param {FigureState} state
   * @param {(series: string) => void} toggle shows or hides a series
   */
  constructor(state, toggle) {
    this.#state = state;
    this.#toggle = toggle;
  }

  draw() {
    const { board, drawn, hasCurves } = this.#state;
    const items = drawn?.legend ?? [];
    const room = this.#whole ? items.length : ROOM;
    if (this.#holds(items, room)) this.#press(items.slice(0, room));
    else this.#fill(items, room);
    this.element.hidden = items.length < 2 && !hasCurves;
    markSelected(this.element, board.selection);
  }

  /** The values at a step of the clock. @param {number} at */
  values(at) {
    const { read } = this.#state;
    if (!read?.clock) return;
    for (const entry of this.element.children) {
      const value = entry.querySelector('.series-value');
      const series = entry.getAttribute('data-series');
      if (value !== null && series !== null) value.textContent = short(read.value(series, at));
    }
  }

  /**
   * Whether the entries are those of these items already.
   * @param {LegendItem[]} items
   * @param {number} room
   */
  #holds(items, room) {
    const { children } = this.element;
    const count = Math.min(items.length, room) + (items.length > room ? 1 : 0);
    return (
      children.length === count &&
      items.every((item, at) => at >= room || children[at]?.getAttribute('data-series') === item.series)
    );
  }

  /** @param {LegendItem[]} items */
  #press(items) {
    for (const [at, item] of items.entries()) {
      this.element.children[at]?.querySelector('button')?.setAttribute('aria-pressed', String(item.shown));
    }
  }

  /**
   * @param {LegendItem[]} items
   * @param {number} room
   */
  #fill(items, room) {
    this.element.replaceChildren(...items.slice(0, room).map((item) => this.#entry(item)));
    if (items.length <= room) return;
    const expand = () => {
      this.#whole = true;
      this.draw();
      this.values(this.#state.index);
    };
    const more = h('button', { type: 'button', class: 'quiet', onclick: expand }, `${items.length - room} more`);
    this.element.append(h('li', {}, more));
  }

  /** @param {LegendItem} item */
  #entry({ series, name, shown, swatch: picture }) {
    const swatch = parse(picture);
    swatch.setAttribute('class', 'swatch');
    swatch.setAttribute('aria-hidden', 'true');
    return h(
      'li',
      { 'data-series': series, 'data-item': this.#state.board.itemOf(series) },
      h(
        'button',
        { type: 'button', 'aria-pressed': String(shown), onclick: () => this.#toggle(series) },
        swatch,
        h('span', { class: 'series-name' }, name),
        this.#state.hasCurves ? h('span', { class: 'series-value' }) : null,
      ),
    );
  }
}
