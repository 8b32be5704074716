// One chart: the module's drawing, an overlay for the time cursor and the selection, a legend that reads values,
// zoom, downloads, a sentence and a table.

import { markSelected } from '../session/items.js';
import { sentence as words } from '../session/problem.js';
import { drawing as parse, h, markFirstResult } from '../ui/dom.js';
import { unitText } from '../ui/number.js';
import { isDark } from '../ui/theme.js';
import { createTable, markStep, pressCell } from './datatable.js';
import { buildFigure } from './figure-build.js';
import { listen } from './figure-interact.js';
import { Legend } from './figure-legend.js';
import { overlayOf } from './figure-overlay.js';
import { FigureState, isPlane } from './figure-state.js';
import { createProbe } from './probe.js';
import { reader } from './readout.js';
import { createZoom } from './zoom.js';

/** @import { ChartAnswer, Drawing } from '../session/types.js' */
/** @import { Board, Canvas } from '../session/board.js' */
/** @import { FigureOptions } from './figure-state.js' */

/** Figures this far out of sight are drawn already, px. */
const MARGIN = 300;

/**
 * @param {Board} board
 * @param {string} id
 * @param {FigureOptions} [options]
 */
export function createFigure(board, id, options = {}) {
  const figure = new Figure(board, id, options);
  return { id, element: figure.element, destroy: () => figure.destroy() };
}

