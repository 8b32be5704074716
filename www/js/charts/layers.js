// What can be laid over a plane: switches with a sentence each, a number that is moved, a walk along the edges. The network
// follows the point.

import { h, s, uid } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { pixels } from '../ui/number.js';
import { loadSheet } from '../ui/sheet.js';
import { typeset } from '../ui/symbols.js';
import { Stopped, Superseded, sentence as words } from '../session/problem.js';
import { atPoint } from '../session/at-point.js';
import { toX, toY } from './readout.js';

/** @import { Board } from '../session/board.js' */
/** @import { ChartLayer, Edge, Net, Probe, Series } from '../session/types.js' */
/** @import { FigureState } from './figure-state.js' */

/** Steps of a walk around all edges, and ms of each while it plays. */
const STEPS = 200;
const STEP_MS = 60;
/** Overloads whose arrow would be shorter than this are drawn without a head, px. */
const SHORT = 14;
/** How far beside the point the arrow stands, and the room its words take, px. */
const ASIDE = 22;
const WORDS = 180;

/**
 * own: where the point was moved to; point: where it stands
 * @typedef {{
 *   board: Board, state: FigureState, plot: HTMLElement, redraw: () => void,
 *   moveTo: (point: { x: number, y: number }) => void, own: () => { x: number, y: number } | null,
 *   point: () => { x: number, y: number } | null, curve: () => Series | undefined
 * }} Parts
 */

/** @param {Parts} parts */
export function createLayers(parts) {
  loadSheet('layers.css');
  return new Layers(parts);
}

class Layers {
  #parts;
  #walk;
  #list = h('div', { class: 'layer-list', role: 'group', 'aria-label': 'Layers' });
  #net = s('g', { class: 'layer-net' });
  #arrow = s('g', { class: 'layer-arrow' });
  /** @type {Probe | null} */
  #answer = null;
  /** The grid that was asked for in the place of the chart's. @type {Net | null} */
  #own = null;
  /** Where the slider stands. @type {Map<string, number>} */
  #values = new Map();
  /** The layers that the switches were made of. @type {ChartLayer[]} */
  #made = [];
  #asked = 0;
  #isBound = false;
  layer = s('svg', { class: 'overlay layers-over', 'aria-hidden': 'true' }, this.#net, this.#arrow);
  element;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#walk = new EdgeWalk((point) => parts.moveTo(point));
    this.element = h('div', { class: 'layers' }, this.#walk.element, this.#list);
  }

  get #layers() {
    return this.#parts.state.chart?.layers ?? [];
  }

