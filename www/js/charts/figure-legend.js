// The legend of a figure: the series that are drawn, with their values at the step being read, and a list in which
// all of them can be chosen.

import { markSelected } from '../session/items.js';
import { drawing as parse, h } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';
import { typeset } from '../ui/symbols.js';
import { short } from './readout.js';

/** @import { LegendItem } from '../session/types.js' */
/** @import { FigureState } from './figure-state.js' */

/** Series named below the picture at most. */
const ROOM = 8;
/** Series to choose from that are offered at once; among more one looks for a name. */
const OFFERED = 200;

export class Legend {
  #list = h('ul', { class: 'legend', 'aria-label': 'Series' });
  #choices = h('div', { class: 'menu-list' });
  #words = h('input', {
    ...{ type: 'search', autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Series with' },
    oninput: () => this.#offer(),
  });
  #found = h('span', { class: 'help', role: 'status' });
  #summary = h('summary', {}, 'Series…');
  #chooser = h('details', { class: 'menu chooser' }, this.#summary, this.#choices);
  #last = h('li', {}, this.#chooser);
  #state;
  #toggle;

  /**
   * @param {FigureState} state
   * @param {(series: string) => void} toggle shows or hides a series
   */
  constructor(state, toggle) {
    this.#state = state;
    this.#toggle = toggle;
    this.#chooser.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#chooser.open) return;
      event.stopPropagation();
      this.#chooser.open = false;
      this.#summary.focus();
    });
    // What is not looked at is not made: a chart may have a series for each of thousands of buses.
    this.#chooser.addEventListener('toggle', () => this.#offer());
    this.#chooser.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.#chooser.contains(relatedTarget)) this.#chooser.open = false;
    });
  }

  get element() {
    return this.#list;
  }

  draw() {
    const { board, drawn, hasCurves } = this.#state;
    const items = drawn?.legend ?? [];
    const shown = items.filter((item) => item.shown);
    // Lines that coincide are one stroke with all their names.
    const named = shown.filter(({ together }) => together !== '').slice(0, ROOM);
    this.#list.hidden = items.length < 2 && !hasCurves;
    if (!this.#holds(named)) {
      // The list to choose from stays where it is: it may hold the focus.
      for (const entry of [...this.#list.children]) if (entry !== this.#last) entry.remove();
      this.#list.prepend(...named.map((item) => this.#entry(item)));
    }
    const hidden = items.length - shown.length + Math.max(0, shown.length - ROOM);
    const text = hidden > 0 ? `${hidden} more…` : 'Series…';
    this.#summary.textContent = text;
    this.#summary.setAttribute('aria-label', `${text} of ${this.#state.chart?.title ?? 'the chart'}`);
    if (items.length < 2) this.#last.remove();
    else if (this.#last.parentElement === null) this.#list.append(this.#last);
    this.#offer();
    markSelected(this.#list, board.selection);
  }

  /**
   * The values at a step of the clock.
   * @param {number} at
   * @param {boolean} whole with all digits, as for who reads them off
   */
  values(at, whole) {
    const { read } = this.#state;
    if (!read?.clock) return;
    for (const entry of this.#list.children) {
      const value = entry.querySelector('.series-value');
      const series = entry.getAttribute('data-series');
      if (value !== null && series !== null)
        value.textContent = short(read.value(series, at), this.#state.chart?.y.unit ?? '', whole);
    }
  }

  /**
   * Whether the entries are those of these items already.
   * @param {LegendItem[]} named
   */
  #holds(named) {
    const present = [...this.#list.children].flatMap((entry) => entry.getAttribute('data-named') ?? []);
    const text = (/** @type {LegendItem} */ { series, together = '' }) => `${series} ${together}`;
    return present.join('\n') === named.map(text).join('\n');
  }

  /** Offers the series where they are looked at. */
  #offer() {
    if (!this.#chooser.open) return;
    const all = this.#state.drawn?.legend ?? [];
    const words = this.#words.value.trim().toLowerCase();
    const fits = (/** @type {LegendItem} */ { name }) =>
      name.toLowerCase().includes(words) || inLanguage(name).toLowerCase().includes(words);
    const wanted = words === '' || all.length <= OFFERED ? all : all.filter(fits);
    const items = wanted.slice(0, OFFERED);
    this.#found.textContent = `${items.length} of ${all.length} series`;
    const boxes = [...this.#choices.querySelectorAll('input[type="checkbox"]')];
    if (boxes.map((box) => box.getAttribute('value')).join('\n') === items.map(({ series }) => series).join('\n')) {
      for (const [at, box] of boxes.entries())
        if (box instanceof HTMLInputElement) box.checked = items[at]?.shown ?? false;
      return;
    }
    const labels = items.map((item) => {
      const { series, name, shown } = item;
      const box = h('input', {
        type: 'checkbox',
        value: series,
        checked: shown,
        onchange: () => this.#toggle(series),
      });
      return h('label', {}, box, swatchOf(item), h('span', {}, ...typeset(name)));
    });
    for (const label of this.#choices.querySelectorAll('label')) label.remove();
    const isLong = all.length > OFFERED;
    if (!isLong) this.#choices.replaceChildren();
    // The search stays where it is: it may hold the focus.
    else if (this.#words.parentElement === null) this.#choices.append(this.#words, this.#found);
    this.#choices.append(...labels);
  }

  /** @param {LegendItem} item */
  #entry(item) {
    const { series, name, together } = item;
    return h(
      'li',
      {
        'data-series': series,
        'data-named': `${series} ${together ?? ''}`,
        'data-item': this.#state.board.itemOf(series),
      },
      swatchOf(item),
      h('span', { class: 'series-name' }, ...typeset(together ?? name)),
      this.#state.hasCurves ? h('span', { class: 'series-value' }) : null,
    );
  }
}

/** @param {LegendItem} item */
function swatchOf({ swatch }) {
  const picture = parse(swatch);
  picture.setAttribute('class', 'swatch');
  picture.setAttribute('aria-hidden', 'true');
  return picture;
}