class Figure {
  #board;
  #id;
  #options;
  #state;
  #parts;
  #legend;
  #zoom;
  /** Only for a plane whose points can be asked about. @type {ReturnType<typeof createProbe> | null} */
  #probe = null;
  /** Only for a plane with layers; it loads when there is one. @type {ReturnType<(typeof import('./layers.js'))['createLayers']> | null} */
  #layers = null;
  #isLoading = false;
  #isGone = false;
  #tableIsStale = true;
  /** What to call when the figure goes. @type {(() => void)[]} */
  #stops;
  /** @type {Canvas} */
  #canvas = {
    id: '',
    visible: false,
    request: () => this.#state.request(this.#width),
    accept: (answer) => this.#accept(answer),
  };

  /**
   * @param {Board} board
   * @param {string} id
   * @param {FigureOptions} options
   */
  constructor(board, id, options) {
    this.#board = board;
    this.#id = id;
    this.#options = options;
    this.#canvas.id = id;
    const state = new FigureState(board, id, options.height);
    this.#state = state;
    this.#legend = new Legend(state, (series) => {
      state.toggle(series);
      board.redraw(this.#canvas);
    });
    this.#zoom = createZoom({
      frame: () => state.drawn?.frame ?? null,
      both: () => state.zoomsBoth,
      get: () => state.range,
      set: (next) => {
        state.range = next;
        board.redraw(this.#canvas);
      },
    });
    const zoom = (/** @type {number} */ factor) => this.#zoom.by(factor, this.#probe?.about());
    const { fit, pan } = this.#zoom;
    this.#parts = buildFigure(id, this.#legend.element, options.bare === true || options.small === true, {
      ...{ zoom, fit },
      save: () => void this.#export(),
    });
    listen(state, this.#parts.plot, { redraw: () => this.#drawOverlay(), zoom, fit, pan });
    this.#zoom.listen(this.#parts.plot);
    this.#parts.details.addEventListener('toggle', () => void this.#fillTable());
    this.#parts.table.addEventListener('rows', () => this.#markTable());
    this.#parts.table.addEventListener('click', (event) => pressCell(board, this.#parts.table, event));
    this.#stops = this.#watch();
  }

  get element() {
    return this.#parts.element;
  }

  get #width() {
    return Math.floor(this.#parts.plot.clientWidth);
  }

  get #svg() {
    return this.#parts.picture.querySelector('svg');
  }

  /** Follows the size, the sight and the board. @returns {(() => void)[]} */
  #watch() {
    const board = this.#board;
    const canvas = this.#canvas;
    const { plot, element } = this.#parts;
    const resize = new ResizeObserver(() => {
      if (this.#svg?.viewBox.baseVal.width === this.#width) return;
      this.#reserve();
      board.redraw(canvas);
    });
    resize.observe(plot);
    requestAnimationFrame(() => this.#reserve());
    const sight = new IntersectionObserver(
      (entries) => {
        const seen = entries[entries.length - 1]?.isIntersecting ?? false;
        if (seen === canvas.visible) return;
        canvas.visible = seen;
        if (seen) board.redraw(canvas);
      },
      { rootMargin: `${MARGIN}px` },
    );
    sight.observe(element);
    this.#update();
    board.attach(canvas);
    return [
      board.on('result', () => this.#update()),
      board.on('cursor', () => this.#moved()),
      board.on('selection', () => {
        this.#drawOverlay();
        markSelected(element, board.selection);
      }),
      () => resize.disconnect(),
      () => sight.disconnect(),
    ];
  }

  destroy() {
    for (const stop of this.#stops) stop();
    this.#isGone = true;
    this.#probe?.destroy();
    this.#layers?.destroy();
    this.#board.detach(this.#canvas);
  }

  /** A new report. */
  #update() {
    const state = this.#state;
    const { element, title, summary } = this.#parts;
    const { chart } = state;
    element.hidden = chart === undefined;
    if (chart === undefined) return;
    title.textContent =
      unitText(chart.y.unit) === '' || isPlane(chart) ? chart.title : `${chart.title}, ${chart.y.unit}`;
    this.#parts.tools?.rename(`${chart.title}: zoom and export`);
    summary.textContent = state.caption;
    element.classList.toggle('is-square', chart.square === true);
    element.classList.toggle('is-small', chart.small === true);
    element.classList.toggle('is-plane', isPlane(chart));
    element.classList.toggle('has-probe', state.probed);
    this.#dressPlot();
    state.read = reader(chart, this.#board);
    state.place = Math.max(0, Math.min(state.place, (state.read?.count ?? 1) - 1));
    this.#tableIsStale = true;
    void this.#fillTable();
    this.#probe?.refresh();
    if (this.#layers !== null) this.#layers.update();
    else if (state.probed && !this.#isLoading) void this.#loadLayers();
  }

  async #loadLayers() {
    this.#isLoading = true;
    const { createLayers } = await import('./layers.js');
    const { plot } = this.#parts;
    const probe = this.#probe;
    if (probe === null || this.#isGone) return;
    const layers = createLayers({
      ...{ board: this.#board, state: this.#state, plot },
      redraw: () => this.#board.redraw(this.#canvas),
      moveTo: probe.moveTo,
      ...{ own: probe.own, point: probe.point, curve: probe.curve },
    });
    this.#layers = layers;
    plot.append(layers.layer);
    this.#legend.element.after(layers.element);
    layers.update();
    layers.told(probe.answer());
  }

  /** The room of the picture is kept free until it is drawn. */
  #reserve() {
    const { plot } = this.#parts;
    const height = this.#state.request(this.#width)?.view.height;
    if (height !== undefined) plot.style.minHeight = `${height}px`;
  }

  /** The handle of a point to ask about takes the plot's place among the controls. */
  #dressPlot() {
    const state = this.#state;
    const { plot, reading } = this.#parts;
    plot.setAttribute('role', state.probed ? 'group' : 'slider');
    if (!state.probed) {
      // Of small ones beside one another the pointer reads; the numbers of all stand in a table.
      plot.tabIndex = this.#options.small === true ? -1 : 0;
      return;
    }
    if (this.#probe === null) {
      this.#probe = createProbe({
        board: this.#board,
        plot,
        bare: this.#options.bare === true,
        chart: () => state.chart,
        frame: () => state.drawn?.frame ?? null,
        told: (answer) => this.#layers?.told(answer),
      });
      plot.append(this.#probe.layer);
      reading.after(this.#probe.element);
    }
    for (const name of plot.getAttributeNames().filter((name) => /^(aria-value|tabindex)/.test(name)))
      plot.removeAttribute(name);
  }

  /** Another step. */
  #moved() {
    const state = this.#state;
    if (state.chart !== undefined) this.#parts.summary.textContent = state.caption;
    // Bars and paths are drawn for one step; curves over time only carry the cursor.
    if (state.read?.clock === false) this.#board.redraw(this.#canvas);
    this.#drawOverlay();
    this.#probe?.stepped();
    this.#layers?.stepped();
    markStep(this.#parts.table, this.#board.cursor, this.#values);
  }

  /** @param {ChartAnswer} answer */
  #accept({ drawing, problem }) {
    if (drawing === undefined) {
      this.#complain(`This chart could not be drawn: ${problem ?? ''}`);
      return;
    }
    this.#parts.problem.hidden = true;
    this.#state.drawn = drawing;
    this.#draw(drawing);
    this.#legend.draw();
    this.#drawOverlay();
    this.#probe?.drawn();
    this.#layers?.draw();
    markFirstResult();
  }

  /** @param {Drawing} drawing */
  #draw(drawing) {
    const { picture, overlay, key } = this.#parts;
    const svg = parse(drawing.svg);
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('focusable', 'false');
    svg.dataset['dark'] = String(isDark());
    svg.append(...(this.#options.dress?.(drawing, this.#state.visibleSeries) ?? []));
    picture.replaceChildren(svg);
    const box = svg.viewBox.baseVal;
    overlay.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
    key.hidden = drawing.key.length === 0;
    key.replaceChildren(...drawing.key.map((name) => h('li', {}, name)));
  }

  #drawOverlay() {
    const state = this.#state;
    const { overlay, picture, plot, reading } = this.#parts;
    const { drawn, read, chart, probed, hovered, index } = state;
    reading.hidden = probed;
    if (drawn === null || read === null || chart === undefined || probed) {
      overlay.replaceChildren();
      reading.textContent = '';
      return;
    }
    const active = hovered >= 0 || document.activeElement === plot;
    overlay.replaceChildren(...overlayOf(state, active, picture));
    this.#legend.values(index, active);
    const text = read.sentence(index, state.visibleSeries);
    reading.textContent = read.clock ? (hovered >= 0 ? read.title(index) : '') : active ? text : '';
    plot.setAttribute('aria-valuemin', '1');
    plot.setAttribute('aria-valuemax', String(Math.max(1, read.count)));
    plot.setAttribute('aria-valuenow', String(index + 1));
    plot.setAttribute('aria-valuetext', text);
  }

  /** @param {string} series */
  #values = (series) => this.#board.series(series)?.values;

  /** Marks the step and what is selected. */
  #markTable() {
    const { table } = this.#parts;
    markStep(table, this.#board.cursor, this.#values);
    markSelected(table, this.#board.selection);
  }

  async #fillTable() {
    const { details, table: box } = this.#parts;
    if (!details.open || !this.#tableIsStale) return;
    this.#tableIsStale = false;
    try {
      const table = await this.#board.table(this.#id);
      box.replaceChildren(createTable(table, { caption: false, series: this.#values }));
      this.#markTable();
    } catch (error) {
      box.textContent = words(error);
    }
  }

  /** Offers the figure, as it is seen, as a file. */
  async #export() {
    try {
      const { exportFigure } = await import('./figure-export.js');
      exportFigure(this.#board, this.#id, this.#state, this.#options.dress);
    } catch (error) {
      this.#complain(words(error));
    }
  }

  /** @param {string} text */
  #complain(text) {
    this.#parts.problem.textContent = text;
    this.#parts.problem.hidden = false;
  }
}