  /** Ids of those that are on. */
  get #on() {
    return this.#parts.state.layers ?? this.#layers.filter(({ on }) => on).map(({ id }) => id);
  }

  /** A new report: switches stay as they are, a grid that was asked for is asked for again. */
  update() {
    const layers = this.#layers;
    const same = layers.map(({ id }) => id).join() === this.#made.map(({ id }) => id).join();
    this.#made = layers;
    this.#list.hidden = layers.length === 0;
    if (!same) this.#list.replaceChildren(...layers.map((layer) => this.#row(layer)));
    this.#own = null;
    const marks = this.#parts.state.chart?.marks ?? [];
    const edges = marks.find((mark) => mark.mark === 'edges');
    const curve = this.#curve();
    const isSurface = marks.some((mark) => mark.mark === 'surface');
    this.#walk.update(curve ?? edges?.edges ?? [], curve !== undefined ? 'curve' : isSurface ? 'lines' : 'edge');
    for (const layer of layers) if (layer.slider !== undefined) void this.#move(layer);
    this.say();
  }

  /** The curve that the point slides along, piece by piece. @returns {Edge[] | undefined} */
  #curve() {
    const { curve } = this.#parts;
    const series = curve();
    if (series === undefined || series.index.kind !== 'numbers') return undefined;
    const points = Array.from(
      series.index.at,
      (x, k) => /** @type {[number, number]} */ ([x ?? NaN, series.values[k]]),
    );
    const pieces = points.slice(1).map((to, k) => ({ from: points[k] ?? to, to, label: '' }));
    // A point on a curve is asked about by its abscissa alone.
    return pieces.filter(({ from, to }) => to[0] > from[0]);
  }

  /** The sentences of this step. */
  say() {
    const { board } = this.#parts;
    for (const [at, row] of [...this.#list.children].entries()) {
      const layer = this.#layers[at];
      const says = row.querySelector('.layer-says');
      if (layer === undefined || !(says instanceof HTMLElement)) continue;
      const on = this.#on.includes(layer.id);
      const text = layer.says[Math.min(board.cursor, layer.says.length - 1)] ?? '';
      const own = layer.slider === undefined ? null : this.#own;
      says.replaceChildren(...typeset(own?.says ?? text));
      for (const part of row.querySelectorAll('.layer-says, .layer-slider'))
        if (part instanceof HTMLElement) part.hidden = !on;
    }
  }

  /** The picture was drawn anew, or the point moved. */
  draw() {
    const { state, plot } = this.#parts;
    const frame = state.drawn?.frame;
    if (frame === undefined) return;
    this.layer.setAttribute('viewBox', plot.querySelector('.picture svg')?.getAttribute('viewBox') ?? '0 0 1 1');
    const at = (/** @type {[number, number]} */ [x, y]) => /** @type {const} */ ([toX(frame, x), toY(frame, y)]);
    const jack = this.#layers.find(({ slider }) => slider !== undefined);
    const net = jack !== undefined && this.#on.includes(jack.id) ? this.#own : null;
    this.#net.replaceChildren(...(net === null ? [] : netOf(net, at)));
    const [beyond, point] = [this.#answer?.beyond, this.#parts.point()];
    const shows = beyond !== undefined && point !== null;
    this.#arrow.replaceChildren(
      ...(shows ? arrowOf(at([point.x, point.y]), at(beyond.to), beyond.label, frame.right) : []),
    );
  }

  /**
   * The answer at the point.
   * @param {Probe | null} answer
   */
  told(answer) {
    this.#answer = answer;
    this.#walk.told(answer);
    this.#bind();
    this.draw();
  }

  /** Another step: its sentences, and the network of the point in it. */
  stepped() {
    this.say();
    this.#bind();
  }

  /** The network shows the point where it was moved to; what another part has it show stays otherwise. */
  #bind() {
    const { board, own } = this.#parts;
    const shown = own() === null ? undefined : this.#answer?.shown;
    if (shown !== undefined) board.look(atPoint(board, shown, this.#answer?.step));
    else if (this.#isBound) board.look(null);
    this.#isBound = shown !== undefined;
  }

  destroy() {
    this.#walk.destroy();
    if (this.#isBound) this.#parts.board.look(null);
  }

  /** @param {ChartLayer} layer */
  #row(layer) {
    const { id, name, slider } = layer;
    const box = h('input', {
      type: 'checkbox',
      'data-layer': id,
      checked: this.#on.includes(id),
      onchange: () => this.#switch(layer, box.checked),
    });
    return h(
      'div',
      { class: 'layer' },
      h('label', { class: 'layer-name' }, box, h('span', {}, name)),
      slider === undefined ? null : this.#sliderOf(layer),
      h('p', { class: 'layer-says', role: slider === undefined ? null : 'status' }),
    );
  }

  /** @param {ChartLayer} layer */
  #sliderOf(layer) {
    const { slider } = layer;
    if (slider === undefined) return null;
    const id = uid('layer');
    const read = h('output', { for: id }, String(slider.value));
    const range = h('input', {
      ...{ id, type: 'range', min: slider.from, max: slider.to, step: 1, value: slider.value },
      oninput: () => {
        read.textContent = range.value;
        this.#values.set(slider.key, Number(range.value));
        void this.#move(layer);
      },
    });
    return h('div', { class: 'layer-slider' }, h('label', { for: id }, slider.name), range, read);
  }

  /**
   * @param {ChartLayer} layer
   * @param {boolean} on
   */
  #switch(layer, on) {
    const { state } = this.#parts;
    const others = this.#on.filter((id) => id !== layer.id);
    state.layers = on ? [...others, layer.id] : others;
    this.#parts.board.setLayers(state.chart?.id ?? '', state.layers);
    if (layer.slider !== undefined) void this.#move(layer);
    this.say();
    this.draw();
    this.#parts.redraw();
  }

  /**
   * The grid of the number that was chosen; the chart's own needs no question.
   * @param {ChartLayer} layer
   */
  async #move(layer) {
    const { board, state, own } = this.#parts;
    const { slider, marks } = layer;
    const probe = state.chart?.probe;
    if (slider === undefined || probe == null || !this.#on.includes(layer.id)) return;
    const value = this.#values.get(slider.key) ?? slider.value;
    this.#asked += 1;
    const { report } = board;
    const asked = this.#asked;
    const isOwn = value === slider.value && marks.length > 0;
    this.#hideMarks(layer, !isOwn);
    if (isOwn) {
      this.#own = null;
      this.say();
      this.draw();
      return;
    }
    try {
      const at = own() ?? { x: 0, y: 0 };
      const { net } = await board.probe(`${probe}:${slider.key}=${value}`, at);
      if (asked !== this.#asked || report !== board.report) return;
      this.#own = net ?? null;
    } catch (error) {
      if (error instanceof Superseded || error instanceof Stopped || asked !== this.#asked) return;
      this.#own = { says: words(error), points: [], excluded: [], segments: [] };
    }
    this.say();
    this.draw();
  }

  /**
   * The marks of the chart's own number are not drawn under those of another.
   * @param {ChartLayer} layer
   * @param {boolean} hidden
   */
  #hideMarks(layer, hidden) {
    const { state, redraw } = this.#parts;
    const before = state.covered;
    state.covered = hidden && layer.marks.length > 0 ? layer.id : '';
    if (before !== state.covered) redraw();
  }
}

/** What a walk is along: its button, what is said where it is on something, and where it is on nothing. */
const WALKS = {
  edge: ['Walk the edge', 'Binds here', 'No limit of an edge binds here.'],
  curve: ['Walk the curve', 'Binds here', ''],
  // Of a surface, on which it bends or jumps.
  lines: ['Walk the lines', 'On the line', 'On none of the lines.'],
};

/** A point that goes along the edges, one after the other, and the limits that bind there. */
class EdgeWalk {
  #go;
  /** @type {Edge[]} */
  #edges = [];
  #timer = 0;
  /** @type {keyof typeof WALKS} */
  #along = 'edge';
  #play = h('button', { type: 'button', class: 'walk-play', onclick: () => this.#toggle() });
  #range = h('input', {
    ...{ type: 'range', min: 0, max: STEPS, step: 1, value: 0, 'aria-label': 'Place on the edge' },
    oninput: () => {
      this.#stop();
      this.#step();
    },
  });
  #said = h('p', { class: 'walk-said' });
  element;

  /** @param {(point: { x: number, y: number }) => void} go */
  constructor(go) {
    this.#go = go;
    this.element = h(
      'div',
      { class: 'edge-walk', role: 'group', 'aria-label': 'Walk the edge' },
      this.#play,
      this.#range,
      this.#said,
    );
    this.#dress();
  }

  /**
   * @param {Edge[]} edges
   * @param {keyof typeof WALKS} along
   */
  update(edges, along) {
    this.#edges = edges;
    this.#along = along;
    this.#dress();
    this.element.hidden = edges.length === 0;
    if (edges.length === 0) this.#stop();
  }

  /** @param {Probe | null} answer */
  told(answer) {
    const { beyond, edges = [] } = answer ?? {};
    const [, here, nothing = ''] = WALKS[this.#along];
    const binds = edges.length > 0 ? `${here}: ${edges.join('; and ')}` : nothing;
    this.#said.replaceChildren(...typeset(beyond === undefined ? binds : `Beyond the edge: ${beyond.label}`));
  }

  destroy() {
    this.#stop();
  }

  #toggle() {
    if (this.#timer !== 0) {
      this.#stop();
      return;
    }
    this.#timer = window.setInterval(() => {
      this.#range.value = String((Number(this.#range.value) + 1) % STEPS);
      this.#step();
    }, STEP_MS);
    this.#dress();
  }

  #stop() {
    window.clearInterval(this.#timer);
    this.#timer = 0;
    this.#dress();
  }

  #dress() {
    const on = this.#timer !== 0;
    const [walk = ''] = WALKS[this.#along];
    this.#play.replaceChildren(icon(on ? 'pause' : 'play'), on ? 'Pause' : walk);
  }

  /** The point of the edges at the slider: each edge is as long on it as another. */
  #step() {
    const edges = this.#edges;
    const place = (Number(this.#range.value) / STEPS) * edges.length;
    const edge = edges[Math.min(edges.length - 1, Math.floor(place))];
    if (edge === undefined) return;
    const along = Math.min(1, place - edges.indexOf(edge));
    const on = (/** @type {0 | 1} */ axis) => edge.from[axis] + along * (edge.to[axis] - edge.from[axis]);
    this.#go({ x: on(0), y: on(1) });
    if (edge.label !== '') this.#range.setAttribute('aria-valuetext', edge.label);
  }
}

/**
 * @param {Net} net
 * @param {(point: [number, number]) => readonly [number, number]} at
 */
function netOf({ points, excluded, segments }, at) {
  const places = points.map(at);
  const lines = segments.map(([a, b]) => {
    const [from, to] = [places[a] ?? [0, 0], places[b] ?? [0, 0]];
    return `M${from.map(pixels).join(' ')}L${to.map(pixels).join(' ')}`;
  });
  const crosses = excluded.map((k) => {
    const [x, y] = (places[k] ?? [0, 0]).map(pixels);
    return `M${x} ${y}m-2-2l4 4m0-4l-4 4`;
  });
  return [s('path', { d: lines.join('') }), s('path', { class: 'layer-excluded', d: crosses.join('') })];
}

/**
 * Beside the point the way to the edge, and inside it by how much the point is beyond.
 * @param {readonly [number, number]} from
 * @param {readonly [number, number]} to
 * @param {string} label
 * @param {number} right px
 */
function arrowOf([x, y], [, end], label, right) {
  const near = x > right - WORDS;
  const side = near ? -1 : 1;
  const at = x + side * ASIDE;
  const turn = end > y ? 1 : -1;
  const long = Math.abs(end - y) > SHORT;
  const line = (/** @type {number[]} */ ...ends) =>
    `M${ends.slice(0, 2).map(pixels).join(' ')}L${ends.slice(2).map(pixels).join(' ')}`;
  const head = line(at - 5, end - 8 * turn, at, end) + line(at + 5, end - 8 * turn, at, end);
  const ticks = line(at - 5, y, at + 5, y) + (long ? head : line(at - 5, end, at + 5, end));
  const place = {
    x: pixels(at + side * 8),
    y: pixels(end + (turn > 0 ? 20 : -10)),
    'text-anchor': near ? 'end' : 'start',
  };
  return [s('path', { d: line(at, y, at, end) + ticks }), s('text', place, label)];
}
